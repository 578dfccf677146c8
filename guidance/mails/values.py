"""What the mails and the calendar entries say, in the language that is active. Never what was written in a log."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from guidance.models import GroupMember, GuidanceSession
from guidance.sessions import plan_wording
from participants.models import Participation

LAST_TIME = "#sist"  # where a session's page says what was agreed the last time


def link(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def when(session: GuidanceSession) -> str:
    return plan_wording.when(session.as_planned)


def supervisors(members: Iterable[GroupMember]) -> list[str]:
    """Each by name and how they are reached, with who leads the group."""
    return [
        _("%(name)s (leder gruppa)") % {"name": each.supervisor.reach} if each.leads else each.supervisor.reach
        for each in members
    ]


def contacts(members: Iterable[GroupMember]) -> list[str]:
    """Whom to ask about a session: there is always somebody."""
    return supervisors(members) or [_("prosjektledelsen: svar på denne e-posten")]


def name_of(participation: Participation) -> str:
    return participation.municipality.name_told_apart


def of_participation(participation: Participation) -> dict[str, str]:
    return {"kommune": name_of(participation), "pulje": str(participation.cohort).lower()}
