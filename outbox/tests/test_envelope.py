"""What goes on the wire: read back as a mail program would."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import pytest
from django.contrib.auth.models import Group
from django.core.mail import get_connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from outbox import markup
from outbox.models import Message
from outbox.tests.mails import CODE
from outbox.wire import envelope
from parts.files import File

NOW = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)


def on_the_wire(message: Message):
    mail = envelope.compose(message, get_connection())
    return message_from_bytes(mail.message().as_bytes(linesep="\r\n"), policy=policy.default)


def test_the_headers(post, settings, now):
    settings.DEFAULT_FROM_EMAIL = "Læringsmiljøprosjektet <post@udir.example>"
    settings.SUPPORT_EMAIL = "hjelp@udir.example"
    message = post()
    mail = on_the_wire(message)
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert mail["Content-Language"] == "nb"
    assert parsedate_to_datetime(mail["Date"]) == now
    assert mail["To"] == "kari@eksempelby.example"
    assert mail["From"] == "Læringsmiljøprosjektet <post@udir.example>"
    assert mail["Reply-To"] == "hjelp@udir.example"
    for name in ("Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted"):
        assert len(mail.get_all(name)) == 1, name


def test_it_is_the_same_mail_at_every_attempt(post, now):
    message = post()
    first = on_the_wire(message)
    message.attempts, message.next_attempt_at = 3, now + timedelta(days=1)
    second = on_the_wire(message)
    assert dict(first.items(), **{"Content-Type": ""}) == dict(second.items(), **{"Content-Type": ""})


def test_text_and_html_say_the_same(post):
    mail = on_the_wire(post(values={"kommune": "Øygarden & Å <b>", "frist": "3. mai", "enheter": ["Skule"]}))
    text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    assert "Fristen for Øygarden & Å <b> er 3. mai." in text
    assert "Fristen for Øygarden &amp; Å &lt;b&gt; er 3. mai." in html
    assert '<html lang="nb">' in html


def test_attachments_come_through_byte_for_byte(post):
    content = bytes(range(256)) * 40
    message = post(attachments=[File("Velkommen til Øygarden.pdf", "application/pdf", content)])
    (attachment,) = on_the_wire(message).iter_attachments()
    assert attachment.get_filename() == "Velkommen til Øygarden.pdf"
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == content


def test_an_invitation_is_an_alternative_and_an_attachment(post):
    content = "BEGIN:VCALENDAR\r\nSUMMARY:Samling på Ås\r\nEND:VCALENDAR\r\n".encode()
    message = post(attachments=[File("samling.ics", "text/calendar; method=REQUEST", content)])
    mail = on_the_wire(message)
    (invitation,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert invitation.get_param("method") == "REQUEST"
    assert not invitation.is_attachment()
    assert "Samling på Ås" in invitation.get_content()
    (attachment,) = mail.iter_attachments()
    assert (attachment.get_filename(), attachment.get_content_type()) == ("samling.ics", "application/ics")


def test_a_long_norwegian_subject_is_folded_and_whole(post):
    name = "Ærøskøbing og Åsgårdstrand " * 15
    message = post(values={"kommune": name, "frist": "-", "enheter": []})
    raw = envelope.compose(message, get_connection()).message().as_bytes(linesep="\r\n")
    assert on_the_wire(message)["Subject"].strip() == f"Frist for {name.strip()}"
    assert max(len(line) for line in raw.split(b"\r\n")) < 998


def test_a_very_long_word_is_whole_in_the_text_and_cut_in_the_subject(post):
    message = post(values={"kommune": "x" * 5000, "frist": "-", "enheter": []})
    raw = envelope.compose(message, get_connection()).message().as_bytes(linesep="\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) < 998
    assert "x" * 5000 in on_the_wire(message).get_body(("plain",)).get_content()
    assert message.subject.endswith("x…")


@pytest.mark.parametrize("to", ["", "kari@example.no\nBcc: alle@example.no"])
def test_an_address_that_is_none_makes_no_mail(post, to):
    message = post()
    message.to = to  # posting keeps line breaks out; this is the second lock
    with pytest.raises(ValueError, match=r"recipient|newline"):
        envelope.compose(message, get_connection())


@pytest.mark.any_database
class HostileValues(TestCase):
    """Whatever is typed anywhere, no header is added and no part is broken."""

    @given(st.text(max_size=80), st.text(max_size=80))
    def test_no_header_is_added(self, value: str, name: str) -> None:
        message = Message(pk=1, key="k", message_id="<k@x>", to="kari@example.no", language="nb", created_at=NOW)
        filled = markup.fill(
            subject="Til {navn}", body="Hei {navn}\n\n{liste}", values={"navn": value, "liste": [name]}, language="nb"
        )
        message.subject, message.body, message.html = filled.subject(), filled.text(), filled.html("nb")
        message._prefetched_objects_cache = {"attachments": [], "further": []}
        mail = on_the_wire(message)
        assert set(mail.keys()) == {
            "Content-Type",
            "MIME-Version",
            "Subject",
            "From",
            "To",
            "Reply-To",
            "Message-ID",
            "Date",
            "Auto-Submitted",
            "X-Auto-Response-Suppress",
            "Content-Language",
        }
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]


def test_answers_go_to_whom_the_mail_names(post, settings):
    settings.SUPPORT_EMAIL = "hjelp@udir.example"
    message = post(reply_to="stine@udir.example")
    assert on_the_wire(message)["Reply-To"] == "stine@udir.example"


def test_each_body_survives_a_server_that_takes_seven_bits_only(post):
    event = "BEGIN:VCALENDAR\r\nSUMMARY:Samling på Ås\r\nEND:VCALENDAR\r\n".encode()
    message = post(attachments=[File("samling.ics", "text/calendar; method=REQUEST", event)])
    raw = envelope.compose(message, get_connection()).message().as_bytes(linesep="\r\n")
    assert raw.isascii()
    texts = [part for part in on_the_wire(message).walk() if part.get_content_maintype() == "text"]
    assert {part["Content-Transfer-Encoding"] for part in texts} == {"quoted-printable"}


@pytest.mark.parametrize("name", ["Kari Nordmann", "Nordmann, Kari", "Åse Ærlig", "Kari <kari@evil.example>"])
def test_the_recipient_is_named(post, django_user_model, name):
    person = django_user_model.objects.create_user(email="kari@example.no", name=name)
    mail = envelope.compose(post(to=person), get_connection())
    (to,) = on_the_wire(post(to=person))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "kari@example.no")
    assert mail.recipients() == ["kari@example.no"]


@pytest.mark.parametrize("address", ["kåre@example.no", "kari@blåbær.example.no", "kåre@blåbær.example.no"])
def test_an_address_with_norwegian_letters_goes_whoever_has_it(post, django_user_model, address):
    """The header cannot be made with a name, and a mail that cannot be composed is never sent."""
    person = django_user_model.objects.create_user(email=address, name="Kåre Nordmann")
    unnamed = post(to=address)
    mails = [envelope.compose(message, get_connection()) for message in (post(to=person), unnamed)]
    assert len({mail.message()["To"] for mail in mails}) == 1
    assert {tuple(mail.recipients()) for mail in mails} == {(address,)}


@pytest.mark.parametrize("name", ["Å" * 200, "a" * 200, "🌞 شمس", "Kari\u202e\u200b", '"Kari" \\ O\'Hara; (x)'])
def test_whatever_a_person_is_called_the_mail_goes(post, django_user_model, name):
    person = django_user_model.objects.create_user(email="kari@example.no", name=name)
    [to] = on_the_wire(post(to=person))["To"].addresses
    assert to.addr_spec == "kari@example.no"


def thread(message: Message) -> tuple[str | None, str | None]:
    """What a mail program shows it together with others by."""
    mail = on_the_wire(message)
    return mail["References"], mail["In-Reply-To"]


def test_what_is_about_one_thing_is_one_thread_whoever_gets_it_and_whatever_was_sent(post, contact):
    thing, other = Group.objects.create(name="Samlingen"), Group.objects.create(name="Den neste")
    first, reminder, to_another = (
        post(about=thing),
        post(about=thing, key="reminder"),
        post(about=thing, key="k", to=contact),
    )
    found = thread(first)
    assert found[0] == found[1]
    assert re.fullmatch(r"<[0-9a-f]{40}@[\w.-]+>", str(found[0]))
    assert thread(reminder) == thread(to_another) == found
    assert thread(post(about=other, key="other")) != found
    assert str(found[0]) not in {first.message_id, reminder.message_id}
    thing.delete()
    first.delete()
    assert thread(Message.objects.get(pk=reminder.pk)) == found


def test_what_is_about_a_person_or_about_nothing_stands_alone(post, contact):
    assert thread(post()) == (None, None)
    assert thread(post(about=contact, key="person")) == (None, None)


def test_a_code_stands_alone_whatever_it_is_about(post):
    thing = Group.objects.create(name="Samlingen")
    assert thread(post(text=CODE, values={"kode": "1234"}, about=thing, key="code")) == (None, None)
