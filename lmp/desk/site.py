"""The administration, whose first page is the day's work."""

from typing import TYPE_CHECKING, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from accounts.requests import PersonRequest


class DeskSite(AdminSite):
    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict | None = None
    ) -> HttpResponse:
        from lmp.desk.views.pages import front  # asks models, which are not loaded before this is

        return front(cast("PersonRequest", request))


class DeskAdminConfig(AdminConfig):
    default_site = "lmp.desk.site.DeskSite"
