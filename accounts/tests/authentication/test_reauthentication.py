"""Showing again who one is, by a code sent to the address: for those without a second factor."""

import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from accounts.tests.conftest import ADDRESS, app_code, code_in, leads_to, signed_in_by_code
from outbox.models import Message

PAGE = "/konto/bekreft/"
FACTOR = "/konto/to-trinn/bekreft/"
APP = "/konto/to-trinn/app/"
PASSKEY = "/konto/to-trinn/passnokler/ny/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONG_AGO = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("boss@example.no", name="Åse Øverst")


@pytest.fixture
def waiting(clock, kari) -> Client:
    """Kari, asked for a code that was sent, on her way to add an app."""
    client = signed_in_by_code(kari)
    clock.shift(LONG_AGO)
    assert leads_to(client.get(APP)) == f"{PAGE}?next={APP}"
    client.post(f"{PAGE}?next={APP}")
    return client


def enter(client, code, next=APP, **extra):
    return client.post(f"{PAGE}?next={next}", {"code": code}, **extra)


def wrong(code: str) -> str:
    return "0000-0000" if code != "0000-0000" else "1111-1111"


def passkey_of(user) -> Authenticator:
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon"})


@pytest.mark.parametrize("person", ["kari", "boss"])
@pytest.mark.parametrize("path", [APP, PASSKEY])
def test_whoever_has_just_signed_in_is_not_asked(request, person, path):
    assert signed_in_by_code(request.getfixturevalue(person)).get(path).status_code == 200


@pytest.mark.parametrize("person", ["kari", "boss"])
@pytest.mark.parametrize("path", [APP, PASSKEY])
def test_after_a_while_a_code_is_asked_for_and_leads_back(request, clock, latest_code, person, path):
    user = request.getfixturevalue(person)
    client = signed_in_by_code(user)
    clock.shift(LONG_AGO)
    assert leads_to(client.get(path)) == f"{PAGE}?next={path}"
    page = client.get(f"{PAGE}?next={path}").content.decode()
    assert user.email in page
    assert not Message.objects.exists()
    sent = client.post(f"{PAGE}?next={path}", follow=True)
    assert 'autocomplete="one-time-code"' in sent.content.decode()
    assert enter(client, latest_code(), next=path).url == path
    assert client.get(path).status_code == 200
    clock.shift(LONG_AGO)
    assert leads_to(client.get(path)) == f"{PAGE}?next={path}"


@pytest.mark.parametrize("path", ["/konto/to-trinn/", "/konto/to-trinn/passnokler/", "/konto/"])
def test_pages_that_change_nothing_do_not_ask(clock, kari, path):
    client = signed_in_by_code(kari)
    clock.shift(LONG_AGO)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_in_allauths_own_table_changes_nothing(clock, kari, latest_code, verified):
    EmailAddress.objects.create(user=kari, email=kari.email, primary=True, verified=verified)
    client = signed_in_by_code(kari)
    assert client.get(APP).status_code == 200
    clock.shift(LONG_AGO)
    assert leads_to(client.get(APP)) == f"{PAGE}?next={APP}"
    client.post(f"{PAGE}?next={APP}")
    assert enter(client, latest_code()).url == APP
    assert client.get(APP).status_code == 200


def test_nor_for_whoever_has_a_factor(clock, kari):
    EmailAddress.objects.create(user=kari, email=kari.email, primary=True, verified=True)
    TOTP.activate(kari, SECRET)
    client = signed_in_by_code(kari)
    remove = "/konto/to-trinn/app/fjern/"
    assert leads_to(client.get(remove)) == f"{FACTOR}?next={remove}"
    assert client.post(f"{FACTOR}?next={remove}", {"code": app_code(SECRET)}).url == remove
    assert client.get(remove).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "app/fjern/",
        "reservekoder/",
        "reservekoder/nye/",
        "passnokler/ny/",
        "passnokler/{key}/endre/",
        "passnokler/{key}/fjern/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_mailed_code_is_not_enough_for_whoever_has_a_factor(clock, kari, latest_code, path, method):
    TOTP.activate(kari, SECRET)
    RecoveryCodes.activate(kari)
    path = f"/konto/to-trinn/{path.format(key=passkey_of(kari).pk)}"
    client = signed_in_by_code(kari)  # just now, but by the mail alone
    if method == "GET" or path != "/konto/to-trinn/reservekoder/":  # that one takes no POST
        assert leads_to(client.generic(method, path)) == f"{FACTOR}?next={path}"
    assert leads_to(client.get(f"{PAGE}?next={path}")) == f"{FACTOR}?next={path}"
    assert leads_to(client.post(f"{PAGE}?next={path}")) == f"{FACTOR}?next={path}"
    assert not Message.objects.exists()
    assert client.get(path).status_code == 302
    assert Authenticator.objects.count() == 3


@pytest.mark.parametrize("path", ["app/fjern/", "reservekoder/nye/", "passnokler/{key}/endre/"])
def test_the_factor_leads_back_to_each_page_and_lasts_as_long(clock, kari, path):
    TOTP.activate(kari, SECRET)
    RecoveryCodes.activate(kari)
    path = f"/konto/to-trinn/{path.format(key=passkey_of(kari).pk)}"
    client = signed_in_by_code(kari)
    for _each in range(2):
        assert leads_to(client.get(path)) == f"{FACTOR}?next={path}"
        assert client.post(f"{FACTOR}?next={path}", {"code": app_code(SECRET)}).url == path
        assert client.get(path).status_code == 200
        clock.shift(LONG_AGO)


def test_signing_in_with_the_factor_counts_too(clock, kari, ask, client, latest_code):
    TOTP.activate(kari, SECRET)
    ask()
    client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    client.post("/konto/to-trinn/kode/", {"code": app_code(SECRET)})
    assert client.get("/konto/to-trinn/app/fjern/").status_code == 200
    clock.shift(LONG_AGO)
    assert client.get("/konto/to-trinn/app/fjern/").url.startswith(FACTOR)


def test_a_provider_that_asked_for_a_factor_counts_and_another_does_not(clock, kari):
    TOTP.activate(kari, SECRET)
    client = signed_in_by_code(kari)
    session = client.session
    record = {"method": "socialaccount", "provider": "entra", "uid": "1", "at": time.time()}
    session["account_authentication_methods"] = [record]
    session.save()
    assert client.get("/konto/to-trinn/app/fjern/").url.startswith(FACTOR)
    session = client.session
    second_factor.remember(session, kari, kind=second_factor.BY_PROVIDER)
    session.save()
    assert client.get("/konto/to-trinn/app/fjern/").status_code == 200
    clock.shift(LONG_AGO)
    assert client.get("/konto/to-trinn/app/fjern/").url.startswith(FACTOR)


def test_the_mail_is_secret_warns_and_expires(waiting, kari):
    mail = Message.objects.get()
    assert (mail.to, mail.secret, mail.about, mail.language) == (ADDRESS, True, kari, "nb")
    assert mail.expires_at - timezone.now() == timedelta(minutes=15)
    assert "Svar på denne e-posten med en gang" in mail.body
    assert code_in(mail) not in mail.subject + mail.key + mail.why


def test_page_and_mail_are_in_nynorsk_for_whoever_chose_it(clock, kari):
    kari.choose_language("nn")
    client = signed_in_by_code(kari)
    clock.shift(LONG_AGO)
    page = client.post(f"{PAGE}?next={APP}", follow=True).content.decode()
    assert "Stadfest at det er deg" in page
    assert Message.objects.get().language == "nn"


def test_the_code_itself_is_not_in_the_session(waiting, latest_code):
    assert not any(code in str(dict(waiting.session)) for code in (latest_code(), latest_code().replace("-", "")))


def test_wrong_codes_are_told_and_the_third_ends_it(waiting, latest_code):
    code = latest_code()
    for _each in range(2):
        page = enter(waiting, wrong(code))
        assert page.status_code == 200
        assert "Koden er ikke riktig" in page.content.decode()
    last = enter(waiting, wrong(code), follow=True).content.decode()
    assert "feil for mange ganger" in last
    assert "Send meg en kode" in last
    assert leads_to(enter(waiting, code)) == f"{PAGE}?next={APP}"
    assert leads_to(waiting.get(APP)) == f"{PAGE}?next={APP}"
    waiting.post(f"{PAGE}?next={APP}")
    assert enter(waiting, latest_code()).url == APP


@pytest.mark.any_database
@pytest.mark.parametrize("code", ["", " ", "x" * 31, "æøå", "0000\r\n0000", "٠١٢٣٤٥٦٧"])
def test_what_is_no_code_is_refused_in_the_page(waiting, code):
    page = enter(waiting, code)
    assert page.status_code == 200
    assert page.context["form"].errors["code"]
    assert waiting.get(APP).status_code == 302


def test_an_empty_field_is_no_guess(waiting, latest_code):
    for _each in range(5):
        enter(waiting, "")
    assert enter(waiting, latest_code()).url == APP


def test_code_works_without_the_dash_and_with_spaces(waiting, latest_code):
    assert enter(waiting, f" {latest_code().replace('-', ' ')} ").url == APP


@pytest.mark.parametrize(
    ("later", "works"), [(timedelta(minutes=14, seconds=59), True), (timedelta(minutes=15), False)]
)
def test_code_expires_after_fifteen_minutes(waiting, clock, latest_code, later, works):
    clock.shift(later)
    response = enter(waiting, latest_code(), follow=True)
    assert (response.redirect_chain[0][0] == APP) is works
    if not works:
        assert "Koden gjelder ikke lenger. Be om en ny." in response.content.decode()
        assert "Send meg en kode" in response.content.decode()
        assert waiting.get(APP).status_code == 302


def test_only_the_newest_code_works_and_lives_from_then(waiting, clock, latest_code):
    old = latest_code()
    clock.shift(timedelta(minutes=10))
    page = waiting.post(f"{PAGE}?next={APP}", follow=True).content.decode()
    assert "Bare den siste koden gjelder" in page
    assert enter(waiting, old).status_code == 200
    clock.shift(timedelta(minutes=10))
    assert enter(waiting, latest_code()).url == APP


def test_a_code_works_once(waiting, clock, latest_code):
    enter(waiting, latest_code())
    clock.shift(LONG_AGO)
    assert leads_to(enter(waiting, latest_code())) == f"{PAGE}?next={APP}"
    assert waiting.get(APP).status_code == 302


def test_a_code_is_of_one_session_and_one_person(waiting, clock, kari, boss, latest_code):
    other = signed_in_by_code(kari)
    clock.shift(LONG_AGO)
    enter(other, latest_code())
    assert other.get(APP).status_code == 302
    session = signed_in_by_code(boss).session
    session["reauthentication_code"] = waiting.session["reauthentication_code"]
    session.save()
    client = Client()
    client.cookies["sessionid"] = session.session_key
    clock.shift(LONG_AGO)
    enter(client, latest_code())
    assert client.get(APP).url.startswith(PAGE)


def test_a_code_for_signing_in_is_no_code_here(waiting, ask, latest_code):
    ask()
    assert enter(waiting, latest_code()).status_code == 200


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_leads_to_no_other_site(waiting, latest_code, next):
    assert enter(waiting, latest_code(), next=next).url == "/"
    assert waiting.get(f"{PAGE}?next={next}").url == "/"


def test_leading_to_itself_ends(waiting, latest_code):
    response = enter(waiting, latest_code(), next=f"{PAGE}?next={PAGE}", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == "/"


def test_what_was_posted_is_carried_out_afterwards(clock, kari, latest_code):
    client = signed_in_by_code(kari)
    secret = client.get(APP).context["form"].secret
    clock.shift(LONG_AGO)
    assert leads_to(client.post(APP, {"code": app_code(secret)})) == f"{PAGE}?next={APP}"
    client.post(f"{PAGE}?next={APP}")
    assert enter(client, latest_code()).url == "/konto/to-trinn/reservekoder/"
    assert TOTP(Authenticator.objects.get(user=kari, type="totp")).validate_code(app_code(secret, 1))


def test_an_app_code_that_grew_old_meanwhile_is_asked_for_again_with_the_same_key(clock, boss, latest_code):
    client = signed_in_by_code(boss)
    secret = client.get(APP).context["form"].secret
    clock.shift(LONG_AGO)
    client.post(APP, {"code": app_code(secret)})
    client.post(f"{PAGE}?next={APP}")
    clock.shift(timedelta(minutes=4))
    page = enter(client, latest_code())
    assert "Skriv koden som appen viser akkurat nå" in page.content.decode()
    assert f'action="{APP}"' in page.content.decode()
    assert secret in page.content.decode()
    assert client.post(APP, {"code": app_code(secret)}).url == "/konto/to-trinn/reservekoder/"
    assert client.get("/admin/").status_code == 200


def test_the_key_that_was_scanned_is_that_of_every_tab_for_an_hour(clock, kari, latest_code):
    client = signed_in_by_code(kari)
    secret = client.get(APP).context["form"].secret
    assert client.get(APP).context["form"].secret == secret
    for minutes, same in [(59, True), (2, False)]:
        clock.shift(timedelta(minutes=minutes))
        client.post(f"{PAGE}?next={APP}")
        enter(client, latest_code())
        assert (client.get(APP).context["form"].secret == secret) is same


def test_the_key_is_another_after_it_was_used(clock, kari):
    client = signed_in_by_code(kari)
    secret = client.get(APP).context["form"].secret
    client.post(APP, {"code": app_code(secret)})
    client.post("/konto/to-trinn/app/fjern/")
    second_factor.remember(session := client.session, kari, kind="totp")
    session.save()
    assert client.get(APP).context["form"].secret != secret


def test_what_was_posted_and_left_is_not_carried_out_another_day(clock, kari, latest_code):
    TOTP.activate(kari, SECRET)
    client = signed_in_by_code(kari)
    remove = "/konto/to-trinn/app/fjern/"
    client.post(remove)  # asked who they are, and went home
    clock.shift(timedelta(days=1))
    assert leads_to(client.get(remove)) == f"{FACTOR}?next={remove}"
    client.post(f"{FACTOR}?next={remove}", {"code": app_code(SECRET)})
    assert Authenticator.objects.filter(user=kari).exists()


def test_two_tabs(waiting, latest_code):
    """The code is asked for in both, entered in one, and the other goes on without it."""
    waiting.post(f"{PAGE}?next={PASSKEY}")
    code = latest_code()
    assert enter(waiting, code).url == APP
    assert enter(waiting, code, next=PASSKEY).url == PASSKEY
    assert waiting.get(f"{PAGE}?next={PASSKEY}").url == PASSKEY
    assert waiting.post(f"{PAGE}?next={PASSKEY}").url == PASSKEY
    assert Message.objects.count() == 2


def test_session_that_ended_in_between_leads_back_after_signing_in(clock, kari, latest_code):
    client = signed_in_by_code(kari)
    clock.shift(LONG_AGO)
    client.post(f"{PAGE}?next={APP}")
    clock.shift(timedelta(days=14))
    here = f"http://testserver{PAGE}?next={APP}"
    response = enter(client, latest_code(), headers={"referer": here, "origin": "http://testserver"})
    assert response.url.startswith("/konto/logg-inn/?next=")
    client.post(response.url, {"email": kari.email})
    back = client.post(response.url.replace("logg-inn/", "logg-inn/kode/"), {"code": latest_code()})
    assert back.url == here
    assert client.get(f"{PAGE}?next={APP}").url == APP
    assert client.get(APP).status_code == 200


def test_three_codes_a_minute_twenty_an_hour_and_a_strangers_do_not_count(waiting, clock, ask):
    def again() -> str:
        return waiting.post(f"{PAGE}?next={APP}", follow=True).content.decode()

    assert "Vi har sendt en ny kode" in again()
    for _each in range(2):
        Client().post("/konto/logg-inn/", {"email": ADDRESS})
    assert "Vi har sendt en ny kode" in again()
    assert "mange koder på kort tid" in again()
    assert Message.objects.count() == 5
    clock.shift(timedelta(seconds=61))
    for _each in range(17):
        assert "Vi har sendt en ny kode" in again()
        clock.shift(timedelta(minutes=1))
    assert "mange koder på kort tid" in again()
    clock.shift(timedelta(hours=1))
    assert "Den gjelder i 15 minutter" in again()
    assert Message.objects.count() == 23


def test_guesses_are_few_and_the_right_code_works_after_the_window(waiting, clock, latest_code, settings):
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "1/m/user"}
    assert "Koden er ikke riktig" in enter(waiting, wrong(latest_code())).content.decode()
    held_back = enter(waiting, latest_code())
    assert held_back.status_code == 200
    assert "for mange forsøk" in held_back.content.decode()
    clock.shift(timedelta(seconds=61))
    assert enter(waiting, latest_code()).url == APP


def test_whoever_is_closed_out_meanwhile_gets_no_further(waiting, kari, latest_code):
    kari.is_active = False
    kari.save()
    assert enter(waiting, latest_code()).url.startswith("/konto/logg-inn/")


def test_a_refused_passkey_stays_on_its_page(clock, kari):
    passkey_of(kari)
    client = signed_in_by_code(kari)
    here = f"{FACTOR}passnokkel/?next={PASSKEY}"
    assert client.post(here, {"credential": '{"id": 1}'}).url == here
    assert "svaret fra passnøkkelen" in client.get("/konto/to-trinn/").content.decode()
