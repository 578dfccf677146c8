"""What Udir holds about a participation, as one flat sheet of named values: what the confirmation page asks about.

Keys are the names of the page's fields ("unit-12-children"), so that what was shown, what is held now and what a
person has typed can be compared value by value. "unit-12" and "contact-3" alone say that the row exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from participants.models.contact import Contact
from participants.models.participation import Participation
from participants.models.unit import Unit
from parts.dates import date_in_words

UNIT_FIELDS = ("name", "organisation_number", "children")
CONTACT_FIELDS = ("name", "email", "phone")


@dataclass(frozen=True)
class Change:
    what: str
    before: str
    after: str

    def as_dict(self) -> dict[str, str]:
        return {"what": self.what, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Sheet:
    participation: Participation
    units: list[Unit]
    contacts: list[Contact]

    @classmethod
    def load(cls, participation: Participation) -> "Sheet":
        """Two queries, however many units and contacts there are."""
        contacts = Contact.objects.current().filter(participation=participation).select_related("user").order_by("pk")
        units = list(participation.units.active())
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
        """What each value is called where it stands alone, as in a list of changes."""
        labels = {
            "ppt": _("PP-tjenesten deltar"),
            "political_on": _("Politisk nivå informert"),
            "political_body": _("Politisk organ"),
        }
        names = {"name": _("Navn"), "email": _("E-postadresse"), "phone": _("Telefon")}
        for contact in self.contacts:
            whose = contact.title + (f" {contact.unit}" if contact.unit else "")
            labels |= {f"contact-{contact.pk}-{field}": f"{names[field]}, {whose}" for field in CONTACT_FIELDS}
        for unit in self.units:
            labels[f"unit-{unit.pk}-name"] = f"{_('Navn')}, {unit}"
            labels[f"unit-{unit.pk}-organisation_number"] = f"{_('Organisasjonsnummer')}, {unit}"
            labels[f"unit-{unit.pk}-children"] = f"{unit.children_label}, {unit}"
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


def _iso(day) -> str:
    return day.isoformat() if day else ""


def _row(key: str) -> str:
    """The row a key belongs to: "unit-12-children" → "unit-12"; "" for the municipality's own values."""
    return "-".join(key.split("-")[:2]) if key.startswith(("unit-", "contact-")) else ""


def display(key: str, value: str) -> str:
    """A value as a person reads it."""
    if key == "ppt":
        return {"yes": _("Ja"), "no": _("Nei")}.get(value, _("Ikke avgjort"))
    if key == "political_on" and (day := _parse(value)):
        return date_in_words(day)
    return value


def _parse(value: str):
    try:
        return parse_date(value)
    except ValueError:
        return None


def differences(before: Mapping[str, str], after: Mapping[str, str], labels: Mapping[str, str]) -> list[Change]:
    """What has become different, in the order of the sheet. A row that came or went counts as one change."""
    changes = []
    for key in [*after, *(key for key in before if key not in after)]:
        row = _row(key)
        if key == row:
            if key not in before:
                changes.append(
                    Change(_("Ny kontaktperson") if key.startswith("contact") else _("Ny enhet"), "", after[key])
                )
            elif key not in after:
                what = _("Kontaktpersonen er tatt ut") if key.startswith("contact") else _("Enheten er tatt ut")
                changes.append(Change(what, before[key], ""))
        elif row and (row not in before or row not in after):
            continue
        elif before.get(key, "") != after.get(key, ""):
            old, new = before.get(key, ""), after.get(key, "")
            changes.append(Change(labels.get(key, key), display(key, old), display(key, new)))
    return changes


@dataclass(frozen=True)
class Moved:
    """A value that somebody else changed while this person was typing."""

    what: str
    before: str
    now: str
    typed: str


def merge(
    *, base: Mapping[str, str], current: Mapping[str, str], typed: Mapping[str, str]
) -> tuple[dict[str, str], set[str]]:
    """Bring what a person typed on an older sheet onto the current one.

    Returns the values to show, and the keys that somebody else changed meanwhile. What the person changed stays as
    typed; what they left alone follows the current sheet.
    """
    moved = {key for key in {*base, *current} if base.get(key) != current.get(key)}
    values = {**current, **typed}
    for key in moved & current.keys():
        if typed.get(key, base.get(key, "")) == base.get(key, ""):
            values[key] = current[key]
    return values, {key for key in moved if typed.get(key, "") != current.get(key, "")}


def moved_values(
    keys: set[str],
    *,
    base: Mapping[str, str],
    current: Mapping[str, str],
    typed: Mapping[str, str],
    labels: Mapping[str, str],
) -> list[Moved]:
    """The keys from `merge` as sentences for the page: what it was, what it is now, what this person wrote."""
    found = []
    for key in [*current, *sorted(base.keys() - current.keys())]:
        if key not in keys:
            continue
        row = _row(key)
        if key == row and key not in base:
            what = _("Ny kontaktperson") if key.startswith("contact") else _("Ny enhet")
            found.append(Moved(what, "", current[key], ""))
        elif key == row and key not in current:
            what = _("Kontaktpersonen er tatt ut") if key.startswith("contact") else _("Enheten er tatt ut")
            found.append(Moved(what, base[key], "", ""))
        elif key != row and not (row and (row not in base or row not in current)):
            own = typed.get(key, "")
            found.append(
                Moved(
                    labels.get(key, key),
                    display(key, base.get(key, "")),
                    display(key, current.get(key, "")),
                    display(key, own) if own != base.get(key, "") else "",
                )
            )
    return found
