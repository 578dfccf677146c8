from django.urls import path

from lmp.seeing import views

app_name = "seeing"
urlpatterns = [
    path("person/<int:pk>/se-som/", views.begin, name="begin"),
    path("se-som/", views.log, name="log"),
    path("hvem-har-lest/", views.readings, name="readings"),
    path("se-som/avslutt/", views.end, name="end"),
    path("se-som/<int:pk>/", views.viewing, name="viewing"),
]
