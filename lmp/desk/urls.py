from django.urls import path

from lmp.desk import municipality, notes, views

app_name = "desk"
urlpatterns = [
    path("puljer/<int:pk>/", views.cohort, name="cohort"),
    path("kommune/<int:pk>/e-poster/", municipality.mails, name="municipality_mails"),
    path("kommune/<int:pk>/historikk/", municipality.history, name="municipality_history"),
    path("kommune/<int:pk>/notater/", notes.notes, name="notes"),
    path("notat/<int:pk>/ferdig/", notes.finish, name="finish_note"),
    path("melding/<int:pk>/", views.message, name="message"),
]
