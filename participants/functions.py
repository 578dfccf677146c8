"""What a person is in the municipalities now, asked once for a page on which much hangs on it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import FilteredRelation, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from participants.models import Contact, GovernorContact, Municipality
from parts.names import same_person


@dataclass(frozen=True)
class Functions:
    """By key: the participations the person has a function in, those of them they answer for, and the units they lead.

    `governs`: the county governors they are with. `succeeds`: the contacts whose place they have taken.
    """

    participations: frozenset[int] = frozenset()
    answers_for: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    governs: frozenset[int] = frozenset()
    succeeds: frozenset[int] = frozenset()


def functions(user: User) -> Functions:
    """One query, so that nothing more is asked of somebody with no function than may have an answer."""
    if not user.is_active:
        return Functions()
    rows = list(
        User.objects.filter(pk=user.pk)
        .annotate(
            held=FilteredRelation("contacts", condition=Q(contacts__ended_at__isnull=True)),
            office=FilteredRelation("governor_contacts", condition=Q(governor_contacts__ended_on__isnull=True)),
        )
        .values_list("held__participation", "held__unit", "held__function", "held__replaces", "office__governor")
    )
    held = [row[:4] for row in rows if row[0]]
    return Functions(
        participations=frozenset(participation for participation, unit, *_others in held if unit is None),
        answers_for=frozenset(
            participation
            for participation, unit, function, _before in held
            if unit is None and function in Contact.EDITORS
        ),
        leads=frozenset(
            unit for _participation, unit, function, _before in held if unit and function == Contact.Function.HEAD
        ),
        succeeds=frozenset(before for *_others, before in held if before),
        governs=frozenset(governor for *_others, governor in rows if governor),
    )


def language_of(person: User) -> str:
    """The language of the municipality that the person has a function in now, the newest; empty for a neutral one.

    For settings.PLACE_LANGUAGE: who has chosen none reads the portal in the language that their mails are in.
    """
    newest = Contact.objects.current().filter(user=person).order_by("-participation__cohort__number", "-pk")
    contact = newest.select_related("participation__municipality__county").first()
    if contact is None or contact.participation.municipality.language == Municipality.Language.NEUTRAL:
        return ""
    return contact.participation.municipality.language


def places_elsewhere(person: User, *, than: Municipality) -> list[str]:
    """Where else than in this municipality they have a function: the other municipalities, the governor's office."""
    contacts = Contact.objects.current().filter(user=person).exclude(participation__municipality=than)
    name = "participation__municipality__name"
    governors = GovernorContact.objects.current().filter(user=person).select_related("governor")
    return [*contacts.order_by(name).values_list(name, flat=True), *(str(each.governor) for each in governors)]


def is_called(person: User, name: str) -> bool:
    """Whether this is a name that the person has here. Somebody without a name may be anybody."""
    known = {person.name, *Contact.objects.filter(user=person).values_list("name", flat=True)} - {""}
    return not known or any(same_person(each, name) for each in known)


def belongs_to(person: User) -> str:
    """What is said of an address that is another's, where a tick can say that it is the same person."""
    return _(
        "Adressen tilhører %(name)s. Er det samme person, krysser du av for det. Er det en annen, trenger "
        "hver av dem sin egen adresse."
    ) % {"name": person}


def merged(kept: User, gone: User, *, by: User, now: datetime) -> tuple[list[str], list[str]]:
    """Two are one person: the functions of the one who goes are the other's.

    A function that both have ends once. Drafts follow, unless there is one already. Return, in words, what moved and
    what ended.
    """
    moved, ended = [], []
    theirs = {_place(contact) for contact in Contact.objects.current().filter(user=kept)}
    contacts = Contact.objects.filter(user=gone).select_related("unit", "participation__municipality__county")
    for contact in contacts.order_by("pk"):
        if contact.ended_at is None:
            said = f"{contact.title}, {contact.unit or contact.participation.municipality}"
            if _place(contact) in theirs:
                contact.ended_at, contact.ended_by = now, by
                ended.append(said)
            else:
                moved.append(said)
        contact.user = kept
        contact._history_user = by
        contact.save(update_fields=["user", "ended_at", "ended_by"])
    offices = set(GovernorContact.objects.current().filter(user=kept).values_list("governor", flat=True))
    for governor in GovernorContact.objects.filter(user=gone).select_related("governor"):
        if governor.ended_on is None:
            (ended if governor.governor_id in offices else moved).append(str(governor.governor))
            if governor.governor_id in offices:
                governor.ended_on = timezone.localdate(now)
        governor.user = kept
        governor._history_user = by
        governor.save(update_fields=["user", "ended_on"])
    for draft in gone.confirmation_drafts.select_related("confirmation__participation__municipality__county"):
        draft.hand_over(to=kept)
        about = _("Utkast til bekreftelsen for %(name)s") % {"name": draft.confirmation.participation.municipality}
        (moved if draft.user_id == kept.pk else ended).append(about)
    return moved, ended


def _place(contact: Contact) -> tuple[int, int | None, str]:
    return contact.participation_id, contact.unit_id, contact.function
