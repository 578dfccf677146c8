from django.urls import path

from guidance.views import composition, continuity, involvement, measure, replacing

app_name = "guidance"
urlpatterns = [
    path("veiledning/puljer/", continuity.cohorts, name="cohorts"),
    path("veiledning/puljer/<int:pk>/", continuity.continuity, name="continuity"),
    path("veiledning/puljer/<int:pk>/grupper/", composition.composition, name="composition"),
    path("veiledning/puljer/<int:pk>/grupper/publiser/", composition.publish, name="publish"),
    path("veiledning/grupper/<int:pk>/", composition.municipality, name="composition_municipality"),
    path("veiledning/puljer/<int:pk>/belastning/", continuity.load, name="load"),
    path("veiledning/puljer/<int:pk>/innhold/", continuity.content, name="content"),
    path("veiledning/medlemmer/<int:pk>/erstatt/", replacing.replace, name="replace_member"),
    path("veiledning/medlemmer/<int:pk>/avslutt/", replacing.end, name="end_member"),
    path("enhet/<int:pk>/tiltak/", measure.measures, name="measures"),
    path("enhet/<int:pk>/tiltak/nytt/", measure.add_measure, name="add_measure"),
    path("tiltak/<int:pk>/", measure.measure, name="measure"),
    path("veiledning/kommune/<int:pk>/tiltak/", measure.municipality_measures, name="municipality_measures"),
    path("veiledning/kommune/<int:pk>/medvirkning/", involvement.involvement, name="involvement"),
    path("veiledning/puljer/<int:pk>/medvirkning/", involvement.cohort_involvement, name="cohort_involvement"),
]
