"""What each of the staff may do, in words. Nobody is staff without a role."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User


def rights_of(person: User) -> list[str]:
    """The most usual first; empty for one of the staff without a role. Load the groups with the person."""
    groups = {group.name for group in person.groups.all()}
    rights = []
    if settings.STAFF_GROUP in groups or person.is_superuser:
        rights.append(_("følge alle puljer og kommuner, og arbeide i administrasjonen"))
    if settings.NEEDS_GROUP in groups:
        rights.append(_("lese behov for mat og tilrettelegging med navn"))
    if settings.SEE_AS_GROUP in groups:
        rights.append(_("se portalen som en annen person, uten å endre noe"))
    if person.is_superuser:
        rights.append(_("gi kolleger tilgang"))
    return rights
