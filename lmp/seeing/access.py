"""Who may see the portal as another person, and whom.

Never the staff's own: nobody gets more rights by it. What staff may not see in their own right isn't shown either:
the pages say so (pages.py), and so do the querysets that ask `User.seen_by`.
"""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User


def if_may_see_as(of: str = "") -> Q:
    """The condition on rows; `of` is the way to the person. Superusers aren't in the group by themselves."""
    members = User.groups.through.objects.filter(user=OuterRef(f"{of}pk"), group__name=settings.SEE_AS_GROUP)
    return Q(Exists(members), **{f"{of}is_active": True, f"{of}is_staff": True})


def if_may_be_seen(of: str = "") -> Q:
    facts = {"is_active": True, "is_staff": False, "is_superuser": False, "merged_into__isnull": True}
    return Q(**{f"{of}{name}": value for name, value in facts.items()})


def may_be_seen(person: User) -> bool:
    """The same of one row that is loaded."""
    is_staffs = person.is_staff or person.is_superuser
    return person.is_active and not is_staffs and person.merged_into_id is None


def may_see_as(user: User) -> bool:
    return user.is_active and user.is_staff and Group.objects.filter(user=user, name=settings.SEE_AS_GROUP).exists()


def why_not(person: User, *, by: User) -> str:
    """Why this person can't be seen as; empty when they can."""
    if not may_see_as(by):
        return _("Du har ikke rollen som trengs for «Se som».")
    if person == by:
        return _("Dette er deg selv.")
    if person.merged_into_id:
        return _("Personen er slått sammen med en annen. Velg den andre.")
    if person.is_staff or person.is_superuser:
        return _("%(name)s er ansatt i portalen. «Se som» er for å hjelpe dem som ikke er det.") % {"name": person}
    if not person.is_active:
        return _("%(name)s er sperret, og ser ingenting i portalen.") % {"name": person}
    return ""
