from django.urls import path

from lmp.changes.succession.views import appointed, coming, contact, member, seat

app_name = "changes"
urlpatterns = [
    path("kontakt/<int:pk>/erstatt/", contact.replace, name="replace_contact"),
    path("kontakt/<int:pk>/avslutt/", contact.end, name="end_contact"),
    path("veiledning/medlemmer/<int:pk>/erstatt/", member.replace, name="replace_member"),
    path("veiledning/medlemmer/<int:pk>/avslutt/", member.end, name="end_member"),
    path("veiledning/prosjektledere/<int:pk>/erstatt/", appointed.leader, name="replace_leader"),
    path("ansatte/<int:pk>/erstatt/", appointed.staff, name="replace_staff"),
    path("paameldinger/<int:pk>/bytt/", seat.swap, name="swap"),
    path("jeg-slutter/", coming.leaving, name="leaving"),
    path("bytter/<int:pk>/avlys/", coming.call_off, name="call_off_succession"),
]
