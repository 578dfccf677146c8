"""The one form in which an e-mail address is stored and compared, whatever way it came in."""

import unicodedata
from typing import Any

from django.db import models

from parts.names import visible

ACE = "xn--"  # a domain's label in the spelling of the wire (RFC 5890)


def canonical(text: str) -> str:
    """The address in lower case, composed (NFC), without what can't be seen, its domain in letters.

    A browser may send "blåbær.no" as "xn--blbr-roah.no", and a Mac may type å as two characters. A blank within a
    name stays, for the form to refuse: nobody knows what was meant there.
    """
    name, at, domain = visible(text).strip().lower().rpartition("@")
    domain = unicodedata.normalize("NFC", domain.strip())
    return name.strip() + at + (domain if domain.isascii() and ACE not in domain else _in_letters(domain))


def _in_letters(domain: str) -> str:
    """As it was, when it is no domain that the standard knows (UTS 46)."""
    import idna  # its tables take time to load, and few addresses need them

    try:
        return idna.decode(idna.encode(domain, uts46=True))
    except idna.IDNAError:
        return domain


class AddressField(models.EmailField):
    """Stores an address in its canonical form, and looks it up by it."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return canonical(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value
