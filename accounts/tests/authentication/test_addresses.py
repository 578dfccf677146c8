"""However an address is spelt on the way in, the code goes to the person who has it."""

import pytest

from accounts.models import User
from accounts.tests.conftest import code_in
from outbox.models import Message

STORED = "styrer@blåbærskogen.example.no"
SPELLINGS = [
    STORED,
    "styrer@xn--blbrskogen-25an.example.no",  # as Chromium sends it
    "Styrer@BLÅBÆRSKOGEN.example.no",
    "styrer@bla\u030abærskogen.example.no",  # å as a Mac may type it
    "styrer@blåbær\u200bskogen.example.no",
    "\u202astyrer@blåbærskogen.example.no\u202c",  # copied out of an address book
    "  styrer@blåbærskogen.example.no\u00a0",
]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_the_code_goes_to_the_person_and_lets_them_in(client, db, typed):
    person = User.objects.for_email(STORED, name="Styrer")
    client.post("/konto/logg-inn/", {"email": typed})
    sent = Message.objects.get()
    assert (sent.recipient, sent.to) == (person, STORED)
    client.post("/konto/logg-inn/kode/", {"code": code_in(sent)})
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("typed", SPELLINGS)
def test_every_spelling_is_one_person(db, typed):
    assert User.objects.for_email(typed) == User.objects.for_email(STORED)
    assert User.objects.get().email == STORED
    assert User.objects.with_email(typed) == User.objects.get_by_natural_key(typed)
