"""The three bolts of the lock, each tried with the others open."""

from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from lmp.seeing import lock
from lmp.seeing.lock import WriteRefusedError, read_only


def rename(person: User) -> None:
    User.objects.filter(pk=person.pk).update(name="Et annet navn")


def lets_through(execute, *args):
    return execute(*args)


def name(person: User) -> str:
    return User.objects.values_list("name", flat=True).get(pk=person.pk)


def test_nothing_is_written(contact):
    with pytest.raises(WriteRefusedError), read_only():
        rename(contact)
    assert name(contact) == "Kari Kontakt"


@pytest.mark.parametrize("write", ["create", "delete", "raw"])
def test_in_no_other_way(stranger, write):
    def act() -> None:
        if write == "create":
            User.objects.create(email="ny@example.no")
        elif write == "delete":
            stranger.delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("  delete from accounts_user")

    with pytest.raises(WriteRefusedError), read_only():
        act()
    assert User.objects.filter(email=stranger.email).exists()
    assert not User.objects.filter(email="ny@example.no").exists()


def test_reading_goes_on_within_a_transaction_too(contact):
    with read_only(), transaction.atomic():
        assert name(contact) == "Kari Kontakt"


def test_writing_goes_on_afterwards(contact):
    """The connection is used by the next request: also when something failed in between."""
    with pytest.raises(WriteRefusedError), read_only():
        rename(contact)
    rename(contact)
    assert name(contact) == "Et annet navn"


def test_the_database_refuses_what_gets_past_the_first(contact, monkeypatch):
    monkeypatch.setattr(lock, "_refuse_writes", lets_through)
    with pytest.raises(DatabaseError), read_only():
        rename(contact)
    assert name(contact) == "Kari Kontakt"


def test_what_gets_past_both_is_taken_back(contact, monkeypatch):
    monkeypatch.setattr(lock, "_refuse_writes", lets_through)
    monkeypatch.setattr(lock, "_told_to_refuse", nullcontext)
    with read_only():
        rename(contact)
    assert name(contact) == "Kari Kontakt"


def test_what_was_to_follow_does_not(contact, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as callbacks, read_only():
        transaction.on_commit(lambda: rename(contact))
    assert callbacks == []
    assert name(contact) == "Kari Kontakt"


def test_no_row_is_locked(contact):
    """PostgreSQL alone locks rows: somebody who looks holds up nobody."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no locks of rows")
    with pytest.raises(WriteRefusedError), read_only():
        User.objects.select_for_update().get(pk=contact.pk)
