import uuid
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outbox import texts
from outbox.models import Message
from outbox.texts import MailText
from parts.forms import EmailField
from parts.names import LineField, one_line


class SendAgainForm(forms.Form):
    """Why something is sent once more, to the address that the page names."""

    reason = forms.CharField(
        label=_("Hvorfor sendes den på nytt?"),
        help_text=_("Blir stående på e-posten."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    # The person may get another address while somebody looks.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, address: str, **options) -> None:
        super().__init__(*args, **options)
        self.address = address
        self.initial = {**self.initial, "token": uuid.uuid4(), "seen": address}

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if cleaned.get("seen") and cleaned["seen"] != self.address:
            data = cast(QueryDict, self.data).copy()
            data["seen"] = self.address
            self.data = data
            raise forms.ValidationError(
                gettext("Personen har fått en annen adresse siden du så den. Se over en gang til.")
            )
        return cleaned


class ResendForm(SendAgainForm):
    """What was written to no person may go to another address."""

    def __init__(self, *args, message: Message, **options) -> None:
        super().__init__(*args, address=", ".join(message.addresses_now), **options)
        if message.recipient is None:
            self.fields["to"] = EmailField(label=_("E-postadresse"), initial=message.to, required=False)
            self.order_fields(["to", "reason"])


class HandledForm(forms.Form):
    note = forms.CharField(
        label=_("Hva er gjort?"),
        help_text=_("Blir stående på e-posten."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WordingForm(forms.Form):
    subject = LineField(label=_("Emne"), max_length=300, widget=forms.TextInput(attrs={"size": 80}))
    body = forms.CharField(
        label=_("Tekst"),
        help_text=_("En blank linje skiller avsnitt. Linjer som begynner med «- », blir en liste."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 20, "cols": 80}),
    )

    def __init__(self, *args, text: MailText, **options) -> None:
        super().__init__(*args, **options)
        self.text = text

    def clean_subject(self) -> str:
        return self._checked(one_line(self.cleaned_data["subject"]), subject=True)

    def clean_body(self) -> str:
        return self._checked(self.cleaned_data["body"].replace("\r\n", "\n").strip(), subject=False)

    def _checked(self, wording: str, *, subject: bool) -> str:
        if found := texts.problems(self.text, wording, subject=subject):
            raise forms.ValidationError(found)
        return wording
