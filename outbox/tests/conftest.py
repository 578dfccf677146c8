from datetime import UTC, datetime

import pytest

from outbox import posting
from outbox.models import Message
from outbox.tests import fake, mails

NOW = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _texts_of_the_tests(settings):
    settings.MAIL_APPS = ["outbox.tests.mails"]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def post(db):
    def post(key: str = "reminder:1", *, to: str = "kari@eksempelby.example", **changes) -> Message:
        values = {"kommune": "Eksempelby", "frist": "3. mai", "enheter": ["En skole"]}
        arguments = {"language": "nb", "values": values, "why": "Har ikke svart.", "now": NOW} | changes
        return posting.post(arguments.pop("text", mails.REMINDER), key=key, to=to, **arguments)

    return post


@pytest.fixture
def server(settings, monkeypatch) -> fake.Server:
    settings.EMAIL_BACKEND = "outbox.tests.fake.Backend"
    monkeypatch.setattr(fake.Backend, "server", fake.Server())
    return fake.Backend.server


@pytest.fixture
def staff_client(client, settings, staff):
    """Staff signed in. Their second factor is the business of accounts, and of the matrix of all pages."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SecondFactorMiddleware")]
    client.force_login(staff)
    return client
