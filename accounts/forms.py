import time
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, EditWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.authentication import limits, reauthentication
from accounts.authentication.adapters import AccountAdapter
from accounts.models import User
from accounts.requests import PersonRequest
from parts.forms import EmailField, field
from parts.names import LineField

# What allauth lets through when a browser, or somebody in its place, sends a credential that is none
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, InvalidSignature)
_KEY_SHOWN_AT = "app_key_shown_at"


def _code_input() -> forms.TextInput:
    return forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "size": 12}
    )


class SignInForm(RequestLoginCodeForm):
    email = EmailField(
        label=_("E-postadresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
        error_messages={
            "required": _("Skriv e-postadressen din."),
            "invalid": _("Skriv en e-postadresse på formen navn@eksempel.no."),
        },
    )

    _user: User | None = None

    def clean_email(self) -> str:
        # The mail goes to this address as it is stored, never to another spelling of it.
        email = self.cleaned_data["email"]
        person = User.objects.with_email(email)
        if not limits.allow_code(context.request, email, person):
            raise AccountAdapter().validation_error("rate_limited")
        self._user = person if person and person.is_active else None
        return email


class CodeForm(ConfirmLoginCodeForm):
    code = forms.CharField(
        label=_("Koden fra e-posten"),
        max_length=30,
        widget=_code_input(),
        error_messages={"required": _("Skriv koden fra e-posten.")},
    )

    def clean_code(self) -> str:
        if not is_typed(self.cleaned_data["code"]):
            raise forms.ValidationError(self.fields["code"].error_messages["required"], code="required")
        return super().clean_code()


def is_typed(code: str) -> bool:
    """Whether there is anything in it that a code is made of."""
    return any(letter.isalnum() for letter in code)


class ReauthenticationForm(forms.Form):
    code = CodeForm.declared_fields["code"]

    def __init__(self, request: PersonRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        reauthentication.try_code(self.request, code)
        return code


def _app_code() -> forms.CharField:
    return forms.CharField(
        label=_("Kode"),
        help_text=_("Koden i appen, eller en av reservekodene dine."),
        max_length=30,
        widget=_code_input(),
        error_messages={"required": _("Skriv koden.")},
    )


class SecondFactorForm(AuthenticateForm):
    code = _app_code()


class SecondFactorAgainForm(ReauthenticateForm):
    code = _app_code()


class ActivateAppForm(ActivateTOTPForm):
    code = forms.CharField(
        label=_("Koden appen viser"),
        max_length=30,
        widget=_code_input(),
        error_messages={"required": _("Skriv koden appen viser.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # allauth makes a key for each look at the page; then what an app has scanned is wrong once the page is
        # opened again, in another tab or after a code by mail.
        session, now = context.request.session, time.time()
        shown, since = session.get(SECRET_SESSION_KEY), session.get(_KEY_SHOWN_AT, 0)
        super().__init__(*args, **kwargs)
        if shown and now - since < settings.ACCOUNT_LOGIN_TIMEOUT:
            session[SECRET_SESSION_KEY] = self.secret = shown
        else:
            session[_KEY_SHOWN_AT] = now


def _passkey_name(*, required: bool) -> forms.CharField:
    return LineField(
        required=required,
        label=_("Navn på passnøkkelen"),
        help_text=_("For eksempel hvilken telefon eller PC den ligger på."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Gi passnøkkelen et navn.")},
    )


_NO_PASSKEY = _("Vi kunne ikke bruke svaret fra passnøkkelen. Prøv igjen.")


class AddPasskeyForm(AddWebAuthnForm):
    # Asked for after the device has made the key: a key without a name is named, not refused.
    name = _passkey_name(required=False)

    def clean(self) -> dict:
        try:
            return super().clean()
        except _MALFORMED as wrong:
            raise forms.ValidationError(_NO_PASSKEY) from wrong


class UsePasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _MALFORMED as wrong:
            raise forms.ValidationError(_NO_PASSKEY) from wrong


class UsePasskeyAgainForm(UsePasskeyForm):
    reauthenticated = True


class RenamePasskeyForm(EditWebAuthnForm):
    name = _passkey_name(required=True)


class AboutMeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
        labels = {"name": _("Navn"), "language": _("Språk")}
        help_texts = {"language": _("Har du ikke valgt, skriver vi i kommunens målform, og til veiledere på bokmål.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "language", forms.ChoiceField).choices = [("", _("Ikke valgt")), *settings.LANGUAGES]
