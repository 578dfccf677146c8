"""Staff reach nothing behind sign-in before a second factor is used in the session."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.authentication import second_factor
from accounts.models import User
from accounts.tests.conftest import signed_in_by_code

APP = "/konto/to-trinn/app/"
AGAIN = "/konto/to-trinn/bekreft/"
CODES = "/konto/to-trinn/reservekoder/"
MALFORMED = ["", "{}", "[]", "null", "nei", '{"id": 1}', '"tekst"', '{"id": "a", "rawId": "b", "type": "public-key"}']
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def boss(db) -> User:
    return User.objects.create_superuser("boss@example.no", name="Åse Øverst")


def app_code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def signed_in(user, *, used: bool) -> Client:
    client = signed_in_by_code(user)
    if used:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()
    return client


@pytest.mark.parametrize("path", ["/admin/", "/", "/konto/", "/konto/last-ned/", "/konto/tatt-vare-pa/"])
def test_staff_without_one_are_sent_to_set_it_up(boss, path):
    client = signed_in(boss, used=False)
    assert client.get(path).url == APP
    assert client.post(path, {}).url == APP


@pytest.mark.parametrize("path", ["/admin/", "/", "/konto/"])
def test_staff_with_one_not_used_are_asked_for_it(boss, path):
    TOTP.activate(boss, SECRET)
    assert signed_in(boss, used=False).get(path).url == f"{AGAIN}?next={path}"


def test_staff_who_used_it_go_on(boss):
    TOTP.activate(boss, SECRET)
    client = signed_in(boss, used=True)
    assert client.get("/admin/").status_code == 200
    assert client.get("/konto/").status_code == 200


def test_others_are_not_asked(kari):
    assert signed_in(kari, used=False).get("/konto/").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"), [("/konto/logg-ut/", 200), ("/personvern/", 200), ("/konto/to-trinn/", 200), (APP, 200)]
)
def test_signing_out_public_pages_and_setting_up_stay_open(boss, path, status):
    assert signed_in(boss, used=False).get(path).status_code == status


def test_one_persons_factor_is_not_anothers(boss, kari):
    client = signed_in(kari, used=True)
    client.force_login(boss)
    assert client.get("/admin/").url == APP


def test_setting_up_an_app_shows_codes_once_and_leads_on(boss):
    client = signed_in(boss, used=False)
    client.get("/admin/accounts/user/")
    page = client.get(APP)
    secret = page.context["form"].secret
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert secret in page.content.decode()
    assert client.post(APP, {"code": "000000"}).context["form"].errors["code"]
    shown = client.post(APP, {"code": app_code(secret)}, follow=True)
    assert shown.redirect_chain == [(CODES, 302)]
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in shown.content.decode() for code in codes)
    assert 'href="/admin/accounts/user/"' in shown.content.decode()
    assert client.get("/admin/").status_code == 200
    again = client.get(CODES).content.decode()
    assert not any(code in again for code in codes)


def test_sent_twice_or_come_back_to_the_codes_are_seen_and_nothing_is_removed(boss):
    client = signed_in(boss, used=False)
    code = app_code(client.get(APP).context["form"].secret)
    client.post(APP, {"code": code})  # the browser drops this answer for that of the second press
    shown = client.post(APP, {"code": code}, follow=True)
    assert shown.redirect_chain == [(CODES, 302)]
    assert len(shown.context["unused_codes"]) == 10
    assert client.get(APP).url == "/konto/to-trinn/"
    assert second_factor.is_set_up(boss)


def test_signing_in_asks_for_the_app(client, boss, ask, latest_code):
    TOTP.activate(boss, SECRET)
    ask("boss@example.no")
    response = client.post("/konto/logg-inn/kode/?next=/admin/", {"code": latest_code()})
    assert response.url == "/konto/to-trinn/kode/"
    assert "_auth_user_id" not in client.session
    page = client.get("/konto/to-trinn/kode/")
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert client.post("/konto/to-trinn/kode/", {"code": "000000"}).context["form"].errors["code"]
    assert client.post("/konto/to-trinn/kode/", {"code": app_code()}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_code_that_the_app_was_set_up_with_works_once_too(boss):
    client = signed_in(boss, used=False)
    code = app_code(client.get(APP).context["form"].secret)
    assert client.post(APP, {"code": code}).status_code == 302
    assert signed_in(boss, used=False).post(AGAIN, {"code": code}).context["form"].errors["code"]


def test_a_code_from_the_app_works_once(boss):
    TOTP.activate(boss, SECRET)
    code = app_code()
    assert signed_in(boss, used=False).post(AGAIN, {"code": code}).status_code == 302
    assert signed_in(boss, used=False).post(AGAIN, {"code": code}).status_code == 200


def test_a_reserve_code_works_once(boss):
    TOTP.activate(boss, SECRET)
    code = RecoveryCodes.activate(boss).get_unused_codes()[0]
    client = signed_in(boss, used=False)
    assert client.post(f"{AGAIN}?next=/admin/", {"code": code}).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert signed_in(boss, used=False).post(AGAIN, {"code": code}).status_code == 200


def test_confirming_leads_to_no_other_site(boss):
    TOTP.activate(boss, SECRET)
    response = signed_in(boss, used=False).post(f"{AGAIN}?next=https://evil.example/", {"code": app_code()})
    assert response.url == "/"


def test_staff_who_remove_their_last_are_asked_to_set_up_again(boss):
    TOTP.activate(boss, SECRET)
    client = signed_in(boss, used=True)
    assert client.post("/konto/to-trinn/app/fjern/").url == "/konto/to-trinn/"
    assert client.get("/admin/").url == APP


def test_removing_asks_who_you_are_when_it_is_long_ago(boss):
    TOTP.activate(boss, SECRET)
    client = signed_in(boss, used=False)
    assert client.post("/konto/to-trinn/app/fjern/").url.startswith(AGAIN)
    assert Authenticator.objects.filter(user=boss).exists()


def test_new_reserve_codes_replace_the_old(boss):
    TOTP.activate(boss, SECRET)
    old = RecoveryCodes.activate(boss).get_unused_codes()
    client = signed_in(boss, used=True)
    assert "10 kodene" in client.get(f"{CODES}nye/").content.decode()
    page = client.post(f"{CODES}nye/", follow=True)
    assert page.redirect_chain == [(CODES, 302)]
    assert not set(page.context["unused_codes"]) & set(old)


def test_the_page_of_factors_says_what_is_there(boss):
    client = signed_in(boss, used=True)
    assert "ikke koblet til noen app" in client.get("/konto/to-trinn/").content.decode()
    TOTP.activate(boss, generate_totp_secret())
    RecoveryCodes.activate(boss)
    page = client.get("/konto/to-trinn/").content.decode()
    assert "Fjern appen" in page
    assert "10 ubrukte reservekoder" in page


def test_another_persons_passkey_is_not_found(boss, kari):
    TOTP.activate(boss, SECRET)
    theirs = Authenticator.objects.create(user=kari, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon"})
    client = signed_in(boss, used=True)
    for page in ("endre", "fjern"):
        assert client.get(f"/konto/to-trinn/passnokler/{theirs.pk}/{page}/").status_code == 404
        assert client.post(f"/konto/to-trinn/passnokler/{theirs.pk}/{page}/", {"name": "Min"}).status_code == 404


def test_a_provider_that_asked_for_one_is_enough(boss):
    client = signed_in(boss, used=False)
    session = client.session
    record = {"method": "socialaccount", "provider": "entra", "uid": "1", "at": time.time()}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(boss.pk)
    session.save()
    assert client.get("/admin/").url == APP
    session = client.session
    second_factor.remember(session, boss, kind=second_factor.BY_PROVIDER)
    session.save()
    assert client.get("/admin/").status_code == 200


def test_malformed_passkey_answers_are_refused(boss):
    client = signed_in(boss, used=False)
    client.get("/konto/to-trinn/passnokler/ny/")
    for credential in MALFORMED:
        page = client.post("/konto/to-trinn/passnokler/ny/", {"name": "Telefon", "credential": credential})
        assert page.status_code == 200
        assert page.context["form"].errors
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", MALFORMED)
def test_malformed_passkey_answers_let_nobody_in(client, boss, ask, latest_code, credential):
    TOTP.activate(boss, SECRET)
    ask("boss@example.no")
    client.post("/konto/logg-inn/kode/", {"code": latest_code()})
    page = client.post("/konto/to-trinn/kode/", {"credential": credential})
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    Authenticator.objects.create(user=boss, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon"})
    client = signed_in(boss, used=False)
    client.post("/konto/to-trinn/bekreft/passnokkel/", {"credential": credential})
    assert client.get("/admin/").url.startswith(AGAIN)
