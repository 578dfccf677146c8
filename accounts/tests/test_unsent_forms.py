"""What was typed is not lost when the session has ended, or the page is older than the last sign-in."""

import html
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from accounts import unsent_forms
from accounts.models import User
from accounts.tests.conftest import make_known

pytestmark = pytest.mark.urls("accounts.tests.form_urls")

FORM = "/skjema/"
KEPT = "/konto/tatt-vare-pa/"
TYPED = {
    "name": "Åse «Ærlig» Østbø",
    "text": "linje 1\r\nlinje 2\r\n\r\n  innrykk\t\"'<b>&amp;</b>  ",
    "units": ["3", "1", "3", ""],
    "empty": "",
    "draft": "1",
    "emoji": "\U0001f6b8 ́",
}


def received(typed=TYPED) -> dict:
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


@pytest.fixture
def browser(kari) -> Client:
    """One that she has signed in with before."""
    headers = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    return make_known(Client(enforce_csrf_checks=True, headers=headers), kari)


def token(client) -> str:
    page = client.get("/personvern/").content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)


def on_page(client) -> list[tuple[str, str, dict]]:
    """(action, token, fields) of each form that the page of kept work offers to send again."""
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', client.get(KEPT).content.decode(), re.S)
    found = []
    for action, body in forms:
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', body):
            fields.setdefault(html.unescape(name), []).append(html.unescape(value))
        token = fields.pop("csrfmiddlewaretoken", [""])[0]
        if "Fortsett" in body:
            found.append((html.unescape(action), token, fields))
    return found


def send_again(client, form):
    action, token, fields = form
    return client.post(action, fields | {"csrfmiddlewaretoken": token})


def sign_in(client, user):
    client.force_login(user)


def test_session_that_ended_is_signed_in_again_and_all_arrives(browser, kari, latest_code):
    response = browser.post(f"{FORM}?side=2&%C3%A6=%C3%B8", TYPED | {"csrfmiddlewaretoken": token(browser)})
    assert response.url == f"/konto/logg-inn/?next={KEPT}"
    browser.post(response.url, {"email": kari.email, "csrfmiddlewaretoken": token(browser)})
    code_page = f"/konto/logg-inn/kode/?next={KEPT}"
    response = browser.post(code_page, {"code": latest_code(), "csrfmiddlewaretoken": token(browser)})
    assert response.url == KEPT
    assert "Vi tok vare på det du skrev" in browser.get(KEPT).content.decode()
    (form,) = on_page(browser)
    assert form[0] == f"{FORM}?side=2&%C3%A6=%C3%B8"
    answer = send_again(browser, form)
    assert answer.json() == received()
    assert browser.get(KEPT).status_code == 302


def test_the_page_says_what_happened_in_plain_words(browser, kari):
    """A34: it spoke of a page older than the sign-in, and of sending in what was to be saved."""
    sign_in(browser, kari)
    browser.post(FORM, TYPED)
    page = " ".join(browser.get(KEPT).content.decode().split())
    said = re.sub("<[^>]+>", " ", page)
    assert "Det kom ikke fram da du trykket på knappen." in said
    assert "så blir det gjort nå: lagret, hvis det var det du ville, eller sendt." in said
    assert "Er det ikke du som har skrevet det, sletter du det." in said
    for word in ("eldre enn", "sende det inn nå"):
        assert word not in said


SAID = {
    "nb": (
        "Til siden /skjema/",
        "Du var logget ut.",
        "Siden gjaldt ikke lenger.",
        "Du var ikke ferdig med å logge inn.",
    ),
    "nn": (
        "Til sida /skjema/",
        "Du var logga ut.",
        "Sida galdt ikkje lenger.",
        "Du var ikkje ferdig med å logge inn.",
    ),
}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_each_says_which_page_it_belongs_to_and_why_it_was_kept(browser, kari, language):
    page, signed_out, outdated, _unfinished = SAID[language]
    kari.choose_language(language)
    browser.post(f"{FORM}?side=2", TYPED)
    sign_in(browser, kari)
    said = browser.get(KEPT).content.decode()
    assert (page in said, signed_out in said, outdated in said) == (True, True, False)
    browser.post(FORM, TYPED)
    said = browser.get(KEPT).content.decode()
    assert [said.count(words) for words in (page, signed_out, outdated)] == [2, 1, 1]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_staff_without_their_second_factor_read_that_they_were_not_done(rf, db, language):
    *_others, unfinished = SAID[language]
    form = unsent_forms.UnsentForm("a", FORM, "", timezone.now(), False, why=unsent_forms.Why.UNFINISHED)
    with override(language):
        assert unfinished in render_to_string("accounts/unsent_forms.html", {"forms": [form]}, rf.get(KEPT))


def test_stale_token_shows_it_at_once(browser, kari):
    old = token(browser)
    sign_in(browser, kari)
    browser.cookies["csrftoken"] = "a" * 32
    response = browser.post(FORM, TYPED | {"csrfmiddlewaretoken": old})
    assert response.url == KEPT
    (form,) = on_page(browser)
    assert send_again(browser, form).json() == received()
    assert browser.get(KEPT).status_code == 302


def test_sign_in_in_another_tab_makes_the_token_stale_and_nothing_is_lost(browser, kari, ask, latest_code):
    old = token(browser)
    browser.post("/konto/logg-inn/", {"email": kari.email, "csrfmiddlewaretoken": old})
    browser.post("/konto/logg-inn/kode/", {"code": latest_code(), "csrfmiddlewaretoken": old})
    assert browser.post(FORM, TYPED | {"csrfmiddlewaretoken": old}).url == KEPT
    assert send_again(browser, on_page(browser)[0]).json() == received()


def test_no_token_and_no_session_is_kept_too(browser, kari):
    assert browser.post(FORM, TYPED).url == f"/konto/logg-inn/?next={KEPT}"
    sign_in(browser, kari)
    assert send_again(browser, on_page(browser)[0]).json() == received()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver", "sec-fetch-site": "same-site"},
        {"referer": "https://evil.example/skjema/"},
        {"referer": "http://testserver@evil.example/"},
        {},
    ],
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_from_another_site_is_refused_and_not_kept(kari, headers, signed_in):
    client = Client(enforce_csrf_checks=True)
    if signed_in:
        sign_in(client, kari)
    response = client.post(FORM, TYPED, headers=headers)
    assert response.status_code == 403
    assert "Skjemaet kom ikke fram" in response.content.decode()
    sign_in(client, kari)
    assert client.get(KEPT).status_code == 302


def test_referer_of_our_own_is_enough(kari):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, kari)
    assert client.post(FORM, TYPED, headers={"referer": "http://testserver/skjema/?a=1"}).url == KEPT


@pytest.mark.parametrize("path", ["/konto/", "/konto/logg-inn/", "/konto/logg-inn/kode/", "/konto/to-trinn/app/"])
def test_nothing_under_konto_is_kept(browser, kari, path):
    browser.post(path, {"code": "1234-5678", "email": "x@example.no"})
    sign_in(browser, kari)
    assert browser.post(path, {"code": "1234-5678"}).status_code == 403
    assert browser.get(KEPT).status_code == 302
    assert not any("5678" in str(value) for value in browser.session.values())


def test_gone_after_an_hour(browser, kari):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(browser, kari)
        browser.post(FORM, TYPED)
        clock.shift(timedelta(minutes=59))
        assert on_page(browser)
        clock.shift(timedelta(minutes=2))
        assert browser.get(KEPT).status_code == 302
        assert "unsent_forms" not in browser.session


def test_session_of_nobody_that_keeps_something_ends_after_an_hour_but_not_who_signs_in(browser, kari):
    browser.post(FORM, TYPED)
    assert browser.session.get_expiry_age() <= 3600
    sign_in(browser, kari)
    browser.get("/konto/")
    assert browser.session.get_expiry_age() > 24 * 3600
    assert on_page(browser)


def test_not_shown_to_another_person(browser, kari):
    sign_in(browser, kari)
    browser.post(FORM, TYPED)
    sign_in(browser, User.objects.create_user("ola@example.no"))
    assert browser.get(KEPT).status_code == 302


def test_signing_out_forgets_it(browser, kari):
    sign_in(browser, kari)
    browser.post(FORM, TYPED)
    browser.post("/konto/logg-ut/", {"csrfmiddlewaretoken": token(browser)})
    sign_in(browser, kari)
    assert browser.get(KEPT).status_code == 302


def test_can_be_deleted(browser, kari):
    sign_in(browser, kari)
    browser.post(FORM, TYPED)
    (work_id,) = re.findall(r'name="id" value="([\w-]+)"', browser.get(KEPT).content.decode())
    response = browser.post(KEPT, {"id": work_id, "csrfmiddlewaretoken": token(browser)}, follow=True)
    assert "er slettet" in response.content.decode()
    assert browser.get(KEPT).status_code == 302


def test_several_tabs_are_kept_beside_each_other(browser, kari):
    for number in range(3):
        browser.post(FORM, {"tab": str(number)})
    sign_in(browser, kari)
    forms = on_page(browser)
    assert [fields for _action, _token, fields in forms] == [{"tab": ["0"]}, {"tab": ["1"]}, {"tab": ["2"]}]
    send_again(browser, forms[1])
    assert [fields for _action, _token, fields in on_page(browser)] == [{"tab": ["0"]}, {"tab": ["2"]}]


def test_the_same_twice_is_kept_once_and_no_more_than_four(browser, kari):
    for number in [1, 1, 2, 3, 4, 5]:
        browser.post(FORM, {"tab": str(number)})
    sign_in(browser, kari)
    assert [fields["tab"] for _action, _token, fields in on_page(browser)] == [["2"], ["3"], ["4"], ["5"]]


def test_too_large_is_not_kept_and_the_page_says_what_happened(browser, kari):
    big = {"text": "a" * (unsent_forms.MAX_BYTES + 1)}
    sign_in(browser, kari)
    response = browser.post(FORM, big)
    assert response.status_code == 403
    assert "Ingenting er lagret" in response.content.decode()
    browser.logout()
    response = browser.post(FORM, big | {"csrfmiddlewaretoken": token(browser)}, follow=True)
    assert "kom ikke fram" in response.content.decode()
    assert "unsent_forms" not in browser.session


def test_just_under_the_limit_is_kept(browser, kari):
    text = "æ" * 80_000  # six bytes each once encoded
    sign_in(browser, kari)
    browser.post(FORM, {"text": text})
    assert on_page(browser)[0][2] == {"text": [text]}


def test_files_are_not_kept_and_the_page_says_so(browser, kari):
    sign_in(browser, kari)
    browser.post(FORM, {"name": "Åse", "file": SimpleUploadedFile("liste.xlsx", b"innhold")})
    assert "Filer er ikke tatt vare på" in browser.get(KEPT).content.decode()
    assert on_page(browser)[0][2] == {"name": ["Åse"]}


@pytest.mark.parametrize(("size", "is_kept"), [(1.9, True), (2.1, False)])
def test_a_file_that_makes_it_too_large_keeps_the_rest_from_being_read(browser, kari, size, is_kept):
    """What is sent is looked at by its length, before all of it is taken in."""
    sign_in(browser, kari)
    content = b"0" * int(unsent_forms.MAX_BYTES * size)
    browser.post(FORM, {"name": "Åse", "file": SimpleUploadedFile("liste.xlsx", content)})
    assert bool(on_page(browser)) is is_kept


@pytest.mark.parametrize(("status", "left"), [(302, 0), (422, 1), (500, 1)])
def test_only_what_was_received_is_no_longer_kept(browser, rf, kari, status, left):
    sign_in(browser, kari)
    browser.post(FORM, TYPED)
    assert len(on_page(browser)) == 1
    request = rf.post(FORM, TYPED)
    request.user, request.session = kari, browser.session
    unsent_forms.tend(request, status, now=timezone.now())
    assert len(unsent_forms.unsent_of(request, now=timezone.now())) == left


def test_what_fails_when_sent_again_stays(browser, kari):
    sign_in(browser, kari)
    browser.post("/skjema/feil/", {"name": "Åse"})
    browser.raise_request_exception = False
    send_again(browser, on_page(browser)[0])
    assert on_page(browser)


def test_a_script_that_saves_a_draft_keeps_nothing(browser, kari):
    browser.post(FORM, TYPED, headers={"sec-fetch-mode": "cors"})
    assert "unsent_forms" not in browser.session
    browser.post(FORM, '{"a": 1}', content_type="application/json")
    assert "unsent_forms" not in browser.session


def test_what_was_typed_is_never_markup(browser, kari):
    sign_in(browser, kari)
    browser.post(f"{FORM}?a=%22%3E%3Cscript%3E", {'"><script>alert(1)</script>': '"><script>alert(2)</script>'})
    assert "<script>alert" not in browser.get(KEPT).content.decode()
    assert "<script>" not in browser.get(KEPT).content.decode().replace('<script type="module"', "")


def test_staff_without_their_second_factor_lose_nothing_either(browser, db):
    boss = User.objects.create_superuser("boss@example.no")
    sign_in(browser, boss)
    response = browser.post(FORM, TYPED | {"csrfmiddlewaretoken": token(browser)})
    assert response.url == "/konto/to-trinn/app/"
    assert browser.session["after_second_factor"] == KEPT


def test_a_form_is_kept_behind_a_proxy_that_ends_https(kari, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"host": "testserver", "origin": "https://testserver", "x-forwarded-proto": "https"}
    client = Client(enforce_csrf_checks=True, headers=headers)
    sign_in(client, kari)
    assert client.post(FORM, TYPED).url == KEPT
