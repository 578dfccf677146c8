from django.urls import path

from guidance.follow_up.views import continuity, following_up, involvement, usefulness
from guidance.groups.views import by_hand, composition, publishing
from guidance.measures import overviews, views
from guidance.sessions.views import correction, log, planning, session, supervisor, without_network
from guidance.staffing.views import cohort, loading, own, supervisors

app_name = "guidance"
urlpatterns = [
    path("veiledning/puljer/", continuity.cohorts, name="cohorts"),
    path("veiledning/puljer/<int:pk>/", continuity.continuity, name="continuity"),
    path("veiledning/puljer/<int:pk>/grupper/", composition.composition, name="composition"),
    path("veiledning/puljer/<int:pk>/grupper/publiser/", publishing.publish, name="publish"),
    path("veiledning/puljer/<int:pk>/grupper/forkast/", publishing.discard, name="discard"),
    path("veiledning/puljer/<int:pk>/grupper/historie/", publishing.publications, name="publications"),
    path("veiledning/grupper/<int:pk>/", by_hand.municipality, name="composition_municipality"),
    path("veiledning/puljer/<int:pk>/belastning/", continuity.workload, name="workload"),
    path("veiledning/moter/<int:pk>/nyttig/", usefulness.answer, name="pulse"),
    path("veiledning/puljer/<int:pk>/nytte/", usefulness.cohort, name="cohort_pulse"),
    path("veiledning/nytte/", usefulness.own, name="own_pulse"),
    path("veiledning/puljer/<int:pk>/kapasitet/", cohort.capacities, name="capacities"),
    path("veiledning/puljer/<int:pk>/innstillinger/", cohort.cohort_settings, name="cohort_settings"),
    path("veiledning/puljer/<int:pk>/innhold/", continuity.content, name="content"),
    path("enhet/<int:pk>/tiltak/", views.measures, name="measures"),
    path("enhet/<int:pk>/delmal/", overviews.unit_sub_goals, name="unit_sub_goals"),
    path("veiledning/kommune/<int:pk>/delmal/", overviews.municipality_sub_goals, name="municipality_sub_goals"),
    path("veiledning/delmal/", overviews.supervisor_sub_goals, name="supervisor_sub_goals"),
    path("enhet/<int:pk>/tiltak/nytt/", views.add_measure, name="add_measure"),
    path("tiltak/<int:pk>/", views.measure, name="measure"),
    path("tiltak/<int:pk>/frist/", views.new_deadline, name="new_deadline"),
    path("veiledning/kommune/<int:pk>/tiltak/", views.municipality_measures, name="municipality_measures"),
    path("veiledning/kommune/<int:pk>/folg-opp/", following_up.follow_up, name="follow_up"),
    path("veiledning/kommune/<int:pk>/medvirkning/", involvement.involvement, name="involvement"),
    path("veiledning/puljer/<int:pk>/medvirkning/", involvement.cohort_involvement, name="cohort_involvement"),
    path("veiledning/veiledere/", supervisors.supervisors, name="supervisors"),
    path("veiledning/veiledere/ny/", supervisors.add, name="add_supervisor"),
    path("veiledning/veiledere/last-inn/", loading.upload, name="load_supervisors"),
    path("veiledning/veiledere/last-inn/mal/", loading.template, name="supervisors_template"),
    path("veiledning/veiledere/last-inn/se-over/", loading.preview, name="preview_supervisors"),
    path("veiledning/veiledere/<int:pk>/", supervisors.supervisor, name="staffing_supervisor"),
    path("veiledning/veiledere/<int:pk>/endre/", supervisors.edit, name="edit_supervisor"),
    path("veiledning/veiledere/<int:pk>/slutter/", supervisors.end, name="end_supervisor"),
    path("veiledning/veiledere/<int:pk>/permisjon/", own.take_leave, name="take_leave"),
    path("veiledning/permisjoner/<int:pk>/fjern/", own.drop_leave, name="drop_leave"),
    path("veiledning/opplysninger/", own.profile, name="profile"),
    path("veiledning/tilgang/", supervisors.who_has_access, name="who_has_access"),
    path("veiledning/puljer/<int:pk>/medvirkning.xlsx", involvement.involvement_workbook, name="involvement_workbook"),
    path("veiledning/", supervisor.supervisor, name="supervisor"),
    path("veiledning/kommune/<int:pk>/", session.sessions, name="sessions"),
    path("veiledning/kommune/<int:pk>/mote/", planning.plan_session, name="plan_session"),
    path("veiledning/moter/<int:pk>/", session.session, name="session"),
    # What opens without a network is below one address, and nothing else is: the scope of the service worker.
    path("veiledning/logg/", without_network.logs, name="logs"),
    path("veiledning/logg/uten-nett.js", without_network.worker, name="worker"),
    path("veiledning/logg/kommune/<int:pk>/", log.log, name="log"),
    path("veiledning/logg/mote/<int:pk>/", log.log_planned, name="log_planned"),
    path("veiledning/moter/<int:pk>/rett/", correction.correct_log, name="correct_log"),
    path("veiledning/moter/<int:pk>/flytt/", planning.move_session, name="move_session"),
    path("veiledning/moter/<int:pk>/avlys/", planning.cancel_session, name="cancel_session"),
    path("veiledning/moter/<int:pk>/holdes-likevel/", planning.restore_session, name="restore_session"),
]
