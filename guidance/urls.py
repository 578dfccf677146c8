from django.urls import path

from guidance.views import correction, log, planning, session, supervisor

app_name = "guidance"
urlpatterns = [
    path("veiledning/", supervisor.supervisor, name="supervisor"),
    path("veiledning/kommune/<int:pk>/", session.sessions, name="sessions"),
    path("veiledning/kommune/<int:pk>/mote/", planning.plan_session, name="plan_session"),
    path("veiledning/kommune/<int:pk>/logg/", log.log, name="log"),
    path("veiledning/moter/<int:pk>/", session.session, name="session"),
    path("veiledning/moter/<int:pk>/logg/", log.log_planned, name="log_planned"),
    path("veiledning/moter/<int:pk>/rett/", correction.correct_log, name="correct_log"),
    path("veiledning/moter/<int:pk>/flytt/", planning.move_session, name="move_session"),
    path("veiledning/moter/<int:pk>/avlys/", planning.cancel_session, name="cancel_session"),
]
