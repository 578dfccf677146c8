"""A municipality's answer in the confirmation, given as its contact would give it in the form."""

from collections.abc import Mapping
from datetime import date, datetime

from lmp.demo.data.units import likely_children
from participants.confirmation import confirm, counting
from participants.confirmation.values import CONTACT_FIELDS, StoredFacts
from participants.mails import notices
from participants.models import Confirmation, Participation


def answer(
    participation: Participation, *, on: datetime, corrections: Mapping[str, object] | None = None
) -> Confirmation:
    """Confirm the open round: every contact is right, every unit counted, apart from the corrections.

    `corrections` are values of the form by field name; see `participants.confirmation.values`.
    """
    confirmation = participation.open_confirmation
    if confirmation is None:
        raise ValueError(f"{participation} has nothing to answer")
    confirmation.participation = participation
    facts = StoredFacts.load(participation)
    by = facts.for_municipality[0].user
    answers = as_shown(facts, today=on.date()) | dict(corrections or {})
    new = confirm.confirm(confirmation, facts=facts, answers=answers, by=by, now=on)
    notices.receipt(confirmation, now=on)
    for contact in new:
        notices.access_given(contact, now=on)
    notices.access_given_to_heads(participation, now=on)
    return confirmation


def as_shown(facts: StoredFacts, *, today: date) -> dict[str, object]:
    answers: dict[str, object] = {
        "ppt": "yes",
        "political": "now",
        "political_on": today,
        "political_body": "Utvalg for oppvekst" if facts.participation.language == "nb" else "Utval for oppvekst",
        "comment": "",
    }
    answers |= {counting.day_name(kind): today for kind in facts.kinds}
    for contact in facts.contacts:
        shown = (contact.name, contact.user.email, contact.phone)
        answers |= {f"contact-{contact.pk}-{field}": value for field, value in zip(CONTACT_FIELDS, shown, strict=True)}
    for unit in facts.units:
        answers[f"unit-{unit.pk}-name"] = unit.name
        answers[f"unit-{unit.pk}-organisation_number"] = unit.organisation_number
        # Counted some weeks after the register was, so a little different.
        register = unit.register_children
        answers[f"unit-{unit.pk}-children"] = (
            likely_children("kindergarten", unit.pk) if register is None else register + 2
        )
    return answers
