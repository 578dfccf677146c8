from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from outbox import posting, queue, tasks
from outbox.models import Message, Wording
from outbox.tests import mails
from parts.files import File


def test_the_mail_is_written_as_it_will_be_sent(post, now):
    group = Group.objects.create(name="Saken")
    message = post(about=group, expires_at=now + timedelta(days=1))
    message.refresh_from_db()
    assert message.subject == "Frist for Eksempelby"
    assert "Fristen for Eksempelby er 3. mai. Enhetene:\n\n- En skole\n" in message.body
    assert "<li>En skole</li>" in message.html
    assert (message.to, message.language, message.why) == ("kari@eksempelby.example", "nb", "Har ikke svart.")
    assert message.about == group
    assert message.state_at(now) == "waiting"
    assert message.created_at == message.next_attempt_at == now


def test_the_same_key_writes_nothing_and_gives_the_first(post):
    first = post(attachments=[File("a.pdf", "application/pdf", b"1")])
    again = post(to="another@example.no", attachments=[File("b.pdf", "application/pdf", b"2")])
    assert again == first
    assert again.to == "kari@eksempelby.example"
    assert [attachment.name for attachment in again.attachments.all()] == ["a.pdf"]


def test_a_key_written_meanwhile_by_another_is_found_not_overwritten(post, monkeypatch):
    first = post()
    real = Message.objects.filter
    answers = iter([Message.objects.none()])
    monkeypatch.setattr(Message.objects, "filter", lambda **kw: next(answers, None) or real(**kw))
    assert post(to="another@example.no") == first


def test_the_message_id_follows_the_key(post, settings):
    settings.DEFAULT_FROM_EMAIL = "Prosjektet <post@udir.example>"
    one, two = post("one"), post("two")
    assert one.message_id == posting.message_id("one")
    assert one.message_id != two.message_id
    assert one.message_id.endswith("@udir.example>")


def test_a_rolled_back_fact_takes_its_mail_with_it(post):
    with transaction.atomic():
        post()
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_a_worker_is_asked_after_commit_and_not_before(post, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda *_arguments, **options: asked.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        post()
        assert not asked
    assert asked == [{"expires": 60, "retry": False}]


def test_a_queue_that_is_down_is_tried_once_not_once_a_mail(
    post, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    tried = []

    def down(*_arguments, **options):
        tried.append(options)
        raise OSError("no queue")

    monkeypatch.setattr(tasks.deliver, "apply_async", down)
    monkeypatch.setattr(queue, "_failed_at", float("-inf"))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(20):
            post(f"reminder:{number}")
    assert len(tried) == 1
    assert Message.objects.count() == 20


def test_an_unknown_language_gets_bokmaal(post):
    assert post(language="").language == "nb"


def test_a_wording_of_staff_is_used(post):
    Wording.objects.create(name=mails.REMINDER.name, language="nb", subject="Husk {kommune}", body="Vår egen {frist}.")
    message = post()
    assert (message.subject, message.body, message.note) == ("Husk Eksempelby", "Vår egen 3. mai.\n", "")


def test_a_stored_wording_that_does_not_render_gives_the_shipped_one_and_a_note(post, caplog):
    Wording.objects.create(name=mails.REMINDER.name, language="nb", subject="Husk", body="Hei {navn}")
    message = post()
    assert message.subject == "Frist for Eksempelby"
    assert "{navn}" in message.note
    assert "{navn}" in caplog.text


@pytest.mark.parametrize(
    "hostile", ["Fosen\r\nBcc: all@example.no", "Fosen\nX: y", "Fosen\x00", "Fosen\x0bBcc: x", "\ud800Fosen"]
)
def test_a_hostile_value_stays_a_value(post, hostile):
    message = post(values={"kommune": hostile, "frist": hostile, "enheter": [hostile]}, why=hostile)
    message.refresh_from_db()
    assert "\n" not in message.subject + message.why
    assert "\r" not in message.subject + message.why
    assert "\x00" not in message.subject + message.body + message.html


def test_a_missing_value_is_the_callers_mistake(post):
    with pytest.raises(ValueError, match="frist"):
        post(values={"kommune": "A", "enheter": []})


@pytest.mark.parametrize("change", [{"to": "a" * 321}, {"key": "k" * 301}])
def test_an_overlong_address_or_key_never_reaches_the_database(post, change):
    with pytest.raises(ValueError, match="at most"):
        post(**change)


def test_an_attachment_keeps_its_bytes_and_a_name_on_one_line(post):
    file = File("brev\r\nX: y.pdf", "application/pdf", b"\x00\xff")
    attachment = post(attachments=[file]).attachments.get()
    attachment.refresh_from_db()
    assert (attachment.name, bytes(attachment.content)) == ("brev X: y.pdf", b"\x00\xff")


def test_a_content_type_that_could_break_a_header_is_refused(post):
    with pytest.raises(ValueError, match="content type"):
        post(attachments=[File("a", "text/plain\r\nX: y", b"")])
    assert not Message.objects.exists()


def test_a_wording_of_its_own_goes_instead_of_the_stored_one(post):
    Wording.objects.create(name=mails.REMINDER.name, language="nb", subject="Lagret", body="Lagret.")
    message = post(wording=("Om {kommune}", "Til {kommune}:\n\n{enheter}"))
    assert message.subject == "Om Eksempelby"
    assert message.body == "Til Eksempelby:\n\n- En skole\n"
    assert message.text_name == mails.REMINDER.name


def test_answers_to_a_mail_that_is_sent_again_go_to_the_same_address(post, now, staff):
    message = post(reply_to="stine@udir.example")
    Message.objects.filter(pk=message.pk).update(sent_at=now)
    message.refresh_from_db()
    again = posting.resend(message, reason="Slettet", token="1", by=staff, now=now)
    assert again.reply_to == "stine@udir.example"
