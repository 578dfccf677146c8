from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.urls import before_admin
from lmp import pages
from lmp.help import views as help_views
from lmp.outward import views as outward
from lmp.overview.views.home import home

handler400 = "lmp.outage.bad_request"
handler500 = "lmp.outage.server_error"
urlpatterns = [
    path("", home, name="home"),
    path("", include("lmp.overview.urls")),
    path("", include("lmp.desk.urls")),
    path("", include("lmp.search.urls")),
    path("", include("lmp.colleagues.urls")),
    path("", include("lmp.board.urls")),
    path("", include("lmp.changes.urls")),
    path("", include("lmp.governor.urls")),
    path("", include("lmp.writing.urls")),
    path("", include("lmp.seeing.urls")),
    path("", include("lmp.mailcalendar.urls")),
    path("", include("lmp.sharing.urls")),
    path("", include("participants.urls")),
    path("", include("gatherings.urls")),
    path("", include("guidance.urls")),
    path("", include("lmp.welcome.urls")),
    path("", include("lmp.changes.removing.urls")),
    path("personvern/", pages.privacy, name="privacy"),
    path("informasjonskapsler/", pages.cookies, name="cookies"),
    path("tilgjengelighet/", pages.accessibility, name="accessibility"),
    path("logo/<slug:which>.svg", outward.logo, name="logo"),
    path(".well-known/security.txt", outward.security_txt, name="security_txt"),
    path("hjelp/", help_views.index, name="help"),
    path("hjelp/<slug:key>/", help_views.page, name="help_page"),
    path("konto/", include("accounts.urls")),
    path("admin/", include(before_admin)),
    path("admin/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("lmp.demo.urls")))
