"""The address on a mail's envelope names the mail, for nobody but us to make, through whatever servers write anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox import delivery
from outbox.returns import tag

TAGGED = "retur+16-{signature}@example.no"


def test_each_mail_has_its_own_and_the_reader_sees_the_projects(post, server, now, settings):
    settings.DEFAULT_FROM_EMAIL = "Prosjektet <laringsmiljo@example.no>"
    messages = [post(key) for key in ("one", "other")]
    delivery.drain(now=now)
    senders = [mail.from_email for mail in server.accepted]
    assert senders == [tag.sender(message.pk) for message in messages]
    assert senders[0].startswith("retur+")
    assert {mail.message()["From"] for mail in server.accepted} == {"Prosjektet <laringsmiljo@example.no>"}
    assert all("retur" not in mail.message().as_string() for mail in server.accepted)


def test_off_when_unset(post, server, now, settings):
    settings.RETURN_ADDRESS = ""
    address = "retur+1-aaaaaaaaaaaaaaaa@example.no"
    post("one")
    delivery.drain(now=now)
    assert server.accepted[0].from_email == settings.DEFAULT_FROM_EMAIL
    assert tag.message_of([address]) is None


@pytest.mark.parametrize("key", [1, 35, 36, 2**63 - 1])
def test_it_names_its_message_and_fits_an_address(key):
    sender = tag.sender(key)
    assert len(sender.partition("@")[0]) <= 64
    assert tag.message_of([sender]) == key
    assert tag.message_of(["other@example.no", f"Retur <{sender.upper()}>"]) == key


@pytest.mark.parametrize(
    "written",
    [
        "SRS0=HHH=TT={domain}={local}@videre.example.no",
        "srs0+HHH=TT={domain}={local}@videre.example.no",
        "SRS1=GGG=videre.example.no==HHH=TT={domain}={local}@igjen.example.no",
        "kari+SRS=lBkEi=QF={domain}={local}@eksempelby.example.no",
        "prvs=1234abcdef={local}@{domain}",
        "btv1==123abc456=={local}@{domain}",
        "prvs=1234abcdef=SRS0=HHH=TT={domain}={local}@videre.example.no",
    ],
)
def test_a_sender_that_was_written_anew_is_the_same(written):
    local, _at, domain = tag.sender(7).partition("@")
    assert tag.message_of([written.format(local=local, domain=domain)]) == 7


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("+7-", "+8-"),
        lambda address: address.replace("@example.no", "@example.com"),
        lambda address: address.replace("retur+", "svar+"),
        lambda address: address.replace("-", ""),
        lambda address: address.partition("-")[0] + "-aaaaaaaaaaaaaaaa@example.no",
        lambda address: "retur@example.no",
        lambda address: "",
    ],
)
def test_what_we_did_not_sign_names_nothing(change):
    assert tag.message_of([change(tag.sender(7))]) is None


@given(st.text(max_size=120))
def test_no_text_fails(settings_for_all, text):
    assert tag.message_of([text, f"{text}@example.no", f"retur+{text}@example.no"]) is None


@pytest.fixture(scope="module")
def settings_for_all():
    """Hypothesis wants no fixture made anew; the setting is the module's own."""


def test_a_key_that_was_changed_still_opens_what_it_signed(settings):
    before = tag.sender(7)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert tag.sender(7) != before
    assert tag.message_of([before]) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert tag.message_of([before]) is None
