from django.urls import path

from lmp.changes.succession.views import coming, contact, seat

app_name = "changes"
urlpatterns = [
    path("kontakt/<int:pk>/erstatt/", contact.replace, name="replace_contact"),
    path("kontakt/<int:pk>/avslutt/", contact.end, name="end_contact"),
    path("paameldinger/<int:pk>/bytt/", seat.swap, name="swap"),
    path("jeg-slutter/", coming.leaving, name="leaving"),
    path("bytter/<int:pk>/avlys/", coming.call_off, name="call_off_succession"),
]
