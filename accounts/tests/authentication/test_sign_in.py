"""Signing in by a code sent to one's address."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from accounts.tests.conftest import ADDRESS, code_in
from outbox.models import Message, ReturnReason
from outbox.returns import addresses

CODE_PAGE = "/konto/logg-inn/kode/"


def enter(client, code, next="/konto/", **extra):
    return client.post(f"{CODE_PAGE}?next={next}", {"code": code}, **extra)


def test_code_lets_in_and_leads_on(client, kari, ask, latest_code):
    page = ask(next="/konto/last-ned/")
    assert page.redirect_chain == [(f"{CODE_PAGE}?next=%2Fkonto%2Flast-ned%2F", 302)]
    response = enter(client, latest_code(), next="/konto/last-ned/")
    assert response.url == "/konto/last-ned/"
    assert client.session["_auth_user_id"] == str(kari.pk)


def test_the_mail_is_secret_expires_and_names_the_person(kari, ask):
    before = timezone.now()
    ask()
    mail = Message.objects.get()
    assert (mail.to, mail.secret, mail.about, mail.language) == (ADDRESS, True, kari, "nb")
    assert timedelta(minutes=14) < mail.expires_at - before <= timedelta(minutes=16)
    assert code_in(mail) not in mail.subject + mail.key + mail.why


def test_mail_and_page_are_in_nynorsk_for_who_chose_it(client, kari, ask):
    kari.choose_language("nn")
    ask()
    mail = Message.objects.get()
    assert mail.language == "nn"
    assert "Ikkje gi han til nokon" in mail.body


def test_mail_follows_the_page_for_who_has_not_chosen(client, kari, ask):
    client.cookies["language"] = "nn"
    ask()
    assert Message.objects.get().language == "nn"


def test_code_works_without_the_dash_and_with_spaces(client, kari, ask, latest_code):
    ask()
    assert enter(client, f" {latest_code().replace('-', ' ')} ").status_code == 302
    assert "_auth_user_id" in client.session


def test_address_in_capitals_is_the_same_person(client, kari, ask, latest_code):
    ask(ADDRESS.upper())
    assert Message.objects.get().to == ADDRESS
    enter(client, latest_code())
    assert client.session["_auth_user_id"] == str(kari.pk)


def test_session_key_changes_on_sign_in(client, kari, ask, latest_code):
    ask()
    before = client.session.session_key
    enter(client, latest_code())
    assert client.session.session_key != before


def test_wrong_code_is_told_and_three_end_the_attempt(client, kari, ask, latest_code):
    ask()
    code = latest_code()
    wrong = "0000-0000" if code != "0000-0000" else "1111-1111"
    first = enter(client, wrong)
    assert first.status_code == 200
    assert "Koden er ikke riktig" in first.content.decode()
    enter(client, wrong)
    last = enter(client, wrong, follow=True)
    assert last.redirect_chain[0][0] == "/konto/logg-inn/?next=%2Fkonto%2F"
    assert "Koden er skrevet feil for mange ganger" in last.content.decode()
    assert enter(client, code).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.any_database
@pytest.mark.parametrize("code", ["", " ", "x" * 31, "æøå", "0000\r\n0000", "٠١٢٣٤٥٦٧"])
def test_code_that_is_none_is_refused_in_the_page(client, kari, ask, code):
    ask()
    response = enter(client, code)
    assert response.status_code == 200
    assert response.context["form"].errors["code"]
    assert "_auth_user_id" not in client.session


def test_code_cannot_be_used_again(client, kari, ask, latest_code):
    ask()
    code = latest_code()
    enter(client, code)
    client.post("/konto/logg-ut/")
    response = enter(client, code, follow=True)
    assert "_auth_user_id" not in client.session
    assert "Koden gjelder ikke lenger" in response.content.decode()


def test_code_is_bound_to_the_browser_that_asked(client, kari, ask, latest_code):
    ask()
    code = latest_code()
    stranger = type(client)()
    assert enter(stranger, code).url.startswith("/konto/logg-inn/")
    assert "_auth_user_id" not in stranger.session


def test_code_expires_after_fifteen_minutes(client, kari, ask, latest_code):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask()
        clock.shift(timedelta(minutes=15, seconds=1))
        response = enter(client, latest_code(), follow=True)
    assert "Koden gjelder ikke lenger" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_code_of_another_address_does_not_work(client, kari, ask, latest_code):
    User.objects.create_user("ola@example.no")
    ask()
    karis = latest_code()
    ask("ola@example.no")
    assert enter(client, karis).status_code == 200
    assert "_auth_user_id" not in client.session


def test_two_tabs_the_last_code_counts_in_both(client, kari, ask, latest_code):
    ask()
    first = latest_code()
    ask()
    assert enter(client, first).status_code == 200
    assert enter(client, latest_code()).status_code == 302
    assert "_auth_user_id" in client.session
    # The other tab still shows the page for the code
    assert enter(client, latest_code()).url == "/konto/"


def test_going_back_shows_the_form_and_the_way_on(client, kari, ask):
    ask()
    page = client.get("/konto/logg-inn/?next=/konto/")
    assert page.status_code == 200
    assert f'href="{CODE_PAGE}?next=%2Fkonto%2F"' in page.content.decode()
    assert ADDRESS in page.content.decode()


def test_signed_in_person_is_led_on_from_the_sign_in_page(client, kari):
    client.force_login(kari)
    assert client.get("/konto/logg-inn/?next=/konto/last-ned/").url == "/konto/last-ned/"


def test_new_code_replaces_the_old_and_lives_from_then(client, kari, ask, latest_code):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask()
        old = latest_code()
        clock.shift(timedelta(minutes=10))
        page = client.post(f"{CODE_PAGE}?next=/konto/", {"action": "resend"}, follow=True)
        assert "Vi har sendt en ny kode" in page.content.decode()
        assert enter(client, old).status_code == 200
        clock.shift(timedelta(minutes=10))
        assert enter(client, latest_code()).url == "/konto/"


def test_only_two_new_codes_are_sent(client, kari, ask):
    ask()
    for _again in range(4):
        client.post(CODE_PAGE, {"action": "resend"})
    assert Message.objects.count() == 3
    assert "Send en ny kode" not in client.get(CODE_PAGE).content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "email",
    ["", "kari", "kari@", "kari@example.no\r\nBcc: alle@example.no", f"{'a' * 250}@example.no", "<script>@example.no"],
)
def test_address_that_is_none_is_refused_and_kept_in_the_field(client, kari, ask, email):
    page = ask(email)
    assert page.status_code == 200
    assert page.context["form"].errors["email"]
    assert not Message.objects.exists()
    assert "<script>@" not in page.content.decode()


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_leads_to_no_other_site(client, kari, ask, latest_code, next):
    ask(next=next)
    response = enter(client, latest_code(), next=next)
    assert "evil" not in response.url
    assert "javascript" not in response.url


def test_fields_help_the_browser_to_fill_them_in(client, kari, ask):
    page = client.get("/konto/logg-inn/").content.decode()
    assert 'autocomplete="email"' in page
    assert 'inputmode="email"' in page
    page = ask().content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page


def test_sign_out_takes_a_post(client, kari):
    client.force_login(kari)
    assert client.get("/konto/logg-ut/").status_code == 200
    assert "_auth_user_id" in client.session
    response = client.post("/konto/logg-ut/", follow=True)
    assert response.redirect_chain == [("/konto/logg-inn/", 302)]
    assert "Du er logget ut" in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("typed", ["", "   ", "-"])
def test_an_empty_code_is_no_attempt(client, kari, ask, latest_code, typed):
    ask(ADDRESS)
    for _press in range(5):
        page = client.post(CODE_PAGE, {"code": typed})
        assert page.status_code in (200, 422)
        assert "Skriv koden fra e-posten." in page.content.decode()
    assert client.post(CODE_PAGE, {"code": latest_code()}).status_code == 302
    assert client.session.get("_auth_user_id") == str(kari.pk)


def test_two_empty_presses_and_a_slip_leave_two_tries(client, kari, ask, latest_code):
    """A33: the three together locked the person out."""
    ask()
    for typed in ("", "", "0000-0000"):
        enter(client, typed)
    assert enter(client, latest_code()).status_code == 302
    assert "_auth_user_id" in client.session


def test_whoever_used_up_a_code_has_a_new_one_at_once(client, kari, ask, latest_code):
    """A33: «Vent noen minutter og prøv igjen», and a new code could be had at once."""
    ask()
    for _slip in range(3):
        page = enter(client, "0000-0000", follow=True)
    said = page.content.decode()
    assert "Koden er skrevet feil for mange ganger, og gjelder ikke lenger. Be om en ny." in said
    assert "Vent" not in said
    ask()
    assert enter(client, latest_code()).status_code == 302
    assert "_auth_user_id" in client.session


def test_a_code_that_is_used_says_that_the_address_works(client, kari, ask, latest_code):
    now = timezone.now()
    addresses.bury(kari.email, ReturnReason.UNKNOWN, sent_at=now, now=now)
    ask()
    assert addresses.dead_of([kari.email])
    enter(client, latest_code())
    assert not addresses.dead_of([kari.email])
