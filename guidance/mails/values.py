"""What the mails and the calendar entries say, in the language that is active. Never what was written in a log."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from guidance.models import GroupMember, GuidanceSession
from participants.models import Participation
from parts.dates import day_in_words


def link(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def when(session: GuidanceSession) -> str:
    if session.starts_at is None:
        return day_in_words(session.held_on)
    hour = formats.time_format(session.starts_at, "H.i")
    return _("%(day)s kl. %(hour)s") % {"day": day_in_words(session.held_on), "hour": hour}


def format_of(session: GuidanceSession) -> str:
    return str(session.get_format_display()).capitalize()


def units(session: GuidanceSession) -> list[str]:
    return [unit.name for unit in session.units.all()]


def supervisors(members: Iterable[GroupMember]) -> list[str]:
    """Each by name, with who leads the group."""
    return [_("%(name)s, leder gruppa") % {"name": each} if each.leads else str(each) for each in members]


def of_participation(participation: Participation) -> dict[str, str]:
    return {"kommune": participation.municipality.name, "pulje": str(participation.cohort).lower()}
