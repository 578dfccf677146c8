from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import CodeForm
from accounts.models import User
from accounts.requests import PersonRequest
from lmp.changes.people import proof
from parts.forms import EmailField


class NewAddressForm(forms.Form):
    """Another address for a person."""

    email = EmailField(
        label=gettext_lazy("Ny e-postadresse"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email == self.person.email:
            raise forms.ValidationError(_("Dette er adressen som er registrert nå."))
        return email


class AddressCodeForm(forms.Form):
    code = CodeForm.declared_fields["code"]

    def __init__(self, request: PersonRequest, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.now = request, now

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        proof.try_code(self.request, code, now=self.now)
        return code
