"""The administration, whose first page is the day's work."""

from typing import TYPE_CHECKING, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from accounts.requests import PersonRequest

# What the day's work tells of. Whoever may not see all of it gets the tables they may see, and no more.
SHOWN = [
    *(f"participants.view_{model}" for model in ("participation", "contact", "unit", "confirmation")),
    *(f"gatherings.view_{model}" for model in ("gathering", "registration", "laterequest")),
    "guidance.view_guidancegroup",
    "outbox.view_message",
]


class DeskSite(AdminSite):
    enable_nav_sidebar = False  # the first page has all tables, and each page its way there

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        from lmp.desk.views.pages import front  # asks models, which are not loaded before this is

        if not request.user.has_perms(SHOWN):
            return super().index(request, extra_context)
        return front(cast("PersonRequest", request))


class DeskAdminConfig(AdminConfig):
    default_site = "lmp.desk.site.DeskSite"
