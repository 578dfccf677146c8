import re
import time
from urllib.parse import unquote

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.authentication import known_browser
from accounts.models import User
from outbox.models import Message

ADDRESS = "kari.nordbø@example.no".replace("ø", "o")


@pytest.fixture
def kari(db) -> User:
    return User.objects.create_user(ADDRESS, name="Kari Nordbø")


def code_in(message: Message) -> str:
    return re.search(r"\b\d{4}-\d{4}\b", message.body).group()


@pytest.fixture
def clock():
    """The time, which stands still until the test moves it."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def leads_to(response) -> str:
    return unquote(response.url)


def app_code(secret: str, steps: int = 0) -> str:
    """What an app with this key shows; `steps` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def signed_in_by_code(user: User) -> Client:
    """Just now, without the mail."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "code", email=user.email)
    request.session.save()
    return client


def make_known(client: Client, *people: User) -> Client:
    """Let the browser be one that these people have signed in with."""
    for person in people:
        request, response = HttpRequest(), HttpResponse()
        request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
        known_browser.remember(request, response, person)
        client.cookies.update(response.cookies)
    return client


@pytest.fixture
def ask(client):
    """Ask for a code, as the sign-in page does; gives the page that answers."""

    def ask(email: str = ADDRESS, *, next: str = "", follow: bool = True):
        query = f"?next={next}" if next else ""
        return client.post(f"/konto/logg-inn/{query}", {"email": email}, follow=follow)

    return ask


@pytest.fixture
def latest_code(db):
    return lambda: code_in(Message.objects.latest("pk"))
