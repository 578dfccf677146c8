from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)


def normalise(text: str) -> str:
    """Strip the blanks people write a number with: "974 761 319" → "974761319"."""
    return "".join(text.split())


def is_valid(number: str) -> bool:
    """Nine digits, the last a mod-11 check digit. Source: Brønnøysundregistrene's definition of organisasjonsnummer."""
    if len(number) != 9 or not (number.isascii() and number.isdigit()):
        return False
    digits = [int(character) for character in number]
    check = 11 - sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    return (0 if check == 11 else check) == digits[8]


def validate(number: str) -> None:
    if not is_valid(number):
        raise ValidationError(
            _("%(number)s er ikke et gyldig organisasjonsnummer. Det har ni siffer; sjekk at alle er riktige."),
            code="organisation_number",
            params={"number": number},
        )
