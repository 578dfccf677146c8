"""The mails that the facts of this app call for: what each says, to whom, when and why."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from outbox.digest import Digest, DueReminder
from outbox.plan import Planned
from outbox.posting import post
from outbox.texts import MailText, Values
from participants import schedule
from participants.models import Confirmation, Contact, Participation
from parts.dates import day_in_words, moment_in_words

# A confirmation, and whether its deadline is over.
Waiting = tuple[Confirmation, bool]

COMMON = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "kommune": gettext_lazy("navnet på kommunen"),
    "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
    "lenke": gettext_lazy("lenken til siden det gjelder"),
}


def _link(name: str, *args) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _common(participation: Participation, *, name: str, link: str) -> dict[str, str]:
    return {
        "navn": name,
        "kommune": participation.municipality.name,
        "pulje": str(participation.cohort).lower(),
        "lenke": link,
    }


def _due_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        confirmations = Confirmation.objects.open().select_related(
            "participation__municipality", "participation__cohort"
        )[:20]
        return [
            (str(confirmation.participation), _reminder_values(name=_("Navn Navnesen"), confirmations=[confirmation]))
            for confirmation in confirmations
        ]


def _receipt_samples(language: str) -> Sequence[tuple[str, Values]]:
    confirmations = Confirmation.objects.filter(answered_at__isnull=False).select_related(
        "participation__municipality", "participation__cohort", "answered_by"
    )[:20]
    with translation.override(language):
        return [
            (str(confirmation), _receipt_values(confirmation, name=_("Navn Navnesen")))
            for confirmation in confirmations
        ]


def _access_samples(language: str) -> Sequence[tuple[str, Values]]:
    contacts = Contact.objects.current().select_related(
        "unit", "user", "participation__municipality", "participation__cohort", "replaces", "started_by"
    )[:20]
    with translation.override(language):
        return [(str(contact), _access_values(contact)) for contact in contacts]


REMINDER = MailText(
    name="participants.reminder",
    title=gettext_lazy("Påminnelse før fristen"),
    placeholders=COMMON
    | {
        "frist": gettext_lazy("fristen med ukedag"),
        "venter": gettext_lazy("liste over det som venter, med frister"),
    },
    samples=_due_samples,
)
OVERDUE = MailText(
    name="participants.overdue",
    title=gettext_lazy("Fristen er gått ut"),
    placeholders=REMINDER.placeholders,
    samples=_due_samples,
)
RECEIPT = MailText(
    name="participants.receipt",
    title=gettext_lazy("Kvittering for bekreftelsen"),
    placeholders=COMMON
    | {
        "bekreftet_av": gettext_lazy("den som bekreftet"),
        "tidspunkt": gettext_lazy("når det ble bekreftet"),
        "bekreftet": gettext_lazy("liste over det som ble bekreftet"),
        "endringer": gettext_lazy("liste over det som ble endret"),
    },
    samples=_receipt_samples,
)
ACCESS_GIVEN = MailText(
    name="participants.access_given",
    title=gettext_lazy("Tilgang er gitt"),
    placeholders=COMMON
    | {
        "funksjon": gettext_lazy("funksjonen personen har fått"),
        "bakgrunn": gettext_lazy("hvem personen erstatter, eller hvem som la til personen"),
        "adresse": gettext_lazy("adressen personen logger inn med"),
        "venter": gettext_lazy("liste over det som venter på personen"),
    },
    samples=_access_samples,
)


def _waiting(confirmations: Iterable[Confirmation]) -> list[str]:
    return [
        _("Bekrefte opplysningene for %(municipality)s, frist %(due)s")
        % {"municipality": confirmation.participation.municipality, "due": day_in_words(confirmation.due_on)}
        for confirmation in confirmations
    ]


def _reminder_values(*, name: str, confirmations: Sequence[Confirmation]) -> Values:
    first = min(confirmations, key=lambda confirmation: confirmation.due_on)
    link = _link("participants:confirm", first.participation_id) if len(confirmations) == 1 else settings.SITE_URL + "/"
    return _common(first.participation, name=name, link=link) | {
        "frist": day_in_words(first.due_on),
        "venter": _waiting(sorted(confirmations, key=lambda confirmation: (confirmation.due_on, confirmation.pk))),
    }


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The reminders with start < send_at <= end that today's facts call for, in three queries."""
    yield from REMINDERS.mails(_dues(), sent=REMINDERS.sent(start), start=start, end=end)


def _dues() -> Iterator[DueReminder[Waiting]]:
    """To each who answers for a municipality that has not confirmed."""
    confirmations = Confirmation.objects.open().select_related("participation__cohort", "participation__municipality")
    by_participation = {confirmation.participation_id: confirmation for confirmation in confirmations}
    contacts = (
        Contact.objects.current()
        .filter(
            participation__in=by_participation,
            unit__isnull=True,
            function__in=Contact.EDITORS,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("pk")
    )
    for contact in contacts:
        confirmation = by_participation[contact.participation_id]
        cohort = confirmation.participation.cohort
        soon, overdue = schedule.slots(cohort, due_on=confirmation.due_on, asked_at=confirmation.asked_at)
        why = _("%(municipality)s har ikke bekreftet, frist %(due)s") % {
            "municipality": confirmation.participation.municipality,
            "due": day_in_words(confirmation.due_on),
        }
        for slot, is_overdue in [*((slot, False) for slot in soon), *((slot, True) for slot in overdue)]:
            yield DueReminder(
                user=contact.user_id,
                to=contact.user.email,
                name=contact.name,
                language=confirmation.participation.language_for(contact.user),
                send_at=slot.send_at,
                until=slot.until,
                version=str(confirmation.pk),
                item=(confirmation, is_overdue),
                about=confirmation,
                why=why,
                scope=frozenset({f"cohort:{cohort.number}"}),
            )


def _text(waiting: Sequence[Waiting]) -> MailText:
    return OVERDUE if any(is_overdue for _confirmation, is_overdue in waiting) else REMINDER


def _fill(waiting: Sequence[Waiting], *, name: str) -> Values:
    return _reminder_values(name=name, confirmations=[confirmation for confirmation, _overdue in waiting])


REMINDERS: Digest[Waiting] = Digest("participants.reminder", _text, _fill)


def _receipt_values(confirmation: Confirmation, *, name: str) -> Values:
    participation = confirmation.participation
    confirmed = [
        f"{unit['name']}: {unit['children'] if unit['children'] is not None else '–'}"
        for unit in confirmation.snapshot.get("units", [])
    ]
    changes = [
        f"{change['what']}: {change['before'] or '–'} → {change['after'] or '–'}"
        for change in confirmation.changes_told
    ]
    return _common(
        participation, name=name, link=_link("participants:receipt", participation.pk, confirmation.round)
    ) | {
        "bekreftet_av": str(confirmation.answered_by),
        "tidspunkt": moment_in_words(confirmation.answered_at),
        "bekreftet": confirmed or [_("Ingen enheter")],
        "endringer": changes or [_("Ingenting ble endret")],
    }


def receipt(confirmation: Confirmation, *, now: datetime) -> None:
    """To everybody who answers for the municipality, and the one who confirmed, once each."""
    participation = confirmation.participation
    people: dict[User, str] = {contact.user: contact.name for contact in participation.editors()}
    if confirmation.answered_by:
        people.setdefault(confirmation.answered_by, str(confirmation.answered_by))
    for user, name in people.items():
        language = participation.language_for(user)
        with translation.override(language):
            values = _receipt_values(confirmation, name=name)
        post(
            RECEIPT,
            key=f"participants.receipt:{confirmation.pk}:{user.email}",
            to=user.email,
            language=language,
            values=values,
            why=_("%(who)s bekreftet for %(municipality)s")
            % {"who": confirmation.answered_by, "municipality": participation.municipality},
            now=now,
            about=confirmation,
        )


def _access_values(contact: Contact) -> Values:
    participation = contact.participation
    waiting = []
    link = settings.SITE_URL + "/"
    if contact.function in Contact.EDITORS and (confirmation := participation.open_confirmation):
        waiting = _waiting([confirmation])
        link = _link("participants:confirm", participation.pk)
    elif contact.function == Contact.Function.HEAD:
        waiting = [_("Sette sammen prosjektgruppa ved %(unit)s") % {"unit": contact.unit}]
        link = _link("participants:unit", contact.unit_id)
    if contact.replaces:
        background = _("Du erstatter %(name)s.") % {"name": contact.replaces.name}
    else:
        background = _("%(name)s la deg til.") % {"name": contact.started_by}
    title = contact.title + (f", {contact.unit}" if contact.unit else "")
    return _common(participation, name=contact.name, link=link) | {
        "funksjon": title,
        "bakgrunn": background,
        "adresse": contact.user.email,
        "venter": waiting or [_("Ingenting akkurat nå")],
    }


def access_given(contact: Contact, *, now: datetime) -> None:
    """Tell a new person what they have been given and what waits for them; once for a function and an address.

    Before the welcome letter has gone out nobody is told: the letter is what opens the municipality's access.
    """
    participation = contact.participation
    if participation.welcomed_at is None:
        return
    language = participation.language_for(contact.user)
    with translation.override(language):
        values = _access_values(contact)
    post(
        ACCESS_GIVEN,
        key=f"participants.access_given:{contact.pk}:{contact.user.email}",
        to=contact.user.email,
        language=language,
        values=values,
        why=_("%(name)s er registrert som %(title)s") % {"name": contact.name, "title": contact.title},
        now=now,
        about=contact,
    )


def access_given_to_heads(participation: Participation, *, now: datetime) -> None:
    """Once a municipality has confirmed, the heads of its units are let in."""
    heads = Contact.objects.current().filter(participation=participation, function=Contact.Function.HEAD)
    for contact in heads.select_related("user", "unit", "replaces", "started_by"):
        contact.participation = participation
        access_given(contact, now=now)
