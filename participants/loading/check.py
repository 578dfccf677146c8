"""What loading three sheets would do to a cohort, row by row. Nothing is written here."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from participants import organisation_number
from participants.loading import sheets
from participants.loading.known_units import SEVERAL, KnownUnits
from participants.loading.plan import CohortPlan, CohortRows, PlanLine, RowResult, in_other_cohorts
from participants.loading.spreadsheet import CohortColumn, CohortRow, CohortSheet
from participants.loading.whose import Owners
from participants.models import Cohort, Contact, Municipality, Participation, Unit
from parts.addresses import canonical
from parts.phone import in_one_form


def cohort_number(rows: CohortRows) -> int | None:
    texts = (row.cells.get("cohort", "") for row in rows[sheets.MUNICIPALITIES.title])
    return next((int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 5), None)


def check(rows: CohortRows, *, by: User | None, now: datetime) -> CohortPlan:
    """Return what loading these rows would do. The number of queries does not grow with the file's length."""
    checking = _Check(rows, by=by, now=now)
    for sheet, examine in (
        (sheets.MUNICIPALITIES, checking.municipality),
        (sheets.UNITS, checking.unit),
        (sheets.CONTACTS, checking.contact),
    ):
        for row in rows[sheet.title]:
            checking.examine(sheet, row, examine)
    checking.list_the_absent()
    return checking.plan


class _Check:
    """Compares a file with what the portal has stored. Each row sees what the rows above it would have done."""

    def __init__(self, rows: CohortRows, *, by: User | None, now: datetime):
        self.by, self.now, self.today = by, now, localtime(now).date()
        self.cohort = Cohort.objects.filter(number=cohort_number(rows) or 0).first()
        self.plan = CohortPlan(self.cohort)
        self.seen: dict[tuple, int] = {}  # what a row is about → the row's number
        self.named: set[int] = set()  # id() of what is stored in the portal and named in the file

        everywhere = Municipality.objects.select_related("county")
        self.municipalities = {municipality.number: municipality for municipality in everywhere}
        self.formerly = {municipality.number_2020: municipality for municipality in everywhere}
        here = list(self.cohort.participations.all()) if self.cohort else []
        municipalities = {municipality.pk: municipality for municipality in self.municipalities.values()}
        for participation in here:
            participation.municipality = municipalities[participation.municipality_id]
        by_pk = {participation.pk: participation for participation in here}
        self.participations = {participation.municipality_id: participation for participation in here}
        self.elsewhere = in_other_cohorts(self.cohort, today=localtime(now).date())
        self.known_contacts: dict[tuple, Contact] = {}
        contacts = Contact.objects.filter(participation__in=by_pk).select_related("user").order_by("-ended_at", "pk")
        for contact in contacts:
            # One who still is a contact comes last here on any database, and so wins over one who was.
            key = (contact.participation_id, contact.function, contact.unit_id, contact.user.email)
            if key not in self.known_contacts or contact.ended_at is None:
                self.known_contacts[key] = contact
        in_file = {
            (
                getattr(self._numbered(row.cells.get("municipality", "")), "pk", None),
                row.cells.get("name", "").casefold(),
                sheets.KINDS.get(row.cells.get("kind", "").casefold()),
            )
            for row in rows[sheets.UNITS.title]
        }
        self.units = KnownUnits(self.cohort, by_pk, in_file=in_file, today=self.today)
        self.owners = Owners({canonical(row.cells.get("email", "")) for row in rows[sheets.CONTACTS.title]})

    def examine(self, sheet: CohortSheet, row: CohortRow, rule: Callable[[CohortRow, PlanLine], None]) -> None:
        line = PlanLine(sheet.title, row.number)
        for key, message in row.problems:
            if key == "phone":
                self._leave_out_phone(line, message)
            else:
                line.refuse(sheet.column(key).title, message)
        unreadable = {key for key, _message in row.problems}
        for column in sheet.columns:
            if column.required and column.key not in unreadable and not row.cells.get(column.key):
                line.refuse(column.title, _("Må fylles ut."))
        if row.hidden:
            line.notes.append(
                _("Raden er skjult i Excel, og lastes inn likevel. Ta den ut hvis den ikke skal være med.")
            )
        rule(row, line)
        if line.errors:
            line.result, line.changes, line.notes = RowResult.ERROR, [], []
        self.plan.lines.append(line)

    def municipality(self, row: CohortRow, line: PlanLine) -> None:
        municipality = self._municipality_of(row, line)
        self._same_cohort(row.cells.get("cohort", ""), line)
        accepted = _word(row, line, sheets.MUNICIPALITIES.column("accepted"), sheets.YES_OR_NO)
        if municipality is None or self._repeated(line, ("municipality", municipality.pk)):
            return
        participation = self.participations.get(municipality.pk)
        if participation is None:
            participation = Participation(
                cohort=self.cohort,
                municipality=municipality,
                nominated_at=self.now,
                nominated_by=self.by,
                case_number=row.cells.get("case_number", ""),
            )
            if accepted:
                participation.accepted_at, participation.accepted_by = self.now, self.by
            self.participations[municipality.pk] = participation
            self._new(line, participation)
            self.plan.note_others(line, municipality, self.elsewhere.get(municipality.pk, []))
            return
        self.named.add(id(participation))
        if participation.withdrawn_at:
            line.refuse_withdrawn("", participation)
        if accepted and participation.declined_at:
            line.notes.append(
                _("Kommunen takket nei %(date)s. Fila endrer det ikke.") % {"date": _day(participation.declined_at)}
            )
        elif accepted and participation.accepted_at is None:
            participation.accepted_at, participation.accepted_by = self.now, self.by
            line.changes.append(("Takket ja", _("nei"), _("ja")))
        if accepted is False and participation.accepted_at:
            line.notes.append(
                _("Kommunen takket ja %(date)s. Fila endrer det ikke.") % {"date": _day(participation.accepted_at)}
            )
        self._update(line, participation, {"case_number": ("Saksnummer", row.cells.get("case_number", ""))})

    def unit(self, row: CohortRow, line: PlanLine) -> None:
        participation = self._participation_of(row, line)
        name = row.cells.get("name", "")
        number = organisation_number.normalise(row.cells.get("organisation_number", ""))
        kind = _word(row, line, sheets.UNITS.column("kind"), sheets.KINDS)
        ownership = _word(row, line, sheets.UNITS.column("ownership"), sheets.OWNERSHIPS)
        line.what = ", ".join(part for part in (name, line.what) if part)
        if number:
            _valid(line, "Organisasjonsnummer", organisation_number.validate, number)
        if participation is None or not name:
            return
        unit = self.units.find(participation, name=name, number=number, kind=kind, line=line)
        if unit is None:
            unit = Unit(participation=participation, name=name, organisation_number=number, kind=kind or "")
            unit.ownership = ownership or Unit.Ownership.PUBLIC
            self.seen["unit", id(unit)] = row.number
            self.units.add(unit)
            self._new(line, unit)
            return
        if self._repeated(line, ("unit", id(unit))):
            return
        self.named.add(id(unit))
        if unit.participation is not participation:
            line.refuse("Organisasjonsnummer", _("Enheten er lagt inn under en annen kommune i pulja."))
        elif unit.closed_on and not unit.is_active(today=self.today):
            line.notes.append(_("Enheten er lagt ned %(date)s og endres ikke.") % {"date": date_format(unit.closed_on)})
        elif not line.errors:
            name, number = self._of_today(unit, name, line), self._of_today(unit, number, line)
            self._update(
                line,
                unit,
                {
                    "name": ("Enhet", name),
                    "organisation_number": ("Organisasjonsnummer", number),
                    "kind": ("Type", kind),
                    "ownership": ("Eierform", ownership),
                },
            )
            self.units.add(unit)

    def _of_today(self, unit: Unit, value: str, line: PlanLine) -> str:
        """Nothing for a name or number that the unit had before: a file that is older than it changes nothing back."""
        if not self.units.had(unit, value):
            return value
        line.notes.append(
            _("Fila har %(before)s, som enheten hadde før. Det blir ikke endret tilbake.") % {"before": value}
        )
        return ""

    def contact(self, row: CohortRow, line: PlanLine) -> None:
        participation = self._participation_of(row, line)
        function = _word(row, line, sheets.CONTACTS.column("function"), sheets.FUNCTIONS)
        name, phone = row.cells.get("name", ""), row.cells.get("phone", "")
        email = canonical(row.cells.get("email", ""))
        parts = (name, row.cells.get("function", ""), row.cells.get("unit", ""), line.what)
        line.what = ", ".join(part for part in parts if part)
        if email:
            _valid(line, "E-post", validate_email, email)
        if phone and not in_one_form(phone):
            self._leave_out_phone(line, phone)
        phone = in_one_form(phone) or ""
        if participation is None or function is None:
            return
        unit = self._unit_of(row, line, participation, function)
        if not email or self._repeated(line, ("contact", id(participation), function, id(unit), email)):
            return
        owner = self.owners.people.get(email)
        place = (participation.pk, function, unit.pk if unit else None, owner.email if owner else email)
        known = self.known_contacts.get(place)
        self._ask_whose(line, email, name, known)
        if known is None:
            if unit and unit.closed_on and not unit.is_active(today=self.today):
                line.refuse("Enhet", _("Enheten er lagt ned %(date)s.") % {"date": date_format(unit.closed_on)})
            user = self.owners.person(email, name)
            if not user.is_active:
                line.notes.append(_("Personen er sperret og kan ikke logge inn."))
            if participation.welcomed_at:
                line.notes.append(_("Får e-post om tilgangen."))
            contact = Contact(participation=participation, unit=unit, user=user, function=function, name=name)
            contact.phone, contact.started_at = phone, self.now
            if self.by:  # nobody, in a dry run
                contact.started_by = self.by
            self._new(line, contact)
        elif known.ended_at:
            line.notes.append(
                _("Personen sluttet som kontaktperson %(date)s og lastes ikke inn igjen.")
                % {"date": _day(known.ended_at)}
            )
        else:
            self.named.add(id(known))
            self._update(line, known, {"name": ("Navn", name), "phone": ("Telefon", phone)})

    def _ask_whose(self, line: PlanLine, email: str, name: str, known: Contact | None) -> None:
        problem = self.owners.problem(email, name)
        # A contact may have another name now, and so may somebody whose first name is the same.
        if problem and ((known and not known.ended_at) or self.owners.may_be_renamed(email, name)):
            line.notes.append(problem)
        elif problem:
            line.refuse("E-post", problem)

    def _leave_out_phone(self, line: PlanLine, why: str) -> None:
        """A telephone is no reason to stop a file."""
        line.notes.append(_("Lastes inn uten telefon: %(why)s") % {"why": why})

    def list_the_absent(self) -> None:
        def absent(sheet: CohortSheet, what: str) -> None:
            self.plan.lines.append(PlanLine(sheet.title, None, what, RowResult.ABSENT))

        for participation in self.participations.values():
            if participation.pk and not participation.withdrawn_at and id(participation) not in self.named:
                absent(sheets.MUNICIPALITIES, participation.municipality.name_and_county)
        for unit in self.units.stored:
            if unit.is_active(today=self.today) and id(unit) not in self.named and id(unit.participation) in self.named:
                municipality = unit.participation.municipality
                absent(sheets.UNITS, f"{unit.name}, {municipality.number} {municipality.name}")
        by_pk = {participation.pk: participation for participation in self.participations.values() if participation.pk}
        for contact in self.known_contacts.values():
            participation = by_pk[contact.participation_id]
            if not contact.ended_at and id(contact) not in self.named and id(participation) in self.named:
                municipality = participation.municipality
                what = f"{contact.name}, {contact.get_function_display()}, {municipality.number} {municipality.name}"
                absent(sheets.CONTACTS, what)

    def _same_cohort(self, text: str, line: PlanLine) -> None:
        if not text:
            return
        if self.cohort is None:
            line.refuse("Pulje", _("Pulje %(number)s finnes ikke. Opprett den først.") % {"number": text})
        elif text != str(self.cohort.number):
            line.refuse(
                "Pulje",
                _("Alle rader må ha samme pulje. Fila begynner med %(number)s.") % {"number": self.cohort.number},
            )

    def _municipality_of(self, row: CohortRow, line: PlanLine) -> Municipality | None:
        text = row.cells.get("municipality", "")
        if not text:
            return None
        municipality = self._numbered(text)
        line.what = line.what or text
        if municipality is None:
            line.refuse("Kommunenummer", _("Det finnes ingen kommune med nummer %(number)s.") % {"number": text})
            return None
        line.what = f"{municipality.number} {municipality.name}"
        name = row.cells.get("municipality_name", "")
        if name and not _names(municipality, name):
            line.refuse(
                "Kommune",
                _("%(number)s er %(municipality)s, men her står %(name)s.")
                % {"number": municipality.number, "municipality": municipality.name_and_county, "name": name},
            )
        return municipality

    def _numbered(self, text: str) -> Municipality | None:
        """By the number of today, else by that of 2020. Excel takes 0301 for a number and drops the zero."""
        number = text.zfill(4) if len(text) == 3 else text
        return self.municipalities.get(number) or self.formerly.get(number)

    def _participation_of(self, row: CohortRow, line: PlanLine) -> Participation | None:
        municipality = self._municipality_of(row, line)
        if municipality is None:
            return None
        participation = self.participations.get(municipality.pk)
        if participation is None:
            line.refuse("Kommunenummer", _("Kommunen er ikke med i pulja. Før den opp i arket Kommuner."))
        elif participation.withdrawn_at:
            line.refuse_withdrawn("Kommunenummer", participation)
        return participation

    def _unit_of(self, row: CohortRow, line: PlanLine, participation: Participation, function: str) -> Unit | None:
        text = row.cells.get("unit", "")
        if function != Contact.Function.HEAD:
            if text:
                line.refuse("Enhet", _("Bare styrer og rektor er for én enhet. La cella stå tom."))
            return None
        if not text:
            line.refuse("Enhet", _("Skriv hvilken enhet personen leder."))
            return None
        alike = self.units.named(participation, text)
        if not alike:
            line.refuse(
                "Enhet", _("Kommunen har ingen enhet med dette navnet eller nummeret. Skriv det som i arket Enheter.")
            )
        elif len(alike) > 1:
            numbers = {unit.organisation_number for unit in alike}
            shared = _("Skolen og SFO-en har samme organisasjonsnummer. Skriv navnet på enheten.")
            line.refuse("Enhet", shared if len(numbers) == 1 and numbers != {""} else str(SEVERAL))
        return alike[0] if len(alike) == 1 else None

    def _repeated(self, line: PlanLine, key: tuple) -> bool:
        first = self.seen.setdefault(key, line.number or 0)
        if first == line.number:
            return False
        line.refuse(
            "", _("Rad %(first)s og rad %(second)s gjelder det samme.") % {"first": first, "second": line.number}
        )
        return True

    def _new(self, line: PlanLine, row: models.Model) -> None:
        line.result = RowResult.NEW
        self.plan.new.append(row)

    def _update(self, line: PlanLine, row: models.Model, values: Mapping[str, tuple[str, str | None]]) -> None:
        """An empty cell changes nothing: the file adds and corrects, it never takes away."""
        for attribute, (column, value) in values.items():
            if value and value != getattr(row, attribute):
                before = _display(row, attribute)
                setattr(row, attribute, value)
                line.changes.append((column, before, _display(row, attribute)))
        if line.changes:
            line.result = RowResult.CHANGED
            self.plan.changed.append(row)


def _display(row: models.Model, attribute: str) -> str:
    shown = getattr(row, f"get_{attribute}_display", None)
    return str(shown() if shown else getattr(row, attribute))


def _day(moment: datetime) -> str:
    return date_format(localtime(moment).date())


def _names(municipality: Municipality, text: str) -> bool:
    """Whether this is a name of that municipality: one of its official names, with or without "kommune" and county."""
    county = re.escape(municipality.county.name.casefold())
    wanted = re.sub(rf"(?: \({county}\)|,? i {county}|, {county})$", "", text.casefold()).removesuffix(" kommune")
    official = re.split(r"\s*(?:/|\s-\s)\s*", municipality.name_official.casefold())
    return wanted in {municipality.name.casefold(), municipality.name_official.casefold(), *official}


def _word(row: CohortRow, line: PlanLine, column: CohortColumn, words: Mapping[str, Any]) -> Any:
    """Return what the word in this cell means, or None."""
    text = row.cells.get(column.key, "")
    if text and text.casefold() not in words:
        allowed = ", ".join(column.choices)
        message = _("«%(text)s» kan ikke stå her. Skriv ett av disse: %(words)s.")
        line.refuse(column.title, message % {"text": text, "words": allowed})
    return words.get(text.casefold())


def _valid(line: PlanLine, title: str, validate: Callable[[str], None], value: str) -> None:
    try:
        validate(value)
    except ValidationError as error:
        line.refuse(title, error.messages[0])
