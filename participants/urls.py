from django.urls import path

from participants.confirmation import reopening
from participants.confirmation import views as confirmation
from participants.views import contacts, units

app_name = "participants"
urlpatterns = [
    path("kommune/<int:pk>/bekreft/", confirmation.confirm, name="confirm"),
    path("kommune/<int:pk>/kvittering/<int:number>/", confirmation.receipt, name="receipt"),
    path("kommune/<int:pk>/rett/", reopening.reopen, name="reopen"),
    path("kommune/<int:pk>/svar/", confirmation.decisions, name="decisions"),
    path("kommune/<int:pk>/kontakter/", contacts.contacts, name="contacts"),
    path("kommune/<int:pk>/kontakter/ny/", contacts.add, name="add_contact"),
    path("enhet/<int:pk>/", units.unit, name="unit"),
    path("enhet/<int:pk>/antall/", units.count, name="count"),
    path("enhet/<int:pk>/prosjektgruppe/", units.project_group, name="project_group"),
]
