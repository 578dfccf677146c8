"""Somebody takes over a contact's function: agreed for a day, carried out when it has come, or called off."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import todos
from accounts.models import User
from accounts.todos import Holding
from gatherings import following as at_gatherings
from guidance import following as in_guidance
from lmp.changes.models import Succession
from lmp.changes.succession import mails
from participants import following as in_participants
from participants.mails import notices
from participants.models import Contact, Participation


@dataclass(frozen=True)
class Succeeded:
    """What a succession did, in words."""

    succession: Succession
    handed_over: Sequence[str] = ()
    stays: Sequence[str] = ()  # with the person who hands over
    keeps: Sequence[str] = field(default=())  # the functions and places that person has afterwards
    waiting: Sequence[str] = ()  # for the one who took over

    @property
    def is_ahead(self) -> bool:
        return self.succession.carried_out_at is None


def holdings(contact: Contact, *, now: datetime) -> list[Holding]:
    """What the person has in this function, in every app, that a successor may take over."""
    return [
        *at_gatherings.holdings(contact, now=now),
        *in_participants.holdings(contact),
        *in_guidance.holdings(contact),
    ]


def kept(user: User, *, now: datetime) -> list[str]:
    """What a person still has outside `participants`, which tells of its own functions."""
    return [*in_guidance.kept(user), *at_gatherings.kept(user, now=now)]


@transaction.atomic
def agree(
    contact: Contact,
    *,
    name: str,
    email: str,
    phone: str = "",
    starts_on: date,
    chosen: Collection[str],
    by: User,
    now: datetime,
) -> Succeeded:
    """Let another person take over from a day on. When that is today, it happens at once.

    Raises ValidationError when the function has ended, the person has it already, or it is agreed already that
    somebody takes over (code "agreed").
    """
    contact = locked(contact)
    if contact.ended_at:
        raise ValidationError(_("%(name)s har ikke lenger denne funksjonen.") % {"name": contact.name}, code="ended")
    if other := contact.successions.coming().first():
        raise ValidationError(
            _("Det er allerede avtalt at %(name)s overtar. Avlys det først.") % {"name": other.name}, code="agreed"
        )
    successor = User.objects.for_email(email, name=name, by=by)
    if successor == contact.user:
        raise ValidationError(_("Personen med denne adressen har allerede denne funksjonen."), code="same")
    held = holdings(contact, now=now)
    succession = Succession.objects.create(
        contact=contact,
        successor=successor,
        name=name,
        phone=phone,
        starts_on=starts_on,
        kept=sorted({each.key for each in held} - set(chosen)),
        agreed_at=now,
        agreed_by=by,
    )
    if starts_on <= timezone.localdate(now):
        return carry_out(succession, now=now)
    if contact.participation.welcomed_at:
        mails.agreed(succession, now=now)
    return Succeeded(
        succession,
        handed_over=[each.text for each in held if each.key not in succession.kept],
        stays=[each.text for each in held if each.key in succession.kept],
    )


@transaction.atomic
def carry_out(succession: Succession, *, now: datetime) -> Succeeded:
    """End the old function, begin the new one, and hand over what was chosen. The second time nothing happens."""
    contact = locked(succession.contact)
    succession = Succession.objects.select_for_update(of=("self",)).in_words().get(pk=succession.pk)
    if not succession.is_coming:
        return Succeeded(succession)
    if succession.new_person == contact.user:  # the two have turned out to be one person
        succession.is_done(now=now)
        return Succeeded(succession)
    by = succession.agreed_by
    held = holdings(contact, now=now)
    with translation.override(succession.language_for(succession.new_person)):
        told = {each.key: each.text for each in holdings(contact, now=now)}
    successor = _begin(contact, succession, now=now)
    chosen = [each.key for each in held if each.key not in succession.kept]
    facts = {"chosen": chosen, "by": by, "now": now}
    reasons = at_gatherings.succeeded(contact, successor, **facts)
    lost = {
        *in_participants.succeeded(contact, successor, **facts),
        *reasons,
        *in_guidance.succeeded(contact, successor, **facts),
    }
    succession.is_done(now=now)
    taken = set(chosen) - lost
    if contact.participation.welcomed_at:
        with translation.override(contact.participation.language_for(contact.user)):
            elsewhere = kept(contact.user, now=now)
        notices.access_ended(contact, by=by, now=now, successor=succession.name, keeps=elsewhere)
        mails.taken_over(succession, handed_over=[text for key, text in told.items() if key in taken], now=now)
    return Succeeded(
        succession,
        handed_over=[each.text for each in held if each.key in taken],
        stays=[
            f"{each.text}. {reasons[each.key]}" if reasons.get(each.key) else each.text
            for each in held
            if each.key not in taken
        ],
        keeps=[*in_participants.kept(contact.user), *kept(contact.user, now=now)],
        waiting=todos.in_lines(todos.of(succession.new_person, now), today=timezone.localdate(now)),
    )


def _begin(contact: Contact, succession: Succession, *, now: datetime) -> Contact:
    """The successor's function. Somebody who has it already, by another way, goes on with it."""
    same = {"participation": contact.participation, "unit": contact.unit, "function": contact.function}
    existing = Contact.objects.current().filter(user=succession.new_person, **same).first()
    person = {"name": succession.name, "phone": succession.phone, "email": succession.new_person.email}
    by = succession.agreed_by
    if existing is None and contact.ended_at is None:
        return contact.replace(**person, by=by, now=now, with_drafts=False)
    if existing is None:
        return contact.participation.add_contact(
            function=contact.function, unit=contact.unit, **person, by=by, now=now, replaces=contact
        )
    if contact.ended_at is None:
        contact.end(by=by, now=now)
    return existing


def locked(contact: Contact | None) -> Contact:
    """As it is now, with its municipality's row held: two who change the contacts take turns.

    The person's gatherings come first: who registers somebody locks those before the municipality.
    """
    if contact is None:
        raise ValueError("this succession is not about a contact")
    at_gatherings.lock([contact.user])
    participation = (
        Participation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("municipality__county", "cohort")
        .get(pk=contact.participation_id)
    )
    found = Contact.objects.select_related("user", "unit").get(pk=contact.pk)
    found.participation = participation
    return found


@transaction.atomic
def call_off(succession: Succession, *, by: User, now: datetime) -> bool:
    """Let everything stay as it is. False when it is called off already; ValidationError when it is carried out."""
    succession = Succession.objects.select_for_update(of=("self",)).in_words().get(pk=succession.pk)
    if not succession.call_off(by=by, now=now):
        return False
    if succession.contact is None or succession.contact.participation.welcomed_at:
        mails.called_off(succession, by=by, now=now)
    return True
