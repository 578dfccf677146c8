"""What joins a list to other systems: the numbers of a place and the pulje, as text in columns of their own."""

from django.utils.translation import gettext as _

from participants.models import Participation, Unit
from parts.sheets.cells import Cell, Column, Verbatim


def columns(*, units: bool = False) -> list[Column]:
    found = [Column(_("Kommunenummer"), 16), Column(_("Kommunens organisasjonsnummer"), 18)]
    if units:
        found.append(Column(_("Enhetens organisasjonsnummer"), 18))
    return [*found, Column(_("Pulje"), 8)]


def of(participation: Participation) -> list[Cell]:
    municipality = participation.municipality
    return in_words(municipality.number, municipality.organisation_number, participation.cohort.number)


def of_unit(participation: Participation, unit: Unit | None) -> list[Cell]:
    *places, cohort = of(participation)
    return [*places, Verbatim(unit.organisation_number) if unit and unit.organisation_number else None, cohort]


def in_words(number: str, organisation_number: str, cohort: int) -> list[Cell]:
    return [Verbatim(number), Verbatim(organisation_number) if organisation_number else None, Verbatim(str(cohort))]
