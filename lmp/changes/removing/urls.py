from django.urls import path

from lmp.changes.removing import logs, measures, project_groups, views

app_name = "removing"
urlpatterns = [
    path("fjern/logg/<int:pk>/", views.strike, {"kind": "log"}, name="strike_log"),
    path("fjern/rettelse/<int:pk>/", views.strike, {"kind": "correction"}, name="strike_correction"),
    path("fjern/grunn/<int:pk>/", views.strike, {"kind": "change"}, name="strike_change"),
    path("fjern/tiltak/<int:pk>/", views.strike, {"kind": "measure"}, name="strike_measure"),
    path("fjern/notat/<int:pk>/", views.strike, {"kind": "note"}, name="strike_note"),
    path("fjern/oppfolging/<int:pk>/", views.strike, {"kind": "follow_up"}, name="strike_follow_up"),
    path("fjern/grunn-til-pause/<int:pk>/", views.strike, {"kind": "pause"}, name="strike_pause"),
    path("fjern/ansattes-notat/<int:pk>/", views.strike, {"kind": "staff_note"}, name="strike_staff_note"),
    path("fjern/nytte/<uuid:pk>/", views.strike, {"kind": "pulse"}, name="strike_pulse"),
    path("fjern/medlem/<int:pk>/", views.strike, {"kind": "member"}, name="strike_member"),
    path("fjern/tidligere-medlem/<int:pk>/", views.strike, {"kind": "former_member"}, name="strike_former_member"),
    path("fjern/melding/<int:pk>/", views.strike, {"kind": "comment"}, name="strike_comment"),
    path("fjern/sporsmal/<int:pk>/", views.strike, {"kind": "late_request"}, name="strike_late_request"),
    path("fjern/begrunnelse/<int:pk>/", views.strike, {"kind": "reimbursement"}, name="strike_reimbursement"),
    path("fjern/merknad/<int:pk>/", views.strike, {"kind": "nobody_comes"}, name="strike_nobody_comes"),
    path("fjern/evaluering/<uuid:pk>/", views.strike, {"kind": "evaluation"}, name="strike_evaluation"),
    path("fjern/innlegg/<int:pk>/", views.strike, {"kind": "publication"}, name="strike_publication"),
    path("fjern/fil/<int:pk>/", views.strike, {"kind": "file"}, name="strike_file"),
    path("veiledning/moter/<int:pk>/trekk-tilbake/", logs.withdraw_log, name="withdraw_log"),
    path("veiledning/moter/<int:pk>/til-annen-kommune/", logs.move_log, name="move_log"),
    path("tiltak/<int:pk>/trekk-tilbake/", measures.withdraw_measure, name="withdraw_measure"),
    path("tiltak/<int:pk>/til-annen-enhet/", measures.move_measure, name="move_measure"),
    path("enhet/<int:pk>/prosjektgruppe/trekk-tilbake/", project_groups.withdraw_group, name="withdraw_group"),
    path("enhet/<int:pk>/prosjektgruppe/til-annen-enhet/", project_groups.move_group, name="move_group"),
]
