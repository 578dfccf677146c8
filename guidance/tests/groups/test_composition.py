"""Putting together the groups of a cohort: proposing around locks, changing by hand, publishing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import withdraw
from guidance.groups import seating
from guidance.models import Capacity, Composition, GroupMember, GuidanceGroup, Leave, LogDraft, Supervisor
from guidance.tests.conftest import planned_session, text_of
from guidance.tests.groups.conftest import a_supervisor, by_hand, choice, groups, page, sit
from participants.models import Participation
from parts.dates import date_in_words

pytestmark = pytest.mark.usefixtures("noon")


def test_begin_propose_and_publish(client, participation, other_participation, units, people, leader, cohort):
    client.force_login(leader)
    assert "Begynn sammensettingen" in client.get(page(cohort)).content.decode()
    client.post(page(cohort), {"begin": "1"})
    assert "0 av 2 kommuner har en fulltallig gruppe." in client.get(page(cohort)).content.decode()
    answer = client.post(page(cohort), {"propose": "1"}, follow=True)
    shown = answer.content.decode()
    assert "2 av 2 kommuner har en fulltallig gruppe." in shown
    assert "Hvorfor disse" in shown
    assert "fra Læringsmiljøsenteret, leder gruppa" in shown
    confirm = client.get(page(cohort, "publish"))
    assert "2 kommuner får nye eller endrede grupper." in confirm.content.decode()
    answer = client.post(page(cohort, "publish"), {"seen": confirm.context["seen"]}, follow=True)
    assert "Gruppene er publisert" in answer.content.decode()
    assert GroupMember.objects.current().count() == 4
    assert GroupMember.objects.current().filter(leads=True).count() == 2


def test_proposing_twice_gives_the_same(made, leader, cohort):
    seating.propose(cohort, made, by=leader, now=timezone.now())
    first = groups(made)
    seating.propose(cohort, made, by=leader, now=timezone.now())
    assert groups(made) == first
    assert all(len(group) == 2 for group in first.values())


def test_what_is_locked_is_kept(client, made, people, participation, leader, cohort):
    sit(made, participation, people[1], leads=True, locked=True)
    sit(made, participation, people[3], locked=True)
    client.force_login(leader)
    client.post(page(cohort), {"propose": "1"})
    assert groups(made)["Indre Fosen"] == {("Senter To", True), ("Praksis To", False)}


def test_lock_and_unlock(client, made, people, participation, other_participation, leader, cohort):
    sit(made, participation, people[0])
    sit(made, other_participation, people[0])
    client.force_login(leader)
    client.post(page(cohort), {"lock": str(participation.pk)})
    assert [seat.participation for seat in made.seats.filter(locked=True)] == [participation]
    client.post(page(cohort), {"lock": "all"})
    assert made.seats.filter(locked=True).count() == 2
    client.post(page(cohort), {"unlock": "all"})
    assert not made.seats.filter(locked=True).exists()
    for nonsense in ("x", "1" * 40, ""):
        assert client.post(page(cohort), {"lock": nonsense}).status_code == 302


def test_a_change_meanwhile_is_not_overwritten(made, people, participation, leader, cohort, monkeypatch):
    compose = seating.composer.compose

    def and_meanwhile(*args, **kwargs):
        sit(made, participation, people[0])
        return compose(*args, **kwargs)

    monkeypatch.setattr(seating.composer, "compose", and_meanwhile)
    with pytest.raises(seating.ValidationError):
        seating.propose(cohort, made, by=leader, now=timezone.now())
    assert made.seats.count() == 1


def test_what_cannot_be_met_is_named(client, participation, other_participation, units, leader, cohort):
    a_supervisor("Senter En", cohort, knows_kindergarten=False)
    made = Composition.objects.open_for(cohort, by=leader, now=timezone.now())
    client.force_login(leader)
    shown = client.post(page(cohort), {"propose": "1"}, follow=True).content.decode()
    assert "Mangler en som kjenner barnehage" in shown
    assert "Mangler en veileder fra praksis" in shown
    assert "Gruppa har 1 veileder, og skal ha 2" in shown
    assert made.seats.count() == 2


def test_by_hand(client, made, people, participation, leader, cohort):
    client.force_login(leader)
    answer = choice(client, participation, people[0], people[2], led_by=people[0])
    assert answer.status_code == 302
    assert groups(made) == {"Indre Fosen": {("Senter En", True), ("Praksis En", False)}}
    assert made.seats.filter(locked=True).count() == 2


@pytest.mark.parametrize(
    ("chosen", "leads", "text"),
    [
        ([0, 2], None, "Mangler en leder fra Læringsmiljøsenteret"),
        ([0, 1], 0, "Mangler en veileder fra praksis"),
        ([0, 2, 3], 0, "Gruppa har 3 veiledere, og skal ha 2"),
        ([], None, "Gruppa har 0 veiledere, og skal ha 2"),
    ],
)
def test_a_broken_rule_is_shown_and_may_be_kept(
    client, made, people, participation, leader, cohort, chosen, leads, text
):
    client.force_login(leader)
    who, leading = [people[number] for number in chosen], people[leads] if leads is not None else None
    answer = choice(client, participation, *who, led_by=leading)
    assert answer.status_code == 422
    assert text in answer.content.decode()
    assert answer.content.decode().count("checked") == len(chosen) + 1
    assert not made.seats.exists()
    assert choice(client, participation, *who, led_by=leading, sure="1").status_code == 302
    assert made.seats.count() == len(chosen)


def test_leave_is_shown_where_people_are_chosen(client, made, people, participation, leader, cohort):
    today = timezone.localdate()
    ends = today + timedelta(days=20)
    Leave.objects.create(supervisor=people[0], first_on=today, last_on=ends)
    Leave.objects.create(supervisor=people[2], first_on=ends)
    sit(made, participation, people[0], leads=True)
    sit(made, participation, people[2])
    going_on, to_come = f"permisjon til og med {date_in_words(ends)}", f"permisjon fra {date_in_words(ends)}"
    client.force_login(leader)
    shown = text_of(client.get(page(cohort)))
    assert f"Senter En (leder), {going_on}" in shown
    assert f"Praksis En, {to_come}" in shown
    candidates = text_of(client.get(by_hand(participation)))
    assert going_on in candidates
    assert to_come in candidates
    published = text_of(client.get(page(cohort, "publish")))
    assert "Disse har eller skal ha permisjon" in published
    assert f"Indre Fosen (Trøndelag): Senter En, {going_on}" in published
    in_load = text_of(client.get(page(cohort, "workload")))
    assert f"Permisjon fra {date_in_words(ends)}" in in_load


def test_knowledge_bars_and_load_are_shown(client, made, people, participation, other_participation, leader, cohort):
    Supervisor.objects.update(knows_kindergarten=False, knows_school=False)
    people[2].not_with.add(participation.municipality)
    Capacity.objects.filter(supervisor=people[0]).update(most=0)
    client.force_login(leader)
    shown = choice(client, participation, people[0], people[2], led_by=people[0]).content.decode()
    for text in (
        "Mangler en som kjenner barnehage",
        "Mangler en som kjenner skole",
        "Praksis En skal ikke være i denne kommunen",
        "Senter En får 1 kommune, avtalt 0",
    ):
        assert text in shown


def test_who_leads_must_be_chosen(client, made, people, participation, leader):
    client.force_login(leader)
    answer = choice(client, participation, people[2], led_by=people[0], sure="1")
    assert answer.status_code == 422
    assert "Den som leder, må være i gruppa." in answer.content.decode()


@pytest.mark.any_database
@pytest.mark.parametrize("bad", [{"people": ["x"]}, {"people": ["99999999"]}, {"leads": "\x00"}, {"leads": "æøå"}])
def test_bad_input_is_refused_in_words(client, made, people, participation, leader, bad):
    client.force_login(leader)
    assert choice(client, participation, people[0], people[2], led_by=people[0], **bad).status_code == 422
    assert not made.seats.exists()


def test_a_stale_page_does_not_overwrite(client, made, people, participation, leader):
    client.force_login(leader)
    seen = client.get(by_hand(participation)).context["seen"]
    sit(made, participation, people[1], leads=True)
    answer = choice(client, participation, people[0], people[2], led_by=people[0], seen=seen)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Noen endret gruppa mens du hadde siden åpen" in shown
    assert "Senter To (leder)" in shown
    assert groups(made) == {"Indre Fosen": {("Senter To", True)}}


def test_publishing_keeps_who_stays_and_ends_who_leaves(made, people, participation, leader, cohort):
    group = GuidanceGroup.objects.create(participation=participation)
    start = timezone.localdate().replace(day=1)
    stays = GroupMember.objects.create(group=group, supervisor=people[0], leads=True, started_on=start)
    leaves = GroupMember.objects.create(group=group, supervisor=people[2], started_on=start)
    sit(made, participation, people[0])
    sit(made, participation, people[1], leads=True)
    assert made.publish(by=leader, now=timezone.now())
    stays.refresh_from_db()
    leaves.refresh_from_db()
    assert (stays.started_on, stays.ended_on, stays.leads) == (start, None, False)
    assert leaves.ended_on == timezone.localdate()
    assert group.members.current().get(leads=True).supervisor == people[1]
    assert not GroupMember.objects.participations_of(people[2].user).exists()
    assert GroupMember.objects.participations_of(people[1].user).exists()
    assert {one.what for one in made.published_changes.all()} == {"left", "joined", "leads"}


def test_a_group_that_stays_as_it_is_is_not_changed(made, people, participation, leader):
    group = GuidanceGroup.objects.create(participation=participation)
    today = timezone.localdate()
    GroupMember.objects.create(group=group, supervisor=people[0], leads=True, started_on=today)
    sit(made, participation, people[0], leads=True)
    made.publish(by=leader, now=timezone.now())
    assert not made.published_changes.exists()
    assert group.members.count() == 1


def test_publishing_again_changes_nothing(made, people, participation, leader):
    sit(made, participation, people[0], leads=True)
    assert made.publish(by=leader, now=timezone.now())
    first = made.published_at
    assert not Composition.objects.get(pk=made.pk).publish(by=leader, now=timezone.now())
    made.refresh_from_db()
    assert made.published_at == first
    assert GroupMember.objects.count() == 1


def test_publishing_a_broken_group_is_asked_about(client, made, people, participation, leader, cohort):
    sit(made, participation, people[0], leads=True)
    client.force_login(leader)
    confirm = client.get(page(cohort, "publish"))
    assert "Mangler en veileder fra praksis" in confirm.content.decode()
    answer = client.post(page(cohort, "publish"), {"seen": confirm.context["seen"]})
    assert answer.status_code == 422
    assert not GroupMember.objects.exists()
    client.post(page(cohort, "publish"), {"seen": confirm.context["seen"], "sure": "on"})
    assert GroupMember.objects.count() == 1


def test_publishing_from_a_stale_page(client, made, people, participation, leader, cohort):
    sit(made, participation, people[0], leads=True)
    sit(made, participation, people[2])
    client.force_login(leader)
    seen = client.get(page(cohort, "publish")).context["seen"]
    made.seats.filter(supervisor=people[2]).update(supervisor=people[3])
    answer = client.post(page(cohort, "publish"), {"seen": seen})
    assert "Noen endret gruppene mens du hadde siden åpen" in answer.content.decode()
    assert not GroupMember.objects.exists()


def test_who_leaves_by_it_leaves_the_work_to_who_leads(made, people, participation, leader):
    group = GuidanceGroup.objects.create(participation=participation)
    today = timezone.localdate()
    GroupMember.objects.create(group=group, supervisor=people[0], leads=True, started_on=today)
    leaves = people[2].user
    alone = planned_session(participation, leaves, [], days=5)
    both = planned_session(participation, leaves, [], days=9)
    both.supervisors.add(people[0])
    draft = LogDraft(user=leaves, group=group)
    draft.keep(data={"worked_on": "Halvskrevet"}, now=timezone.now())
    GroupMember.objects.create(group=group, supervisor=people[2], started_on=today)
    sit(made, participation, people[1], leads=True)
    sit(made, participation, people[0])
    made.publish(by=leader, now=timezone.now())
    draft.refresh_from_db()
    assert draft.user == people[1].user
    assert list(alone.supervisors.all()) == [people[1]]
    assert list(both.supervisors.all()) == [people[0]]


def test_a_municipality_that_has_withdrawn_gets_no_group(made, people, participation, leader, staff):
    sit(made, participation, people[0], leads=True)
    withdraw(participation, by=staff, now=timezone.now())
    made.publish(by=leader, now=timezone.now())
    assert not GuidanceGroup.objects.exists()


def test_two_publish_at_the_same_time(client, made, people, participation, leader, cohort):
    sit(made, participation, people[0], leads=True)
    sit(made, participation, people[2])
    client.force_login(leader)
    seen = client.get(page(cohort, "publish")).context["seen"]
    seating.publish(made, seen=seen, by=leader, now=timezone.now())
    assert client.post(page(cohort, "publish"), {"seen": seen}).status_code == 302
    with pytest.raises(seating.ValidationError):
        seating.publish(made, seen=seen, by=leader, now=timezone.now())
    assert GroupMember.objects.count() == 2


def test_a_municipality_that_withdraws_is_dropped(client, made, people, participation, leader, staff, cohort):
    sit(made, participation, people[0], leads=True)
    withdraw(participation, by=staff, now=timezone.now())
    client.force_login(leader)
    shown = client.get(page(cohort)).content.decode()
    assert "Ikke lenger med" in shown
    assert "Senter En (Indre Fosen)" in shown


def test_opening_again_begins_with_the_groups_locked(client, made, people, participation, leader, cohort):
    sit(made, participation, people[0], leads=True)
    made.publish(by=leader, now=timezone.now())
    client.force_login(leader)
    client.post(page(cohort), {"begin": "1"})
    client.post(page(cohort), {"begin": "1"})
    [again] = Composition.objects.open()
    assert [(seat.supervisor, seat.leads, seat.locked) for seat in again.seats.all()] == [(people[0], True, True)]


@pytest.mark.parametrize("query", ["?vis=brudd", "?q=fosen", "?q=FOSEN&vis=ulast"])
def test_filters(client, made, people, participation, other_participation, leader, cohort, query):
    sit(made, other_participation, people[0], leads=True, locked=True)
    sit(made, other_participation, people[2], locked=True)
    client.force_login(leader)
    rows = client.get(page(cohort, query=query)).context["page"].object_list
    assert [row.participation for row in rows] == [participation]


@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
def test_others_do_not_find_the_pages(client, request, made, participation, cohort, person):
    client.force_login(request.getfixturevalue(person))
    for address in (page(cohort), page(cohort, "publish"), by_hand(participation)):
        assert client.get(address).status_code == 404
        assert client.post(address, {"propose": "1", "begin": "1"}).status_code == 404
    assert Participation.objects.count() == 2
