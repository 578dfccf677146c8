"""The tables of the administration: those that staff use a day first, and the rest after."""

from dataclasses import dataclass

from django.contrib import admin
from django.http import HttpRequest

from parts.order import alphabetical

DAILY = (
    "participants.participation",
    "participants.contact",
    "participants.unit",
    "gatherings.registration",
    "gatherings.gathering",
    "outbox.message",
    "participants.cohort",
    "accounts.user",
)


@dataclass(frozen=True)
class Table:
    name: str
    url: str
    add_url: str


def tables(request: HttpRequest) -> tuple[list[Table], list[Table]]:
    """Those that this person may see: the daily ones in their order, the others by name."""
    found = {
        f"{app['app_label']}.{model['object_name'].lower()}": Table(
            str(model["name"]), model["admin_url"] or "", model["add_url"] or ""
        )
        for app in admin.site.get_app_list(request)
        for model in app["models"]
        if model["admin_url"]
    }
    daily = [found[key] for key in DAILY if key in found]
    rest = [table for key, table in found.items() if key not in DAILY]
    return daily, sorted(rest, key=lambda table: alphabetical(str(table.name)))
