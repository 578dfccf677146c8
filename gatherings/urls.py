from django.urls import path

from gatherings.views import attendance, evaluation, gathering, needs, printing, registration

app_name = "gatherings"
urlpatterns = [
    path("samlinger/<int:pk>/", gathering.gathering, name="gathering"),
    path("paameldinger/<int:pk>/", registration.registration, name="registration"),
    path("samlinger/<int:pk>/oppmote/", attendance.attendance, name="attendance"),
    path("samlinger/<int:pk>/funksjoner/", attendance.by_function, name="by_function"),
    path("samlinger/<int:pk>/navneskilt.pdf", printing.badge_sheet, name="badges"),
    path("samlinger/<int:pk>/oppmoteliste.pdf", printing.attendance_list, name="attendance_list"),
    path("samlinger/<int:pk>/evaluering/", evaluation.evaluation, name="evaluation"),
    path("samlinger/<int:pk>/evaluering/resultat/", evaluation.results, name="results"),
    path("paameldinger/<int:pk>/behov/", needs.needs, name="needs"),
]
