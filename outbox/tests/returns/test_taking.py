"""What is stored of a mail that comes back: once, whole, and only about the message that its tag names."""

import io
import re
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from conftest import make_user
from outbox import delivery, posting
from outbox.models import DeadAddress, Message, MessageState, ReturnedMail, ReturnReason
from outbox.returns import addresses, erasing, taking
from outbox.returns.taking import take
from outbox.tests import mails
from outbox.tests.returns.conftest import KARI, about, sample

Kind = ReturnedMail.Kind


def test_it_is_shown_as_returned_with_the_reason(sent, now):
    assert take(about(sent, "postfix_unknown"), now=now) == Kind.FAILED
    sent.refresh_from_db()
    assert sent.state_at(now) == MessageState.RETURNED
    assert (sent.returned_at, sent.returned_why) == (now, ReturnReason.UNKNOWN)
    assert sent.last_error.startswith("550 5.1.1")
    assert list(Message.objects.undelivered()) == [sent]
    assert list(addresses.dead_of([KARI])) == [KARI]


def test_delayed_is_noted_and_nothing_more(sent, now):
    assert take(about(sent, "postfix_delayed"), now=now) == Kind.DELAYED
    sent.refresh_from_db()
    assert sent.state_at(now) == MessageState.SENT
    assert sent.came_back.get().kind == Kind.DELAYED
    assert not addresses.dead_of([KARI])


@pytest.mark.parametrize("name", ["out_of_office", "a_person_answers"])
def test_other_mail_is_counted_and_says_nothing_of_anybody(sent, now, name):
    take(about(sent, name), now=now)
    row = ReturnedMail.objects.get()
    assert (row.message, row.said, row.source) == (None, "", None)
    sent.refresh_from_db()
    assert sent.state_at(now) == MessageState.SENT
    assert Message.objects.count() == 1  # and nothing is answered


def test_the_same_twice_does_nothing_twice(sent, now):
    source = about(sent, "postfix_unknown")
    take(source, now=now)
    addresses.lift(KARI, now=now + timedelta(hours=1))
    assert take(source, now=now + timedelta(hours=2)) == Kind.FAILED
    sent.refresh_from_db()
    assert (sent.returned_at, ReturnedMail.objects.count()) == (now, 1)
    assert not addresses.dead_of([KARI])


def test_killed_half_way_stores_nothing_and_is_read_again(sent, now, monkeypatch):
    def killed(*_arguments, **_facts):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(taking.addresses, "bury", killed)
        with pytest.raises(DatabaseError):
            take(about(sent, "postfix_unknown"), now=now)
    assert not ReturnedMail.objects.exists()
    take(about(sent, "postfix_unknown"), now=now)
    sent.refresh_from_db()
    assert sent.returned_at == now


def test_a_forged_one_does_nothing(sent, now):
    assert take(sample("postfix_unknown", RETURN_TO="retur+1-aaaaaaaaaaaaaaaa@example.no"), now=now) == Kind.UNREAD
    sent.refresh_from_db()
    assert sent.returned_at is None
    assert not DeadAddress.objects.exists()


def test_one_about_a_message_that_is_erased_is_counted(sent, now):
    source = about(sent, "postfix_unknown")
    sent.delete()
    assert take(source, now=now) == Kind.FAILED
    assert not DeadAddress.objects.exists()


def test_what_was_perhaps_sent_and_came_back_was_sent(post, kari, now):
    """The server was silent, so the message is tried again; the report says that it had it."""
    message = post("perhaps", to=kari)
    Message.objects.filter(pk=message.pk).update(claim=UUID(int=1), claimed_until=now + timedelta(minutes=1))
    take(about(message, "postfix_unknown"), now=now)
    message.refresh_from_db()
    assert (message.sent_at, message.claim) == (now, None)
    assert message.state_at(now) == MessageState.RETURNED
    assert not Message.objects.due(now).exists()


def test_of_several_only_the_one_who_is_named(post, server, now):
    people = [make_user(f"{name}@example.no", name) for name in ("anne", "bo", "cecilie")]
    message = post("shared", to=people[0], also=people[1:])
    delivery.drain(now=now)
    take(about(message, "several"), now=now)
    states = {each.to: each.state_at(now).value for each in Message.objects.all()}
    assert states == {"anne@example.no": "sent", "bo@example.no": "returned"}
    message = Message.objects.get(to="anne@example.no")
    assert message.addresses == ["anne@example.no", "cecilie@example.no"]


def test_a_report_that_names_none_of_several_is_left_for_people(post, server, now):
    people = [make_user(f"{name}@example.no", name) for name in ("anne", "bo")]
    message = post("shared", to=people[0], also=people[1:])
    delivery.drain(now=now)
    assert take(about(message, "postfix_unknown"), now=now) == Kind.UNREAD
    assert not Message.objects.undelivered().exists()


@pytest.mark.parametrize("name", ["exchange_full", "microsoft365_refused", "expired"])
def test_what_may_pass_kills_the_address_the_second_time(post, server, kari, now, name):
    messages = [post(key, to=kari) for key in ("one", "other")]
    delivery.drain(now=now)
    take(about(messages[0], name), now=now)
    assert not addresses.dead_of([KARI])
    take(re.sub(rb"(?im)^(message-id: <)", rb"\g<1>2-", about(messages[1], name)), now=now)
    assert list(addresses.dead_of([KARI])) == [KARI]


def test_a_code_that_came_back_is_wiped(post, server, kari, now):
    message = post("code", to=kari, text=mails.CODE, values={"kode": "ABC-DEF"})
    delivery.drain(now=now)
    Message.objects.filter(pk=message.pk).update(body="ABC-DEF")
    take(about(message, "postfix_unknown"), now=now)
    message.refresh_from_db()
    assert (message.body, message.html) == ("", "")


def test_a_new_address_gets_what_came_back(sent, kari, staff, now):
    take(about(sent, "postfix_unknown"), now=now)
    kari.change_email("kari.ny@example.no", by=staff, now=now)
    assert sent.resends.get().to == "kari.ny@example.no"
    assert not Message.objects.undelivered().exists()


def test_what_came_through_a_pipe_and_was_not_understood_is_kept(sent, now, monkeypatch, capsys):
    source = about(sent, "a_person_answers")
    run_with(source, monkeypatch)
    assert bytes(ReturnedMail.objects.get().source) == source
    run_with(about(sent, "postfix_unknown"), monkeypatch)
    sent.refresh_from_db()
    assert sent.returned_at
    assert ReturnedMail.objects.get(kind=Kind.FAILED).source is None
    assert capsys.readouterr().out.split() == ["unread", "failed"]


def test_a_flood_is_handed_back_and_what_is_understood_is_still_taken(sent, staff, now, monkeypatch):
    monkeypatch.setattr(taking, "MAX_KEPT", 1)
    run_with(about(sent, "a_person_answers"), monkeypatch)
    another = about(sent, "a_person_answers").replace(b"svar-1", b"svar-2")
    with pytest.raises(SystemExit) as ended:
        run_with(another, monkeypatch)
    assert ended.value.code == 75
    run_with(about(sent, "postfix_unknown"), monkeypatch)
    assert sorted(ReturnedMail.objects.values_list("kind", flat=True)) == ["failed", "unread"]
    take(another, now=now)  # by the mailbox, which keeps it
    ReturnedMail.objects.exclude(source=None).get().handle(by=staff, now=now)
    run_with(another.replace(b"svar-2", b"svar-3"), monkeypatch)
    assert ReturnedMail.objects.to_be_read().count() == 2


def test_a_pipe_is_told_to_try_again_when_it_cannot_be_stored(sent, monkeypatch):
    def down(*_arguments, **_facts):
        raise DatabaseError

    monkeypatch.setattr("outbox.management.commands.take_return.take", down)
    with pytest.raises(SystemExit) as ended:
        run_with(b"", monkeypatch)
    assert ended.value.code == 75


def run_with(source: bytes, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(source)))
    call_command("take_return")


def test_what_was_read_is_erased_and_the_message_stays_returned(sent, kari, now):
    take(about(sent, "postfix_unknown"), now=now)
    erasing.erase_old(now=now + timedelta(days=91))
    assert not ReturnedMail.objects.exists()
    assert list(addresses.dead_of([KARI])) == [KARI]
    Message.objects.all().delete()
    kari.delete()
    erasing.erase_old(now=now + timedelta(days=91))
    assert not DeadAddress.objects.exists()


def test_sent_again_by_hand_is_trying_on_purpose(sent, staff, now):
    take(about(sent, "postfix_unknown"), now=now)
    posting.resend(sent, reason="Ringte, den virker.", token="t", by=staff, now=now)
    assert not addresses.dead_of([KARI])
