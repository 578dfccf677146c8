from pathlib import Path

import pytest

from conftest import make_user
from outbox import delivery
from outbox.models import Message
from outbox.returns import tag

MAILS = Path(__file__).parent / "mails"
KARI = "kari.nordli@eksempelby.example.no"


def sample(name: str, **changed: str) -> bytes:
    """A mail as a server writes it. RETURN_TO is the address that it came to."""
    text = (MAILS / f"{name}.eml").read_text()
    for word, becomes in changed.items():
        text = text.replace(word, becomes)
    return text.encode()


def about(message: Message, name: str, **changed: str) -> bytes:
    """The same, of this message."""
    return sample(name, RETURN_TO=tag.sender(message.pk), **changed)


@pytest.fixture(autouse=True)
def _mail_comes_back(settings):
    settings.RETURN_ADDRESS = "retur@example.no"


@pytest.fixture
def kari(db):
    return make_user(KARI, "Kari Nordli")


@pytest.fixture
def sent(post, server, kari, now) -> Message:
    """A mail that the server took."""
    message = post("sent", to=kari)
    delivery.drain(now=now)
    message.refresh_from_db()
    assert message.sent_at
    return message
