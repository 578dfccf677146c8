from django.urls import path

from lmp.overview.views import municipality

app_name = "overview"
urlpatterns = [
    path("kommuner/", municipality.participations, name="participations"),
    path("kommune/<int:pk>/", municipality.participation, name="participation"),
]
