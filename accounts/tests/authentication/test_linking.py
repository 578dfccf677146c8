"""Each way in with the claims that it really sends: who it is the first time, and what is trusted afterwards."""

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone

from accounts.authentication import provider_apps
from accounts.models import User
from accounts.tests.authentication.provider import CLIENT, SECRET, Provider
from accounts.tests.conftest import ADDRESS, app_code, signed_in_by_code
from outbox.models import Message

LINK, LINKS = "/konto/koble/", "/konto/innlogginger/"
KEY = "JBSWY3DPEHPK3PXP"
NUMBER = "00000000000"  # stands for a national identity number
# What each says: in the token, and when asked
CLAIMS: dict[str, tuple[dict, dict]] = {
    "entra": (
        {"oid": "1b2", "tid": "9f0", "ver": "2.0", "name": "Kari N", "preferred_username": ADDRESS, "email": ADDRESS},
        {"name": "Kari N", "given_name": "Kari", "family_name": "N", "email": ADDRESS},
    ),
    "feide": (
        {"name": "Kari N", "email": ADDRESS, "email_verified": False},
        {"name": "Kari N", "email": ADDRESS, "email_verified": False, "picture": "https://example.no/p:1"},
    ),
    "idporten": (
        {"pid": NUMBER, "locale": "nb", "acr": "idporten-loa-high", "amr": ["BankID"], "sid": "dsk"},
        {"pid": NUMBER, "locale": "nb"},
    ),
    "ansattporten": (
        {"pid": NUMBER, "locale": "nb", "acr": "substantial", "amr": ["MinID"]},
        {"pid": NUMBER, "locale": "nb"},
    ),
}
SCOPES = {
    "entra": {"openid", "profile", "email"},
    "feide": {"openid", "profile", "email"},
    "idporten": {"openid", "profile"},
    "ansattporten": {"openid", "profile"},
}


def written(kind: str) -> dict:
    """The example in the documentation, as it is written."""
    text = (Path(project.BASE_DIR) / "docs/operations.md").read_text()
    [examples] = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S) if '"issuer"' in block]
    return next(example for example in examples if example["id"] == kind)


@pytest.fixture
def set_up(settings):
    made = []

    def set_up(kind: str, **changes) -> Provider:
        provider = Provider(scopes=SCOPES[kind])
        made.append(provider)
        token, userinfo = CLAIMS[kind]
        provider.claims, provider.userinfo = {"sub": "s-1", **token}, {"sub": "s-1", **userinfo}
        example = written(kind) | {"client_id": CLIENT, "secret": SECRET, "issuer": provider.issuer}
        example["settings"] = example.get("settings", {}) | changes
        apps = provider_apps.apps([example])
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}
        return provider

    yield set_up
    for provider in made:
        provider.close()


def come(client, kind: str, provider: Provider, *, next: str = "/konto/last-ned/"):
    """Sign in there, and follow the way back."""
    provider.claims["jti"] = str(uuid.uuid4())
    back = httpx.get(client.get(f"/konto/ekstern/{kind}/?next={next}").url).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def prove(client, latest_code, address: str = ADDRESS):
    """Go from the page that asks, by a code, to the page that asks whether to link."""
    page = client.get(LINK, follow=True)
    assert page.redirect_chain[-1][0] == f"/konto/logg-inn/?next={LINK}"
    client.post(f"/konto/logg-inn/?next={LINK}", {"email": address})
    return page, client.post(f"/konto/logg-inn/kode/?next={LINK}", {"code": latest_code()})


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("kind", CLAIMS)
def test_a_code_says_who_it_is_the_first_time_and_none_is_needed_after(client, kari, set_up, latest_code, kind):
    provider = set_up(kind, verified_email=[])
    assert come(client, kind, provider).url == LINK
    assert not signed_in(client)
    page, answer = prove(client, latest_code)
    name = written(kind)["name"]
    assert f"{name} har sagt hvem du er der" in page.content.decode()
    assert answer.url == LINK
    asked = client.get(LINK).content.decode()
    assert f"Logge inn med {name}?" in asked
    assert ADDRESS in asked
    assert not SocialAccount.objects.exists()
    assert client.post(LINK, {"link": "1"}).url == "/konto/last-ned/"
    assert SocialAccount.objects.get().user == kari
    sent = Message.objects.count()
    other = Client()
    assert come(other, kind, provider).url == "/konto/last-ned/"
    assert other.session["_auth_user_id"] == str(kari.pk)
    assert Message.objects.count() == sent


@pytest.mark.parametrize(("kind", "told"), [("entra", ADDRESS), ("feide", ADDRESS), ("idporten", "")])
def test_the_address_that_the_provider_tells_is_filled_in_and_no_more(client, kari, set_up, kind, told):
    provider = set_up(kind, verified_email=[])
    come(client, kind, provider)
    page = client.get(LINK, follow=True)
    assert page.context["form"].initial.get("email", "") == told
    assert not Message.objects.exists()
    assert client.get("/konto/logg-inn/").context["form"].initial.get("email", "") == ""


@pytest.mark.parametrize("kind", CLAIMS)
def test_nothing_that_the_provider_tells_is_stored(client, kari, set_up, latest_code, kind):
    provider = set_up(kind, verified_email=[])
    come(client, kind, provider)
    prove(client, latest_code)
    client.post(LINK, {"link": "1"})
    come(client, kind, provider)
    account = SocialAccount.objects.get()
    assert (account.uid, account.extra_data) == ("s-1", {})
    stored = serialize("json", [account, *User.objects.all()]) + str(dict(client.session))
    assert NUMBER not in stored
    assert "Kari N" not in stored.replace("Kari Nordb", "")


def test_entra_with_a_trusted_domain_signs_in_at_once(client, kari, set_up):
    provider = set_up("entra")
    assert come(client, "entra", provider).url == "/konto/last-ned/"
    assert SocialAccount.objects.get().user == kari


@pytest.mark.parametrize("kind", ["entra", "feide"])
@pytest.mark.parametrize("domain", ["example.com", "no"])
def test_an_address_at_another_domain_signs_nobody_in(client, kari, set_up, kind, domain):
    provider = set_up(kind, verified_email=[domain])
    assert come(client, kind, provider).url == LINK
    assert not signed_in(client)


def test_to_trust_every_address_is_no_setting():
    with pytest.raises(ImproperlyConfigured, match="list of domains"):
        provider_apps.apps([written("entra") | {"settings": {"verified_email": True}}])


def test_another_persons_address_at_the_provider_opens_nothing(client, kari, set_up, latest_code):
    """Who calls themselves Kari there must read her mail here."""
    provider = set_up("feide")
    come(client, "feide", provider)
    client.post(f"/konto/logg-inn/?next={LINK}", {"email": ADDRESS})
    assert client.post(f"/konto/logg-inn/kode/?next={LINK}", {"code": "0000-0001"}).status_code == 200
    assert client.post(LINK, {"link": "1"}).url.startswith("/konto/logg-inn/")
    assert not signed_in(client)
    assert not SocialAccount.objects.exists()


def test_no_is_no(client, kari, set_up, latest_code):
    provider = set_up("idporten")
    come(client, "idporten", provider)
    prove(client, latest_code)
    assert client.post(LINK, {}).url == "/konto/last-ned/"
    assert not SocialAccount.objects.exists()
    assert client.post(LINK, {"link": "1"}).url == "/"
    assert not SocialAccount.objects.exists()


def test_it_waits_for_a_quarter_of_an_hour(client, kari, set_up):
    provider = set_up("idporten")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come(client, "idporten", provider)
        clock.shift(timedelta(minutes=15, seconds=1))
        page = client.get(LINK, follow=True)
    assert page.redirect_chain[-1][0] == "/konto/logg-inn/"
    assert "Begynn på nytt" in page.content.decode()


def test_who_is_signed_in_shows_again_who_they_are_before_it_is_linked(kari, set_up):
    provider = set_up("idporten")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in_by_code(kari)
        clock.shift(timedelta(minutes=10))
        provider_page = come(client, "idporten", provider, next=LINKS)
        assert provider_page.url == LINK
        assert client.post(LINK, {"link": "1"}).url.startswith("/konto/bekreft/")
        assert not SocialAccount.objects.exists()


def test_an_account_that_became_anothers_meanwhile_is_not_linked_twice(client, kari, set_up, latest_code):
    provider = set_up("idporten")
    come(client, "idporten", provider)
    prove(client, latest_code)
    ola = User.objects.create_user("ola@example.no")
    SocialAccount.objects.create(user=ola, provider="idporten", uid="s-1")
    page = client.post(LINK, {"link": "1"}, follow=True)
    assert page.status_code == 200
    assert "hører til en annen hos oss" in client.get(LINKS).content.decode()
    assert SocialAccount.objects.get().user == ola


def test_a_person_sees_their_accounts_and_takes_one_away(client, kari, set_up):
    provider = set_up("idporten")
    theirs = SocialAccount.objects.create(user=User.objects.create_user("ola@example.no"), provider="idporten", uid="2")
    mine = SocialAccount.objects.create(user=kari, provider="idporten", uid="s-1")
    client.force_login(kari)
    page = client.get(LINKS).content.decode()
    assert "Ta bort ID-porten" in page
    assert "Koble til ID-porten" not in page
    for wrong in (theirs.pk, "x", "", "9" * 30):
        assert client.post(LINKS, {"account": wrong}).url == LINKS
    assert SocialAccount.objects.count() == 2
    for _press in range(2):
        assert client.post(LINKS, {"account": mine.pk}).url == LINKS
    assert "Koble til ID-porten" in client.get(LINKS).content.decode()
    assert list(SocialAccount.objects.all()) == [theirs]
    assert come(Client(), "idporten", provider).url == LINK


FACTORS = [
    ("idporten", {"acr": "idporten-loa-high"}, {}, True),
    ("idporten", {"acr": "idporten-loa-substantial"}, {}, True),
    ("idporten", {"acr": "idporten-loa-low"}, {}, False),
    ("idporten", {"acr": None}, {}, False),
    ("idporten", {"acr": "idporten-loa-high"}, {"second_factor": {}}, False),
    ("ansattporten", {"acr": "substantial"}, {}, True),
    ("ansattporten", {"acr": "entraid"}, {}, False),
    ("entra", {"amr": ["pwd", "mfa"]}, {}, True),
    ("entra", {"acrs": ["c1"]}, {}, True),
    ("entra", {"amr": ["pwd"]}, {}, False),
    ("entra", {}, {}, False),
    ("feide", {"acr": "high", "amr": ["mfa"]}, {}, False),
    ("feide", {"amr": "mfa"}, {"second_factor": {"amr": ["mfa"]}}, True),
    ("feide", {"amr": {"mfa": 1}}, {"second_factor": {"amr": ["mfa"]}}, False),
]


@pytest.mark.parametrize(("kind", "token", "changes", "is_enough"), FACTORS)
def test_the_token_says_whether_the_second_factor_was_asked_for(client, kari, set_up, kind, token, changes, is_enough):
    """Not that the provider could have asked."""
    provider = set_up(kind, **changes)
    provider.claims |= token
    SocialAccount.objects.create(user=kari, provider=kind, uid="s-1")
    TOTP.activate(kari, KEY)
    kari.make_staff(superuser=True)
    assert come(client, kind, provider, next="/admin/").url == ("/admin/" if is_enough else "/konto/to-trinn/kode/")
    assert (client.get("/admin/").status_code == 200) == is_enough


def test_what_is_said_when_asked_is_no_token(client, kari, set_up):
    provider = set_up("entra", second_factor={"amr": ["mfa"]})
    provider.userinfo["amr"] = ["mfa"]
    SocialAccount.objects.create(user=kari, provider="entra", uid="s-1")
    TOTP.activate(kari, KEY)
    assert come(client, "entra", provider).url == "/konto/to-trinn/kode/"


def test_the_factor_used_here_still_counts_after_a_provider(client, kari, set_up):
    provider = set_up("entra")
    SocialAccount.objects.create(user=kari, provider="entra", uid="s-1")
    TOTP.activate(kari, KEY)
    kari.make_staff(superuser=True)
    come(client, "entra", provider, next="/admin/")
    assert client.post("/konto/to-trinn/kode/", {"code": app_code(KEY)}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_answers_about_two_people_are_refused(client, kari, set_up):
    provider = set_up("entra")
    provider.userinfo["sub"] = "s-2"
    assert come(client, "entra", provider).status_code == 502
    assert not SocialAccount.objects.exists()


def test_an_erased_person_leaves_no_account(kari):
    SocialAccount.objects.create(user=kari, provider="idporten", uid="s-1")
    kari.delete()
    assert not SocialAccount.objects.exists()
