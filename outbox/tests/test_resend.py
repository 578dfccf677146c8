"""Send again: with a reason, once a form, under a Message-ID of its own, and never a code."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox import delivery, posting
from outbox.models import Message
from outbox.tests import mails
from parts.files import File


@pytest.fixture
def sent(post, server):
    message = post(now=timezone.now(), attachments=[File("brev.pdf", "application/pdf", b"%PDF")])
    delivery.drain(now=timezone.now())
    message.refresh_from_db()
    return message


def address_of(message: Message) -> str:
    return reverse("admin:outbox_message_resend", args=[message.pk])


def token_in(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def test_it_goes_again_as_it_was(staff, staff_client, sent, server):
    token = token_in(staff_client.get(address_of(sent)).content.decode())
    answer = staff_client.post(address_of(sent), {"reason": "Kom ikke fram.", "token": token})
    again = sent.resends.get()
    assert answer["Location"] == reverse("admin:outbox_message_change", args=[again.pk])
    assert (again.resend_reason, again.resent_by, again.to) == ("Kom ikke fram.", staff, sent.to)
    assert (again.subject, again.body, again.html) == (sent.subject, sent.body, sent.html)
    assert bytes(again.attachments.get().content) == b"%PDF"
    assert again.message_id != sent.message_id
    delivery.drain(now=timezone.now())
    assert len(server.accepted) == 2


def test_pressing_twice_sends_once(staff_client, sent):
    data = {"reason": "Kom ikke fram.", "token": token_in(staff_client.get(address_of(sent)).content.decode())}
    first = staff_client.post(address_of(sent), data)
    second = staff_client.post(address_of(sent), data)
    assert first["Location"] == second["Location"]
    assert sent.resends.count() == 1


def test_a_new_form_sends_once_more(staff_client, sent):
    tokens = {token_in(staff_client.get(address_of(sent)).content.decode()) for _form in range(2)}
    assert len(tokens) == 2
    for token in tokens:
        staff_client.post(address_of(sent), {"reason": "Kom ikke fram.", "token": token})
    assert sent.resends.count() == 2


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"reason": "  "}, {"reason": "x" * 501}, {"token": ""}, {"token": "mine"}]
)
def test_bad_input_sends_nothing_and_keeps_what_was_typed(staff_client, sent, change):
    data = {"reason": "Kom ikke fram.", "token": str(uuid.uuid4())} | change
    answer = staff_client.post(address_of(sent), data)
    assert answer.status_code == 200
    assert not sent.resends.exists()
    assert answer.context["form"].errors
    assert answer.context["form"]["reason"].value() == data["reason"]


def test_a_code_is_never_sent_again(staff, staff_client, post, server):
    code = post(text=mails.CODE, values={"kode": "X7K2"}, now=timezone.now())
    delivery.drain(now=timezone.now())
    staff_client.post(address_of(code), {"reason": "Kom ikke fram.", "token": str(uuid.uuid4())})
    assert Message.objects.count() == 1
    with pytest.raises(ValueError, match="cannot be sent again"):
        posting.resend(code, reason="-", token="t", by=staff, now=timezone.now())


def test_what_still_waits_is_not_sent_again(staff_client, post):
    waiting = post(now=timezone.now())
    assert (
        "Send på nytt"
        not in staff_client.get(reverse("admin:outbox_message_change", args=[waiting.pk])).content.decode()
    )
    staff_client.post(address_of(waiting), {"reason": "Haster.", "token": str(uuid.uuid4())})
    assert Message.objects.count() == 1


def test_what_expired_may_go_again_and_then_has_no_end(staff, post):
    now = timezone.now()
    expired = post(now=now, expires_at=now - timedelta(minutes=1))
    assert posting.resend(expired, reason="-", token="t", by=staff, now=now).expires_at is None


def test_a_given_up_mail_sent_again_is_no_longer_counted(staff, staff_client, post, server):
    message = post(now=timezone.now())
    server.refuse(message.to, 550)
    delivery.drain(now=timezone.now())
    message.refresh_from_db()
    address = reverse("admin:outbox_message_changelist")
    assert staff_client.get(address).context["health"].given_up == 1
    posting.resend(message, reason="-", token="t", by=staff, now=timezone.now())
    assert staff_client.get(address).context["health"].given_up == 0


def test_reading_staff_do_not_send(staff, staff_client, sent):
    staff.is_superuser = False
    staff.save()
    staff.user_permissions.set(_permissions("view_message"))
    assert staff_client.get(reverse("admin:outbox_message_change", args=[sent.pk])).status_code == 200
    data = {"reason": "Kom ikke fram.", "token": str(uuid.uuid4())}
    assert staff_client.post(address_of(sent), data).status_code == 403
    assert not sent.resends.exists()


def _permissions(codename: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="outbox", codename=codename)
