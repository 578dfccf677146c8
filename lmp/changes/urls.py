from django.urls import path

from lmp.changes.people import correcting, erasing, own_address, person_page
from lmp.changes.succession.views import appointed, coming, contact, member, seat
from lmp.changes.unit import views as unit
from lmp.changes.withdrawal import views as withdrawal

app_name = "changes"
urlpatterns = [
    path("konto/adresse/", own_address.own_address, name="own_address"),
    path("kontakt/<int:pk>/endre/", correcting.correct_contact, name="correct_contact"),
    path("paameldinger/<int:pk>/adresse/", correcting.registration_address, name="registration_address"),
    path("person/<int:pk>/", person_page.person, name="person"),
    path("person/<int:pk>/e-poster/", person_page.mails, name="person_mails"),
    path("person/<int:pk>/historikk/", person_page.history, name="person_history"),
    path("person/<int:pk>/adresse/", correcting.change_address, name="person_address"),
    path("person/<int:pk>/adresse/prov-igjen/", person_page.try_address, name="try_address"),
    path("person/<int:pk>/slett/", erasing.erase, name="erase_person"),
    path("person/<int:pk>/sla-sammen/", correcting.merge, name="merge"),
    path("enhet/<int:pk>/legg-ned/", unit.close, name="close_unit"),
    path("enhet/<int:pk>/sla-sammen/", unit.merge, name="merge_unit"),
    path("enhet/<int:pk>/er-i-drift/", unit.reopen, name="reopen_unit"),
    path("enhet/<int:pk>/nytt-navn/", unit.rename, name="rename_unit"),
    path("enhet/<int:pk>/eierform/", unit.change_owner, name="change_owner"),
    path("kommune/<int:pk>/ny-enhet/", unit.add, name="add_unit"),
    path("kontakt/<int:pk>/erstatt/", contact.replace, name="replace_contact"),
    path("kontakt/<int:pk>/avslutt/", contact.end, name="end_contact"),
    path("veiledning/medlemmer/<int:pk>/erstatt/", member.replace, name="replace_member"),
    path("veiledning/medlemmer/<int:pk>/avslutt/", member.end, name="end_member"),
    path("veiledning/prosjektledere/<int:pk>/erstatt/", appointed.leader, name="replace_leader"),
    path("ansatte/<int:pk>/erstatt/", appointed.staff, name="replace_staff"),
    path("paameldinger/<int:pk>/bytt/", seat.swap, name="swap"),
    path("jeg-slutter/", coming.leaving, name="leaving"),
    path("bytter/<int:pk>/avlys/", coming.call_off, name="call_off_succession"),
    path("kommuner/trekker-seg/", withdrawal.withdraw, name="withdraw"),
    path("kommune/<int:pk>/med-igjen/", withdrawal.come_back, name="come_back"),
]
