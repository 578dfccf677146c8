"""What a mail said goes some time after; that it was sent, to whom, when and about what kind of thing, stays."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
from outbox import delivery, posting, striking, tasks
from outbox.models import Attachment, Message
from parts.files import File

NAME = "Zqkari Zqnordmann"


@pytest.fixture
def kept(settings) -> timedelta:
    return timedelta(days=settings.MAIL_TEXTS_KEPT_DAYS, minutes=1)


@pytest.fixture
def sent(post, server):
    now = timezone.now()
    values = {"kommune": NAME, "frist": "3. mai", "enheter": [NAME]}
    files = [File("brev.pdf", "application/pdf", b"%PDF")]
    message = post(
        now=now, values=values, why=f"{NAME} har ikke svart.", attachments=files, to=make_user("kari@example.no", NAME)
    )
    delivery.drain(now=now)
    message.refresh_from_db()
    assert NAME in message.subject + message.body
    assert message.sent_at
    return message


def words(message: Message) -> str:
    return " ".join(str(getattr(message, field.attname)) for field in Message._meta.local_fields)


def test_the_nights_task_does_it(sent, kept):
    Message.objects.update(created_at=timezone.now() - kept)
    tasks.forget_old()
    sent.refresh_from_db()
    assert sent.forgotten_at


def test_nothing_is_left_but_that_it_was_sent(sent, kept):
    before = Message.objects.values("key", "message_id", "to", "sent_at", "created_at", "text_name", "attempts").get()
    now = timezone.now() + kept
    assert striking.forget_old(now=now) == 1
    sent.refresh_from_db()
    assert NAME not in words(sent)
    assert (sent.body, sent.html, sent.why, sent.forgotten_at) == ("", "", "", now)
    assert sent.subject == "Frist for …"
    assert not Attachment.objects.exists()
    assert Message.objects.values(*before).get() == before
    assert sent.state_at(now) == "sent"
    assert striking.forget_old(now=now + kept) == 0


def test_not_before_its_time_and_never_what_waits(sent, post, kept, settings):
    soon = timezone.now() + kept - timedelta(minutes=2)
    assert striking.forget_old(now=soon) == 0
    waiting = post(key="reminder:2", now=timezone.now())
    assert striking.forget_old(now=timezone.now() + kept) == 1
    waiting.refresh_from_db()
    assert waiting.body
    expired = post(key="reminder:3", now=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
    assert striking.forget_old(now=timezone.now() + kept) == 1
    expired.refresh_from_db()
    assert expired.forgotten_at


def test_in_batches_each_of_them_whole(post, kept, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(striking, "_BATCH", 3)
    for number in range(7):
        post(key=f"reminder:{number}", now=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
    with django_assert_max_num_queries(60):
        assert striking.forget_old(now=timezone.now() + kept) == 7


def test_what_was_sent_again_and_ticked_off_too(sent, staff, kept):
    now = timezone.now()
    posting.resend(sent, reason=f"{NAME} ba om det.", token="a", by=staff, now=now)
    Message.objects.exclude(pk=sent.pk).update(
        given_up_at=now, handled_at=now, handled_by=staff, handled_note=f"Ringte {NAME}", last_error=NAME
    )
    assert striking.forget_old(now=now + kept) == 2
    assert not [message for message in Message.objects.all() if NAME in words(message)]
    assert set(Message.objects.values_list("resend_reason", "handled_note")) == {("", ""), ("–", "–")}


def test_it_is_not_sent_again_without_its_words(sent, kept, staff):
    striking.forget_old(now=timezone.now() + kept)
    sent.refresh_from_db()
    assert not sent.may_be_resent(timezone.now() + kept)
    with pytest.raises(ValueError, match="cannot be sent again"):
        posting.resend(sent, reason="x", token="a", by=staff, now=timezone.now() + kept)


def test_staff_and_the_reader_are_told_that_the_text_is_gone(sent, staff_client, client, kept):
    striking.forget_old(now=timezone.now() + kept)
    page = staff_client.get(reverse("admin:outbox_message_change", args=[sent.pk])).text
    assert "Teksten og vedleggene ble slettet" in page
    assert reverse("admin:outbox_message_resend", args=[sent.pk]) not in page
    client.force_login(sent.recipient)
    page = client.get(reverse("overview:own_mail", args=[sent.pk])).text
    assert "Teksten og vedleggene ble slettet" in page
    assert "Frist for …" in page
