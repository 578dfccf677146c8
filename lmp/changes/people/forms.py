from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import CodeForm
from accounts.models import User
from accounts.requests import PersonRequest
from gatherings.models import Registration
from lmp.changes import address, merging
from lmp.changes.people import proof
from participants.forms import is_same, offer_same
from participants.functions import belongs_to, is_called
from participants.models import Contact, Municipality
from parts.forms import EmailField
from parts.names import LineField, same_person
from parts.phone import PhoneField


class NewAddressForm(forms.Form):
    """Another address for a person."""

    email = EmailField(label=gettext_lazy("Ny e-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email == self.person.email:
            raise forms.ValidationError(_("Dette er adressen som er registrert nå."))
        return email


class StaffAddressForm(NewAddressForm):
    """The same, by staff, who learn at once whose an address is."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_email(self) -> str:
        email = super().clean_email()
        owner = User.objects.with_email(email)
        if owner and owner != self.person:
            text = _("Adressen tilhører %(name)s. Er det samme person, slår du de to sammen i stedet.")
            raise forms.ValidationError(text % {"name": owner})
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if merging.has_rights(self.person) and not self.by.is_superuser and self.by != self.person:
            self.add_error("email", _("Bare en superbruker endrer adressen til en ansatt i Utdanningsdirektoratet."))
        return cleaned


class AddressCodeForm(forms.Form):
    code = CodeForm.declared_fields["code"]

    def __init__(self, request: PersonRequest, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.now = request, now

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        proof.try_code(self.request, code, now=self.now)
        return code


def _other_row(
    form: forms.Form, person: User, *, name: str, email: str, municipality: Municipality, by: User, on: date
) -> User | None:
    """For whoever answers for the municipality: the other row for the same person, when it has the new address.

    Adds the errors: somebody who is elsewhere too, an address that is another's, or a question.
    """
    owner = User.objects.with_email(email)
    if reason := address.why_not(person, municipality, today=on):
        form.add_error("email", reason)
    elif owner is None or owner == person:
        return None
    elif merging.has_rights(owner) or merging.why_not(owner, person, by=by):
        text = _("Adressen tilhører %(name)s. Er det samme person, skriver du til %(us)s.")
        form.add_error("email", text % {"name": owner, "us": settings.SUPPORT_EMAIL})
    elif not is_called(owner, name):
        offer_same(form, owner, email="email")
        if not is_same(form, owner):
            form.add_error("email", belongs_to(owner))
    return owner


class ParticipantAddressForm(NewAddressForm):
    """The address of somebody who is registered, put right by who answers for the place that they come for."""

    def __init__(self, *args: Any, registration: Registration, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, person=registration.user, **kwargs)
        self.registration, self.by, self.today = registration, by, today
        self.owner: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if email := cleaned.get("email"):
            self.owner = _other_row(
                self,
                self.person,
                name=self.registration.name,
                email=email,
                municipality=self.registration.participation.municipality,
                by=self.by,
                on=self.today,
            )
        return cleaned


class CorrectForm(forms.Form):
    """What is wrong about a contact. The person stays the same: somebody else in their place is for "Erstatt"."""

    name = LineField(label=gettext_lazy("Navn"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = EmailField(label=gettext_lazy("E-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    phone = PhoneField(label=gettext_lazy("Telefon"))

    def __init__(self, *args: Any, contact: Contact, by: User, today: date, **kwargs: Any) -> None:
        initial = {"name": contact.name, "email": contact.user.email, "phone": contact.phone}
        super().__init__(*args, **kwargs | {"initial": initial})
        self.contact, self.by, self.today = contact, by, today
        self.owner: User | None = None  # who has the address, when that is another row for the same person
        if contact.user_id == by.pk:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = format_html(
                '{} <a class="ds-link" href="{}">{}</a>',
                _("Du logger inn med denne adressen."),
                reverse("changes:own_address"),
                _("Endre den på Mine opplysninger"),
            )

    @property
    def changes_address(self) -> bool:
        return self.cleaned_data["email"] != self.contact.user.email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "name" in cleaned and "email" in cleaned and self.changes_address:
            self._clean_address(cleaned["name"], cleaned["email"])
        return cleaned

    def _clean_address(self, name: str, email: str) -> None:
        person, municipality = self.contact.user, self.contact.participation.municipality
        self.owner = _other_row(
            self, person, name=name, email=email, municipality=municipality, by=self.by, on=self.today
        )
        if self.owner is None and not self.errors:
            self._ask_if_new(name)

    def _ask_if_new(self, name: str) -> None:
        """With another name and another address it may be somebody else, who would get all that the person has."""
        person, before = self.contact.user, self.contact.name
        if same_person(before, name):
            return
        offer_same(self, person, email="email")
        if not is_same(self, person):
            text = _(
                "Både navnet og adressen er nye. Er %(new)s samme person som %(old)s, krysser du av for det. "
                "Er det en annen, velger du Erstatt."
            )
            self.add_error("email", text % {"new": name, "old": before})


class MergeForm(forms.Form):
    """Who else a person is, and which of the two addresses they sign in with from then on."""

    email = EmailField(label=gettext_lazy("E-postadressen som samme person også er registrert med"))
    keep = forms.ChoiceField(
        label=gettext_lazy("Hvilken adresse skal personen logge inn med?"),
        choices=[("this", ""), ("other", gettext_lazy("Den du skrev over"))],
        widget=forms.RadioSelect,
        initial="this",
    )

    def __init__(self, *args: Any, person: User, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.by = person, by
        keep = self.fields["keep"]
        keep.choices = [("this", person.email), *list(keep.choices)[1:]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "email" not in cleaned or "keep" not in cleaned:
            return cleaned
        other = User.objects.filter(email=cleaned["email"]).select_related("merged_into").first()
        if other is None:
            self.add_error("email", _("Ingen i portalen er registrert med denne adressen."))
            return cleaned
        pair = (self.person, other) if cleaned["keep"] == "this" else (other, self.person)
        self.kept, self.gone = pair
        if reason := merging.why_not(self.kept, self.gone, by=self.by):
            self.add_error("email", reason)
        return cleaned
