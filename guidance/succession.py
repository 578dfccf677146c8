"""What hangs on a contact in the guidance, and goes to their successor."""

import re
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.holdings import Holding, keys_of
from accounts.models import User
from guidance.models import GroupMember, Measure
from participants.models import Contact

MEASURE = "guidance.measure"


def holdings(contact: Contact) -> list[Holding]:
    """The measures under way that name the person as the one who sees to them."""
    return [
        Holding(f"{MEASURE}:{measure.pk}", _("Ansvaret for tiltaket «%(what)s»") % {"what": measure.what})
        for measure in _measures(contact)
    ]


def succeeded(contact: Contact, successor: Contact, *, chosen: Collection[str], by: User, now: datetime) -> list[str]:
    """Hand over what was chosen. Return the keys of what was not there to hand over any more."""
    measures = {str(measure.pk): measure for measure in _measures(contact)}
    lost = []
    for key in keys_of(MEASURE, frozenset(chosen)):
        if measure := measures.get(key):
            who = _name(contact).sub(lambda _found: successor.name, measure.who)
            measure.change(facts={"who": who[:200]}, state=measure.state, progress=measure.progress, by=by, now=now)
        else:
            lost.append(f"{MEASURE}:{key}")
    return lost


def kept(user: User) -> list[str]:
    """The municipalities that a person supervises, each in words."""
    members = GroupMember.objects.of(user).filter(group__participation__withdrawn_at__isnull=True)
    return [
        _("veileder, %(place)s") % {"place": member.group.participation.municipality}
        for member in members.select_related("group__participation__municipality").order_by("pk")
    ]


def _measures(contact: Contact) -> list[Measure]:
    measures = Measure.objects.going_on().filter(unit__participation=contact.participation_id)
    if contact.unit_id:
        measures = measures.filter(unit=contact.unit_id)
    return [measure for measure in measures if _name(contact).search(measure.who)]


def _name(contact: Contact) -> re.Pattern[str]:
    """The person's name within what was written of who sees to a measure: "Hanne Styrersen, styrer"."""
    words = r"\s+".join(re.escape(word) for word in contact.name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
