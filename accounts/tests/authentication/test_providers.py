"""Signing in through another organisation: for those we know by an address that it vouches for."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from accounts.models import User
from accounts.tests.authentication.provider import CLIENT, SECRET, Provider
from accounts.tests.conftest import ADDRESS

START = "/konto/ekstern/entra/"
BACK = "/konto/ekstern/entra/tilbake/"


@pytest.fixture
def provider(settings):
    provider = Provider()
    app = {
        "provider_id": "entra",
        "name": "Udir-innlogging",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": provider.issuer},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
    yield provider
    provider.close()


@pytest.fixture
def come_back(client, provider):
    """Sign in at the provider as the person of these claims, and follow the way back."""

    def come_back(query: str = "", **claims):
        provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True} | claims
        away = client.get(START + query)
        assert away.url.startswith(f"{provider.issuer}/authorize?")
        back = httpx.get(away.url).headers["Location"]
        return client.get(back.removeprefix("http://testserver"))

    return come_back


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_button_only_when_there_is_a_provider(client, db):
    assert "Andre måter" not in client.get("/konto/logg-inn/").content.decode()


def test_button_leads_to_the_provider(client, db, provider):
    page = client.get("/konto/logg-inn/?next=/konto/last-ned/").content.decode()
    assert f'href="{START}?next=%2Fkonto%2Flast-ned%2F"' in page
    assert "Logg inn med Udir-innlogging" in page
    asked = parse_qs(urlsplit(client.get(START).url).query)
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == [f"http://testserver{BACK}"]
    assert asked["code_challenge_method"] == ["S256"]


def test_known_verified_address_signs_in_and_is_linked(client, kari, come_back):
    assert come_back("?next=/konto/last-ned/").url == "/konto/last-ned/"
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert SocialAccount.objects.get().user == kari
    assert "Innlogging gjennom Udir-innlogging" in client.get("/konto/").content.decode()


def test_address_is_compared_without_case(client, kari, come_back):
    come_back(email=ADDRESS.upper())
    assert signed_in(client)


def test_linked_person_signs_in_again(client, kari, come_back):
    come_back()
    client.post("/konto/logg-ut/")
    come_back(email="ny.adresse@example.no")
    assert client.session["_auth_user_id"] == str(kari.pk)
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ukjent@example.no"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": f"{ADDRESS}\r\nBcc: x@example.no"},
        {"email": ["a@example.no"]},
    ],
)
def test_unknown_or_unverified_is_asked_who_it_is_and_nobody_is_made(client, kari, come_back, claims):
    response = come_back(**claims)
    assert (response.status_code, getattr(response, "url", "")) in [(302, "/konto/koble/"), (502, "")]
    assert "Logg inn" in client.get("/konto/koble/", follow=True).content.decode()
    assert not signed_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_closed_person_is_refused(client, kari, come_back):
    kari.is_active = False
    kari.save()
    response = come_back()
    assert response.status_code == 403
    assert "Vi kjenner ikke denne innloggingen" in response.content.decode()
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_nothing_can_be_connected_to_who_is_signed_in(client, kari, provider):
    client.force_login(kari)
    User.objects.create_user("ola@example.no")
    provider.claims = {"sub": "another", "email": "ola@example.no", "email_verified": True}
    away = client.post(START, {"process": "connect"})
    back = httpx.get(away.url).headers["Location"]
    assert client.get(back.removeprefix("http://testserver")).status_code == 403
    assert not SocialAccount.objects.exists()


def test_address_cannot_ask_the_provider_for_less(client, db, provider):
    away = client.get(f"{START}?auth_params=acr_values%3Dlow&scope=admin&process=connect").url
    assert "acr_values" not in away
    assert "admin" not in away


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example/"])
def test_leads_to_no_other_site(client, kari, come_back, next):
    assert come_back(f"?next={next}").url == "/"


def test_another_browsers_answer_is_refused(client, kari, provider):
    provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True}
    back = httpx.get(client.get(START).url).headers["Location"].removeprefix("http://testserver")
    other = type(client)()
    response = other.get(back)
    assert response.status_code == 401
    assert "Vi fikk ikke logget deg inn" in response.content.decode()
    assert not signed_in(other)


def test_answer_works_once(client, kari, provider):
    provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True}
    back = httpx.get(client.get(START).url).headers["Location"].removeprefix("http://testserver")
    client.get(back)
    client.post("/konto/logg-ut/")
    assert client.get(back).status_code == 401
    assert not signed_in(client)


@pytest.mark.parametrize("broken", ["/.well-known/openid-configuration", "/token", "/userinfo"])
def test_provider_that_fails_is_told_in_the_page(client, kari, provider, broken):
    provider.claims = {"sub": "abc", "email": ADDRESS, "email_verified": True}
    if broken.startswith("/.well"):
        provider.broken = broken
        response = client.get(START)
    else:
        back = httpx.get(client.get(START).url).headers["Location"].removeprefix("http://testserver")
        provider.broken = broken
        response = client.get(back)
    assert response.status_code in (401, 502)
    assert "Vi fikk ikke logget deg inn" in response.content.decode()
    assert not signed_in(client)


def test_provider_that_is_gone_is_told_in_the_page(client, db, provider):
    provider.close()
    assert "Vi fikk ikke logget deg inn" in client.get(START).content.decode()


def test_answer_without_an_id_is_refused(client, kari, come_back):
    """It would be the same id for everybody."""
    assert come_back(sub=None).status_code == 403
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_person_who_changes_their_mind_is_back_at_the_sign_in_page(client, db, provider):
    away = client.get(START)
    state = parse_qs(urlsplit(away.url).query)["state"][0]
    page = client.get(f"{BACK}?error=access_denied&state={state}", follow=True)
    assert page.redirect_chain[-1][0] == "/konto/logg-inn/"
    assert "Du avbrøt innloggingen" in page.content.decode()


def test_unknown_provider_is_not_found(client, db, provider):
    assert client.get("/konto/ekstern/ukjent/").status_code == 404


def test_staff_with_a_factor_are_asked_for_it(client, kari, come_back):
    TOTP.activate(kari, "JBSWY3DPEHPK3PXP")
    assert come_back().url == "/konto/to-trinn/kode/"
    assert not signed_in(client)


@pytest.mark.parametrize("claimed", ["kari@xn--blbr-roah.example.no", "Kari@bla\u030abær.example.no"])
def test_address_is_compared_in_its_one_form(client, db, come_back, claimed):
    kari = User.objects.create_user("kari@blåbær.example.no", name="Kari")
    come_back(email=claimed)
    assert client.session["_auth_user_id"] == str(kari.pk)


def test_the_address_of_a_row_that_was_merged_is_its_persons(client, kari, come_back):
    twice = User.objects.create_user("k.nordbo@example.no", name="Kari Nordbø")
    twice.merge_into(kari, by=kari, now=timezone.now())
    come_back(email=twice.email)
    assert client.session["_auth_user_id"] == str(kari.pk)
