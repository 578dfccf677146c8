from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django import forms
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from participants import organisation_number
from participants.confirmation import counting, identity, political_day
from participants.confirmation.values import CONTACT_FIELDS, CONTACT_QUESTIONS, StoredFacts
from participants.forms import OrganisationNumberField, ask_whose
from participants.models import Contact, Unit
from parts.child_names.question import ask_about_children
from parts.forms import CountField, DateInput, EmailField
from parts.names import LineField
from parts.phone import PhoneField


@dataclass
class ContactRow:
    contact: Contact
    fields: list[BoundField]
    open: bool  # the fields show at once: something in them is wrong, or differs from what is stored


@dataclass
class UnitRow:
    unit: Unit
    children: BoundField
    sure: BoundField
    ask_if_sure: bool
    register: BoundField
    is_registers: bool  # the figure is the register's, which the person asked for and is to look over
    fields: list[BoundField]
    heads: list[ContactRow]
    new_head: list[BoundField]
    open: bool


class ConfirmForm(forms.Form):
    """The whole confirmation as one form: one field for each stored value, and what is asked beside it."""

    def __init__(self, facts: StoredFacts, *, user: User, today: date, **kwargs) -> None:
        super().__init__(**kwargs)
        self.facts, self.user, self.today = facts, user, today
        self.stored = facts.values()
        self.locked = facts.locked_names(user)
        for contact in facts.contacts:
            self._add_contact(contact)
        for unit in facts.units:
            self._add_unit(unit)
        for kind in facts.kinds:
            self.fields[counting.day_name(kind)] = counting.day_field(kind, today=today)
        self.fields["ppt"] = forms.ChoiceField(
            label=_("Deltar PP-tjenesten i prosjektet?"),
            choices=[("yes", _("Ja")), ("no", _("Nei")), ("undecided", _("Ikke avgjort ennå"))],
            widget=forms.RadioSelect,
            help_text=_("Kommunen avgjør det selv, ut fra kapasiteten i tjenesten."),
        )
        self.fields["political"] = forms.ChoiceField(
            label=_("Er politisk nivå i kommunen informert om prosjektet?"),
            choices=[("now", _("Ja")), ("later", _("Ikke ennå, vi registrerer det senere"))],
            widget=forms.RadioSelect,
        )
        self.fields["political_on"] = forms.DateField(
            label=_("Når ble politisk nivå informert?"),
            required=False,
            widget=DateInput(),
            validators=political_day.limits(today),
        )
        self.fields["political_body"] = LineField(
            label=_("Politisk organ"), required=False, max_length=200, help_text=_("For eksempel kommunestyret.")
        )
        self.fields["comment"] = forms.CharField(
            label=_("Noe annet vi bør vite?"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("For eksempel at en enhet er lagt ned eller mangler. Skriv ikke om enkeltbarn."),
        )

    def _add_contact(self, contact: Contact) -> None:
        key, whose = f"contact-{contact.pk}", contact.title
        own = f"{key}-email" in self.locked
        hint = format_html(
            '{} <a class="ds-link" href="{}">{}</a>',
            _("Du logger inn med denne adressen."),
            reverse("changes:own_address"),
            _("Endre den på Mine opplysninger"),
        )
        self.fields[f"{key}-name"] = LineField(label=_("Navn, %(title)s") % {"title": whose}, max_length=200)
        self.fields[f"{key}-email"] = EmailField(
            label=_("E-postadresse, %(title)s") % {"title": whose},
            disabled=own,
            help_text=hint if own else "",
        )
        self.fields[f"{key}-phone"] = PhoneField(label=_("Telefon, %(title)s") % {"title": whose})

    def _add_unit(self, unit: Unit) -> None:
        key = f"unit-{unit.pk}"
        self.fields[f"{key}-children"] = CountField(
            label=_("%(what)s i %(unit)s") % {"what": unit.children_label, "unit": unit.name},
            help_text=counting.registers_figure(unit),
            min_value=0,
            max_value=5000,
            error_messages={"required": _("Skriv antallet.")},
        )
        self.fields[f"{key}-register"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.fields[f"{key}-sure"] = forms.BooleanField(label=_("Ja, tallet er riktig"), required=False)
        self.fields[f"{key}-name"] = LineField(label=_("Navn på enheten"), max_length=200)
        self.fields[f"{key}-organisation_number"] = OrganisationNumberField(
            label=_("Organisasjonsnummer"),
            required=False,
            help_text=_("Ni siffer.") if unit.kind != Unit.Kind.SFO else _("Ni siffer. En SFO kan mangle nummer."),
        )
        if not self.facts.heads(unit):
            self.fields[f"{key}-head_name"] = LineField(
                label=_("Navn på %(head)s") % {"head": unit.head_title}, required=False, max_length=200
            )
            self.fields[f"{key}-head_email"] = EmailField(
                label=_("E-postadressen til %(head)s") % {"head": unit.head_title}, required=False
            )

    @property
    def days(self) -> list[BoundField]:
        """When each kind of unit counted."""
        return [self[counting.day_name(kind)] for kind in self.facts.kinds]

    @property
    def filled_in(self) -> int:
        """How many units have a figure on the page."""
        return sum(bool(self[f"unit-{unit.pk}-children"].value()) for unit in self.facts.units)

    @property
    def may_be_filled_in(self) -> int:
        """How many units have no figure yet, and one in a register."""
        shown = {name: str(self[name].value() or "") for name in self.fields if name.endswith("-children")}
        return len(counting.registers_figures(self.facts.units, shown)) // 2

    def is_registers(self, unit: Unit) -> bool:
        names = (f"unit-{unit.pk}-children", f"unit-{unit.pk}-register")
        return counting.is_from_register(unit, {name: self[name].value() for name in names})

    def contact_rows(self, contacts: list[Contact] | None = None) -> Iterator[ContactRow]:
        for contact in self.facts.for_municipality if contacts is None else contacts:
            names = (f"contact-{contact.pk}-{field}" for field in (*CONTACT_FIELDS, *CONTACT_QUESTIONS))
            fields = [self[name] for name in names if name in self.fields]
            yield ContactRow(contact, fields, open=self._differ(fields))

    def unit_rows(self) -> Iterator[UnitRow]:
        for unit in self.facts.units:
            key = f"unit-{unit.pk}"
            fields = [self[f"{key}-name"], self[f"{key}-organisation_number"]]
            heads = list(self.contact_rows(self.facts.heads(unit)))
            asked = (f"{key}-head_name", f"{key}-head_email", f"{key}-head_same")
            new_head = [self[name] for name in asked if name in self.fields]
            yield UnitRow(
                unit=unit,
                children=self[f"{key}-children"],
                sure=self[f"{key}-sure"],
                ask_if_sure=self.unlikely(unit) is not None,
                register=self[f"{key}-register"],
                is_registers=self.is_registers(unit),
                fields=fields,
                heads=heads,
                new_head=new_head,
                open=self._differ([*fields, *new_head]) or any(head.open for head in heads),
            )

    def _differ(self, fields: list[BoundField]) -> bool:
        return any(field.errors or (field.value() or "") != self.stored.get(field.name, "") for field in fields)

    def unlikely(self, unit: Unit) -> int | None:
        """Return the register's figure when the typed one is so far from it that it may be a typing error."""
        register = unit.register_children
        count = getattr(self, "cleaned_data", {}).get(f"unit-{unit.pk}-children")
        if register is None or count is None or abs(count - register) <= 20:
            return None
        return register if count > 2 * register or 2 * count < register else None

    def clean(self) -> dict:
        cleaned = super().clean() or self.cleaned_data
        for unit in self.facts.units:
            self._clean_unit(unit, cleaned)
        for field in ("political_on", "political_body"):
            if cleaned.get("political") == "now":
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, _("Må fylles ut når politisk nivå er informert."))
            elif self.errors.pop(field, None):  # not asked of those who answer "later", so nothing is wrong with it
                cleaned[field] = None
        if cleaned.get("political") == "now":
            political_day.ask(self, cleaned.get("political_on"), participation=self.facts.participation)
        numbers: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.facts.units:
            name = f"unit-{unit.pk}-organisation_number"
            number = cleaned.get(name)
            if not number:
                continue
            others = [other for other in numbers[number] if not Unit.may_share_number(unit.kind, other.kind)]
            if others:
                self.add_error(
                    name, _("%(unit)s har samme organisasjonsnummer. Rett det ene.") % {"unit": others[0].name}
                )
            numbers[number].append(unit)
        self._clean_contacts(cleaned)
        ask_about_children(self, ["comment"], known=self._adults_and_places())
        return cleaned

    def _adults_and_places(self) -> list[str]:
        people = [contact.name for contact in self.facts.contacts]
        return [*people, *(unit.name for unit in self.facts.units), self.facts.participation.municipality.name]

    def _clean_unit(self, unit: Unit, cleaned: dict) -> None:
        key = f"unit-{unit.pk}"
        number = cleaned.get(f"{key}-organisation_number")
        if number:
            try:
                organisation_number.validate(number)
            except forms.ValidationError as error:
                self.add_error(f"{key}-organisation_number", error)
        elif number == "" and unit.organisation_number and unit.kind != Unit.Kind.SFO:
            self.add_error(f"{key}-organisation_number", _("Må fylles ut."))
        register = self.unlikely(unit)
        if register is not None and not cleaned.get(f"{key}-sure"):
            self.add_error(
                f"{key}-sure",
                _("Du skrev %(typed)s, registeret har %(count)s. Rett tallet, eller kryss av for at det stemmer.")
                % {"typed": cleaned[f"{key}-children"], "count": register},
            )
        name, email = cleaned.get(f"{key}-head_name"), cleaned.get(f"{key}-head_email")
        if name and not email and f"{key}-head_email" not in self.errors:
            self.add_error(f"{key}-head_email", _("Må fylles ut når du oppgir et navn."))
        if email and not name and f"{key}-head_name" not in self.errors:
            self.add_error(f"{key}-head_name", _("Må fylles ut når du oppgir en adresse."))
        ask_whose(self, cleaned, name=f"{key}-head_name", email=f"{key}-head_email", same=f"{key}-head_same")

    def _clean_contacts(self, cleaned: dict) -> None:
        seen: dict[tuple, str] = {}
        for contact in self.facts.contacts:
            name = f"contact-{contact.pk}-email"
            email = cleaned.get(name) or ""
            place = (contact.unit_id, contact.function, email)
            if email and place in seen:
                message = _("%(name)s har samme adresse og funksjon. Før opp hver person én gang.")
                self.add_error(name, message % {"name": seen[place]})
            seen[place] = contact.name
            identity.check(self, contact, cleaned, today=self.today)
        identity.check_several(self, self.facts.contacts, cleaned)
