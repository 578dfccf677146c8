"""What is open under /konto/, and to whom."""

import pytest
from allauth import urls as allauth_urls
from django.urls import URLPattern, get_resolver, reverse

from accounts import urls

PUBLIC = {
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "socialaccount_login_cancelled",
    "openid_connect_login",
    "openid_connect_callback",
    "language",
    "link",
}


def walk(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern
        else:
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))


MINE = list(walk(urls.urlpatterns))


@pytest.mark.any_database
@pytest.mark.parametrize(("path", "pattern"), MINE, ids=[path for path, _pattern in MINE])
def test_every_page_asks_for_sign_in_unless_meant_for_all(client, db, path, pattern):
    address = "/konto/" + path.replace("<int:pk>", "1").replace("<slug:provider_id>", "ukjent")
    response = client.get(address)
    sent_to_sign_in = response.status_code == 302 and response.url == f"/konto/logg-inn/?next={address}"
    assert sent_to_sign_in == (pattern.name not in PUBLIC)
    assert response.status_code in (200, 302, 403, 404, 405)


@pytest.mark.parametrize(
    "name",
    sorted({p.name for _path, p in walk(allauth_urls.urlpatterns) if p.name} - {p.name for _path, p in MINE}),
)
def test_the_rest_of_allauth_has_no_address(name):
    assert name not in {key for key in get_resolver().reverse_dict if isinstance(key, str)}


@pytest.mark.any_database
@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "login/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/reset/",
        "password/change/",
        "password/set/",
        "reauthenticate/",
        "2fa/",
        "2fa/trust/",
        "2fa/webauthn/signup/",
        "3rdparty/",
        "3rdparty/signup/",
        "social/signup/",
        "social/connections/",
        "phone/verify/",
        "signup/passkey/",
    ],
)
def test_addresses_allauth_is_known_by_are_not_found(client, kari, path):
    for _person in ("nobody", "kari"):
        assert client.get(f"/konto/{path}").status_code == 404
        assert client.post(f"/konto/{path}").status_code == 404
        client.force_login(kari)


def test_admin_signs_in_and_out_through_the_portal(client, kari):
    assert client.get("/admin/").url == "/konto/logg-inn/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/outbox/").url == "/konto/logg-inn/?next=/admin/outbox/"
    assert client.get("/admin/login/?next=//evil.example/").url == "/konto/logg-inn/?next=/admin/"
    client.force_login(kari)
    assert client.get("/admin/login/?next=/admin/").status_code == 404
    assert client.post(reverse("admin:logout")).url == "/konto/logg-inn/"
    assert "_auth_user_id" not in client.session


def test_admin_has_no_password_to_change(client, staff):
    client.force_login(staff)
    assert client.get("/admin/password_change/").status_code in (302, 404)
    assert "admin" not in client.post("/admin/password_change/", {"new_password1": "x"}).headers.get("Location", "")
