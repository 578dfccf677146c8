from django.urls import URLPattern, path

from guidance.views import involvement, measure

app_name = "guidance"
urlpatterns: list[URLPattern] = [
    path("enhet/<int:pk>/tiltak/", measure.measures, name="measures"),
    path("enhet/<int:pk>/tiltak/nytt/", measure.add_measure, name="add_measure"),
    path("tiltak/<int:pk>/", measure.measure, name="measure"),
    path("veiledning/kommune/<int:pk>/tiltak/", measure.municipality_measures, name="municipality_measures"),
    path("veiledning/kommune/<int:pk>/medvirkning/", involvement.involvement, name="involvement"),
    path("veiledning/puljer/<int:pk>/medvirkning/", involvement.cohort_involvement, name="cohort_involvement"),
]
