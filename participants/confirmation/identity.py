"""Who stands in a contact's row after it has been put right: the same person, or somebody who takes over.

A new name with a new address is another person, and a new address alone is the same person's. Where the new name
holds a word of the old one nobody can tell, so the page asks.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User
from participants.forms import ask_whose
from participants.functions import is_called
from participants.models import Contact
from parts.names import plain, same_person

STAYS, COMES = "same", "new"


def who(contact: Contact) -> str:
    """The field that is asked when nobody can tell."""
    return f"contact-{contact.pk}-who"


def stays(contact: Contact, answers: Mapping[str, Any]) -> bool:
    """Whether a new address is the person's own."""
    name = answers[f"contact-{contact.pk}-name"]
    return same_person(contact.name, name) or (_unclear(contact.name, name) and answers.get(who(contact)) == STAYS)


def _unclear(before: str, now: str) -> bool:
    return not set(plain(before).split()).isdisjoint(plain(now).split())


def check(form: forms.Form, contact: Contact, cleaned: dict[str, Any], *, today: date) -> None:
    """Ask and refuse, beneath the row's address, when it is another than the person's."""
    key = f"contact-{contact.pk}"
    name, email = cleaned.get(f"{key}-name"), cleaned.get(f"{key}-email")
    if not name or not email or email == contact.user.email:
        return
    owner = User.objects.with_email(email)
    taken = owner is not None and owner != contact.user
    if not taken and _unclear(contact.name, name) and not same_person(contact.name, name):
        cleaned[who(contact)] = _ask(form, contact, name)
    if taken and owner and stays(contact, cleaned):
        text = _(
            "Adressen tilhører %(name)s, som har sin egen innlogging. Er det samme person, retter du adressen "
            "under Kontaktpersoner, der du ser hva som skjer. Er det en annen, trenger hver av dem sin egen "
            "adresse."
        )
        form.add_error(f"{key}-email", text % {"name": owner})
    elif taken and owner and not is_called(owner, name):
        ask_whose(form, cleaned, name=f"{key}-name", email=f"{key}-email", same=f"{key}-same")
    elif stays(contact, cleaned):
        why_not = import_string(settings.WHY_NOT_CHANGE_ADDRESS)
        if reason := why_not(contact.user, contact.participation.municipality, today=today):
            form.add_error(f"{key}-email", reason)


def check_several(form: forms.Form, contacts: Iterable[Contact], cleaned: Mapping[str, Any]) -> None:
    """A person with several functions has one address in all of them."""
    new: dict[int, str] = {}
    for contact in contacts:
        key = f"contact-{contact.pk}"
        email = cleaned.get(f"{key}-email") or contact.user.email
        is_new = email != contact.user.email and f"{key}-name" in cleaned and stays(contact, cleaned)
        if is_new and new.setdefault(contact.user_id, email) != email:
            text = _("%(name)s står her flere ganger. Skriv samme adresse alle steder.")
            form.add_error(f"{key}-email", text % {"name": contact.name})


def _ask(form: forms.Form, contact: Contact, name: str) -> str:
    """Draw the question, and return its answer; without one it is an error."""
    field = who(contact)
    choices = [
        (STAYS, _("%(old)s har fått nytt navn og ny adresse") % {"old": contact.name}),
        (COMES, _("%(new)s er en annen, og overtar etter %(old)s") % {"new": name, "old": contact.name}),
    ]
    form.fields[field] = forms.ChoiceField(
        label=_("Hvem er %(new)s?") % {"new": name}, choices=choices, widget=forms.RadioSelect
    )
    answer = form.data.get(form.add_prefix(field), "")
    if answer not in (STAYS, COMES):
        form.add_error(field, _("Både navnet og adressen er nye. Velg hva som er riktig."))
        return ""
    return answer
