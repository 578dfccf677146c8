"""What a mail in the return mailbox is: by the shapes that servers write, and by nothing that anybody can write."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outbox.models import ReturnedMail, ReturnReason
from outbox.returns import tag
from outbox.returns.reading import read
from outbox.returns.reasons import reason_for
from outbox.tests.returns.conftest import KARI, MAILS, sample

Kind = ReturnedMail.Kind


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("postfix_unknown", Kind.FAILED, ReturnReason.UNKNOWN),
        ("postfix_no_domain", Kind.FAILED, ReturnReason.NO_DOMAIN),
        ("postfix_delayed", Kind.DELAYED, ReturnReason.UNREACHED),
        ("microsoft365_unknown", Kind.FAILED, ReturnReason.UNKNOWN),
        ("microsoft365_refused", Kind.FAILED, ReturnReason.REFUSED),
        ("exchange_full", Kind.FAILED, ReturnReason.FULL),
        ("gmail_unknown", Kind.FAILED, ReturnReason.UNKNOWN),
        ("qmail_unknown", Kind.FAILED, ReturnReason.UNKNOWN),
        ("expired", Kind.FAILED, ReturnReason.UNREACHED),
    ],
)
def test_a_report_names_the_message_and_the_reason(name, kind, reason):
    found = read(sample(name, RETURN_TO=tag.sender(41)))
    assert (found.kind, found.message) == (kind, 41)
    assert [failure.reason for failure in found.failures] == [reason]
    assert found.failures[0].final == (kind == Kind.FAILED)
    if name != "microsoft365_unknown":  # there their server knows her by another address
        assert found.failures[0].address == KARI


@pytest.mark.parametrize("name", ["out_of_office", "opened"])
def test_what_a_program_answers_is_no_failure(name):
    found = read(sample(name, RETURN_TO=tag.sender(41)))
    assert (found.kind, found.failures) == (Kind.AUTOMATIC, [])


def test_what_a_person_writes_is_left_for_people():
    assert read(sample("a_person_answers", RETURN_TO=tag.sender(41))).kind == Kind.UNREAD


@pytest.mark.parametrize("to", ["retur@example.no", "retur+16-aaaaaaaaaaaaaaaa@example.no", "kari@example.no"])
@pytest.mark.parametrize("name", ["postfix_unknown", "gmail_unknown", "qmail_unknown", "postfix_delayed"])
def test_a_report_without_our_tag_proves_nothing(name, to):
    found = read(sample(name, RETURN_TO=to))
    assert (found.kind, found.message, found.failures) == (Kind.UNREAD, None, [])


def test_the_pipe_may_tell_the_address():
    source = sample("postfix_unknown", RETURN_TO="retur@example.no")
    assert read(source, recipient=tag.sender(41)).message == 41


def test_a_calendars_answer():
    found = read(sample("calendar_declined", CALENDAR_UID="samling-1-2-abc@example.no"))
    assert found.kind == Kind.CALENDAR
    [answer] = found.answers
    assert (answer.uid, answer.attendee, answer.answer) == ("samling-1-2-abc@example.no", KARI, "DECLINED")


def test_the_same_mail_two_ways_is_one():
    source = sample("postfix_unknown", RETURN_TO=tag.sender(41))
    carried = b"Received: from another.example.no\r\n" + source.replace(b"\n", b"\r\n")
    assert read(carried).digest == read(source).digest
    assert read(source.replace(b"4Sf2hK6ZQ8z2xTq@", b"other@")).digest != read(source).digest


@pytest.mark.parametrize("raw", ["Pøstmester på tømmerås".encode(), "Pøstmester på tømmerås".encode("latin-1")])
@pytest.mark.parametrize("path", sorted(MAILS.iterdir()), ids=lambda path: path.stem)
def test_letters_sent_as_they_are_change_nothing(path, raw, caplog):
    source = sample(path.stem, RETURN_TO=tag.sender(41))
    one = re.sub(rb"(?m)^From: ", b"From: " + raw + b" ", source, count=1)
    one = re.sub(rb"(?m)^(Subject: .*)$", rb"\1 " + raw, one, count=1)
    assert one.count(raw) == 2
    found, plain = read(one), read(source)
    assert (found.kind, found.message, found.failures) == (plain.kind, plain.message, plain.failures)
    assert caplog.records == []


WHOLE = [path.read_bytes() for path in sorted(MAILS.iterdir())]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.integers(0, 400), st.binary(max_size=40))
def test_no_mail_breaks_it(source, at, without, put):
    mangled = source[:at] + put + source[at + without :]
    assert read(mangled).kind in Kind


@given(st.binary(max_size=300))
def test_no_bytes_break_it(source):
    assert read(source).kind == Kind.UNREAD or read(source).failures == []


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", ReturnReason.UNKNOWN),
        ("5.4.310", "550 5.4.310 DNS domain fylke.example.no does not exist", ReturnReason.NO_DOMAIN),
        ("5.0.0", "550 No such user here", ReturnReason.UNKNOWN),
        ("5.0.0", "552 Over quota", ReturnReason.FULL),
        ("", "550 5.2.1 The email account is disabled", ReturnReason.UNKNOWN),
        ("5.7.1", "550 5.7.1 user unknown to our policy", ReturnReason.REFUSED),
        ("5.6.0", "554 message content rejected", ReturnReason.REFUSED),
        ("5.4.7", "554 5.4.7 delivery time expired", ReturnReason.UNREACHED),
        ("", "", ReturnReason.REFUSED),
    ],
)
def test_reasons(status, said, reason):
    assert reason_for(status, said) == reason
