from django.urls import path

from lmp.desk.views import municipality, notes, pages

app_name = "desk"
urlpatterns = [
    path("puljer/<int:pk>/", pages.cohort, name="cohort"),
    path("kommune/<int:pk>/e-poster/", municipality.mails, name="municipality_mails"),
    path("kommune/<int:pk>/historikk/", municipality.history, name="municipality_history"),
    path("kommune/<int:pk>/notater/", notes.notes, name="notes"),
    path("notat/<int:pk>/ferdig/", notes.finish, name="finish_note"),
    path("melding/<int:pk>/", pages.message, name="message"),
]
