from django.urls import path

from lmp.overview.views import mails, municipality, who_sees_what

app_name = "overview"
urlpatterns = [
    path("kommuner/", municipality.participations, name="participations"),
    path("kommune/<int:pk>/", municipality.participation, name="participation"),
    path("kommune/<int:pk>/hvem-ser-hva/", who_sees_what.who_sees_what, name="who_sees_what"),
    path("mine-e-poster/", mails.own_mails, name="own_mails"),
    path("mine-e-poster/<int:pk>/", mails.own_mail, name="own_mail"),
    path("mine-e-poster/<int:pk>/vedlegg/<int:file>/", mails.own_file, name="own_file"),
]
