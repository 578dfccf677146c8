"""What each of the staff may do, in words. Nobody is staff without a role."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User


@dataclass(frozen=True)
class Role:
    """`may` is what the person can do, the most usual first: empty for one whom nobody has given a role."""

    may: tuple[str, ...]


def role_of(person: User) -> Role:
    """For one of the staff. Load the groups with the person."""
    groups = {group.name for group in person.groups.all()}
    may = []
    if settings.STAFF_GROUP in groups or person.is_superuser:
        may.append(_("følge alle puljer og kommuner, og arbeide i administrasjonen"))
    if settings.NEEDS_GROUP in groups:
        may.append(_("lese behov for mat og tilrettelegging med navn"))
    if person.is_superuser:
        may.append(_("gi kolleger tilgang"))
    return Role(tuple(may))
