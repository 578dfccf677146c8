"""Staff's list of mails and the page of one."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox import delivery
from outbox.models import Message
from outbox.tests import mails
from parts.files import File

LIST = "admin:outbox_message_changelist"


def page_of(message: Message) -> str:
    return reverse("admin:outbox_message_change", args=[message.pk])


@pytest.fixture
def group(db):
    return Group.objects.create(name="Saken det gjelder")


def test_the_list_shows_who_what_about_what_and_the_state(staff_client, post, group):
    post(about=group, now=timezone.now())
    page = staff_client.get(reverse(LIST)).content.decode()
    assert "kari@eksempelby.example" in page
    assert "Frist for Eksempelby" in page
    assert "Venter" in page
    assert f'<a href="{reverse("admin:auth_group_change", args=[group.pk])}">Saken det gjelder</a>' in page


def test_the_list_asks_the_same_however_long_it_is(staff_client, post, group):
    counted = []
    for rows in (2, 20):
        for number in range(rows):
            post(f"reminder:{number}", about=group, now=timezone.now())
        staff_client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            staff_client.get(reverse(LIST))
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 10


@pytest.fixture
def one_of_each(post, server):
    now = timezone.now()
    server.refuse("given_up@example.no", 550, "5.1.1 ukjent")
    server.refuse("retrying@example.no", 450)
    for state in ("sent", "given_up", "retrying"):
        post(state, to=f"{state}@example.no", now=now)
    delivery.drain(now=now)
    post("waiting", to="waiting@example.no", now=now)
    post("expired", to="expired@example.no", now=now, expires_at=now - timedelta(minutes=1))
    sending = post("sending", to="sending@example.no", now=now, text=mails.CODE, values={"kode": "X7K2"})
    Message.objects.filter(pk=sending.pk).update(claim="1" * 32, claimed_until=now + timedelta(minutes=5))


@pytest.mark.parametrize("state", ["waiting", "sending", "retrying", "sent", "given_up", "expired"])
def test_the_list_is_narrowed_by_state(staff_client, one_of_each, state):
    rows = staff_client.get(reverse(LIST), {"state": state}).context["cl"].result_list
    assert [message.to for message in rows] == [f"{state}@example.no"]


def test_the_list_is_narrowed_by_text_and_searched(staff_client, one_of_each):
    address = reverse(LIST)
    rows = staff_client.get(address, {"text": mails.CODE.name}).context["cl"].result_list
    assert [message.to for message in rows] == ["sending@example.no"]
    rows = staff_client.get(address, {"q": "expired@"}).context["cl"].result_list
    assert [message.to for message in rows] == ["expired@example.no"]


@pytest.mark.parametrize("value", ["nonsense", "", "sent'--"])
def test_a_state_that_is_none_narrows_nothing(staff_client, one_of_each, value):
    assert len(staff_client.get(reverse(LIST), {"state": value}).context["cl"].result_list) == 6


def test_nobody_adds_changes_or_deletes_a_mail(staff_client, post):
    message = post()
    assert staff_client.get(reverse(LIST) + "add/").status_code == 404
    assert staff_client.get(reverse(LIST) + f"{message.pk}/delete/").status_code == 404
    before = Message.objects.values().get()
    staff_client.post(page_of(message), {"subject": "Endret", "to": "x@example.no"})
    staff_client.post(reverse(LIST), {"action": "delete_selected", "_selected_action": message.pk})
    assert Message.objects.values().get() == before


def test_staff_without_permission_see_nothing(staff, staff_client, post):
    message = post()
    staff.is_superuser = False
    staff.save()
    for address in (
        reverse(LIST),
        page_of(message),
        reverse("admin:outbox_message_resend", args=[message.pk]),
    ):
        assert staff_client.get(address).status_code == 403


def test_a_stranger_is_sent_away(client, stranger, post):
    message = post()
    client.force_login(stranger)
    for address in (reverse(LIST), page_of(message)):
        assert client.get(address).status_code == 302


def test_the_page_shows_the_text_as_the_recipient_saw_it(staff_client, post, now):
    values = {"kommune": "<script>alert(1)</script>", "frist": "3. mai", "enheter": ["En & annen"]}
    message = post(values=values, attachments=[File("brev.pdf", "application/pdf", b"%PDF")])
    page = staff_client.get(page_of(message)).content.decode()
    assert "<script>alert(1)" not in page
    assert "Fristen for &lt;script&gt;alert(1)&lt;/script&gt; er 3. mai." in page
    assert "Har ikke svart." in page
    file = message.attachments.get()
    answer = staff_client.get(reverse("admin:outbox_message_file", args=[message.pk, file.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF"
    assert answer["Content-Disposition"] == 'attachment; filename="brev.pdf"'


def test_the_page_says_what_went_wrong(staff_client, one_of_each):
    message = Message.objects.get(to="given_up@example.no")
    page = staff_client.get(page_of(message)).content.decode()
    assert "550 5.1.1 ukjent" in page
    assert "Gitt opp" in page


def test_a_secret_is_not_shown(staff_client, post):
    message = post(text=mails.CODE, values={"kode": "X7K2"}, now=timezone.now())
    for address in (page_of(message), reverse(LIST)):
        assert "X7K2" not in staff_client.get(address).content.decode()


def test_the_secret_is_not_found_by_search(staff_client, post):
    post(text=mails.CODE, values={"kode": "X7K2"}, now=timezone.now())
    assert not staff_client.get(reverse(LIST), {"q": "X7K2"}).context["cl"].result_list


def test_a_mail_that_is_not_there(staff_client, db):
    assert staff_client.get(reverse("admin:outbox_message_change", args=[12345])).status_code == 404


def test_the_list_says_that_the_server_does_not_answer_and_stops_when_it_does(staff_client, post, server):
    post("a", now=timezone.now())
    assert "ikke svart siden" not in staff_client.get(reverse(LIST)).content.decode()
    server.down = TimeoutError("timed out")
    delivery.drain(now=timezone.now())
    assert "ikke svart siden" in staff_client.get(reverse(LIST)).content.decode()
    server.down = None
    post("b", now=timezone.now())
    delivery.drain(now=timezone.now())
    assert Message.objects.filter(sent_at=None, failure="connection").exists()
    assert "ikke svart siden" not in staff_client.get(reverse(LIST)).content.decode()


def test_the_list_says_when_no_worker_runs(staff_client, post):
    post(now=timezone.now() - timedelta(minutes=9))
    assert "uten å bli prøvd" not in staff_client.get(reverse(LIST)).content.decode()
    post("older", now=timezone.now() - timedelta(minutes=11))
    assert "uten å bli prøvd" in staff_client.get(reverse(LIST)).content.decode()


def test_the_list_counts_what_waits_and_what_is_given_up(staff_client, one_of_each):
    health = staff_client.get(reverse(LIST)).context["health"]
    assert (health.waiting, health.given_up) == (3, 1)
