"""What happens when a municipality confirms: the corrections are stored, and the answer is kept as it was given."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from simple_history.utils import bulk_update_with_history

from accounts.models import User
from participants.confirmation import counting, identity
from participants.confirmation.values import ChangedValue, StoredFacts, differences
from participants.models import Confirmation, Contact, Unit

COUNTED = ["name", "organisation_number", "children", "counted_on", "is_registers_figure"]


def confirm(
    confirmation: Confirmation, *, facts: StoredFacts, answers: Mapping, by: User, now: datetime
) -> list[Contact]:
    """Store the answers, then close the round with a snapshot and what changed since it was asked.

    ``answers`` is the cleaned data of the confirmation form, named as the stored facts. Runs in the caller's
    transaction, with the participation locked. Returns the contacts who are new to the portal through these answers.

    Raises ValidationError when the round is answered already.
    """
    participation = confirmation.participation
    new = []
    for contact in facts.contacts:
        if changed := _correct(contact, answers, by=by, now=now):
            new.append(changed)
    for unit in facts.units:
        _count(unit, answers)
        if email := answers.get(f"unit-{unit.pk}-head_email"):
            name = answers[f"unit-{unit.pk}-head_name"]
            new.append(
                participation.add_contact(
                    function=Contact.Function.HEAD, unit=unit, email=email, name=name, by=by, now=now
                )
            )
    bulk_update_with_history(facts.units, Unit, COUNTED, default_user=by)
    informed = answers["political"] == "now"
    participation.decide(
        ppt=answers["ppt"],
        political_on=answers["political_on"] if informed else None,
        political_body=answers["political_body"] if informed else "",
        by=by,
    )
    after = StoredFacts.load(participation, today=timezone.localdate(now))

    def changes() -> dict:
        changed = differences(confirmation.asked_about, after.values(), after.labels())
        return {"changes": [change.as_dict() | _first_count(key, change) for key, change in changed.items()]}

    confirmation.answer(
        snapshot=_in_both_languages(participation.language, after.snapshot, "contacts"),
        changes=_in_both_languages(participation.language, changes, "changes")["changes"],
        comment=answers["comment"],
        by=by,
        now=now,
    )
    confirmation.drafts.all().delete()
    return new


def _first_count(key: str, change: ChangedValue) -> dict[str, bool]:
    """A figure where there was none is what was asked for; the receipt has it with its unit, not among the changes."""
    return {"first_count": True} if key.endswith("-children") and not change.before else {}


def _in_both_languages(language: str, tell: Callable[[], dict], rows: str) -> dict:
    """Return what `tell` says in the municipality's language; each of its `rows` also has the other's words."""
    other = "nb" if language == "nn" else "nn"
    with translation.override(other):
        said = tell()
    with translation.override(language):
        kept = tell()
    for row, same in zip(kept[rows], said[rows], strict=True):
        row[other] = {key: value for key, value in same.items() if value != row[key]}
    return kept


def _correct(contact: Contact, answers: Mapping, *, by: User, now: datetime) -> Contact | None:
    """Correct or replace a contact. Return whoever gained access."""
    key = f"contact-{contact.pk}"
    name, phone = answers[f"{key}-name"], answers[f"{key}-phone"]
    email = answers.get(f"{key}-email") or contact.user.email
    if (name, email, phone) == (contact.name, contact.user.email, contact.phone):
        return None
    if email != contact.user.email:
        if not identity.stays(contact, answers):
            return contact.replace(name=name, email=email, phone=phone, by=by, now=now)
        import_string(settings.CHANGE_ADDRESS)(contact.user, email, by=by, now=now)
    contact.correct(name=name, phone=phone, by=by)
    return None


def _count(unit: Unit, answers: Mapping) -> None:
    key = f"unit-{unit.pk}"
    unit.name = answers[f"{key}-name"]
    unit.organisation_number = answers[f"{key}-organisation_number"]
    children, day = answers[f"{key}-children"], answers[counting.day_name(unit.kind)]
    stands = unit.is_registers_figure and (unit.children, unit.counted_on) == (children, day)
    unit.is_registers_figure = stands or counting.is_from_register(unit, answers)
    unit.children, unit.counted_on = children, day
