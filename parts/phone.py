"""Telephone numbers: read however they are typed, and kept and shown in one form, +47 912 34 567."""

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from parts.names import LineField, OneLineField, one_line

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# No letters: the library reads TAXI as 8294.
TYPED = re.compile(r"\+?[0-9 ()/.\-\N{EN DASH}]+")
# Eight digits are Norwegian, whatever they begin with: 00 does not lead abroad when nothing comes after.
NORWEGIAN = re.compile(r"(?:\+47|0047)?([0-9]{8})")
NORWAY, SHORT = 47, 5
# Mobiles, 912 34 567, and the others, 22 00 00 00, as Norwegians write them; the library has all in twos.
IN_THREES, IN_TWOS = ((0, 3), (3, 5), (5, 8)), ((0, 2), (2, 4), (4, 6), (6, 8))


def in_one_form(text: str) -> str | None:
    """As it is kept and shown; None for what is no telephone number. A Norwegian one of five digits is that alone."""
    if (number := _read(text)) is None:
        return None
    import phonenumbers

    digits = phonenumbers.national_significant_number(number)
    if number.country_code == NORWAY and len(digits) == SHORT:
        return digits
    if number.country_code == NORWAY:
        groups = IN_THREES if digits.startswith(("4", "8", "9")) else IN_TWOS
        return " ".join([f"+{NORWAY}", *(digits[start:end] for start, end in groups)])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def dialled(phone: str) -> str:
    """What a telephone dials: +4791234567 of +47 912 34 567."""
    return "".join(letter for letter in phone if letter in "+0123456789")


def unbroken(phone: str) -> str:
    """Not broken over two lines."""
    return phone.replace(" ", "\N{NO-BREAK SPACE}")


def is_somebodys(text: str) -> bool:
    """Whether such a number is in use: what is read by mistake hardly ever is."""
    import phonenumbers

    number = _read(text)
    return number is not None and phonenumbers.is_valid_number(number)


def put_in_one_form(model: type[models.Model]) -> None:
    """The numbers that are stored, where it is certain what they are."""
    rows = model._default_manager.exclude(phone="")
    for text in rows.order_by().values_list("phone", flat=True).distinct():
        if is_somebodys(text) and (number := in_one_form(text)) != text:
            model._default_manager.filter(phone=text).update(phone=number)


def _read(text: str) -> "PhoneNumber | None":
    # It has tables of every country, so a process that reads no number imports none.
    import phonenumbers

    text = one_line(text)
    if not TYPED.fullmatch(text):
        return None
    called = dialled(text)
    if norwegian := NORWEGIAN.fullmatch(called):
        digits = norwegian[1]
        zeros = len(digits) - len(digits.lstrip("0"))
        return phonenumbers.PhoneNumber(
            country_code=NORWAY,
            national_number=int(digits),
            italian_leading_zero=zeros > 0 or None,
            number_of_leading_zeros=zeros if zeros > 1 else None,
        )
    try:
        number = phonenumbers.parse(called, "NO")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_possible_number(number) else None


class PhoneField(LineField):
    """What can't be read is told, and kept in the form as it was typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        defaults: dict[str, Any] = {"max_length": 30, "required": False, "widget": widget}
        super().__init__(**defaults | options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text or "\0" in text:
            return text
        if (number := in_one_form(text)) is None:
            raise ValidationError(
                _(
                    "«%(text)s» er ikke et telefonnummer. Skriv bare tall, for eksempel 22 00 00 00, "
                    "eller la feltet stå tomt."
                ),
                code="phone",
                params={"text": text},
            )
        return number


class PhoneLineField(OneLineField):
    """Kept in the one form where it can be read, whoever writes it."""

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        return super().formfield(form_class or PhoneField, choices_form_class, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        text = super().pre_save(model_instance, add)
        value = (in_one_form(text) or text) if text else text
        setattr(model_instance, self.attname, value)
        return value
