"""What is stored about a participation, as named values: what the confirmation page asks about.

Keys are the names of the page's fields ("unit-12-children"), so that what was shown, what is stored now and what a
person has typed can be compared value by value. "unit-12" and "contact-3" alone say that the row exists.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts.models import User
from participants.confirmation import counting, political_day
from participants.models.contact import Contact
from participants.models.participation import Participation
from participants.models.unit import Unit
from parts.child_names.question import ANSWER
from parts.dates import date_in_words

UNIT_FIELDS = ("name", "organisation_number", "children")
CONTACT_FIELDS = ("name", "email", "phone")
# Asked beside what is stored.
UNIT_QUESTIONS = ("sure", "register", "head_name", "head_email", "head_same")
CONTACT_QUESTIONS = ("same", "who")
QUESTIONS = ("ppt", "political", "political_on", political_day.ANSWER, "political_body", "comment", ANSWER)


@dataclass(frozen=True)
class ChangedValue:
    what: str
    before: str
    after: str
    typed: str = ""  # what a person has typed instead, if anything

    def as_dict(self) -> dict[str, str]:
        return {"what": self.what, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class StoredFacts:
    participation: Participation
    units: list[Unit]
    contacts: list[Contact]

    @classmethod
    def load(cls, participation: Participation, *, today: date | None = None) -> "StoredFacts":
        """Two queries, however many units and contacts there are."""
        contacts = Contact.objects.current().filter(participation=participation).select_related("user").order_by("pk")
        units = list(participation.units.active(today=today))
        by_pk = {unit.pk: unit for unit in units}
        kept = []
        for contact in contacts:
            if contact.unit_id is None or contact.unit_id in by_pk:
                contact.unit = by_pk[contact.unit_id] if contact.unit_id else None
                contact.participation = participation
                kept.append(contact)
        return cls(participation, units, kept)

    @cached_property
    def for_municipality(self) -> list[Contact]:
        return [contact for contact in self.contacts if contact.unit_id is None]

    def heads(self, unit: Unit) -> list[Contact]:
        return [contact for contact in self.contacts if contact.unit_id == unit.pk]

    @cached_property
    def kinds(self) -> list[str]:
        """The kinds of unit there are; each has counted on a day of its own."""
        return [kind for kind in Unit.Kind.values if any(unit.kind == kind for unit in self.units)]

    def field_names(self) -> Iterator[str]:
        """All fields that the page can have; a unit that has a head asks for no new one."""
        yield from QUESTIONS
        yield from (counting.day_name(kind) for kind in self.kinds)
        for contact in self.contacts:
            yield from (f"contact-{contact.pk}-{field}" for field in (*CONTACT_FIELDS, *CONTACT_QUESTIONS))
        for unit in self.units:
            yield from (f"unit-{unit.pk}-{field}" for field in (*UNIT_FIELDS, *UNIT_QUESTIONS))

    def locked_names(self, user: User) -> set[str]:
        """Nobody can change their own address here: they sign in with it."""
        return {f"contact-{contact.pk}-email" for contact in self.contacts if contact.user_id == user.pk}

    def values(self) -> dict[str, str]:
        participation = self.participation
        values = {
            "ppt": participation.ppt or "undecided",
            "political_on": _iso(participation.political_informed_on),
            "political_body": participation.political_body,
        }
        for contact in self.contacts:
            key = f"contact-{contact.pk}"
            values[key] = str(contact)
            values[f"{key}-name"] = contact.name
            values[f"{key}-email"] = contact.user.email
            values[f"{key}-phone"] = contact.phone
        for unit in self.units:
            key = f"unit-{unit.pk}"
            values[key] = unit.name
            values[f"{key}-name"] = unit.name
            values[f"{key}-organisation_number"] = unit.organisation_number
            values[f"{key}-children"] = "" if unit.children is None else str(unit.children)
        return values

    def labels(self) -> dict[str, str]:
        """What each value is called in a list of changes."""
        labels = {
            "ppt": _("PP-tjenesten deltar"),
            "political_on": _("Politisk nivå informert"),
            "political_body": _("Politisk organ"),
            "political": _("Er politisk nivå i kommunen informert om prosjektet?"),
            "comment": _("Melding"),
        }
        labels |= {counting.day_name(kind): counting.day_label(kind) for kind in self.kinds}
        names = {"name": _("Navn"), "email": _("E-postadresse"), "phone": _("Telefon")}
        for contact in self.contacts:
            whose = contact.title + (f" {contact.unit}" if contact.unit else "")
            labels |= {f"contact-{contact.pk}-{field}": f"{names[field]}, {whose}" for field in CONTACT_FIELDS}
        for unit in self.units:
            labels[f"unit-{unit.pk}-name"] = f"{_('Navn')}, {unit}"
            labels[f"unit-{unit.pk}-organisation_number"] = f"{_('Organisasjonsnummer')}, {unit}"
            labels[f"unit-{unit.pk}-children"] = f"{unit.children_label}, {unit}"
            head = {"head": unit.head_title}
            labels[f"unit-{unit.pk}-head_name"] = f"{_('Navn på %(head)s') % head}, {unit}"
            labels[f"unit-{unit.pk}-head_email"] = f"{_('E-postadressen til %(head)s') % head}, {unit}"
        return labels

    def snapshot(self) -> dict:
        """The same facts for the archive, legible without the database."""
        return {
            "ppt": self.participation.ppt or "undecided",
            "political": {
                "informed_on": _iso(self.participation.political_informed_on),
                "body": self.participation.political_body,
            },
            "units": [
                {
                    "id": unit.pk,
                    "name": unit.name,
                    "organisation_number": unit.organisation_number,
                    "kind": unit.kind,
                    "ownership": unit.ownership,
                    "children": unit.children,
                    "counted_on": _iso(unit.counted_on),
                    "is_registers_figure": unit.is_registers_figure,
                }
                for unit in self.units
            ],
            "contacts": [
                {
                    "id": contact.pk,
                    "function": contact.function,
                    "title": contact.title,
                    "unit": contact.unit.name if contact.unit else "",
                    "name": contact.name,
                    "email": contact.user.email,
                    "phone": contact.phone,
                }
                for contact in self.contacts
            ],
        }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _row(key: str) -> str:
    """The row a key belongs to: "unit-12-children" → "unit-12"; "" for the municipality's own values."""
    return "-".join(key.split("-")[:2]) if key.startswith(("unit-", "contact-")) else ""


def display(key: str, value: str) -> str:
    """A value as a person reads it."""
    if key == "ppt":
        return {"yes": _("Ja"), "no": _("Nei")}.get(value, _("Ikke avgjort"))
    if key == "political":
        return {"now": _("Ja"), "later": _("Ikke ennå, vi registrerer det senere")}.get(value, "")
    if (key == "political_on" or key.startswith("counted_on-")) and (day := _parse(value)):
        return date_in_words(day)
    return value


def _parse(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def differences(
    before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, ChangedValue]:
    """What has become different, by key and in the order of the page. A row that came or went counts as one change.

    A value without a label is left out: the box that says that a number is right belongs to the number.
    """
    changes = {}
    for key in [*after, *(key for key in before if key not in after)]:
        row = _row(key)
        old, new = before.get(key, ""), after.get(key, "")
        if key == row:
            if key not in before or key not in after:
                changes[key] = ChangedValue(_came_or_went(key, came=key in after), old, new)
        elif row and (row not in before or row not in after):
            continue
        elif old != new and key in labels:
            changes[key] = ChangedValue(labels[key], display(key, old), display(key, new))
    return changes


def _came_or_went(row: str, *, came: bool) -> str:
    if row.startswith("contact"):
        return _("Ny kontaktperson") if came else _("Kontaktpersonen er tatt ut")
    return _("Ny enhet") if came else _("Enheten er tatt ut")
