"""Another person comes to a gathering instead: who may say so, until when, and what does not follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Needs, Registration
from parts.dates import day_in_words


@dataclass(frozen=True)
class Swapped:
    """What a swap did, in words. `left`: what does not follow."""

    before: str
    name: str
    seat: str
    left: Sequence[str]


def swappable_by(user: User) -> QuerySet[Registration]:
    """Staff swap anybody; everybody else themselves and those they answer for."""
    if user.is_active and user.has_perm("gatherings.change_registration"):
        return Registration.objects.all()
    return Registration.objects.editable_by(user)


def may_be_swapped(registration: Registration, *, by: User, now: datetime) -> bool:
    """Until the deadline; for an offer as long as it lasts; for the staff until the gathering is over."""
    today = timezone.localdate(now)
    if not registration.is_active or registration.gathering.is_past(today=today):
        return False
    if by.has_perm("gatherings.change_registration"):
        return registration.gathering.is_settled
    return registration.may_be_changed(today=today) or registration.has_live_offer(now=now)


@transaction.atomic
def swap(registration: Registration, *, name: str, email: str, function: str, by: User, now: datetime) -> Swapped:
    """As `places.swap`, with the mails. Raises ValidationError also when it is the same person."""
    left = []
    if registration.travel_ordered_on:
        day = day_in_words(registration.travel_ordered_on)
        left.append(_("Reisen som ble bestilt %(day)s. Den nye må bestille selv.") % {"day": day})
    if Needs.objects.filter(registration=registration).exists():
        left.append(_("Det som er skrevet om mat og tilrettelegging. Det blir slettet."))
    if registration.reimbursement:
        left.append(_("Avgjørelsen om utgiftene. Den gjaldt personen."))
    done = places.swap(registration, name=name, email=email, function=function, by=by, now=now)
    if done is None:
        raise ValidationError(_("Dette er den som har plassen fra før."), code="taken")
    kept, swapped = done
    notices.swapped(kept, swapped, by=by, now=now)
    return Swapped(swapped.before_name, kept.name, _seat(kept), left)


def _seat(registration: Registration) -> str:
    said = {
        Registration.State.PLACED: _("Plassen på %(gathering)s, for %(represents)s"),
        Registration.State.OFFERED: _("Tilbudet om plass på %(gathering)s, for %(represents)s, med samme frist"),
        Registration.State.WAITING: _("Turen på ventelista til %(gathering)s, for %(represents)s"),
    }
    return said[registration.state] % {
        "gathering": registration.gathering.in_a_sentence,
        "represents": registration.represents,
    }
