from django.urls import path

from lmp.mailcalendar.views import calendar, pauses, two_years, why

app_name = "mailcalendar"
urlpatterns = [
    path("e-postkalender/", calendar.calendar, name="calendar"),
    path("e-postkalender/slatt-av/", pauses.pauses, name="pauses"),
    path("e-postkalender/slatt-av/ny/", pauses.pause, name="pause"),
    path("e-postkalender/slatt-av/<int:pk>/", pauses.lift, name="lift"),
    path("e-postkalender/pulje/<int:pk>/", two_years.two_years, name="two_years"),
    path("e-postkalender/pulje/<int:pk>/regneark/", two_years.workbook, name="export"),
    path("e-postkalender/kommune/<int:pk>/", why.why, name="why"),
    path("e-postkalender/<str:day>/<path:key>/", calendar.planned, name="planned"),
]
