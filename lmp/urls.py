from django.contrib import admin
from django.urls import include, path

from lmp.overview import views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("lmp.overview.urls")),
    path("", include("participants.urls")),
    path("konto/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
