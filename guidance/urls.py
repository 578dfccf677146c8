from django.urls import path

from guidance.views import continuity, replacing

app_name = "guidance"
urlpatterns = [
    path("veiledning/puljer/", continuity.cohorts, name="cohorts"),
    path("veiledning/puljer/<int:pk>/", continuity.continuity, name="continuity"),
    path("veiledning/puljer/<int:pk>/belastning/", continuity.load, name="load"),
    path("veiledning/puljer/<int:pk>/innhold/", continuity.content, name="content"),
    path("veiledning/medlemmer/<int:pk>/erstatt/", replacing.replace, name="replace_member"),
    path("veiledning/medlemmer/<int:pk>/avslutt/", replacing.end, name="end_member"),
]
