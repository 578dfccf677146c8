import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.no import orgnr

AS_WRITTEN = re.compile(r"(?:NO)?(\d{9})(?:MVA)?", re.ASCII | re.IGNORECASE)


def normalise(text: str) -> str:
    """The number alone, however people write it: "974 761 319", "974.761.319" and "NO 974 761 319 MVA".

    What is no number is given back without its blanks, for whoever tells what is wrong with it.
    """
    plain = "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")
    found = AS_WRITTEN.fullmatch(re.sub(r"[.\-\u2010-\u2013]", "", plain))
    return found[1] if found else plain


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
