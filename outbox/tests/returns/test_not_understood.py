"""What came back and was not understood is read by staff: who from, about what, when and why, and what it says."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from outbox import delivery
from outbox.models import ReturnedMail
from outbox.returns import erasing
from outbox.returns.taking import take
from outbox.tests.returns.conftest import KARI, about, sample

LIST = reverse("admin:outbox_returnedmail_changelist")
Why = ReturnedMail.Why


def page(mail: ReturnedMail) -> str:
    return reverse("admin:outbox_returnedmail_change", args=[mail.pk])


@pytest.fixture
def answer(sent, now) -> ReturnedMail:
    """A person's, through the pipe."""
    take(about(sent, "a_person_answers"), now=now, keeps_source=True)
    return ReturnedMail.objects.get()


def test_staff_find_it_read_it_and_tick_it_off(staff_client, answer, staff):
    mails = staff_client.get(reverse("admin:outbox_message_changelist")).content.decode()
    assert "1 e-post som kom i retur, ble ikke forstått" in mails
    assert LIST in mails
    front = staff_client.get(reverse("admin:index")).content.decode()
    assert page(answer) in front
    found = staff_client.get(LIST).content.decode()
    for said in (KARI, "SV: Husk fristen 3. mai", "Trolig skrevet av en person", page(answer)):
        assert said in found
    shown = staff_client.get(page(answer)).content.decode()
    assert "Hei! Vi rekker det ikke. Kan vi få en uke til?" in shown
    done = staff_client.post(page(answer), follow=True).content.decode()
    assert "E-posten er merket som ferdig." in done
    assert "SV: Husk" not in done
    answer.refresh_from_db()
    assert (answer.handled_by, answer.source) == (staff, None)
    assert "SV: Husk" in staff_client.get(LIST, {"handled": "yes"}).content.decode()
    assert "Det er ikke noe mer å gjøre" in staff_client.post(page(answer), follow=True).content.decode()
    assert page(answer) not in staff_client.get(reverse("admin:index")).content.decode()


def test_the_whole_mail_is_a_file_and_never_a_page(staff_client, answer, sent):
    answered = staff_client.get(reverse("admin:outbox_returnedmail_file", args=[answer.pk]))
    assert b"".join(answered.streaming_content) == about(sent, "a_person_answers")
    assert answered["Content-Type"] == "application/octet-stream"
    assert answered["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (sample("postfix_unknown", RETURN_TO="retur+1-aaaaaaaaaaaaaaaa@example.no"), Why.NO_TAG),
        (b"From: kari@example.no\nSubject: =?utf-7-no?Q?_?=\n\nHei", Why.BROKEN),
        (b"", Why.BROKEN),
        (b"\xff\x00: \xff\n\xff", Why.BROKEN),
    ],
)
def test_why_it_was_not_understood(db, now, source, why, staff_client):
    take(source, now=now, keeps_source=True)
    mail = ReturnedMail.objects.get()
    assert (mail.kind, mail.why) == (ReturnedMail.Kind.UNREAD, why)
    assert staff_client.get(page(mail)).status_code == 200


def test_a_return_that_names_none_of_several(post, server, now):
    people = [make_user(f"{name}@example.no", name) for name in ("anne", "bo")]
    message = post("shared", to=people[0], also=people[1:])
    delivery.drain(now=now)
    take(about(message, "postfix_unknown"), now=now)
    mail = ReturnedMail.objects.get()
    assert mail.why == Why.NOBODY
    assert mail.sender.startswith("MAILER-DAEMON")


def test_a_text_is_read_in_its_own_letters_and_bounded(staff_client, db, now):
    head = b"From: kari@example.no\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    take(head + "Bl\xe5b\xe6r ".encode("latin-1") + b"x" * 9000 + b"<b>last", now=now, keeps_source=True)
    shown = staff_client.get(page(ReturnedMail.objects.get())).content.decode()
    assert "Blåbær xxx" in shown
    assert "&lt;b&gt;" not in shown


@pytest.mark.parametrize("letters", ["utf-8", "iso-8859-1"])
def test_a_subject_sent_as_it_is_can_be_read(staff_client, db, now, letters):
    take("From: Ærlig <kari@example.no>\nSubject: Spørsmål på onsdag\n\nHei".encode(letters), now=now)
    mail = ReturnedMail.objects.get()
    assert (mail.why, mail.sender, mail.subject) == (Why.PERSON, "kari@example.no", "Spørsmål på onsdag")


def test_one_that_the_mailbox_keeps_is_named_and_not_stored(staff_client, sent, now):
    take(about(sent, "a_person_answers"), now=now)
    mail = ReturnedMail.objects.get()
    assert mail.source is None
    assert "ligger i returpostkassen" in staff_client.get(page(mail)).content.decode()
    assert staff_client.get(reverse("admin:outbox_returnedmail_file", args=[mail.pk])).status_code == 404


def test_what_was_understood_has_no_page(staff_client, sent, now):
    take(about(sent, "postfix_unknown"), now=now)
    mail = ReturnedMail.objects.get()
    assert (mail.why, mail.sender, mail.subject) == ("", "", "")
    assert staff_client.get(page(mail)).status_code == 404


def test_whoever_may_look_only_looks(staff_client, answer, staff):
    type(staff).objects.filter(pk=staff.pk).update(is_superuser=False)
    assert staff_client.get(page(answer)).status_code == 403
    assert staff_client.get(LIST).status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename="view_message"))
    assert "Merk som ferdig" not in staff_client.get(page(answer)).content.decode()
    assert staff_client.post(page(answer)).status_code == 403
    answer.refresh_from_db()
    assert answer.handled_at is None


def test_it_is_erased_after_its_time_seen_to_or_not(answer, now):
    erasing.erase_old(now=now + timedelta(days=89))
    assert ReturnedMail.objects.exists()
    erasing.erase_old(now=now + timedelta(days=91))
    assert not ReturnedMail.objects.exists()
    assert timezone.is_aware(answer.received_at)
