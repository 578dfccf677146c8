"""Who wrote in a log is told that another person has corrected it, and nothing of what it says."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from conftest import make_supervisor, make_user, withdraw
from guidance.models import GroupMember
from guidance.tests.conftest import FACTS
from guidance.tests.mails.conftest import ASKED, at, newest, session

LATER = ASKED + timedelta(hours=2)


@pytest.fixture
def colleague(participation, supervisor):
    user = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(participation, user)
    return user


@pytest.fixture
def logged(participation, supervisor, units, contact, head):
    """Vera's log."""
    found = session(participation, supervisor, units[:1], on=date(2026, 9, 28))
    facts = FACTS | {"agreed": "Hemmelig avtale."}
    found.submit(token=uuid.uuid4(), facts=facts, units=units[:1], supervisors=[], by=supervisor, now=timezone.now())
    return found


def correct(logged, by, *, now=LATER, **facts):
    logged.refresh_from_db()
    return logged.correct(facts=facts, units=logged.units.all(), supervisors=[], by=by, now=now)


def told(send, moment=LATER) -> list[str]:
    return [to for kind, to in send(moment) if kind == "log_corrected"]


def test_the_writer_is_told_at_once_and_once(logged, colleague, send):
    correct(logged, colleague, agreed="En annen hemmelighet.", minutes=45)
    assert told(send) == ["vera.veileder"]
    assert told(send, at(10, 2)) == []
    mail = newest("vera.veileder")
    assert mail.subject == "Kolle Ga har rettet loggen fra veiledningsmøtet i Indre Fosen mandag 28. september 2026"
    assert "hva dere ble enige om" in mail.body
    assert "varighet i minutter" in mail.body
    assert "emmelig" not in mail.body
    assert f"/veiledning/moter/{logged.pk}/" in mail.body


def test_nobody_is_told_of_what_they_did_themselves(logged, supervisor, send):
    correct(logged, supervisor, agreed="Rettet av Vera.")
    assert told(send) == []


def test_who_had_corrected_it_is_told_of_the_next_correction(logged, supervisor, colleague, send):
    correct(logged, colleague, agreed="Kollegaens.")
    correct(logged, supervisor, now=LATER + timedelta(minutes=5), agreed="Veras igjen.")
    assert told(send) == ["vera.veileder"]
    assert told(send, LATER + timedelta(minutes=5)) == ["kollega"]


def test_who_has_left_the_group_may_not_read_it_and_is_not_told(logged, supervisor, colleague, send):
    GroupMember.objects.filter(supervisor__user=supervisor).update(ended_on=timezone.localdate())
    correct(logged, colleague, agreed="Nytt.")
    assert told(send) == []


def test_not_of_a_log_that_is_withdrawn_or_a_municipality_that_is(logged, colleague, staff, send):
    correct(logged, colleague, agreed="Nytt.")
    withdraw(logged.group.participation, by=staff, now=timezone.now())
    assert told(send) == []


def test_in_the_writers_language(logged, supervisor, colleague, send):
    supervisor.language = "nn"
    supervisor.save()
    correct(logged, colleague, agreed="Nytt.")
    send(LATER)
    assert newest("vera.veileder").subject.startswith("Kolle Ga har retta loggen frå rettleiingsmøtet")
