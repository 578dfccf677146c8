from django.urls import path

from lmp.governor.views import acceptance, adding, counties, nomination, people

app_name = "governor"
urlpatterns = [
    path("statsforvalter/", counties.counties, name="counties"),
    path("statsforvalter/nominer/", nomination.choose, name="choose"),
    path("statsforvalter/nominer/<int:cohort>/<int:municipality>/", nomination.nominate, name="nominate"),
    path("statsforvalter/<int:pk>/personer/", people.people, name="people"),
    path("statsforvalter/<int:pk>/personer/ny/", people.add, name="add_person"),
    path("statsforvalter/person/<int:pk>/rett/", people.correct, name="correct_person"),
    path("statsforvalter/person/<int:pk>/avslutt/", people.end, name="end_person"),
    path("kommune/<int:pk>/takket-ja/", acceptance.accept, name="accept"),
    path("kommune/<int:pk>/takket-nei/", acceptance.decline, name="decline"),
    path("kommune/<int:pk>/takket-nei/angre/", acceptance.take_back, name="take_back"),
    path("kommune/<int:pk>/legg-til/", adding.add, name="add"),
]
