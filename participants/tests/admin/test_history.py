"""The history of a row, as staff read it: in words, at the hour in Norway, and with who did it."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from conftest import make_user, withdraw
from participants.models import Contact, Participation

AT = datetime(2026, 11, 26, 12, 6, 49, 597851, tzinfo=UTC)


@pytest.fixture
def history(staff_client):
    """What the page of a row's history says, the newest version first."""

    def history(row) -> str:
        page = staff_client.get(f"/admin/participants/{row._meta.model_name}/{row.pk}/history/").content.decode()
        return " ".join(html.unescape(re.sub("<[^>]+>", " ", page.partition('id="change-history"')[2])).split())

    return history


def test_nothing_is_a_dash_and_a_moment_is_the_hour_in_norway(history, participation, staff):
    withdraw(participation, by=staff, now=AT)
    said = history(participation)
    assert "Trukket seg: – → torsdag 26. november 2026 kl. 13.06" in said
    assert "Trukket seg, registrert av: – → Stine Stab" in said
    assert "pk=" not in said
    assert "+00:00" not in said


def test_a_day_has_its_weekday_and_a_person_who_is_gone_is_not_nobody(history, participation, staff):
    gone = make_user("gro.gaatt@example.no", "Gro Gått")
    Participation.objects.filter(pk=participation.pk).update(accepted_by=gone)
    participation.refresh_from_db()
    participation.decide(ppt="", political_on=date(2026, 11, 20), political_body="Formannskapet", by=staff)
    said = history(participation)
    assert "fredag 20. november 2026" in said
    assert "→ Gro Gått" in said
    participation.history.filter(accepted_by=gone).update(accepted_by=gone.pk + 1000)
    assert "Slettet person" in history(participation)


def by_whom(row) -> list[str]:
    return [str(version.history_user) for version in row.history.order_by("history_id")][-1:]


@pytest.mark.parametrize("does", ["accept", "welcome"])
def test_a_worker_leaves_who_it_was(participation, staff, does):
    """No request is there to tell it: the letter is sent by a worker, for the one who ordered it."""
    Participation.objects.update(accepted_at=None, accepted_by=None)
    participation.refresh_from_db()
    getattr(participation, does)(by=staff, now=timezone.now())
    assert by_whom(participation) == ["Stine Stab"]


def test_a_successor_from_a_day_to_come_is_there_by_who_decided_it(contact, staff, participation):
    old = contact.contacts.get()
    new = old.replace(name="Nils Ny", email="nils@example.no", by=staff, now=timezone.now() + timedelta(days=3))
    assert (by_whom(old), by_whom(new)) == (["Stine Stab"], ["Stine Stab"])


def test_so_is_whose_function_ends_with_the_unit(head, staff):
    own = Contact.objects.get(user=head)
    own.end(by=staff, now=timezone.now())
    assert by_whom(own) == ["Stine Stab"]
