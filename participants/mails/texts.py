"""What the mails say, and the samples that staff preview them with."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.texts import MailText, Values
from participants.models import Confirmation, Contact, DeadlineChange, Participation
from parts.dates import date_in_words, day_in_words, moment_in_words


def _link(name: str, *args) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _common(participation: Participation, *, name: str, link: str) -> dict[str, str]:
    return {
        "navn": name,
        "kommune": participation.municipality.name_told_apart,
        "pulje": str(participation.cohort).lower(),
        "lenke": link,
    }


def _waiting(confirmations: Iterable[Confirmation]) -> list[str]:
    return [
        _("Bekrefte opplysningene for %(municipality)s, frist til og med %(due)s")
        % {"municipality": confirmation.participation.municipality, "due": day_in_words(confirmation.due_on)}
        for confirmation in confirmations
    ]


def reminder(confirmations: Sequence[Confirmation], *, name: str) -> Values:
    first = min(confirmations, key=lambda confirmation: confirmation.due_on)
    link = _link("participants:confirm", first.participation_id) if len(confirmations) == 1 else settings.SITE_URL + "/"
    return _common(first.participation, name=name, link=link) | {
        "frist": day_in_words(first.due_on),
        "venter": _waiting(sorted(confirmations, key=lambda confirmation: (confirmation.due_on, confirmation.pk))),
    }


def round_opened(confirmation: Confirmation, *, name: str) -> Values:
    participation = confirmation.participation
    reason = _("Begrunnelse: %(reason)s") % {"reason": confirmation.reason} if confirmation.reason else ""
    return _common(participation, name=name, link=_link("participants:confirm", participation.pk)) | {
        "frist": day_in_words(confirmation.due_on),
        "bakgrunn": _background(confirmation),
        "begrunnelse": reason,
    }


def _background(confirmation: Confirmation) -> str:
    if confirmation.round == 1:
        return ""
    if confirmation.asked_by.is_staff:
        return _("Dere har svart før, og nå spør vi på nytt.")
    return _("%(name)s har åpnet bekreftelsen igjen for å rette.") % {"name": confirmation.asked_by}


def new_deadline(change: DeadlineChange, *, before: date, name: str) -> Values:
    """`before`: the day that the reader knows of."""
    participation = change.confirmation.participation
    return _common(participation, name=name, link=_link("participants:confirm", participation.pk)) | {
        "frist": day_in_words(change.after),
        "gammel_frist": day_in_words(before),
        "melding": change.sentence,
    }


def receipt(confirmation: Confirmation, *, name: str) -> Values:
    participation = confirmation.participation
    confirmed = [_counted(unit) for unit in confirmation.units_told]
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


def _counted(unit: dict) -> str:
    if unit["children"] is None or unit["counted"] is None:
        return f"{unit['name']}: –"
    said = _("%(unit)s: %(count)s, telt %(day)s")
    return said % {"unit": unit["name"], "count": unit["children"], "day": date_in_words(unit["counted"])}


def access_given(contact: Contact, *, waiting: Sequence[str]) -> Values:
    """`waiting`: what the person has to do in every app, in words."""
    participation = contact.participation
    link = settings.SITE_URL + "/"
    if contact.is_editor and participation.open_confirmation:
        link = _link("participants:confirm", participation.pk)
    elif contact.function == Contact.Function.HEAD:
        link = _link("participants:unit", contact.unit_id)
    if contact.replaces:
        background = _("Du erstatter %(name)s.") % {"name": contact.replaces.name}
    else:
        background = _("%(name)s la deg til.") % {"name": contact.started_by}
    return _common(participation, name=contact.name, link=link) | {
        "funksjon": contact.function_in_words if contact.unit else contact.title,
        "bakgrunn": background,
        "adresse": contact.user.email,
        "venter": waiting,
    }


def access_ended(*, name: str, function: str, successor: str, by: str, keeps: Sequence[str]) -> Values:
    """`by`: who ended it, empty when the person did so themselves. `keeps`: what the person still has, in words."""
    said = [_("%(name)s har erstattet deg.") % {"name": successor}] if successor else []
    if by:
        said.append(_("%(name)s har registrert det.") % {"name": by})
    return {
        "navn": name,
        "funksjon": function,
        "bakgrunn": " ".join(said),
        "beholder": keeps or [_("Ingenting annet er registrert på deg")],
        "lenke": settings.SITE_URL + "/",
    }


def _due_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        confirmations = Confirmation.objects.open().select_related(
            "participation__municipality__county", "participation__cohort"
        )[:20]
        return [
            (str(confirmation.participation), reminder([confirmation], name=_("Navn Navnesen")))
            for confirmation in confirmations
        ]


def _round_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        confirmations = Confirmation.objects.open().select_related(
            "participation__municipality__county", "participation__cohort"
        )[:20]
        return [
            (str(confirmation), round_opened(confirmation, name=_("Navn Navnesen"))) for confirmation in confirmations
        ]


def _deadline_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        changes = DeadlineChange.objects.select_related(
            "confirmation__participation__municipality__county", "confirmation__participation__cohort"
        )[:20]
        return [
            (str(change.confirmation), new_deadline(change, before=change.before, name=_("Navn Navnesen")))
            for change in changes
        ]


def _receipt_samples(language: str) -> Sequence[tuple[str, Values]]:
    confirmations = Confirmation.objects.filter(answered_at__isnull=False).select_related(
        "participation__municipality__county", "participation__cohort", "answered_by"
    )[:20]
    with translation.override(language):
        return [(str(confirmation), receipt(confirmation, name=_("Navn Navnesen"))) for confirmation in confirmations]


def _access_samples(language: str) -> Sequence[tuple[str, Values]]:
    contacts = Contact.objects.current().select_related(
        "unit", "user", "participation__municipality__county", "participation__cohort", "replaces", "started_by"
    )[:20]
    with translation.override(language):
        return [(str(contact), access_given(contact, waiting=[_("Ingenting akkurat nå")])) for contact in contacts]


def _ended_samples(language: str) -> Sequence[tuple[str, Values]]:
    contacts = Contact.objects.filter(ended_at__isnull=False).select_related(
        "unit", "participation__municipality__county", "ended_by"
    )[:20]
    with translation.override(language):
        return [
            (
                str(contact),
                access_ended(
                    name=contact.name,
                    function=contact.function_in_words,
                    successor="",
                    by=str(contact.ended_by),
                    keeps=[],
                ),
            )
            for contact in contacts
        ]


COMMON = {
    "navn": gettext_lazy("navnet på mottakeren"),
    "kommune": gettext_lazy("navnet på kommunen"),
    "pulje": gettext_lazy("pulja, for eksempel «pulje 9»"),
    "lenke": gettext_lazy("lenken til siden det gjelder"),
}

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
ROUND_OPENED = MailText(
    name="participants.round_opened",
    title=gettext_lazy("Ny runde: bekreft opplysningene"),
    placeholders=COMMON
    | {
        "frist": REMINDER.placeholders["frist"],
        "bakgrunn": gettext_lazy("at kommunen har svart før, når den har det"),
        "begrunnelse": gettext_lazy("hvorfor runden er åpnet, når det er skrevet"),
    },
    samples=_round_samples,
)
NEW_DEADLINE = MailText(
    name="participants.new_deadline",
    title=gettext_lazy("Ny frist for å bekrefte"),
    placeholders=COMMON
    | {
        "frist": gettext_lazy("den nye fristen med ukedag"),
        "gammel_frist": gettext_lazy("fristen som ikke gjelder lenger"),
        "melding": gettext_lazy("det dere skrev da fristen ble flyttet"),
    },
    samples=_deadline_samples,
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
ACCESS_ENDED = MailText(
    name="participants.access_ended",
    title=gettext_lazy("Tilgang er avsluttet"),
    placeholders={
        "navn": COMMON["navn"],
        "funksjon": gettext_lazy("funksjonen som er avsluttet, og for hva"),
        "bakgrunn": gettext_lazy("hvem som erstatter personen, og hvem som registrerte det"),
        "beholder": gettext_lazy("liste over det personen fortsatt har"),
        "lenke": COMMON["lenke"],
    },
    samples=_ended_samples,
)
TEXTS = (REMINDER, OVERDUE, ROUND_OPENED, NEW_DEADLINE, RECEIPT, ACCESS_GIVEN, ACCESS_ENDED)
