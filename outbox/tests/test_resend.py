"""Send again: with a reason, once a form, under a Message-ID of its own, and never a code."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_user
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


@pytest.mark.any_database
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


@pytest.mark.parametrize(
    ("language", "arrived", "bounced", "unsent"),
    [
        ("nb", "gikk til", "kom ikke fram til", "ble ikke sendt til"),
        ("nn", "gjekk til", "kom ikkje fram til", "blei ikkje sendt til"),
    ],
)
def test_it_says_what_became_of_it(staff, staff_client, post, server, language, arrived, bounced, unsent):
    staff.choose_language(language)
    now = timezone.now()
    message = post(now=now)
    for said, facts in (
        (arrived, {"sent_at": now, "given_up_at": None}),
        (bounced, {"sent_at": None, "given_up_at": now}),
        (unsent, {"given_up_at": None, "expires_at": now}),
    ):
        Message.objects.filter(pk=message.pk).update(**facts)
        assert f"{said} {message.to}." in staff_client.get(address_of(message)).content.decode()


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


@pytest.fixture
def person(db):
    return make_user("ida.lie@example.no", "Ida Lie")


@pytest.fixture
def sent_to_person(post, person, server):
    values = {"kommune": "Eksempelby", "frist": "3. mai", "enheter": ["Logg inn med ida.lie@example.no."]}
    letter = [File("brev.pdf", "application/pdf", b"%PDF")]
    message = post("letter", to=person, values=values, now=timezone.now(), attachments=letter)
    delivery.drain(now=timezone.now())
    message.refresh_from_db()
    return message


def test_it_goes_to_the_address_the_person_has_now_and_says_so_before(staff, staff_client, sent_to_person, person):
    page = staff_client.get(address_of(sent_to_person)).content.decode()
    assert "gikk til ida.lie@example.no" in page
    assert "Sendes nå til ida.lie@example.no en gang til, uendret." in page
    assert 'name="to"' not in page
    person.change_email("ida.vik@example.no", by=staff, now=timezone.now())
    page = staff_client.get(address_of(sent_to_person)).content.decode()
    assert "gikk til ida.lie@example.no" in page
    assert "Sendes nå til ida.vik@example.no, som er adressen Ida Lie har i dag." in page
    staff_client.post(address_of(sent_to_person), {"reason": "Ny adresse.", "token": token_in(page)})
    again = sent_to_person.resends.get()
    assert (again.to, again.recipient) == ("ida.vik@example.no", person)
    assert bytes(again.attachments.get().content) == b"%PDF"


def test_the_address_in_the_text_is_the_one_that_signs_in_now(staff, sent_to_person, person):
    person.change_email("ida.vik@example.no", by=staff, now=timezone.now())
    again = posting.resend(sent_to_person, reason="-", token="t", by=staff, now=timezone.now())
    for before, after in ((sent_to_person.body, again.body), (sent_to_person.html, again.html)):
        assert "ida.lie@example.no." in before
        assert "ida.lie@example.no" not in after
        assert "ida.vik@example.no." in after


@pytest.mark.parametrize("longer", ["linida.lie@example.no", "ida.lie@example.no.example", "ida.lie@example.noe"])
def test_another_address_that_looks_alike_stays(staff, post, person, server, longer):
    values = {"kommune": "Eksempelby", "frist": "3. mai", "enheter": [f"Ring {longer}"]}
    message = post("alike", to=person, values=values, now=timezone.now())
    delivery.drain(now=timezone.now())
    message.refresh_from_db()
    person.change_email("ny@example.no", by=staff, now=timezone.now())
    assert longer in posting.resend(message, reason="-", token="t", by=staff, now=timezone.now()).body


def test_who_got_another_address_meanwhile_is_looked_at_again(staff, staff_client, sent_to_person, person):
    page = staff_client.get(address_of(sent_to_person)).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    data = {"reason": "Kom ikke fram.", "token": token_in(page), "seen": seen}
    person.change_email("ida.vik@example.no", by=staff, now=timezone.now())
    page = staff_client.post(address_of(sent_to_person), data).content.decode()
    assert "Personen har fått en annen adresse siden du så den." in page
    assert ">\nKom ikke fram.</textarea>" in page
    assert not sent_to_person.resends.exists()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    staff_client.post(address_of(sent_to_person), data | {"seen": seen})
    assert sent_to_person.resends.get().to == "ida.vik@example.no"


def test_what_was_written_to_no_person_may_go_to_another_address(staff_client, sent):
    page = staff_client.get(address_of(sent)).content.decode()
    assert f'name="to" value="{sent.to}"' in page
    staff_client.post(address_of(sent), {"reason": "Feil adresse.", "token": token_in(page), "to": " Ny@Example.no"})
    again = sent.resends.get()
    assert (again.to, again.recipient, again.body) == ("ny@example.no", None, sent.body)


def test_what_was_written_to_a_person_may_not(staff, staff_client, sent_to_person, person):
    data = {"reason": "-", "token": str(uuid.uuid4()), "to": "en.annen@example.no"}
    staff_client.post(address_of(sent_to_person), data)
    assert sent_to_person.resends.get().to == person.email
    with pytest.raises(ValueError, match="goes to its recipient"):
        posting.resend(sent_to_person, reason="-", token="t", to="en.annen@example.no", by=staff, now=timezone.now())
