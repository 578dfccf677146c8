"""A cohort's units as a file finds them: by number, else by name, else by what they were called before."""

from collections import defaultdict
from collections.abc import Set
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants import organisation_number
from participants.loading.plan import PlanLine
from participants.models import Cohort, Participation, Unit

SEVERAL = gettext_lazy("Flere enheter i kommunen heter dette. Skriv organisasjonsnummeret.")
NamedInFile = tuple[int | None, str, str | None]  # municipality, name in small letters, kind


class KnownUnits:
    """The units that the portal has, and those that rows further up in the file would add."""

    def __init__(
        self, cohort: Cohort | None, participations: dict[int, Participation], *, in_file: Set[NamedInFile], today: date
    ) -> None:
        self.in_file, self.today = in_file, today
        self.stored = list(Unit.objects.filter(participation__in=participations))
        self._by_number: dict[str, list[Unit]] = defaultdict(list)
        self._by_name: dict[tuple[int, str], list[Unit]] = defaultdict(list)
        by_pk = {unit.pk: unit for unit in self.stored}
        for unit in self.stored:
            unit.participation = participations[unit.participation_id]
            self.add(unit)
        self._former: dict[str, list[Unit]] = defaultdict(list)
        rows = (
            Unit.history.filter(participation__cohort=cohort)
            .order_by()
            .values_list("id", "name", "organisation_number")
        )
        for pk, *values in rows.distinct():
            for value in values:
                if pk in by_pk and value and by_pk[pk] not in self._former[value.casefold()]:
                    self._former[value.casefold()].append(by_pk[pk])

    def add(self, unit: Unit) -> None:
        for alike in (
            self._by_number[unit.organisation_number] if unit.organisation_number else [],
            self._by_name[id(unit.participation), unit.name.casefold()],
        ):
            if not any(other is unit for other in alike):
                alike.append(unit)

    def had(self, unit: Unit, value: str) -> bool:
        """Whether this is a name or number that the unit had before, and has no longer."""
        now = {unit.name.casefold(), unit.organisation_number}
        return value.casefold() not in now and any(other is unit for other in self._former.get(value.casefold(), ()))

    def find(
        self, participation: Participation, *, name: str, number: str, kind: str | None, line: PlanLine
    ) -> Unit | None:
        """The unit that a row is about, or None for one that is new."""
        if number and (numbered := self._numbered(participation, name, number, kind, line)):
            return numbered
        alike = self._called(participation, name)
        if number:
            alike = [unit for unit in alike if not unit.organisation_number and unit.kind == kind]
        else:
            same_kind = [unit for unit in alike if unit.kind == kind]
            alike = same_kind or [unit for unit in alike if self._kind_is_corrected(unit)]
        alike = alike or [unit for unit in self._formerly(participation, name) if unit.kind == kind and not number]
        if len(alike) > 1:
            line.refuse("Enhet", str(SEVERAL))
        return alike[0] if alike else None

    def named(self, participation: Participation, text: str) -> list[Unit]:
        """Those that a contact's row may mean with this name or number."""
        number = organisation_number.normalise(text)
        numbered = [unit for unit in self._by_number.get(number, ()) if unit.participation is participation]
        return numbered or self._called(participation, text) or self._formerly(participation, text)

    def _numbered(
        self, participation: Participation, name: str, number: str, kind: str | None, line: PlanLine
    ) -> Unit | None:
        everywhere = self._by_number.get(number) or [unit for unit in self._former.get(number, ()) if unit.kind == kind]
        here = [unit for unit in everywhere if unit.participation is participation]
        if not here:
            return everywhere[0] if everywhere else None
        if same_kind := [unit for unit in here if unit.kind == kind]:
            return same_kind[0]
        other = here[0]
        if other.name.casefold() == name.casefold() and self._kind_is_corrected(other):
            return other
        if Unit.may_share_number(other.kind, kind):
            sfo = name if kind == Unit.Kind.SFO else other.name
            line.notes.append(
                _("%(sfo)s har samme organisasjonsnummer som skolen. La cella stå tom hvis SFO-en ikke har eget.")
                % {"sfo": sfo}
            )
            return None
        if kind:
            line.refuse(
                "Organisasjonsnummer",
                _("Nummeret tilhører %(unit)s, som er %(kind)s. Rett nummeret eller typen.")
                % {"unit": other.name, "kind": other.get_kind_display()},
            )
        return other

    def _called(self, participation: Participation, name: str) -> list[Unit]:
        return self._active_first(self._by_name.get((id(participation), name.casefold()), []))

    def _formerly(self, participation: Participation, name: str) -> list[Unit]:
        former = self._former.get(name.casefold(), ())
        return self._active_first([unit for unit in former if unit.participation is participation])

    def _active_first(self, units: list[Unit]) -> list[Unit]:
        """Those that are active, else all."""
        return [unit for unit in units if unit.is_active(today=self.today)] or units

    def _kind_is_corrected(self, unit: Unit) -> bool:
        """Whether the file names this stored unit only with another kind than it has here."""
        return (
            bool(unit.pk) and (unit.participation.municipality_id, unit.name.casefold(), unit.kind) not in self.in_file
        )
