"""The mails about a unit: that it closes, is merged or goes on after all, and that its children are to be counted."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.posting import post
from outbox.texts import MailText, Values
from participants.mails.texts import COMMON
from participants.models import Contact, Participation, Unit
from parts.dates import day_in_words


def to_tell(*units: Unit) -> list[Contact]:
    """Those who answer for the municipality, and the heads of these units: each person once."""
    heads = Contact.objects.current().filter(unit__in=units, function=Contact.Function.HEAD).select_related("user")
    found = [*units[0].participation.editors(), *heads.order_by("pk")]
    return list({contact.user_id: contact for contact in reversed(found)}.values())[::-1]


def changed(
    unit: Unit,
    people: Iterable[Contact],
    *,
    version: str,
    what: Callable[[], str],
    lines: Callable[[], Sequence[str]],
    now: datetime,
) -> None:
    """Tell these people what becomes of the unit. `what` and `lines` are said in each one's language.

    Nobody is mailed before the welcome letter has gone out.
    """
    participation = unit.participation
    if participation.welcomed_at is None:
        return
    for contact in people:
        language = participation.language_for(contact.user)
        with translation.override(language):
            values = _changed(unit, contact, what=what(), lines=lines())
        post(
            UNIT_CHANGED,
            key=f"participants.unit_changed:{unit.pk}:{version}:{contact.user_id}",
            to=contact.user,
            language=language,
            values=values,
            why=what(),
            now=now,
            about=unit,
        )


def ask_for_counts(participation: Participation, units: Iterable[Unit], *, now: datetime) -> list[Unit]:
    """Ask those who answer for the municipality how many children there are in these of its units, in one mail.

    Not while a round is open, nor before the first: the confirmation asks for all of them. Return those asked about.
    """
    asked = list(participation.units.lacking_count(today=timezone.localdate(now)).filter(pk__in=[u.pk for u in units]))
    if not asked:
        return []
    for contact in {contact.user_id: contact for contact in participation.editors()}.values():
        language = participation.language_for(contact.user)
        with translation.override(language):
            values = _count_asked(asked, contact)
        post(
            COUNT_ASKED,
            key=f"participants.count_asked:{asked[0].pk}:{asked[0].counted_on or ''}:{contact.user_id}",
            to=contact.user,
            language=language,
            values=values,
            why=_("%(municipality)s har fått en ny enhet, og barna der er ikke telt")
            % {"municipality": participation.municipality},
            now=now,
            about=asked[0],
        )
    return asked


def _changed(unit: Unit, contact: Contact, *, what: str, lines: Sequence[str]) -> Values:
    """The lines are read one after another, so that each is a sentence of its own."""
    answers = contact.unit_id is None
    page = reverse("overview:participation", args=[unit.participation_id]) if answers else "/"
    return _common(unit.participation, contact.name, page) | {
        "enhet": unit.name,
        "hva": what,
        "innledning": _follows(unit),
        "foelger": [line if line.endswith((".", "?", "!")) else f"{line}." for line in lines]
        or [_("Ingenting annet endres.")],
    }


def _follows(unit: Unit) -> str:
    """What the list is headed by: nothing of it has happened before the day of the closing."""
    if unit.closed_on and unit.is_active():
        return _("Fra %(day)s gjelder dette") % {"day": day_in_words(unit.closed_on)}
    return _("Dette følger av det")


def _count_asked(units: Sequence[Unit], contact: Contact) -> Values:
    participation = units[0].participation
    page = (
        reverse("participants:count", args=[units[0].pk])
        if len(units) == 1
        else reverse("overview:participation", args=[participation.pk]) + "#enheter"
    )
    return _common(participation, contact.name, page) | {"enheter": [unit.name for unit in units]}


def _common(participation: Participation, name: str, page: str) -> dict[str, str]:
    return {
        "navn": name,
        "kommune": participation.municipality.name_told_apart,
        "pulje": str(participation.cohort).lower(),
        "lenke": settings.SITE_URL + page,
    }


def _somebody(unit: Unit) -> Contact:
    return Contact(participation=unit.participation, name=_("Navn Navnesen"))


def _units() -> Iterable[Unit]:
    return Unit.objects.select_related("participation__municipality__county", "participation__cohort", "merged_into")[
        :20
    ]


def _changed_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        return [
            (str(unit), _changed(unit, _somebody(unit), what=unit.closing_in_words() or goes_on(unit), lines=[]))
            for unit in _units()
        ]


def _count_samples(language: str) -> Sequence[tuple[str, Values]]:
    with translation.override(language):
        return [(str(unit), _count_asked([unit], _somebody(unit))) for unit in _units()]


def goes_on(unit: Unit) -> str:
    return _("%(unit)s er i drift likevel") % {"unit": unit}


UNIT_CHANGED = MailText(
    name="participants.unit_changed",
    title=gettext_lazy("En enhet legges ned, slås sammen eller er i drift likevel"),
    placeholders=COMMON
    | {
        "enhet": gettext_lazy("navnet på enheten"),
        "hva": gettext_lazy("hva som skjer med enheten, og når: en setning uten punktum"),
        "innledning": gettext_lazy("innledningen til lista: «Fra søndag 1. august 2027 gjelder dette»"),
        "foelger": gettext_lazy("liste over det som følger av det"),
    },
    samples=_changed_samples,
)
COUNT_ASKED = MailText(
    name="participants.count_asked",
    title=gettext_lazy("Antall barn i en ny enhet"),
    placeholders=COMMON | {"enheter": gettext_lazy("liste over enhetene det gjelder")},
    samples=_count_samples,
)
TEXTS = (UNIT_CHANGED, COUNT_ASKED)
