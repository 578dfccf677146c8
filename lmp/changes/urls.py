from django.urls import path

from lmp.changes.unit import views as unit

app_name = "changes"
urlpatterns = [
    path("enhet/<int:pk>/legg-ned/", unit.close, name="close_unit"),
    path("enhet/<int:pk>/sla-sammen/", unit.merge, name="merge_unit"),
    path("enhet/<int:pk>/er-i-drift/", unit.reopen, name="reopen_unit"),
    path("enhet/<int:pk>/nytt-navn/", unit.rename, name="rename_unit"),
    path("enhet/<int:pk>/eierform/", unit.change_owner, name="change_owner"),
    path("kommune/<int:pk>/ny-enhet/", unit.add, name="add_unit"),
]
