"""What follows here from a change that touches several apps: lmp/changes calls each app by these names."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from guidance.mails import readdressing
from guidance.models import GuidanceSession, ProjectLeader, Supervisor


def moved(person: User, *, before: str, now: datetime) -> list[GuidanceSession]:
    """Their address is another. Take the sessions to come out of the old one's calendar, and put them in the new.

    Return the sessions that have followed.
    """
    return readdressing.readdressed(person, before=before, now=now)


def places_elsewhere(person: User, *, today: date) -> list[str]:
    """What the person is in the guidance, beside any municipality."""
    if Supervisor.objects.filter(user=person).exists():
        return [_("veiledningen i prosjektet")]
    leads = ProjectLeader.objects.current(today=today).filter(user=person).exists()
    return [_("Læringsmiljøsenteret")] if leads else []
