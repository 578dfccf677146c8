from django.urls import path

from gatherings.views import (
    attendance,
    calendar_entry,
    document,
    evaluation,
    feed,
    gathering,
    late_request,
    needs,
    nobody_comes,
    printing,
    registration,
)

app_name = "gatherings"
urlpatterns = [
    path("samlinger/<int:pk>/", gathering.gathering, name="gathering"),
    path("samlinger/<int:pk>/paamelding/", registration.register, name="register"),
    path("samlinger/<int:pk>/ingen-kommer/", nobody_comes.nobody_comes, name="nobody_comes"),
    path("ingen-kommer/<int:pk>/trekk-tilbake/", nobody_comes.take_back, name="take_back_nobody"),
    path("samlinger/<int:pk>/spor/", late_request.late_request, name="late_request"),
    path("dokumenter/<int:pk>/", document.document, name="document"),
    path("paameldinger/<int:pk>/", registration.registration, name="registration"),
    path("paameldinger/<int:pk>/endre/", registration.change, name="change"),
    path("paameldinger/<int:pk>/avmelding/", registration.cancel, name="cancel"),
    path("paameldinger/<int:pk>/ikke-for/", registration.come_no_more, name="come_no_more"),
    path("paameldinger/<int:pk>/tilbud/", registration.offer, name="offer"),
    path("paameldinger/<int:pk>/jeg-kommer/", calendar_entry.still_coming, name="still_coming"),
    path("paameldinger/<int:pk>/reise/", registration.travel, name="travel"),
    path("paameldinger/<int:pk>/samling.ics", calendar_entry.calendar_entry, name="calendar_entry"),
    path("kalender/", feed.feed, name="feed"),
    path("kalender/<str:token>.ics", feed.feed_file, name="feed_file"),
    path("samlinger/<int:pk>/oppmote/", attendance.attendance, name="attendance"),
    path("samlinger/<int:pk>/funksjoner/", attendance.by_function, name="by_function"),
    path("samlinger/<int:pk>/navneskilt.pdf", printing.badge_sheet, name="badges"),
    path("samlinger/<int:pk>/oppmoteliste.pdf", printing.attendance_list, name="attendance_list"),
    path("samlinger/<int:pk>/evaluering/", evaluation.evaluation, name="evaluation"),
    path("samlinger/<int:pk>/evaluering/resultat/", evaluation.results, name="results"),
    path("paameldinger/<int:pk>/behov/", needs.needs, name="needs"),
]
