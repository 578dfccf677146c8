"""The whole way with real servers: sent by SMTP under a tag, come back to a mailbox, and read from there by IMAP."""

import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from conftest import make_user
from outbox import delivery
from outbox.models import MailboxReading, Message, MessageState, ReturnedMail
from outbox.returns import mailbox
from outbox.tests.faults.house import MARKS, House, wait_for
from outbox.tests.returns.conftest import KARI, about
from outbox.tests.returns.imap_server import ImapServer

pytestmark = MARKS

READS = """
import django, sys, time
django.setup()
from django.conf import settings
from django.utils import timezone
from outbox.returns import mailbox
settings.RETURN_ADDRESS, settings.RETURN_MAILBOX_URL = sys.argv[1:3]
settings.SECRET_KEY = sys.argv[3]
ask = mailbox._ask
def slow(server, command, *arguments):
    if command == "STORE":
        print("stored", flush=True)
        time.sleep(60)
    return ask(server, command, *arguments)
mailbox._ask = slow
mailbox.read_all(now=timezone.now())
"""


@pytest.fixture
def imap():
    server = ImapServer()
    yield server
    server.close()


@pytest.fixture
def kari(transactional_db):
    return make_user(KARI, "Kari Nordli")


@pytest.fixture
def house(transactional_db, settings, tmp_path):
    (tmp_path / "house").mkdir()
    house = House(tmp_path / "house", settings.REDIS_URL)
    house.start_smtp()
    settings.EMAIL_BACKEND = "outbox.wire.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", house.smtp_port
    yield house
    house.close()


@pytest.fixture
def sent(house, post, kari, imap, settings) -> list[Message]:
    settings.RETURN_MAILBOX_URL = imap.url
    messages = [post(f"m{number}", to=kari, now=timezone.now()) for number in range(3)]
    delivery.drain(now=timezone.now())
    return messages


def test_sent_come_back_and_read_once(sent, house, imap, staff):
    senders = {line["sender"] for line in house.accepted()}
    assert len(senders) == 3  # what the server was told, each its own
    imap.deliver(about(sent[0], "gmail_unknown").replace(b"\n", b"\r\n"))
    imap.deliver(about(sent[1], "postfix_delayed"))
    imap.deliver(about(sent[2], "out_of_office"))
    imap.deliver(about(sent[2], "a_person_answers"))
    imap.deliver(b"\x00\xff no mail at all")
    call_command("read_returns")
    now = timezone.now()
    states = [message.state_at(now) for message in Message.objects.order_by("key")]
    assert states == [MessageState.RETURNED, MessageState.SENT, MessageState.SENT]
    # What was understood is gone, the rest is left, once.
    assert len(imap.lying()) == 2
    assert MailboxReading.objects.get().left == 2
    assert mailbox.read_all(now=now) == mailbox.Looked(taken=0, left=2)
    assert sorted(ReturnedMail.objects.values_list("kind", flat=True)) == sorted(
        ["failed", "delayed", "automatic", "unread", "unread"]
    )
    assert Message.objects.count() == 3  # and nothing was answered


def test_killed_between_storing_and_deleting_it_is_read_again_and_does_nothing_twice(sent, house, imap, settings):
    imap.deliver(about(sent[0], "postfix_unknown"))
    facts = [settings.RETURN_ADDRESS, imap.url, settings.SECRET_KEY]
    reader = subprocess.Popen(
        [sys.executable, "-c", READS, *facts],
        env=house.environment(SECRET_KEY=settings.SECRET_KEY),
        stdout=subprocess.PIPE,
        text=True,
    )
    with reader:
        assert reader.stdout
        assert reader.stdout.readline() == "stored\n"
        os.kill(reader.pid, signal.SIGKILL)
    assert len(imap.lying()) == 1
    first = Message.objects.get(pk=sent[0].pk)
    assert first.returned_at
    call_command("read_returns")
    assert imap.lying() == []
    assert Message.objects.get(pk=sent[0].pk).returned_at == first.returned_at
    assert ReturnedMail.objects.count() == 1


def test_a_mailbox_that_does_not_answer_is_told_and_then_read(sent, imap):
    imap.deliver(about(sent[0], "postfix_unknown"))
    imap.stop()
    with pytest.raises(CommandError):
        call_command("read_returns")
    failing = MailboxReading.objects.get()
    assert failing.failing_since
    assert "hemmelig" not in failing.error
    imap.start()
    wait_for(imap.answers)
    call_command("read_returns")
    reading = MailboxReading.objects.get()
    assert (reading.failing_since, reading.error) == (None, "")
    assert Message.objects.get(pk=sent[0].pk).returned_at


def test_a_wrong_password_is_told_without_it(sent, imap, settings):
    settings.RETURN_MAILBOX_URL = imap.url.replace("hemmelig", "feil-passord")
    assert mailbox.read_all(now=timezone.now()) is None
    assert "passord" not in MailboxReading.objects.get().error
