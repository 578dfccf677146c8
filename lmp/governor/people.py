"""The people of a county governor's office, who let each other in, put each other right and see each other off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings import following as at_gatherings
from gatherings.models import Registration
from guidance import following as in_guidance
from lmp.changes import address
from lmp.changes.address import AddressFollowed
from lmp.governor import mails
from outbox.effects import Section
from participants import following as in_participants
from participants.forms import ask_whose
from participants.models import Contact, CountyGovernor, GovernorContact
from parts.forms import EmailField
from parts.names import LineField, joined


class PersonAtOfficeForm(forms.Form):
    """Somebody to let in."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, office: CountyGovernor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.office.contacts.current().filter(user__email=cleaned.get("email")).exists():
            self.add_error("email", _("Personen med denne adressen er registrert hos embetet."))
        else:
            ask_whose(self, cleaned, name="name", email="email")
        return cleaned


class CorrectPersonForm(forms.Form):
    """What somebody is called, and their address where whoever asks may change it."""

    name = PersonAtOfficeForm.declared_fields["name"]
    email = PersonAtOfficeForm.declared_fields["email"]

    def __init__(self, *args: Any, contact: GovernorContact, why_not: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"initial": {"name": contact.called, "email": contact.user.email}})
        self.contact = contact
        if why_not:
            self.fields["email"].disabled, self.fields["email"].required = True, False
            self.fields["email"].help_text = why_not

    @property
    def changes_address(self) -> bool:
        return self.cleaned_data["email"] != self.contact.user.email

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        owner = User.objects.with_email(email)
        if owner and owner != self.contact.user:
            text = _("Adressen tilhører %(name)s. Avslutt tilgangen til denne personen, og legg til den andre.")
            raise ValidationError(text % {"name": owner})
        return email


class EndAtOfficeForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("Ja, embetet skal ikke ha noen personer i portalen"))

    def __init__(self, *args: Any, contact: GovernorContact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not contact.is_last:
            del self.fields["sure"]
            return
        office = contact.governor
        sent = _("Kopi av velkomstbrevene sendes da til %(address)s.") % {"address": office.email}
        lost = _("Kopi av velkomstbrevene kan da ikke sendes til embetet.")
        self.fields["sure"].help_text = sent if office.email else lost
        self.fields["sure"].error_messages["required"] = _(
            "Ingen andre er registrert hos embetet. Legg til en annen først, eller kryss av."
        )


def why_not(contact: GovernorContact, *, by: User, today: date) -> str:
    """Why this colleague's address is not theirs to change; empty when it is.

    It is for somebody who is nothing anywhere else, as among the contacts of a municipality.
    """
    person = contact.user
    if person == by:
        return _("Du endrer din egen adresse på siden Mine opplysninger.")
    if by.is_staff:
        return _("Adressen endres på siden til personen.")
    offices = GovernorContact.objects.current().filter(user=person).exclude(governor=contact.governor_id)
    is_elsewhere = (
        person.is_staff
        or Contact.objects.current().filter(user=person).exists()
        or offices.exists()
        or Registration.objects.active().filter(user=person).exists()
        or in_guidance.places_elsewhere(person, today=today)
    )
    text = _("%(name)s har flere funksjoner i portalen, og endrer adressen selv på siden Mine opplysninger.")
    return text % {"name": contact.called} if is_elsewhere else ""


@transaction.atomic
def add(office: CountyGovernor, *, name: str, email: str, by: User, now: datetime) -> GovernorContact:
    """Raises ValidationError for somebody who is there already."""
    contact = office.add_person(email=email, name=name, on=timezone.localdate(now), by=by)
    mails.access_given(contact, by=by, now=now)
    return contact


@transaction.atomic
def correct(
    contact: GovernorContact, *, name: str, email: str, by: User, now: datetime
) -> tuple[bool, AddressFollowed | None]:
    """Whether the name changed, and what followed when the address did. Raises ValidationError for another's."""
    stored = GovernorContact.objects.select_for_update(of=("self",)).select_related("user").get(pk=contact.pk)
    renamed = stored.correct(name=name, by=by)
    return renamed, address.change(stored.user, email, by=by, now=now) if email != stored.user.email else None


@dataclass(frozen=True)
class EndedAtOffice:
    contact: GovernorContact
    is_new: bool
    keeps: Sequence[str]


@transaction.atomic
def end(contact: GovernorContact, *, sure: bool = False, by: User, now: datetime) -> EndedAtOffice:
    """End the access and tell the person. Raises ValidationError for the last one, unless it is meant."""
    CountyGovernor.objects.select_for_update().get(pk=contact.governor_id)
    stored = GovernorContact.objects.select_related("user", "governor").get(pk=contact.pk)
    if stored.ended_on is None and stored.is_last and not sure:
        raise ValidationError(
            _("Ingen andre er registrert hos embetet. Legg til en annen først, eller kryss av."), code="last"
        )
    is_new = stored.end(on=timezone.localdate(now), by=by)
    with translation.override(stored.governor.language_for(stored.user)):
        keeps = _kept(stored.user, now=now)
    if is_new:
        mails.access_ended(stored, keeps=keeps, by=by, now=now)
    return EndedAtOffice(stored, is_new, _kept(stored.user, now=now))


def _kept(person: User, *, now: datetime) -> list[str]:
    offices = GovernorContact.objects.current().filter(user=person).select_related("governor")
    return [
        *in_participants.kept(person),
        *(str(each.governor) for each in offices.order_by("pk")),
        *in_guidance.kept(person),
        *at_gatherings.kept(person, now=now),
    ]


def ended_sections(done: EndedAtOffice) -> Sequence[Section]:
    contact = done.contact
    left = [each.called for each in contact.governor.people()]
    return [
        (_("Slutter nå"), [f"{contact.called}, {contact.governor}"]),
        (_("Dette har %(old)s fortsatt") % {"old": contact.called}, done.keeps),
        (_("Disse er igjen hos embetet"), [joined(left)] if left else [_("Ingen")]),
    ]
