"""Numbers that are stored already: rewritten where it is certain what they are, else left as somebody wrote them."""

import pytest

from participants.models import Contact
from parts.phone import put_in_one_form


@pytest.mark.parametrize(
    ("stored", "after"),
    [
        *(("91234567", "+47 912 34 567"), ("22 00 00 00", "+47 22 00 00 00"), ("0046812345678", "+46 8 123 456 78")),
        *(("00 00 10 01", "00 00 10 01"), ("ring sentralbordet", "ring sentralbordet"), ("12 34", "12 34"), ("", "")),
    ],
)
def test_only_what_is_certain_is_rewritten(contact, stored, after):
    Contact.objects.filter(user=contact).update(phone=stored)
    put_in_one_form(Contact)
    assert Contact.objects.get(user=contact).phone == after
