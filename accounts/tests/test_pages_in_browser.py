"""The pages of signing in, in Chromium: on a phone and a desk, in both languages, with and without JavaScript."""

import time
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.tests.conftest import code_in
from outbox.models import Message
from tests.browsing import check, new_context, new_page

SIZES = [(320, "nb"), (1280, "nn")]
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEND = "main form.app-form button[type=submit]"

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def boss(transactional_db) -> User:
    return User.objects.create_superuser("boss@example.no", name="Åse Øverst")


@pytest.fixture
def visit(browser: Browser, site):
    def visit(path: str, *, width: int = 1280, language: str = "nb", **context) -> Page:
        page = new_page(new_context(browser, width=width, language=language, base_url=site, **context))
        page.goto(path)
        return page

    return visit


def app_code(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def forget_used_codes(settings) -> None:
    """The cache remembers that a code has been used; here the next one would be half a minute away."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}}


def sign_in(page: Page, user: User) -> None:
    page.fill("input[name=email]", user.email)
    page.click(SEND)
    page.fill("input[name=code]", code_in(Message.objects.latest("pk")))
    page.click(SEND)


def some_time_goes_by() -> None:
    """For everybody's session: what they have shown of who they are is too long ago."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        for record in session["account_authentication_methods"]:
            record["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        session.save()


def with_passkeys(page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize(("width", "language"), SIZES)
def test_sign_in_from_the_page_to_ones_own_data(visit, kari, width, language, javascript):
    page = visit("/konto/", width=width, language=language, java_script_enabled=javascript)
    checked = check if javascript else lambda page: None
    checked(page)
    page.click(SEND)
    expect(page.locator(".ds-error-summary")).to_be_visible()
    checked(page)
    page.fill("input[name=email]", kari.email)
    page.click(SEND)
    checked(page)
    page.fill("input[name=code]", "1")
    page.click(SEND)
    checked(page)
    page.fill("input[name=code]", code_in(Message.objects.latest("pk")))
    page.click(SEND)
    expect(page).to_have_url(f"{page.url.split('/konto/')[0]}/konto/")
    checked(page)
    page.fill("input[name=name]", "Åse Ærlig")
    page.click(SEND)
    expect(page.locator(".ds-alert")).to_be_visible()
    assert User.objects.get(pk=kari.pk).name == "Åse Ærlig"
    page.locator("header").get_by_role("button", name="Logg ut").click()
    expect(page.locator("input[name=email]")).to_be_visible()
    checked(page)


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_setting_up_an_app(visit, boss, width, language):
    page = visit("/admin/", width=width, language=language)
    sign_in(page, boss)
    expect(page).to_have_url(f"{page.url.split('/konto/')[0]}/konto/to-trinn/app/")
    assert page.evaluate("document.querySelector('.app-qr').naturalWidth > 0")
    check(page)
    page.fill("input[name=code]", "000000")
    page.click(SEND)
    check(page)
    secret = page.inner_text("code.app-code")
    page.fill("input[name=code]", app_code(secret))
    page.click(SEND)
    check(page)
    page.locator("main .ds-button").last.click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/")


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_every_page_of_the_second_factor(visit, boss, width, language):
    TOTP.activate(boss, SECRET)
    RecoveryCodes.activate(boss)
    page = visit("/konto/to-trinn/", width=width, language=language)
    sign_in(page, boss)
    check(page)
    page.fill("input[name=code]", "000000")
    page.click(SEND)
    check(page)
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    page.goto("/konto/to-trinn/bekreft/?next=/konto/to-trinn/")
    check(page)
    page.fill("input[name=code]", RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0])
    page.click(SEND)
    for path in ["", "reservekoder/", "reservekoder/nye/", "app/fjern/", "passnokler/", "passnokler/ny/"]:
        page.goto(f"/konto/to-trinn/{path}")
        check(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize(("width", "language"), SIZES)
def test_showing_again_who_one_is(visit, boss, width, language, javascript):
    page = visit("/admin/", width=width, language=language, java_script_enabled=javascript)
    checked = check if javascript else lambda page: None
    sign_in(page, boss)
    secret = page.inner_text("code.app-code")
    some_time_goes_by()
    page.fill("input[name=code]", app_code(secret))
    page.click(SEND)
    expect(page.locator("input[name=code]")).to_have_count(0)
    checked(page)
    page.click(SEND)
    checked(page)
    page.fill("input[name=code]", "1")
    page.click(SEND)
    expect(page.locator(".ds-error-summary")).to_be_visible()
    checked(page)
    page.locator("main .ds-button").last.click()
    expect(page.locator(".ds-alert[data-color=success]")).to_be_visible()
    page.fill("input[name=code]", code_in(Message.objects.latest("pk")))
    page.click(SEND)
    page.locator("main .ds-button").last.click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/")


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_passkey_is_added_with_the_name_it_got_before_the_code(visit, kari, width, language):
    page = visit("/konto/to-trinn/passnokler/ny/", width=width, language=language)
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    sign_in(page, kari)
    with_passkeys(page)
    page.fill("input[name=name]", "Mobilen på Bjølsen")
    some_time_goes_by()
    page.click("#add-passkey")
    page.wait_for_url("**/konto/bekreft/**")
    page.click(SEND)
    page.fill("input[name=code]", code_in(Message.objects.latest("pk")))
    page.click(SEND)
    page.wait_for_url("**/reservekoder/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Mobilen på Bjølsen"


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_passkey_is_added_used_renamed_and_removed(visit, boss, width, language):
    page = visit("/konto/to-trinn/passnokler/ny/", width=width, language=language)
    # A passkey belongs to a name, not to an address in numbers
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    sign_in(page, boss)
    with_passkeys(page)
    page.goto(page.url.split("/konto/")[0] + "/konto/to-trinn/passnokler/ny/")
    page.fill("input[name=name]", "Kontormaskina på Bjølsen")
    page.click("#add-passkey")
    page.wait_for_url("**/reservekoder/")
    home = page.url.split("/konto/")[0]
    page.goto(f"{home}/konto/to-trinn/passnokler/")
    expect(page.get_by_role("heading", name="Kontormaskina på Bjølsen")).to_be_visible()
    check(page)
    page.locator("main .ds-card a").first.click()
    page.fill("input[name=name]", "Mobilen")
    check(page)
    page.click(SEND)
    page.locator("header").get_by_role("button", name="Logg ut").click()
    expect(page.locator("input[name=email]")).to_be_visible()
    page.goto(f"{home}/konto/logg-inn/?next=/admin/")
    sign_in(page, boss)
    check(page)
    page.click("#use-passkey")
    page.wait_for_url(f"{home}/admin/")
    page.goto(f"{home}/konto/to-trinn/bekreft/passnokkel/?next=/konto/to-trinn/passnokler/")
    check(page)
    page.click("#use-passkey")
    page.wait_for_url("**/passnokler/")
    page.locator("main .ds-card a").last.click()
    check(page)
    page.click(SEND)
    expect(page.locator("main .ds-card")).to_have_count(0)
    check(page)
    page.goto(f"{home}/admin/")
    page.wait_for_url("**/app/")
    assert not Authenticator.objects.exists()


def test_passkey_that_the_device_refuses_is_told(visit, boss):
    TOTP.activate(boss, SECRET)
    page = visit("/konto/")
    page.goto(page.url.replace("127.0.0.1", "localhost"))
    sign_in(page, boss)
    refuse = "Promise.reject(new DOMException('', 'NotAllowedError'))"
    page.evaluate(f"() => {{ navigator.credentials.get = () => {refuse}; }}")
    page.click("#use-passkey")
    expect(page.locator("#passkey-failed")).to_be_visible()
    check(page)


def test_without_a_script_the_passkey_is_not_offered(visit, boss):
    TOTP.activate(boss, SECRET)
    page = visit("/konto/", java_script_enabled=False)
    sign_in(page, boss)
    expect(page.locator("#use-passkey")).to_be_hidden()
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    expect(page.locator("h1")).to_have_text("Mine opplysninger")


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
@pytest.mark.parametrize(("width", "language"), SIZES)
def test_what_was_typed_arrives_after_the_session_has_ended(visit, boss, kari, settings, width, language, javascript):
    """In the admin, whose form takes many lines: what comes back is what was typed, to the last blank."""
    TOTP.activate(boss, SECRET)
    TOTP.activate(kari, SECRET)
    page = visit(
        f"/admin/accounts/user/{kari.pk}/nullstill/", width=width, language=language, java_script_enabled=javascript
    )
    sign_in(page, boss)
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    typed = '\n  «Mistet» telefonen & fikk ny\n\n<b>sett</b> "selv"\tpå møte'
    page.fill("textarea[name=reason]", typed)
    page.context.clear_cookies(name="sessionid")
    forget_used_codes(settings)
    page.click("#content form input[type=submit]")
    if javascript:
        check(page)
    sign_in(page, boss)
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    expect(page.locator("main .ds-card")).to_have_count(1)
    if javascript:
        check(page)
    page.locator("main .ds-card .ds-button").first.click()
    page.wait_for_url(f"**/admin/accounts/user/{kari.pk}/change/")
    reason = LogEntry.objects.get().change_message
    assert typed.strip() in reason.replace("\r\n", "\n")
    assert not Authenticator.objects.filter(user=kari).exists()


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_pages_for_when_something_is_wrong(visit, boss, kari, width, language, settings):
    page = visit("/konto/stengt/", width=width, language=language)
    check(page, may_refuse=True)
    page.goto("/konto/logg-inn/")
    page.context.clear_cookies()
    page.fill("input[name=email]", kari.email)
    page.click(SEND)
    expect(page.locator("h1")).not_to_have_text("Logg inn")
    check(page, may_refuse=True)
    TOTP.activate(kari, SECRET)
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reauthenticate": "1/m/user"}
    page.goto("/konto/to-trinn/bekreft/")
    sign_in(page, kari)
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    page.goto("/konto/to-trinn/bekreft/")
    for _each in range(2):
        page.fill("input[name=code]", "000000")
        page.click(SEND)
    expect(page.locator("input[name=code]")).to_have_count(0)
    check(page, may_refuse=True)


@pytest.mark.parametrize(("width", "language"), SIZES)
def test_persons_in_the_admin(visit, boss, kari, width, language):
    TOTP.activate(boss, SECRET)
    TOTP.activate(kari, SECRET)
    page = visit("/admin/accounts/user/", width=width, language=language)
    sign_in(page, boss)
    page.fill("input[name=code]", app_code())
    page.click(SEND)
    page.goto(f"/admin/accounts/user/{kari.pk}/nullstill/")
    check(page)
    page.evaluate("document.querySelector('#content form').noValidate = true")
    page.click("#content form input[type=submit]")
    check(page)
