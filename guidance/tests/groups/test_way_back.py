"""Composing with a way back: undoing steps, discarding, being asked first, and what was published before (S4)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from guidance.groups import replacing, seating, steps
from guidance.groups.steps import facts
from guidance.models import (
    Capacity,
    Composition,
    CompositionStep,
    GroupMember,
    ProposedSeat,
    PublishedChange,
    Supervisor,
)
from guidance.tests.conftest import text_of
from guidance.tests.groups.conftest import PRACTICE, a_supervisor, by_hand, choice, groups, page, sit

pytestmark = pytest.mark.usefixtures("noon")


class TestUndo:
    def test_a_proposal(self, client, made, people, participation, leader, cohort):
        sit(made, participation, people[3])
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        assert len(groups(made)) == 2
        shown = text_of(client.get(page(cohort)))
        assert "Angre forslaget" in shown
        assert "Pia Prosjektleder lagde et forslag" in shown
        answer = client.post(page(cohort), {"undo": steps.last(made).pk}, follow=True)
        assert "Angret. Forslaget er som det var før." in text_of(answer)
        assert groups(made) == {"Indre Fosen": {("Praksis To", False)}}
        made.refresh_from_db()
        assert made.proposed_at is None
        assert "Angre" not in text_of(answer).replace("Angret", "")

    def test_several_steps_back(self, client, made, people, participation, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        before = facts(made.seats.all())
        choice(client, participation, people[0], people[2], led_by=people[0], sure="1")
        client.post(page(cohort), {"lock": "all"})
        kinds = []
        while step := steps.last(made):
            kinds.append(step.kind)
            client.post(page(cohort), {"undo": step.pk})
            if step.kind == "chosen":
                assert facts(made.seats.all()) == before
        assert kinds == ["locked", "chosen", "proposed"]
        assert not made.seats.exists()
        assert CompositionStep.objects.filter(undone_by=leader).count() == 3

    def test_done_again_step_by_step_as_it_was(self, client, made, people, participation, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        made.refresh_from_db()
        proposed_at = made.proposed_at
        choice(client, participation, people[0], people[2], led_by=people[0], sure="1")
        client.post(page(cohort), {"lock": "all"})
        seen = []
        while step := steps.last(made):
            seen.append(facts(made.seats.all()))
            client.post(page(cohort), {"undo": step.pk})
        assert len(seen) == 3
        while step := steps.last_undone(made):
            shown = text_of(client.get(page(cohort)))
            assert "Gjør om igjen det som ble angret" in shown
            answer = client.post(page(cohort), {"redo": step.pk}, follow=True)
            assert "Gjort om igjen." in text_of(answer)
            assert facts(made.seats.all()) == seen.pop()
        assert not seen
        made.refresh_from_db()
        assert made.proposed_at == proposed_at
        assert "Gjør om igjen" not in text_of(client.get(page(cohort)))
        assert client.post(page(cohort), {"undo": steps.last(made).pk}).status_code == 302  # and back once more

    @pytest.mark.parametrize("nonsense", ["", "x", "9" * 30])
    def test_another_step_than_the_one_undone_last_is_not_done_again(self, client, made, leader, cohort, nonsense):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        client.post(page(cohort), {"undo": steps.last(made).pk})
        assert client.post(page(cohort), {"redo": nonsense}).status_code == 409
        assert not made.seats.exists()

    def test_what_is_done_since_ends_it(self, client, made, people, participation, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        first = steps.last(made).pk
        client.post(page(cohort), {"undo": first})
        choice(client, participation, people[0], people[2], led_by=people[0], sure="1")
        assert steps.last_undone(made) is None
        assert client.post(page(cohort), {"redo": first}).status_code == 409
        client.post(page(cohort), {"undo": steps.last(made).pk})
        assert steps.last_undone(made).kind == "chosen"

    def test_nobody_who_has_ended_since_is_seated_by_it(self, client, made, people, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        seated = set(made.seats.values_list("supervisor", flat=True))
        client.post(page(cohort), {"undo": steps.last(made).pk})
        Supervisor.objects.filter(pk=seated.pop()).update(ended_on=timezone.localdate())
        answer = client.post(page(cohort), {"redo": steps.last_undone(made).pk})
        assert answer.status_code == 409
        assert "er ikke lenger veileder" in text_of(answer)
        assert not made.seats.exists()

    def test_what_is_published_is_not_touched(self, client, made, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        client.post(page(cohort), {"undo": steps.last(made).pk})
        step = steps.last_undone(made).pk
        Composition.objects.filter(pk=made.pk).update(published_at=timezone.now(), published_by=leader)
        client.post(page(cohort), {"redo": step})
        assert not made.seats.exists()
        with pytest.raises(ValidationError):
            steps.redo(made, step=step, by=leader, now=timezone.now())

    def test_the_same_step_twice_or_an_older_one(self, client, made, people, participation, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        first = steps.last(made).pk
        client.post(page(cohort), {"lock": "all"})
        answer = client.post(page(cohort), {"undo": first})
        assert answer.status_code == 409
        assert "Noen har gjort noe annet siden" in text_of(answer)
        assert made.seats.filter(locked=True).count() == 4
        for nonsense in ("", "x", "9" * 30):
            assert client.post(page(cohort), {"undo": nonsense}).status_code == 409

    def test_what_changes_nothing_is_no_step(self, client, made, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"lock": "all"})
        assert steps.last(made) is None

    def test_nobody_who_was_replaced_comes_back(self, published, people, participation, leader, cohort):
        seating.lock(published, locked=False, by=leader, now=timezone.now())
        assert steps.last(published) is not None
        member = GroupMember.objects.current().get(supervisor=people[2], group__participation=participation)
        new = a_supervisor("Praksis Ny", cohort, **PRACTICE)
        replacing.replace(member, successor=new, note="", by=leader, now=timezone.now())
        assert steps.last(published) is None


class TestDiscard:
    def test_it_is_shown_first(self, client, published, people, participation, leader, cohort):
        published.seats.filter(participation=participation, supervisor=people[2]).update(supervisor=people[3])
        client.force_login(leader)
        answer = client.get(page(cohort, "discard"))
        assert answer.status_code == 200
        shown = text_of(answer)
        assert "Senter En (leder), Praksis To" in shown
        assert "Senter En, Praksis En" in shown
        assert Composition.objects.open().exists()
        client.post(page(cohort, "discard"), {"seen": answer.context["seen"]})
        assert not Composition.objects.open().exists()
        assert set(GroupMember.objects.current().values_list("supervisor", flat=True)) == {one.pk for one in people}
        home = client.get(reverse("home")).content.decode()
        assert "Publiser veiledergruppene" not in home

    def test_a_change_meanwhile_is_not_discarded(self, client, published, people, participation, leader, cohort):
        client.force_login(leader)
        seen = client.get(page(cohort, "discard")).context["seen"]
        published.seats.filter(supervisor=people[2]).update(supervisor=people[3])
        answer = client.post(page(cohort, "discard"), {"seen": seen})
        assert answer.status_code == 409
        assert Composition.objects.open().exists()

    def test_it_is_taken_up_again(self, client, published, people, leader, cohort):
        seats = facts(published.seats.all())
        published.discard(by=leader, now=timezone.now())
        client.force_login(leader)
        assert "Hent dem fram igjen" in text_of(client.get(page(cohort)))
        client.post(page(cohort), {"restore": published.pk})
        assert facts(Composition.objects.open().get().seats.all()) == seats

    def test_not_once_somebody_has_begun_anew(self, published, leader, cohort):
        published.discard(by=leader, now=timezone.now())
        Composition.objects.open_for(cohort, by=leader, now=timezone.now())
        with pytest.raises(seating.ValidationError):
            published.restore()

    def test_what_is_discarded_is_neither_published_nor_changed(self, published, people, participation, leader):
        published.seats.filter(supervisor=people[2]).update(supervisor=people[3], participation=participation)
        published.discard(by=leader, now=timezone.now())
        assert not Composition.objects.get(pk=published.pk).publish(by=leader, now=timezone.now())
        with pytest.raises(seating.ValidationError):
            seating.lock(published, locked=False, by=leader, now=timezone.now())

    def test_nothing_to_discard(self, client, leader, cohort):
        client.force_login(leader)
        assert client.get(page(cohort, "discard")).status_code == 302


class TestAsked:
    def test_before_unlocking_all(self, client, published, leader, cohort):
        client.force_login(leader)
        answer = client.post(page(cohort), {"unlock": "all"})
        shown = text_of(answer)
        assert "Låse opp 2 grupper som er publisert?" in shown
        assert "Indre Fosen (Trøndelag)</strong>: Senter En, Praksis En" in shown
        assert published.seats.filter(locked=True).count() == 4
        client.post(page(cohort), answer.context["carried"])
        assert not published.seats.filter(locked=True).exists()

    def test_two_clicks_turn_nothing_upside_down(self, client, published, leader, cohort):
        """«Lås opp alle» and «Lag forslag»: who has held sessions stays, also where it is far (S4)."""
        client.force_login(leader)
        seating.lock(published, locked=False, by=leader, now=timezone.now())
        client.post(page(cohort), {"propose": "1"})
        assert groups(published)["Indre Fosen"] == {("Senter En", True), ("Praksis En", False)}

    def test_before_a_proposal_changes_published_groups(
        self,
        client,
        published,
        people,
        participation,
        leader,
        cohort,
    ):
        people[2].not_with.add(participation.municipality)
        seating.lock(published, locked=False, by=leader, now=timezone.now())
        before = facts(published.seats.all())
        client.force_login(leader)
        answer = client.post(page(cohort), {"propose": "1"})
        shown = text_of(answer)
        assert "Forslaget endrer 2 grupper som er publisert" in shown
        assert "Praksis En slutter, og har holdt møter der; Praksis To begynner" in shown
        assert facts(published.seats.all()) == before
        people[2].not_with.clear()
        client.post(page(cohort), answer.context["carried"])  # what was shown is no longer what it would do
        assert facts(published.seats.all()) == before
        people[2].not_with.add(participation.municipality)
        answer = client.post(page(cohort), {"propose": "1"})
        again = client.post(page(cohort), answer.context["carried"], follow=True)
        assert "Forslaget er klart" in text_of(again)
        assert groups(published)["Indre Fosen"] == {("Senter En", True), ("Praksis To", False)}

    def test_not_where_nothing_is_published(self, client, made, leader, cohort):
        client.force_login(leader)
        assert client.post(page(cohort), {"propose": "1"}).status_code == 302
        assert client.post(page(cohort), {"unlock": "all"}).status_code == 302


class TestTheAnswer:
    def test_all_locked_and_over_capacity_is_not_ready(self, client, published, people, leader, cohort):
        """«Forslaget er klart» while five were over capacity and nothing could change (S5)."""
        Capacity.objects.filter(supervisor=people[0]).update(most=0)
        client.force_login(leader)
        shown = text_of(client.post(page(cohort), {"propose": "1"}, follow=True))
        assert "Forslaget er klart" not in shown
        assert "Ingenting ble endret: alle gruppene er låst." in shown
        assert "1 veileder har for mange kommuner i grupper som er låst." in shown
        assert "Senter En får 1 kommune, avtalt 0" in shown

    def test_nothing_better_is_said(self, client, made, leader, cohort):
        client.force_login(leader)
        client.post(page(cohort), {"propose": "1"})
        shown = text_of(client.post(page(cohort), {"propose": "1"}, follow=True))
        assert "Ingenting ble endret: det finnes ikke noe bedre forslag" in shown

    def test_what_is_missing_is_said(self, client, participation, other_participation, units, leader, cohort):
        a_supervisor("Senter En", cohort)
        Composition.objects.open_for(cohort, by=leader, now=timezone.now())
        client.force_login(leader)
        shown = text_of(client.post(page(cohort), {"propose": "1"}, follow=True))
        assert "Forslaget er klart." in shown
        assert "2 grupper følger ikke alle reglene." in shown


class TestPublications:
    def test_who_when_and_which_groups_changed_how(self, client, published, people, participation, leader, cohort):
        published.seats.filter(participation=participation, supervisor=people[2]).update(supervisor=people[3])
        published.publish(by=leader, now=timezone.now())
        assert [(one.supervisor, one.what) for one in PublishedChange.objects.all()] == [
            (people[2], "left"),
            (people[3], "joined"),
        ]
        client.force_login(leader)
        shown = text_of(client.get(page(cohort, "publications")))
        assert "Pia Prosjektleder endret 1 gruppe." in shown
        assert "Indre Fosen (Trøndelag)</strong>: Praksis En sluttet; Praksis To begynte" in shown
        assert "Bergen" not in shown

    def test_who_leaves_is_counted_and_told(self, client, published, people, participation, leader, cohort):
        """S2: the preview counted two who get a mail, and not the one who leaves."""
        published.seats.filter(participation=participation, supervisor=people[2]).update(supervisor=people[3])
        client.force_login(leader)
        shown = text_of(client.get(page(cohort, "publish")))
        assert "1 veileder begynner i en gruppe og 1 slutter." in shown
        assert "Kommunene, lederne av enhetene og 3 veiledere får e-post, også de som slutter." in shown

    def test_two_of_one_name_are_two(self, client, published, people, participation, leader, cohort):
        Supervisor.objects.filter(pk__in=[people[2].pk, people[3].pk]).update(name="Kari Nordmann")
        published.seats.filter(participation=participation, supervisor=people[2]).update(supervisor=people[3])
        client.force_login(leader)
        shown = text_of(client.get(page(cohort, "publish")))
        assert "1 veileder begynner i en gruppe og 1 slutter." in shown
        assert "Kommunene, lederne av enhetene og 3 veiledere får e-post, også de som slutter." in shown

    def test_the_first_one(self, client, made, people, participation, leader, cohort):
        sit(made, participation, people[0], leads=True)
        made.publish(by=leader, now=timezone.now())
        client.force_login(leader)
        assert "Senter En begynte; Senter En leder" in text_of(client.get(page(cohort, "publications")))

    def test_none(self, client, leader, cohort):
        client.force_login(leader)
        assert "Ingen grupper er publisert i pulja ennå." in text_of(client.get(page(cohort, "publications")))


@pytest.mark.parametrize("person", ["contact", "head", "officer", "other_contact", "stranger"])
def test_others_do_not_find_the_pages(client, request, published, participation, cohort, person):
    client.force_login(request.getfixturevalue(person))
    for address in (page(cohort, "discard"), page(cohort, "publications"), by_hand(participation)):
        assert client.get(address).status_code == 404
    assert client.post(page(cohort, "discard")).status_code == 404
    assert ProposedSeat.objects.filter(composition=published).count() == 4
