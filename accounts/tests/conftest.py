import re

import pytest

from accounts.models import User
from outbox.models import Message

ADDRESS = "kari.nordbø@example.no".replace("ø", "o")


@pytest.fixture
def kari(db) -> User:
    return User.objects.create_user(ADDRESS, name="Kari Nordbø")


def code_in(message: Message) -> str:
    return re.search(r"\b\d{4}-\d{4}\b", message.body).group()


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
