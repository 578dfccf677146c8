"""A county governor's office puts a municipality up for a pulje, with the units and the contact it knows of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from outbox.effects import Section
from participants.models import Cohort, Contact, Municipality, Participation, Unit

FACTS = ("name", "organisation_number", "kind", "ownership")


@dataclass(frozen=True)
class Nominated:
    participation: Participation
    units: list[Unit]
    contact: Contact


def known_units(municipality: Municipality, *, today: date) -> list[Unit]:
    """The active units it was last in the project with, each once."""
    units = Unit.objects.active(today=today).filter(participation__municipality=municipality)
    rows = list(units.select_related("participation__cohort").order_by("-participation__cohort__number", "name", "pk"))
    return [unit for unit in rows if unit.participation_id == rows[0].participation_id]


@transaction.atomic
def nominate(
    municipality: Municipality,
    cohort: Cohort,
    *,
    units: Iterable[dict[str, Any]],
    contact: dict[str, Any],
    by: User,
    now: datetime,
) -> Nominated:
    """Nobody in the municipality is mailed: the welcome letter does that. Raises ValidationError as the model does."""
    participation = Participation.nominate(municipality, cohort, by=by, now=now)
    added = [Unit(participation=participation, **facts) for facts in units]
    for unit in added:
        unit.save_new(by=by)
    return Nominated(participation, added, participation.add_contact(**contact, unit=None, by=by, now=now))


@dataclass(frozen=True)
class AddedToNomination:
    participation: Participation
    units: list[Unit]
    contact: Contact | None


@transaction.atomic
def add(
    participation: Participation,
    *,
    units: Iterable[dict[str, Any]],
    contact: dict[str, Any] | None,
    by: User,
    now: datetime,
) -> AddedToNomination:
    """To a nomination, until its letter is sent; nobody is mailed. Raises ValidationError when it is too late."""
    stored = Participation.objects.select_for_update(of=("self",)).get(pk=participation.pk)
    if stored.welcomed_at or stored.withdrawn_at or stored.declined_at:
        raise ValidationError(
            _("Velkomstbrevet er sendt, eller kommunen er ikke med. Ingenting er lagret."), code="closed"
        )
    added = [Unit(participation=stored, **facts) for facts in units]
    for unit in added:
        unit.save_new(by=by)
    person = stored.add_contact(**contact, unit=None, by=by, now=now) if contact else None
    return AddedToNomination(stored, added, person)


def added_sections(done: AddedToNomination) -> Sequence[Section]:
    contact = done.contact
    told = [_told(contact.name, contact.title, contact.user.email, contact.phone)] if contact else []
    return [
        (_("Kontaktperson"), told),
        (_("Enheter"), [_in_words(unit) for unit in done.units]),
        (_("Kommunen"), [_("Får ingen e-post nå. Den første kommer med velkomstbrevet fra Utdanningsdirektoratet.")]),
    ]


def sections(done: Nominated) -> Sequence[Section]:
    participation, contact = done.participation, done.contact
    what = _("%(municipality)s nomineres til %(cohort)s")
    names = {"municipality": participation.municipality.name_and_county, "cohort": str(participation.cohort).lower()}
    return [
        (_("Nominasjon"), [what % names, _("De ansatte i Utdanningsdirektoratet ser nominasjonen på sin side")]),
        (_("Kontaktperson"), [_told(contact.name, contact.title, contact.user.email, contact.phone)]),
        (_("Enheter"), [_in_words(unit) for unit in done.units] or [_("Ingen er ført opp ennå")]),
        (
            _("Kommunen"),
            [
                _("Får ingen e-post nå. Den første kommer med velkomstbrevet fra Utdanningsdirektoratet."),
                _("Når kommunen har svart deg, registrerer du svaret på siden for kommunene i fylket."),
            ],
        ),
    ]


def _in_words(unit: Unit) -> str:
    return _told(unit.name, unit.get_kind_display(), unit.get_ownership_display(), unit.organisation_number)


def _told(*facts: str) -> str:
    return ", ".join(fact for fact in facts if fact)
