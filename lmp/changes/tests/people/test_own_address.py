"""A person changes their own address: a code to the new one, then it is shown what happens, then it is done."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from accounts.authentication import second_factor
from accounts.models import User
from accounts.tests.conftest import code_in, leads_to, signed_in_by_code
from conftest import make_user
from lmp.changes.tests.people.conftest import NEW
from outbox.models import Message

PAGE = "/konto/adresse/"
LONG_AGO = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)


def code() -> str:
    return code_in(Message.objects.filter(text_name="changes.address_code").latest("pk"))


def proved(client: Client, new: str = NEW) -> Client:
    client.post(PAGE, {"email": new})
    client.post(PAGE, {"code": code()})
    return client


@pytest.fixture
def hanne(head) -> Client:
    return signed_in_by_code(head)


def test_the_whole_way(hanne, head, place):
    assert PAGE in hanne.get("/konto/").content.decode()
    assert leads_to(hanne.post(PAGE, {"email": f" {NEW.upper()} "})) == PAGE
    sent = Message.objects.get()
    assert (sent.to, sent.recipient, sent.secret) == (NEW, None, True)
    assert "Hanne" not in sent.subject + sent.body  # it may be somebody else's mailbox
    assert NEW in hanne.get(PAGE).content.decode()
    assert leads_to(hanne.post(PAGE, {"code": code()})) == PAGE
    page = hanne.get(PAGE).content.decode()
    assert "Ingenting er lagret ennå" in page
    assert "1. samling" in page
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"
    done = hanne.post(PAGE, {"_confirmed": "1"}, follow=True)
    head.refresh_from_db()
    assert head.email == NEW
    assert f"E-postadressen din er nå {NEW}." in done.content.decode()  # still signed in
    assert Message.objects.filter(text_name="changes.address_changed").count() == 2


def test_other_devices_are_signed_out(hanne, head):
    elsewhere = signed_in_by_code(head)
    proved(hanne).post(PAGE, {"_confirmed": "1"})
    assert hanne.get("/konto/").status_code == 200
    assert elsewhere.get("/konto/").status_code == 302


def test_pressed_twice_and_gone_back(hanne, head):
    proved(hanne)
    hanne.post(PAGE, {"_confirmed": "1"})
    again = hanne.post(PAGE, {"_confirmed": "1"}, follow=True)
    assert again.status_code == 200
    assert User.objects.get(pk=head.pk).address_changes.count() == 1


def test_a_typing_error_changes_nothing(hanne, head):
    hanne.post(PAGE, {"email": "hanne@exmaple.no"})
    assert hanne.get(PAGE).status_code == 200
    hanne.post(PAGE, {"_confirmed": "1"})
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"
    assert leads_to(hanne.post(PAGE, {"_back": "1"})) == PAGE
    assert 'name="email"' in hanne.get(PAGE).content.decode()


def test_a_wrong_code_three_times(hanne, head):
    hanne.post(PAGE, {"email": NEW})
    right = code()
    wrong = "0000-0000" if right != "0000-0000" else "1111-1111"
    assert [hanne.post(PAGE, {"code": wrong}).status_code for _time in range(3)] == [422, 422, 302]
    hanne.post(PAGE, {"code": right})
    hanne.post(PAGE, {"_confirmed": "1"})
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"


def test_the_code_has_an_end(clock, head):
    hanne = signed_in_by_code(head)
    hanne.post(PAGE, {"email": NEW})
    right = code()
    clock.shift(timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT + 1))
    page = hanne.post(PAGE, {"code": right}, follow=True)
    assert "Koden gjelder ikke lenger" in page.content.decode()
    # By then it is as long since they signed in: that is asked about first.
    assert page.redirect_chain[-1][0].startswith("/konto/bekreft/")


def test_only_the_last_code_counts(hanne):
    hanne.post(PAGE, {"email": NEW})
    first = code()
    hanne.post(PAGE, {"again": "1"})
    assert code() != first
    assert hanne.post(PAGE, {"code": first}).status_code == 422
    assert hanne.post(PAGE, {"code": code()}).status_code == 302


def test_the_code_is_for_who_asked(hanne, head, contact):
    hanne.post(PAGE, {"email": NEW})
    asked = hanne.session["new_address"]
    hanne.force_login(contact)
    session = hanne.session
    session["new_address"] = asked  # as if it had not gone with the session
    session.save()
    assert 'name="code"' not in hanne.get(PAGE).content.decode()


def test_shows_again_who_they_are_when_it_is_long_ago(clock, head):
    hanne = signed_in_by_code(head)
    proved(hanne)
    clock.shift(LONG_AGO)
    assert leads_to(hanne.post(PAGE, {"_confirmed": "1"})) == f"/konto/bekreft/?next={PAGE}"
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"
    hanne.post(f"/konto/bekreft/?next={PAGE}")
    hanne.post(f"/konto/bekreft/?next={PAGE}", {"code": code_in(Message.objects.latest("pk"))})
    hanne.post(PAGE, {"_confirmed": "1"})
    head.refresh_from_db()
    assert head.email == NEW


def test_who_it_is_is_asked_before_the_new_address(clock, head):
    hanne = signed_in_by_code(head)
    assert hanne.get(PAGE).status_code == 200
    clock.shift(LONG_AGO)
    assert leads_to(hanne.get(PAGE)) == f"/konto/bekreft/?next={PAGE}"
    hanne.post(f"/konto/bekreft/?next={PAGE}")
    hanne.post(f"/konto/bekreft/?next={PAGE}", {"code": code_in(Message.objects.latest("pk"))})
    proved(hanne)
    hanne.post(PAGE, {"_confirmed": "1"})  # without one more code
    head.refresh_from_db()
    assert head.email == NEW


def test_what_was_typed_when_it_got_long_ago_is_not_lost(clock, head):
    hanne = signed_in_by_code(head)
    clock.shift(LONG_AGO)
    hanne.post(PAGE, {"email": NEW})
    assert NEW in hanne.get(PAGE).content.decode()


def test_staff_need_their_second_factor(client, staff):
    client.force_login(staff)
    assert client.get(PAGE).url.startswith("/konto/to-trinn/")
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    assert client.get(PAGE).status_code == 200


def test_an_address_that_is_anothers_is_told_after_the_code(hanne, head, contact):
    """Nobody learns whose an address is before they have shown that they read its mail."""
    page = hanne.post(PAGE, {"email": contact.email}, follow=True).content.decode()
    assert "tilhører" not in page
    hanne.post(PAGE, {"code": code()})
    page = hanne.get(PAGE)
    assert page.status_code == 422
    assert "Adressen tilhører Kari Kontakt. Er det samme person, skriver du til" in page.content.decode()
    head.refresh_from_db()
    assert head.email == "hanne.styrer@example.no"


@pytest.mark.any_database
@pytest.mark.parametrize(
    "email", ["", "ikke en adresse", "a@example.no\r\nBcc: b@example.no", "hanne.styrer@example.no"]
)
def test_bad_input_keeps_what_was_typed(hanne, email):
    page = hanne.post(PAGE, {"email": email})
    assert page.status_code == 422
    assert page.context["form"]["email"].value() == email
    assert not Message.objects.exists()


def test_too_many_codes(head):
    hanne = signed_in_by_code(head)
    for number in range(10):
        hanne.post(PAGE, {"email": f"ny{number}@example.no"})
        hanne.post(PAGE, {"_back": "1"})
    page = hanne.post(PAGE, {"email": "enda.en@example.no"})
    assert page.status_code == 422
    assert "mange koder" in page.content.decode()
    assert Message.objects.count() == 10


def test_locked_addresses_lead_here(client, contact, welcomed):
    client.force_login(contact)
    page = client.get(f"/kontakt/{contact.contacts.get().pk}/endre/").content.decode()
    assert f'href="{PAGE}"' in page


def test_everybody_has_their_own_page_only(client, db):
    assert leads_to(client.get(PAGE)).startswith("/konto/logg-inn/")
    someone = signed_in_by_code(make_user("noen@example.no", "Noen"))
    assert "noen@example.no" in someone.get(PAGE).content.decode()
