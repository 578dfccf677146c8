import pytest

from accounts.authentication import second_factor
from lmp.welcome.sending import Prepared, prepared


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    return client


@pytest.fixture
def letter_for():
    """Given a participation, what staff see of its letter now."""

    def find(participation) -> Prepared:
        from django.utils import timezone

        [found] = [
            letter
            for letter in prepared(participation.cohort, today=timezone.localdate())
            if letter.participation == participation
        ]
        return found

    return find
