"""What the mails and the calendar entries say, in the language that is active. Never what was written in a log."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from guidance.models import GroupMember, GuidanceSession
from participants.models import Participation


def day(value: date) -> str:
    """tirsdag 2. mars 2027"""
    return formats.date_format(value, "l j. F Y")


def link(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def when(session: GuidanceSession) -> str:
    if session.starts_at is None:
        return day(session.held_on)
    hour = formats.time_format(session.starts_at, "H.i")
    return _("%(day)s kl. %(hour)s") % {"day": day(session.held_on), "hour": hour}


def form(session: GuidanceSession) -> str:
    return str(session.get_form_display()).capitalize()


def units(session: GuidanceSession) -> list[str]:
    return [unit.name for unit in session.units.all()]


def supervisors(members: Iterable[GroupMember]) -> list[str]:
    """Each by name, with who leads the group."""
    return [_("%(name)s, leder gruppa") % {"name": each} if each.leads else str(each) for each in members]


def of_participation(participation: Participation) -> dict[str, str]:
    return {"kommune": participation.municipality.name, "pulje": str(participation.cohort).lower()}
