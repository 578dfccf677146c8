"""The task that ends offers and makes new ones."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from gatherings import places, tasks
from gatherings.mails import notices
from gatherings.models import Gathering, Registration
from gatherings.tests.conftest import entry

State = Registration.State


@pytest.fixture
def told(monkeypatch) -> list[tuple[list, list]]:
    asked: list[tuple[list, list]] = []
    monkeypatch.setattr(notices, "passed", lambda passed, *, now: asked.append((passed.expired, passed.offered)))
    return asked


@pytest.fixture
def full(gathering, welcomed, contact) -> list[Registration]:
    Gathering.objects.filter(pk=gathering.pk).update(capacity=1)
    people = [entry(number, gathering=gathering) for number in (1, 2, 3)]
    return places.register(gathering, people, participation=welcomed, by=contact, now=timezone.now())


@pytest.fixture
def offered(full, contact) -> list[Registration]:
    """The second one has an offer that ran out an hour ago."""
    places.cancel(full[0], by=contact, now=timezone.now())
    Registration.objects.filter(pk=full[1].pk).update(offered_until=timezone.now() - timedelta(hours=1))
    return full


def states(rows) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in rows]


def test_an_offer_that_ran_out_goes_to_the_next(offered, told):
    tasks.pass_on()
    assert states(offered) == [State.CANCELLED, State.EXPIRED, State.OFFERED]
    assert told == [([offered[1]], [offered[2]])]


def test_a_second_run_does_nothing(offered, told):
    tasks.pass_on()
    tasks.pass_on()
    assert states(offered)[2] == State.OFFERED
    assert len(told) == 1


def test_a_free_place_goes_to_the_first_in_line(full, told):
    Gathering.objects.update(capacity=2)
    tasks.pass_on()
    assert states(full) == [State.PLACED, State.OFFERED, State.WAITING]
    assert told == [([], [full[1]])]


def test_a_full_gathering_tells_nobody(full, told):
    tasks.pass_on()
    assert states(full) == [State.PLACED, State.WAITING, State.WAITING]
    assert told == []


@pytest.mark.parametrize("settled", ["cancelled", "postponed", "tentative"])
def test_nobody_is_offered_what_is_not_held(full, told, settled):
    Gathering.objects.update(capacity=3, settled=settled)
    tasks.pass_on()
    assert told == []


def test_a_mail_that_fails_takes_the_offer_back(offered, monkeypatch, caplog):
    def fail(_passed, *, now):
        raise RuntimeError("no")

    monkeypatch.setattr(notices, "passed", fail)
    with caplog.at_level(logging.ERROR):
        tasks.pass_on()
    assert states(offered) == [State.CANCELLED, State.OFFERED, State.WAITING]
    assert "could not be passed on" in caplog.text


def test_one_that_fails_keeps_back_no_other(offered, cohort, welcomed, contact, gathering, monkeypatch, caplog):
    other = Gathering.objects.create(
        cohort=cohort,
        semester=2,
        settled="fixed",
        capacity=1,
        starts_on=gathering.starts_on,
        opens_on=gathering.opens_on,
        closes_on=gathering.closes_on,
    )
    people = [entry(number, gathering=other) for number in (1, 2)]
    rows = places.register(other, people, participation=welcomed, by=contact, now=timezone.now())
    Gathering.objects.filter(pk=other.pk).update(capacity=2)
    pass_on = places.pass_on

    def fail_once(found, *, now):
        if found.pk == gathering.pk:
            raise RuntimeError("no")
        return pass_on(found, now=now)

    monkeypatch.setattr(places, "pass_on", fail_once)
    monkeypatch.setattr(notices, "passed", lambda _passed, *, now: None)
    tasks.pass_on()
    assert states(rows) == [State.PLACED, State.OFFERED]
    assert states(offered)[1] == State.OFFERED


def test_the_schedule_names_the_task(settings):
    [line] = [line for line in settings.CELERY_BEAT_SCHEDULE.values() if line["task"] == tasks.pass_on.name]
    assert line["schedule"] == timedelta(minutes=5)
    assert line["options"]["expires"] < 300
