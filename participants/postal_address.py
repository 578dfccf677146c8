from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parts.names import one_line

LINES = 3


def normalise(text: str) -> str:
    """The lines that say something, each without what is blank around it."""
    return "\n".join(filter(None, map(one_line, text.splitlines())))


def validate(text: str) -> None:
    """As many lines as a letter has room for beside its references."""
    if len(normalise(text).splitlines()) > LINES:
        raise ValidationError(_("Skriv adressen på høyst tre linjer."), code="postal_address")
