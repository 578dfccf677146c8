"""A municipality that asks to correct what it has confirmed is on the staff's page until it has its answer."""

from datetime import timedelta

from django.utils import timezone

from accounts.authentication import second_factor
from participants.confirmation import asking
from participants.models import CorrectionRequest


def test_staff_are_shown_it_until_a_round_is_open(client, staff, contact, participation):
    now = timezone.now()
    asked = CorrectionRequest.objects.create(
        participation=participation, reason="Feil antall", asked_at=now, asked_by=contact
    )
    client.force_login(staff)
    session = client.session
    second_factor.remember(session, staff, kind="totp")
    session.save()
    front = "/admin/"
    assert "Kommuner som vil rette det de har bekreftet (1)" in client.get(front).content.decode()
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=9), by=staff, now=now)
    asked.refresh_from_db()
    assert (asked.settled_at, asked.settled_by) == (now, staff)
    assert "vil rette det de har bekreftet" not in client.get(front).content.decode()
