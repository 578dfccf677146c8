"""A unit closes from a day on, with all that hangs on it, and the closing can be taken back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from lmp.changes.unit import closing
from outbox.models import Message
from participants.models import Contact, Unit, UnitClosure
from parts.dates import day_in_words


def mails(name: str) -> list[tuple[str, str]]:
    found = Message.objects.filter(text_name=name).order_by("to").select_related("recipient")
    return [(str(message.recipient), message.subject) for message in found]


def close(unit: Unit, on: date, by):
    return closing.close(unit, on=on, by=by, now=timezone.now())


@pytest.fixture
def everything(registered, together, alone, measure, groups):
    return registered


def test_today_everything_follows_at_once(everything, units, head, staff, today, together, alone, measure, gathering):
    outcome = close(units[0], today, staff)
    unit = Unit.objects.get(pk=units[0].pk)
    assert not unit.is_active()
    assert not Contact.objects.current().filter(unit=unit).exists()
    measure.refresh_from_db()
    assert measure.state == "stopped"
    assert list(together.units.all()) == [units[1]]
    alone.refresh_from_db()
    assert alone.cancelled_at
    states = {row.name: row.state for row in gathering.registrations.all()}
    assert states == {"Hanne Styrer": "cancelled", "Anton Ansatt": "cancelled", "Vilde Venter": "offered"}
    assert [name for name, _subject in mails("gatherings.offered")] == ["Vilde Venter"]
    assert unit.project_group.members.count() == 2, "what was stays"
    said = dict(outcome.sections())
    assert said["Påmeldte"] == ["Hanne Styrer meldes av 1. samling", "Anton Ansatt meldes av 1. samling"]
    assert said["Tiltak"] == ["Tiltaket stoppes: Felles rutine for uteområdet"]
    assert said["Styrer eller rektor"][0].startswith("Hanne Styrer er ikke lenger styrer ved Fembøringen barnehage")
    assert len(said["Veiledningsmøter"]) == 2
    assert unit.history.first().history_user == staff


def test_those_concerned_are_told(everything, units, contact, head, other_head, staff, today):
    close(units[0], today + timedelta(days=60), staff)
    told = mails("participants.unit_changed")
    assert [name for name, _subject in told] == ["Hanne Styrer", "Kari Kontakt"], "not the head of another unit"
    assert told[0][1].startswith("Fembøringen barnehage blir lagt ned fra ")
    body = Message.objects.filter(text_name="participants.unit_changed").first().body
    assert f"Fra {day_in_words(today + timedelta(days=60))} gjelder dette:" in body, "nothing of it has happened yet"
    assert "Tiltaket stoppes: Felles rutine for uteområdet." in body
    assert mails("gatherings.cancelled") == []


def test_each_in_their_own_language(confirmed, units, contact, head, staff, today):
    head.language = "nn"
    head.save()
    close(units[0], today + timedelta(days=60), staff)
    message = Message.objects.get(text_name="participants.unit_changed", recipient=head)
    assert message.subject.startswith("Fembøringen barnehage blir lagd ned frå ")
    assert "gjeld dette:" in message.body


def test_nobody_is_told_before_the_welcome(participation, units, contact, staff, today):
    close(units[0], today, staff)
    assert mails("participants.unit_changed") == []


def test_a_coming_day_changes_nothing_until_then(everything, units, head, staff, today, measure, together, gathering):
    day = today + timedelta(days=16)
    close(units[0], day, staff)
    measure.refresh_from_db()
    assert (measure.state, together.units.count(), gathering.registrations.active().count()) == ("planned", 2, 3)
    assert Contact.objects.current().filter(unit=units[0]).exists()
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        closing.carry_out_due(now=timezone.now())
        assert UnitClosure.objects.get().carried_out_at is None
    with time_machine.travel(timezone.now() + timedelta(days=16)):
        closing.carry_out_due(now=timezone.now())
        first = UnitClosure.objects.get().carried_out_at
        measure.refresh_from_db()
        assert measure.state == "stopped"
        assert together.units.count() == 2, "it was held before the unit closed"
        assert gathering.registrations.active().count() == 1
        assert len(mails("gatherings.cancelled")) == 2
        closing.carry_out_due(now=timezone.now())
        assert UnitClosure.objects.get().carried_out_at == first, "run twice, done once"
        assert len(mails("gatherings.cancelled")) == 2


def test_one_that_fails_keeps_back_no_other(confirmed, units, staff, today, monkeypatch):
    for unit in units[:2]:
        close(unit, today + timedelta(days=1), staff)
    whole = closing.carry_out

    def carry_out(closure, *, now):
        if closure.unit_id == units[0].pk:
            raise RuntimeError
        return whole(closure, now=now)

    monkeypatch.setattr(closing, "carry_out", carry_out)
    closing.carry_out_due(now=timezone.now() + timedelta(days=1))
    done = UnitClosure.objects.filter(carried_out_at__isnull=False)
    assert [closure.unit for closure in done] == [units[1]]
    monkeypatch.undo()
    closing.carry_out_due(now=timezone.now() + timedelta(days=1))
    assert done.all().count() == 2


def test_decided_twice_is_decided_once(confirmed, units, contact, staff, today):
    day = today + timedelta(days=60)
    close(units[0], day, staff)
    close(units[0], day, staff)
    assert UnitClosure.objects.count() == 1
    assert len(mails("participants.unit_changed")) == 1
    close(units[0], day + timedelta(days=1), staff)
    assert UnitClosure.objects.count() == 1
    assert len(mails("participants.unit_changed")) == 2, "another day is news"


def test_what_is_closed_is_not_closed_again(confirmed, units, staff, today):
    close(units[0], today, staff)
    with pytest.raises(ValidationError, match="er allerede lagt ned"):
        close(units[0], today + timedelta(days=3), staff)


class TestGoesOn:
    def test_a_coming_closing_is_called_off(self, everything, units, head, contact, staff, today, measure):
        close(units[0], today + timedelta(days=16), staff)
        outcome = closing.reopen(units[0], by=staff, now=timezone.now())
        unit = Unit.objects.get(pk=units[0].pk)
        assert (unit.closed_on, outcome.lines()) == (None, [])
        closing.carry_out_due(now=timezone.now() + timedelta(days=20))
        measure.refresh_from_db()
        assert measure.state == "planned"
        subjects = [subject for _name, subject in mails("participants.unit_changed")]
        assert subjects.count("Fembøringen barnehage er i drift likevel") == 2

    def test_one_closed_in_error_gets_back_what_can_come_back(
        self, everything, units, head, staff, today, measure, gathering
    ):
        close(units[0], today, staff)
        outcome = closing.reopen(units[0], by=staff, now=timezone.now())
        measure.refresh_from_db()
        assert measure.state == "planned"
        assert Contact.objects.current().get(unit=units[0]).user == head
        assert gathering.registrations.active().count() == 1, "the places are gone"
        assert outcome.lines() == [
            "Hanne Styrer er igjen styrer ved Fembøringen barnehage",
            "Tiltaket går videre: Felles rutine for uteområdet",
            "Påmeldinger og veiledningsmøter som ble tatt bort, kommer ikke tilbake av seg selv",
        ]

    def test_it_can_be_closed_again(self, confirmed, units, staff, today):
        close(units[0], today, staff)
        closing.reopen(units[0], by=staff, now=timezone.now())
        close(units[0], today, staff)
        assert UnitClosure.objects.in_force().count() == 1
        assert UnitClosure.objects.count() == 2

    def test_what_stopped_before_stays_stopped(self, confirmed, units, head, staff, today, measure):
        measure.report(state="stopped", progress="", by=head, now=timezone.now() - timedelta(days=1))
        close(units[0], today, staff)
        closing.reopen(units[0], by=staff, now=timezone.now())
        measure.refresh_from_db()
        assert measure.state == "stopped"

    def test_not_what_never_closed_nor_in_a_municipality_that_has_withdrawn(self, confirmed, units, staff, today):
        with pytest.raises(ValidationError, match="er i drift"):
            closing.reopen(units[0], by=staff, now=timezone.now())
        close(units[0], today, staff)
        confirmed.withdraw(decided_on=today, reason="Økonomi", by=staff, now=timezone.now())
        with pytest.raises(ValidationError, match="trukket seg"):
            closing.reopen(units[0], by=staff, now=timezone.now())

    def test_one_that_was_closed_long_ago_and_by_no_decision(self, confirmed, units, staff, today):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=today - timedelta(days=100))
        closing.reopen(units[0], by=staff, now=timezone.now())
        assert Unit.objects.get(pk=units[0].pk).is_active()
