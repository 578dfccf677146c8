from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.no import orgnr


def normalise(text: str) -> str:
    """Strip the blanks people write a number with: "974 761 319" → "974761319"."""
    return "".join(text.split())


def is_valid(number: str) -> bool:
    """Nine digits, the last a check digit. Source: Brønnøysundregistrene's definition of organisasjonsnummer."""
    return number.isascii() and number.isdigit() and orgnr.is_valid(number)


def validate(number: str) -> None:
    if not is_valid(number):
        raise ValidationError(
            _("%(number)s er ikke et gyldig organisasjonsnummer. Det har ni siffer; sjekk at alle er riktige."),
            code="organisation_number",
            params={"number": number},
        )
