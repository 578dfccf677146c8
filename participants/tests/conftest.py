from collections.abc import Iterator

import pytest
from django.test import Client

from accounts.authentication import second_factor
from accounts.models import User
from participants.tests.register_server import RegisterServer, kindergarten, school


@pytest.fixture
def register_server(settings) -> Iterator[RegisterServer]:
    """NSR and NBR with what they hold about Indre Fosen."""
    with RegisterServer() as server:
        settings.NSR_URL, settings.NBR_URL = server.url("nsr"), server.url("nbr")
        server.units["nbr", "5054"] = [
            kindergarten("974760673", "Fembøringen barnehage", AntallBarn=36),
            kindergarten("975315053", "Leksvik barnehage SA", AntallBarn=48, ErPrivatBarnehage=True),
            kindergarten("974764350", "Nedlagt barnehage", ErInaktivIBasil=True),
            kindergarten("944305483", "Indre Fosen kommune", ErBarnehage=False, ErBarnehageEier=True),
        ]
        server.units["nsr", "5054"] = [
            school("974764687", "Statsbygd skole", 81),
            school("974767880", "Rissa videregående skole", 300, ErGrunnskole=False),
            school("958935420", "Ny skole", 12),
        ]
        yield server


@pytest.fixture
def staff_client(client: Client, staff: User) -> Client:
    """Signed in as staff who have used their second factor."""
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    return client
