"""What loading a sheet of supervisors would do, row by row. Nothing is written here."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from guidance.models import Capacity, Supervisor
from guidance.models.supervisor import MOST
from guidance.staffing import wording
from guidance.staffing.loading.sheet import BACKGROUNDS, KNOWS, SUPERVISORS
from guidance.staffing.places import Places
from participants.loading.plan import CohortPlan, PlanLine, RowResult
from participants.loading.spreadsheet import CohortRow
from participants.loading.whose import Owners
from participants.models import Cohort
from parts.addresses import canonical
from parts.names import same_person
from parts.phone import in_one_form


@dataclass
class StaffPlan(CohortPlan):
    """`added` are (address, facts), `edited` (supervisor, facts): as `guidance.staffing.changing` takes them."""

    added: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    edited: list[tuple[Supervisor, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def can_be_loaded(self) -> bool:
        return bool(self.added or self.edited) and not self.has_errors

    def counted(self) -> list[tuple[str, int]]:
        """What rows come to, in words, and how many of each."""
        counted = Counter(line.result for line in self.lines)
        return [(str(result.label), counted[result]) for result in RowResult if result != RowResult.ABSENT]


def check(rows: Sequence[CohortRow], *, cohort: Cohort, today: date) -> StaffPlan:
    """In eight queries, however many rows."""
    return _Checking(rows, cohort=cohort, today=today).plan


class _Checking:
    def __init__(self, rows: Sequence[CohortRow], *, cohort: Cohort, today: date) -> None:
        self.cohort, self.today = cohort, today
        self.plan = StaffPlan(cohort)
        self.places = Places()
        emails = {canonical(row.cells.get("email", "")) for row in rows}
        self.owners = Owners(emails)
        known = Supervisor.objects.filter(user__in=[each.pk for each in self.owners.people.values() if each.pk])
        found = known.select_related("user").prefetch_related("preferred_counties", "not_with__county")
        self.supervisors = {each.user_id: each for each in found}
        most = Capacity.objects.filter(cohort=cohort, supervisor__in=self.supervisors.values())
        self.most = dict(most.values_list("supervisor", "most"))
        self.seen: dict[str, CohortRow] = {}
        for row in rows:
            self._examine(row)

    def _examine(self, row: CohortRow) -> None:
        line = PlanLine(SUPERVISORS.title, row.number)
        line.what = ", ".join(filter(None, (row.cells.get("name", ""), row.cells.get("email", ""))))
        for key, message in row.problems:
            line.refuse(SUPERVISORS.column(key).title, message)
        unreadable = {key for key, _message in row.problems}
        for column in SUPERVISORS.columns:
            if column.required and column.key not in unreadable and not row.cells.get(column.key):
                line.refuse(column.title, _("Må fylles ut."))
        if row.hidden:
            hidden = _("Raden er skjult i Excel, og lastes inn likevel. Ta den ut hvis den ikke skal være med.")
            line.notes.append(hidden)
        self._rule(row, line)
        if line.errors:
            line.result, line.changes, line.notes = RowResult.ERROR, [], []
        self.plan.lines.append(line)

    def _rule(self, row: CohortRow, line: PlanLine) -> None:
        facts = self._facts(row, line)
        email = self._address(row, line)
        if not email:
            return
        user = self.owners.person(email, row.cells.get("name", ""))
        known = self.supervisors.get(user.pk)
        is_new = known is None or not known.is_working(today=self.today)
        if is_new and not row.cells.get("background"):
            line.refuse("Bakgrunn", _("Må fylles ut for en ny veileder."))
        if not user.is_active:
            line.notes.append(_("Personen er sperret og kan ikke logge inn."))
        self._note_employer(row, line, facts, known)
        if line.errors:
            return
        if known is None or is_new:
            line.result = RowResult.NEW
            if known:
                line.notes.append(_("Personen har vært veileder før, og blir det igjen."))
            self.plan.added.append((email, facts))
            return
        line.changes = self._changes(known, facts)
        if line.changes:
            line.result = RowResult.CHANGED
            self.plan.edited.append((known, facts))

    def _address(self, row: CohortRow, line: PlanLine) -> str:
        """The row's own address; empty when it can't be used."""
        name, email = row.cells.get("name", ""), canonical(row.cells.get("email", ""))
        if not email:
            return ""
        try:
            validate_email(email)
        except ValidationError as error:
            line.refuse("E-post", error.messages[0])
            return ""
        first = self.seen.setdefault(email, row)
        if first is not row:
            rows = {"first": first.number, "second": row.number}
            if same_person(first.cells.get("name", ""), name):
                line.refuse("E-post", _("Rad %(first)s og rad %(second)s gjelder det samme.") % rows)
            else:
                said = _(
                    "Rad %(first)s og rad %(second)s har samme adresse, men hvert sitt navn: %(one)s og %(other)s. "
                    "Hver person trenger sin egen adresse."
                )
                names = {"one": first.cells.get("name", ""), "other": name}
                line.refuse("E-post", said % (rows | names))
            return ""
        if problem := self.owners.problem(email, name):
            if self.owners.may_be_renamed(email, name):
                line.notes.append(problem)
            else:
                line.refuse("E-post", problem)
        return email

    def _facts(self, row: CohortRow, line: PlanLine) -> dict[str, Any]:
        """Of the cells that hold something: an empty one changes nothing."""
        cells = row.cells
        facts: dict[str, Any] = {name: cells[name] for name in ("name", "workplace") if cells.get(name)}
        if phone := cells.get("phone"):
            if number := in_one_form(phone):
                facts["phone"] = number
            else:
                line.notes.append(_("Lastes inn uten telefon: %(why)s") % {"why": phone})
        if background := self._word("background", BACKGROUNDS, row, line):
            facts["employer"] = background
        if knows := self._word("knows", KNOWS, row, line):
            facts["knows_kindergarten"], facts["knows_school"] = knows
        for key, name, find in (
            ("counties", "preferred_counties", self.places.counties),
            ("own", "not_with", self.places.municipalities),
        ):
            found, problems = find(cells.get(key, ""))
            for problem in problems:
                said = _("Rad %(row)s: %(problem)s") % {"row": row.number, "problem": problem}
                line.refuse(SUPERVISORS.column(key).title, said)
            if found:
                facts[name] = found
        self._capacity(cells.get("capacity", ""), line, facts)
        return facts

    def _capacity(self, text: str, line: PlanLine, facts: dict[str, Any]) -> None:
        if not text:
            return
        if text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= MOST:
            facts["capacity"] = {self.cohort: int(text)}
        else:
            line.refuse("Kapasitet", _("Skriv et helt tall fra 0 til %(most)s.") % {"most": MOST})

    def _word(self, key: str, words: Mapping[str, Any], row: CohortRow, line: PlanLine) -> Any:
        text, column = row.cells.get(key, ""), SUPERVISORS.column(key)
        if text and text.casefold() not in words:
            said = {"text": text, "words": ", ".join(column.choices)}
            line.refuse(column.title, _("«%(text)s» kan ikke stå her. Skriv ett av disse: %(words)s.") % said)
        return words.get(text.casefold())

    def _note_employer(
        self, row: CohortRow, line: PlanLine, facts: Mapping[str, Any], known: Supervisor | None
    ) -> None:
        """Pointed out, and never filled in: whether somebody is barred is for people to say."""
        email = canonical(row.cells.get("email", ""))
        work = self.places.of_employer(workplace=row.cells.get("workplace", ""), email=email)
        barred = [*facts.get("not_with", []), *(known.not_with.all() if known else [])]
        if work and work.pk not in {each.pk for each in barred}:
            said = _("Arbeidsstedet eller adressen er i %(name)s, som ikke står under Egne kommuner.")
            line.notes.append(said % {"name": work.name_and_county})

    def _changes(self, known: Supervisor, facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """(column, before, after), in words."""
        stored = dict(wording.facts_of(known)) | {_("Navn"): known.name}
        after = dict(wording.in_words(_whole(known, facts))) | {_("Navn"): facts.get("name", known.name)}
        found = [(what, stored[what], after[what]) for what in after if stored[what] != after[what]]
        capacity = facts.get("capacity", {}).get(self.cohort)
        before = self.most.get(known.pk)
        if capacity is not None and capacity != before:
            found.append((SUPERVISORS.column("capacity").title, "" if before is None else str(before), str(capacity)))
        return found


def _whole(known: Supervisor, facts: Mapping[str, Any]) -> dict[str, Any]:
    """All facts as they will be."""
    names = ("phone", "employer", "workplace", "knows_kindergarten", "knows_school", "wished")
    stored = {name: getattr(known, name) for name in names}
    places = {"preferred_counties": known.preferred_counties.all(), "not_with": known.not_with.all()}
    return {**stored, **places, **facts}
