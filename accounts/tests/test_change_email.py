"""Another address: the person is the same, and all that hangs on them with it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from outbox.models import Message
from outbox.posting import write


@pytest.fixture
def kari(db) -> User:
    return User.objects.for_email("kari@example.no", name="Kari Nordbø")


def message(key: str, to: User, *, secret: bool = False, **facts) -> Message:
    now = timezone.now()
    made = Message(key=key, to=to.email, recipient=to, language="nb", text_name="x", subject="x", secret=secret)
    made.body = made.html = f"Logg inn med {to.email}."
    made = write(made, [], now=now)
    Message.objects.filter(pk=made.pk).update(**facts)
    return made


def test_it_is_the_same_person(kari):
    now = timezone.now()
    change = kari.change_email(" Kari@XN--BLBRSKOGEN-25AN.no ", by=kari, now=now)
    assert (change.before, change.after, change.changed_by, change.changed_at) == (
        "kari@example.no",
        "kari@blåbærskogen.no",
        kari,
        now,
    )
    assert User.objects.with_email("kari@blåbærskogen.no") == kari
    assert User.objects.with_email("kari@example.no") is None


def test_the_same_address_otherwise_spelt_is_no_change(kari):
    assert kari.change_email("KARI@example.no", by=kari, now=timezone.now()) is None
    assert not kari.address_changes.exists()


def test_somebody_elses_is_refused_by_name(kari):
    User.objects.for_email("ola@example.no", name="Ola Dahl")
    with pytest.raises(ValidationError, match="Adressen tilhører Ola Dahl"):
        kari.change_email("ola@example.no", by=kari, now=timezone.now())
    kari.refresh_from_db()
    assert kari.email == "kari@example.no"


def test_mails_that_wait_go_to_the_new_one_and_those_sent_say_where_they_went(kari):
    now = timezone.now()
    waits, code = message("waits", kari), message("code", kari, secret=True)
    sent = message("sent", kari, sent_at=now)
    flying = message("flying", kari, claim="12345678123456781234567812345678", claimed_until=now + timedelta(minutes=5))
    kari.change_email("ny@example.no", by=kari, now=now)
    for row, to in ((waits, "ny@example.no"), (code, "kari@example.no"), (sent, "kari@example.no")):
        row.refresh_from_db()
        assert row.to == to
        assert row.body == row.html == f"Logg inn med {to}."
    flying.refresh_from_db()
    assert flying.to == "kari@example.no"
    assert code.expires_at == now
    assert set(Message.objects.to_person(kari)) == {waits, code, sent, flying}


def test_the_address_of_who_was_found_to_be_the_same_leads_to_them(kari):
    twin = User.objects.for_email("kari.n@example.no", name="Kari N.")
    User.objects.filter(pk=twin.pk).update(is_active=False, merged_into=kari)
    assert User.objects.for_email("Kari.N@example.no") == kari
    assert User.objects.with_email("kari.n@example.no") == kari
    kari.change_email("kari.n@example.no", by=kari, now=timezone.now())
    twin.refresh_from_db()
    assert (kari.email, twin.email) == ("kari.n@example.no", "kari@example.no")
    assert User.objects.with_email("kari@example.no") == kari
