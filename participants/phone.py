"""What a telephone number looks like: digits, blanks and the signs people put between them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PHONE = re.compile(r"\+?[0-9 ()/-]{5,30}")


def validate(text: str) -> None:
    if not PHONE.fullmatch(text):
        raise ValidationError(
            _(
                "«%(text)s» er ikke et telefonnummer. Skriv bare tall, for eksempel 22 00 00 00, "
                "eller la feltet stå tomt."
            ),
            code="phone",
            params={"text": text},
        )
