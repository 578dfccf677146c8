from django.urls import path

from lmp.colleagues import views

app_name = "colleagues"
urlpatterns = [
    path("kolleger/", views.colleagues, name="list"),
    path("kolleger/ny/", views.new, name="new"),
    path("kolleger/<int:pk>/slutt/", views.leave, name="leave"),
]
