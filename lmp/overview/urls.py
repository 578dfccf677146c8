from django.urls import path

from lmp.overview import views

app_name = "overview"
urlpatterns = [
    path("kommuner/", views.participations, name="participations"),
    path("kommune/<int:pk>/", views.participation, name="participation"),
]
