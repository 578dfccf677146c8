"""What hangs on a contact at the gatherings, and goes to their successor."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.holdings import Holding, keys_of
from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering, LateRequest, Registration
from participants.models import Contact

REGISTRATION, LATE_REQUEST = "gatherings.registration", "gatherings.late_request"


def holdings(contact: Contact, *, now: datetime) -> list[Holding]:
    """The person's places, offers and turns at gatherings to come, for what they stand for in this function."""
    found = [
        Holding(
            f"{REGISTRATION}:{registration.pk}",
            _("%(gathering)s: %(state)s")
            % {"gathering": registration.gathering.title, "state": registration.state.label},
            _("Bestilt reise, og det personen har skrevet om mat og tilrettelegging, følger ikke med."),
        )
        for registration in registrations(contact, now=now)
    ]
    found += [
        Holding(
            f"{LATE_REQUEST}:{asked.pk}",
            _("Spørsmål som venter på svar: %(gathering)s") % {"gathering": asked.gathering.title},
        )
        for asked in _late_requests(contact)
    ]
    return found


def registrations(contact: Contact, *, now: datetime) -> list[Registration]:
    """Active, at gatherings that are not over, for the function's unit or municipality.

    One who has two functions in the same place comes in one of them.
    """
    today = timezone.localdate(now)
    others = Contact.objects.current().filter(user=contact.user_id, participation=contact.participation_id)
    others = others.filter(unit=contact.unit_id).exclude(pk=contact.pk).exclude(function=contact.function)
    rows = (
        Registration.objects.active()
        .filter(user=contact.user_id, participation=contact.participation_id, unit=contact.unit_id)
        .exclude(function__in=others.values("function"))
        .exclude(gathering__settled=Gathering.Settled.CANCELLED)
        .select_related("gathering__cohort", "unit", "participation__municipality")
        .order_by("gathering__starts_on", "pk")
    )
    return [row for row in rows if not row.gathering.is_past(today=today)]


def _late_requests(contact: Contact) -> QuerySet[LateRequest]:
    asked = LateRequest.objects.open().of(contact.user).filter(participation=contact.participation_id)
    if contact.unit_id:
        asked = asked.filter(Q(registration__unit=contact.unit_id) | Q(registration__isnull=True))
    return asked.select_related("gathering__cohort")


def succeeded(contact: Contact, successor: Contact, *, chosen: Collection[str], by: User, now: datetime) -> list[str]:
    """Hand over what was chosen. Return the keys of what could not be: it is over, or the successor has a place."""
    keys = frozenset(chosen)
    lost = []
    for key in keys_of(REGISTRATION, keys):
        found = Registration.objects.filter(pk=key, user=contact.user_id, participation=contact.participation_id)
        registration = found.select_related("gathering").first()
        if registration is None or not _hand_over(registration, successor, by=by, now=now):
            lost.append(f"{REGISTRATION}:{key}")
    asked = {str(each.pk): each for each in _late_requests(contact)}
    for key in keys_of(LATE_REQUEST, keys):
        if key in asked:
            asked[key].hand_over(to=successor.user, by=by)
        else:
            lost.append(f"{LATE_REQUEST}:{key}")
    return lost


def _hand_over(registration: Registration, successor: Contact, *, by: User, now: datetime) -> bool:
    person = {"name": successor.name, "email": successor.user.email, "function": registration.function}
    try:
        done = places.swap(registration, **person, by=by, now=now)
    except ValidationError:
        return False
    if done is None:
        return False
    kept, swap = done
    notices.swapped(kept, swap, by=by, now=now)
    return True


def kept(user: User, *, now: datetime) -> list[str]:
    """The gatherings that a person is registered for and that are not over, each in words."""
    today = timezone.localdate(now)
    rows = Registration.objects.active().filter(user=user).exclude(gathering__settled=Gathering.Settled.CANCELLED)
    rows = rows.select_related("gathering__cohort", "unit", "participation__municipality").order_by("pk")
    return [
        _("%(gathering)s, for %(represents)s")
        % {"gathering": registration.gathering.title, "represents": registration.represents}
        for registration in rows
        if not registration.gathering.is_past(today=today)
    ]
