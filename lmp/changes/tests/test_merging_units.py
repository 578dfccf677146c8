"""Two units become one from a day on: what moves is chosen, the rest ends, and the history stays."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from lmp.changes.tests.test_closing_a_unit import mails
from lmp.changes.unit import closing
from lmp.changes.unit.closing import Moves
from outbox.models import Message
from participants.models import Contact, ProjectGroupMember, Unit, UnitClosure

OWN = Moves("own", "own", measures=True)
OTHER = Moves("other", "other", measures=False)


def merge(unit, into, by, *, on=None, moves=OWN):
    return closing.merge(unit, into, on=on or timezone.localdate(), moves=moves, by=by, now=timezone.now())


@pytest.fixture
def everything(registered, together, alone, measure, groups, other_head):
    return registered


def heads(unit) -> list[str]:
    return [contact.name for contact in Contact.objects.current().filter(unit=unit)]


def members(unit) -> list[str]:
    return list(ProjectGroupMember.objects.filter(group__unit=unit).values_list("name", flat=True))


def test_what_hangs_on_the_one_moves_to_the_other(
    everything, units, head, staff, gathering, together, alone, measure, today
):
    merge(units[0], units[1], staff)
    unit = Unit.objects.get(pk=units[0].pk)
    assert (unit.closed_on, unit.merged_into) == (today, units[1])
    rows = {row.name: (row.unit, row.state) for row in gathering.registrations.all()}
    assert rows == {
        "Hanne Styrer": (units[1], "placed"),
        "Anton Ansatt": (units[1], "placed"),
        "Vilde Venter": (units[1], "waiting"),
    }
    assert list(together.units.all()) == list(alone.units.all()) == [units[1]]
    measure.refresh_from_db()
    assert (measure.unit, measure.state) == (units[1], "planned")
    assert heads(units[0]) == []
    assert heads(units[1]) == ["Hanne Styrer"]
    assert members(units[1]) == ["Felles", "Hanne"]
    assert members(units[0]) == ["Hanne", "Felles"], "its own group stays as it was"
    assert ProjectGroupMember.history.filter(name="Leif", history_type="-").get().history_user == staff


def test_or_the_others_stay(everything, units, staff, measure):
    merge(units[0], units[1], staff, moves=OTHER)
    measure.refresh_from_db()
    assert (measure.unit, measure.state) == (units[0], "stopped")
    assert (heads(units[0]), heads(units[1])) == ([], ["Leif Leder"])
    assert members(units[1]) == ["Leif", "Felles"]


def test_both_groups_become_one_and_nobody_is_in_it_twice(everything, units, staff):
    merge(units[0], units[1], staff, moves=Moves("own", "both", measures=True))
    assert members(units[1]) == ["Leif", "Felles", "Hanne"]


def test_who_leads_both_goes_on_leading_one(confirmed, units, head, staff, participation):
    from conftest import make_contact

    make_contact(participation, head, Contact.Function.HEAD, unit=units[1], by=staff)
    outcome = merge(units[0], units[1], staff)
    assert heads(units[1]) == ["Hanne Styrer"]
    assert (outcome.heads, outcome.new_heads) == ([], [])


def test_without_a_head_of_its_own_the_others_stays(confirmed, units, other_head, staff):
    merge(units[0], units[1], staff)
    assert heads(units[1]) == ["Leif Leder"]


def test_everybody_concerned_is_told_what_becomes_of_them(everything, units, contact, staff):
    merge(units[0], units[1], staff)
    told = mails("participants.unit_changed")
    assert [name for name, _subject in told] == ["Hanne Styrer", "Kari Kontakt", "Leif Leder"]
    assert all("Fembøringen barnehage ble slått sammen med Leksvik barnehage" in subject for _name, subject in told)
    body = Message.objects.filter(text_name="participants.unit_changed").first().body
    for said in (
        "Hanne Styrer leder også det som var ved Fembøringen barnehage, som styrer ved Leksvik barnehage",
        "Leif Leder er ikke lenger styrer ved Leksvik barnehage",
        "Tiltaket flyttes til Leksvik barnehage",
        "2 påmeldte kommer for Leksvik barnehage, med samme plass",
    ):
        assert said in body


def test_it_is_said_who_leads_and_whose_group_it_has_when_nothing_is_decided(confirmed, units, staff):
    said = dict(merge(units[0], units[1], staff).sections())
    assert said["Styrer eller rektor"] == ["Det er ikke bestemt hvem som leder Leksvik barnehage"]
    assert said["Prosjektgruppa"] == ["Det er ikke bestemt hvem som er i prosjektgruppa ved Leksvik barnehage"]
    assert said["Tiltak"] == ["Fembøringen barnehage har ingen tiltak i gang"]


@pytest.mark.parametrize(
    ("moves", "leads", "group"),
    [
        (OWN, "Hanne Styrer leder også", "Prosjektgruppa ved Fembøringen barnehage blir gruppa ved Leksvik barnehage"),
        (OTHER, "Leif Leder leder Leksvik barnehage, som før", "Prosjektgruppa ved Leksvik barnehage er den samme"),
        (Moves("other", "both", measures=True), "Leif Leder leder Leksvik barnehage, som før", "blir én gruppe"),
    ],
)
def test_it_is_said_who_leads_and_whose_group_it_has(everything, units, staff, moves, leads, group):
    said = dict(merge(units[0], units[1], staff, moves=moves).sections())
    assert any(line.startswith(leads) for line in said["Styrer eller rektor"])
    assert group in said["Prosjektgruppa"][0]


def test_the_other_is_counted_anew(everything, units, contact, staff, today):
    Unit.objects.filter(pk=units[1].pk).update(counted_on=today - timedelta(days=30))
    merge(units[0], units[1], staff)
    assert mails("participants.count_asked") == [("Kari Kontakt", "Skriv inn antall barn i en ny enhet i Indre Fosen")]
    assert list(Unit.objects.lacking_count(today=today)) == [units[1]]
    units[1].count(children=80, on=today, by=contact)
    assert not Unit.objects.lacking_count(today=today).exists()


def test_ahead_both_go_on_until_the_day(everything, units, staff, today, measure):
    day = today + timedelta(days=10)
    merge(units[0], units[1], staff, on=day)
    assert {units[0], units[1]} <= set(Unit.objects.active(today=today))
    assert (heads(units[0]), heads(units[1])) == (["Hanne Styrer"], ["Leif Leder"])
    measure.refresh_from_db()
    assert measure.unit == units[0]
    closing.carry_out_due(now=timezone.now() + timedelta(days=10))
    closing.carry_out_due(now=timezone.now() + timedelta(days=10))
    assert (heads(units[0]), heads(units[1])) == ([], ["Hanne Styrer"])
    measure.refresh_from_db()
    assert measure.unit == units[1]
    assert UnitClosure.objects.get().carried_out_at


def test_ahead_it_can_be_taken_back_and_afterwards_not(everything, units, staff, today, measure):
    merge(units[0], units[1], staff, on=today + timedelta(days=10))
    closing.reopen(units[0], by=staff, now=timezone.now())
    closing.carry_out_due(now=timezone.now() + timedelta(days=10))
    assert (heads(units[0]), heads(units[1])) == (["Hanne Styrer"], ["Leif Leder"])
    assert Unit.objects.get(pk=units[0].pk).merged_into is None
    merge(units[0], units[1], staff)
    with pytest.raises(ValidationError, match="er flyttet"):
        closing.reopen(units[0], by=staff, now=timezone.now())


def test_not_with_itself_a_closed_one_or_another_municipalitys(confirmed, other_participation, units, staff, today):
    closing.close(units[1], on=today + timedelta(days=5), by=staff, now=timezone.now())
    elsewhere = Unit.objects.create(participation=other_participation, name="Bergen barnehage", kind="kindergarten")
    for into, day in ((units[0], today), (units[1], today + timedelta(days=5)), (elsewhere, today)):
        with pytest.raises(ValidationError, match="Velg en annen enhet"):
            merge(units[0], Unit.objects.get(pk=into.pk), staff, on=day)
    merge(units[0], Unit.objects.get(pk=units[1].pk), staff, on=today + timedelta(days=4))


def test_one_that_another_is_to_become_a_part_of_is_not_closed_first(confirmed, units, staff, today):
    merge(units[0], units[1], staff, on=today + timedelta(days=10))
    with pytest.raises(ValidationError, match="Ta det tilbake først"):
        closing.close(units[1], on=today + timedelta(days=10), by=staff, now=timezone.now())
    closing.close(units[1], on=today + timedelta(days=11), by=staff, now=timezone.now())
