"""One measure: where it stands, what it is, and what was said of it before."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.measures.statuses import statuses
from guidance.models import Measure
from guidance.tests.conftest import a_measure, sign_in, text_of
from parts.dates import day_in_words
from parts.tests.child_names.asked import ticked

pytestmark = pytest.mark.usefixtures("noon")
OTHERS = ["other_contact", "former_contact", "other_officer", "other_supervisor", "former_supervisor", "stranger"]
ONLY_SEE = ["officer", "staff", "supervisor", "leader"]


def page(measure) -> str:
    return reverse("guidance:measure", args=[measure.pk])


def sent(measure, **changes) -> dict:
    """The form as it is drawn, with these changes."""
    held = {name: value if isinstance(value, list) else str(value) for name, value in measure.facts.items()}
    said = {"state": measure.state, "progress": measure.progress, "seen": measure.updated_at.isoformat()}
    return held | said | measure.said | changes


class TestLooking:
    @pytest.mark.parametrize("person", [*ONLY_SEE, "contact", "head"])
    def test_each_reader_sees_the_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        found = text_of(sign_in(client, user).get(page(measure)))
        assert "Elevundersøkelsen viser at det skjer mest ute." in found
        assert ("Oppdater statusen" in found) == (person in {"contact", "head"})

    @pytest.mark.parametrize("person", OTHERS)
    def test_others_do_not_find_the_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        assert sign_in(client, user).get(page(measure)).status_code == 404

    def test_not_another_units_head(self, client, measure, units, head, contact):
        other = a_measure(units[1], contact)
        assert sign_in(client, head).get(page(other)).status_code == 404

    def test_asks_for_sign_in(self, client, measure):
        assert client.get(page(measure)).status_code == 302

    def test_a_key_that_no_row_can_have(self, client, head):
        assert sign_in(client, head).get(f"/tiltak/{10**30}/").status_code == 404

    def test_what_was_said_before(self, client, measure, head, contact):
        for state, progress, by in [
            ("underway", "Alle er orientert", head),
            ("underway", "Alle er orientert", contact),
            ("finished", "Rutinen er i bruk", contact),
        ]:
            measure.report(state=state, progress=progress, by=by, now=timezone.now())
        said = [(each.state, each.text, each.reported_by) for each in statuses(measure, most=30)]
        assert said == [
            ("finished", "Rutinen er i bruk", contact),
            ("underway", "Alle er orientert", head),
            ("planned", "", head),
        ]
        found = text_of(sign_in(client, head).get(page(measure)))
        assert "Hanne Styrer" in found
        assert "Kari Kontakt" in found

    def test_at_most_so_many(self, measure, head):
        for number in range(5):
            measure.report(state="underway", progress=str(number), by=head, now=timezone.now())
        assert [each.text for each in statuses(measure, most=2)] == ["4", "3"]


class TestChanging:
    @pytest.mark.parametrize("person", ["contact", "head"])
    def test_where_it_stands(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        said = sent(measure, state="underway", progress="Vi har begynt")
        answer = sign_in(client, user).post(page(measure), said, follow=True)
        assert "Tiltaket er lagret." in text_of(answer)
        measure.refresh_from_db()
        assert (measure.state, measure.progress, measure.begun_by) == ("underway", "Vi har begynt", user)
        newest = measure.history.first()
        assert (newest.history_user, newest.progress) == (user, "Vi har begynt")

    def test_what_it_is(self, client, measure, head, today):
        changes = {"what": "Ny rutine", "sub_goal": "5", "ends_on": (today + timedelta(days=40)).isoformat()}
        sign_in(client, head).post(page(measure), sent(measure, **changes))
        measure.refresh_from_db()
        assert (measure.what, measure.sub_goal, measure.ends_on) == ("Ny rutine", 5, today + timedelta(days=40))
        assert measure.why == "Elevundersøkelsen viser at det skjer mest ute."
        assert measure.state == "planned"

    @pytest.mark.parametrize("person", [*ONLY_SEE, *OTHERS])
    def test_others_change_no_measure(self, client, request, measure, person):
        user = request.getfixturevalue(person)
        answer = sign_in(client, user).post(page(measure), sent(measure, progress="Nei"))
        measure.refresh_from_db()
        assert (answer.status_code, measure.progress) == (404, "")

    def test_the_same_again_changes_nothing(self, client, measure, head):
        said = sent(measure, state="underway", progress="Vi har begynt")
        for _time in range(2):
            assert sign_in(client, head).post(page(measure), said).status_code == 302
        assert measure.history.count() == 2  # entered, and begun

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("wrong", "label"),
        [
            ({"state": "tull"}, "Hvor langt er dere kommet?"),
            ({"state": ""}, "Hvor langt er dere kommet?"),
            ({"progress": "x" * 2001}, "Fortell kort hvordan det går"),
            ({"progress": "nul\x00"}, "Fortell kort hvordan det går"),
            ({"what": ""}, "Hva skal dere gjøre?"),
            ({"ends_on": "2013-01-01"}, "Tiltaket kan ikke slutte før det begynner."),
        ],
    )
    def test_bad_input_keeps_what_was_typed(self, client, measure, head, wrong, label):
        answer = sign_in(client, head).post(page(measure), sent(measure, who="Åse på 3. trinn") | wrong)
        found = text_of(answer)
        assert answer.status_code == 422
        assert label in found[found.index("For å gå videre må du rette opp") :]
        assert "Åse på 3. trinn" in found
        assert 'app-measure-change" open' in found  # what was typed shows
        measure.refresh_from_db()
        assert measure.who == "Rektor"

    def test_nothing_at_all(self, client, measure, head):
        assert sign_in(client, head).post(page(measure)).status_code == 422


class TestAtTheSameTime:
    @pytest.fixture
    def stale(self, client, measure, head, contact) -> dict:
        """The head's form, drawn before the contact changed the measure."""
        said = sent(measure, progress="Hannes ord")
        measure.change(
            facts=measure.facts | {"who": "Kari"},
            state="underway",
            progress="Karis ord",
            by=contact,
            now=timezone.now(),
        )
        sign_in(client, head)
        return said

    def test_does_not_overwrite(self, client, measure, stale):
        answer = client.post(page(measure), stale)
        assert answer.status_code == 422
        found = text_of(answer)
        assert "Tiltaket er endret mens du hadde siden åpen." in found
        table = found[found.index("Lagret nå") :]
        assert "Karis ord" in table
        assert "Hannes ord" in table
        assert "Kari" in table
        assert Measure.objects.get(pk=measure.pk).progress == "Karis ord"

    def test_sent_once_more_it_counts(self, client, measure, stale):
        form = client.post(page(measure), stale).context["form"]
        assert client.post(page(measure), stale | {"seen": form["seen"].value()}).status_code == 302
        assert Measure.objects.get(pk=measure.pk).progress == "Hannes ord"

    @pytest.mark.parametrize("seen", ["tull", ""])
    def test_without_saying_what_was_seen(self, client, measure, stale, seen):
        assert client.post(page(measure), stale | {"seen": seen}).status_code == 422

    def test_the_same_words_are_no_conflict(self, client, measure, stale):
        measure.refresh_from_db()
        same = sent(measure, seen=stale["seen"])
        assert client.post(page(measure), same).status_code == 302
        assert measure.history.count() == 2


def test_a_text_that_may_name_a_child_is_asked_about(client, measure, head):
    client.force_login(head)
    address = reverse("guidance:measure", args=[measure.pk])
    said = sent(measure, state="underway", progress="eleven Ola Nordmann slo")
    answer = client.post(address, said)
    assert answer.status_code == 422
    assert "Det kan se ut som om teksten navngir et barn." in answer.content.decode()
    measure.refresh_from_db()
    assert measure.progress == ""
    assert client.post(address, said | ticked(answer)).status_code == 302


class TestWhenItIsOver:
    def test_finished_asks_what_it_did_and_how_one_knows(self, client, measure, head):
        answer = sign_in(client, head).post(page(measure), sent(measure, state="finished"))
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {"effect", "known_by"}
        said = {"effect": "Færre er alene.", "known_by": "Vi observerte i to uker."}
        assert client.post(page(measure), sent(measure, state="finished", **said)).status_code == 302
        measure.refresh_from_db()
        assert (measure.state, measure.effect, measure.known_by) == ("finished", *said.values())
        found = text_of(client.get(page(measure)))
        assert "Hva det førte til" in found
        assert "Vi observerte i to uker." in found

    def test_stopped_asks_why_and_says_nothing_else_of_how_it_goes(self, client, measure, head):
        measure.report(state="underway", progress="Vi er i gang.", by=head, now=timezone.now())
        answer = sign_in(client, head).post(page(measure), sent(measure, state="stopped"))
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"stop_reason"})
        client.post(page(measure), sent(measure, state="stopped", stop_reason="Det ble for mye."))
        measure.refresh_from_db()
        assert (measure.state, measure.stop_reason) == ("stopped", "Det ble for mye.")
        card = text_of(client.get(reverse("guidance:measures", args=[measure.unit_id])))
        assert "Det ble for mye." in card
        assert "Vi er i gang." not in card

    def test_what_belongs_to_another_state_is_not_kept(self, client, measure, head):
        said = {"effect": "Ingen", "known_by": "Vi ser det", "stop_reason": "Nei"}
        sign_in(client, head).post(page(measure), sent(measure, state="underway", **said))
        measure.refresh_from_db()
        assert (measure.state, set(measure.said.values())) == ("underway", {""})

    def test_taken_up_again_it_is_no_longer_stopped_for_a_reason(self, measure, head):
        why = {"stop_reason": "Det ble for mye."}
        measure.report(state="stopped", progress="", said=why, by=head, now=timezone.now())
        measure.report(state="underway", progress="", by=head, now=timezone.now())
        assert measure.stop_reason == ""
        assert [each.said["stop_reason"] for each in statuses(measure, most=9)] == ["", "Det ble for mye.", ""]

    def test_a_new_text_in_the_same_state_keeps_what_was_said(self, measure, head):
        said = {"effect": "Færre er alene.", "known_by": "Vi observerte."}
        measure.report(state="finished", progress="", said=said, by=head, now=timezone.now())
        measure.report(state="finished", progress="Ferdig", by=head, now=timezone.now())
        assert (measure.effect, measure.known_by) == tuple(said.values())

    def test_when_it_began_is_known_as_long_as_it_has_begun(self, measure, head, contact):
        measure.report(state="underway", progress="", by=head, now=timezone.now())
        begun = measure.begun_at
        later = timezone.now() + timedelta(days=1)
        for state in ("finished", "underway", "stopped"):
            measure.report(state=state, progress="", by=contact, now=later)
            assert (measure.begun_at, measure.begun_by) == (begun, head)
        measure.report(state="planned", progress="", by=contact, now=later)
        assert (measure.begun_at, measure.begun_by) == (None, None)

    def test_one_that_is_stopped_before_it_began_has_not_begun(self, measure, head):
        measure.report(state="stopped", progress="", by=head, now=timezone.now())
        assert (measure.begun_at, measure.begun_by) == (None, None)

    def test_what_a_withdrawal_stopped_and_the_unit_takes_up_is_the_units_again(self, measure, head, participation):
        """Else it would go on once more when the municipality comes back, whatever has become of it since."""
        withdraw(participation, by=head, now=timezone.now())
        measure.end_with(participation.withdrawal, by=head, now=timezone.now())
        measure.report(state="finished", progress="", by=head, now=timezone.now())
        assert (measure.state, measure.withdrawal) == ("finished", None)

    def test_an_end_after_the_pulje_that_is_stored_is_not_asked_about_again(self, client, measure, head, cohort):
        Measure.objects.update(ends_on=cohort.ends_on + timedelta(days=1))
        measure.refresh_from_db()
        assert sign_in(client, head).post(page(measure), sent(measure, progress="I gang")).status_code == 302


class TestWhoEnteredIt:
    @pytest.fixture
    def entered(self, units, supervisor) -> Measure:
        return a_measure(units[0], supervisor)

    def test_a_supervisor_puts_the_words_right_and_reports_nothing(self, client, entered, supervisor):
        found = text_of(sign_in(client, supervisor).get(page(entered)))
        assert "Rett opplysningene" in found
        assert "Hvor langt er dere kommet?" not in found
        said = sent(entered, what="Rettet", state="finished", progress="Ferdig", effect="Alt", known_by="Alt")
        assert client.post(page(entered), said).status_code == 302
        entered.refresh_from_db()
        assert (entered.what, entered.state, entered.progress) == ("Rettet", "planned", "")
        assert entered.corrected_by == supervisor

    def test_nothing_new_is_no_correction(self, client, entered, supervisor):
        sign_in(client, supervisor).post(page(entered), sent(entered))
        entered.refresh_from_db()
        assert entered.corrected_at is None

    def test_a_report_is_no_correction(self, client, entered, head):
        sign_in(client, head).post(page(entered), sent(entered, state="underway", progress="I gang"))
        entered.refresh_from_db()
        assert (entered.state, entered.corrected_at) == ("underway", None)

    @pytest.mark.parametrize("person", ["former_supervisor", "other_supervisor", "leader"])
    def test_not_another_supervisor_or_one_who_has_left(self, client, request, entered, person):
        user = request.getfixturevalue(person)
        Measure.objects.filter(pk=entered.pk).update(
            opened_by=user if person == "former_supervisor" else entered.opened_by
        )
        assert sign_in(client, user).post(page(entered), sent(entered, what="Nei")).status_code == 404


class TestNewDeadline:
    @pytest.fixture
    def late(self, units, head, today) -> Measure:
        return a_measure(units[0], head, state="underway", ends_on=today - timedelta(days=3))

    def url(self, measure) -> str:
        return reverse("guidance:new_deadline", args=[measure.pk])

    def cards(self, measure) -> str:
        return reverse("guidance:measures", args=[measure.unit_id])

    def test_one_click_from_the_card_and_one_field(self, client, late, head, today):
        assert self.url(late) in sign_in(client, head).get(self.cards(late)).text
        form = client.get(self.url(late)).context["form"]
        assert list(form.fields) == ["ends_on"]
        new = today + timedelta(days=14)
        answer = client.post(self.url(late), {"ends_on": new.isoformat()}, follow=True)
        late.refresh_from_db()
        assert (late.ends_on, late.state) == (new, "underway")
        assert "Ny frist: til og med" in text_of(answer)

    def test_the_history_says_from_when_to_when_and_who(self, client, late, head, supervisor, today):
        first, second, third = late.ends_on, today + timedelta(days=14), today + timedelta(days=30)
        sign_in(client, head).post(self.url(late), {"ends_on": second.isoformat()})
        late.refresh_from_db()
        client.post(page(late), sent(late, progress="Snart i mål", ends_on=third.isoformat()))
        late.refresh_from_db()
        moved = [(each.deadline_before, each.deadline, each.is_report) for each in statuses(late, most=9)]
        assert moved[:3] == [(second, third, True), (first, second, False), (None, first, True)]
        found = text_of(sign_in(client, supervisor).get(page(late)))
        for before, after in ((first, second), (second, third)):
            assert f"Fristen er flyttet fra {day_in_words(before)} til {day_in_words(after)}." in found
        assert found.count("Snart i mål") == 2  # among the facts, and when it was said: not with the deadline before
        above = found.partition(f"Fristen er flyttet fra {day_in_words(first)}")[0][-240:]
        assert "Ny frist" in above
        assert head.name in above

    def test_not_on_the_card_of_who_only_sees_it(self, client, late, supervisor):
        assert (
            self.url(late)
            not in sign_in(client, supervisor).get(reverse("guidance:measures", args=[late.unit_id])).text
        )
        assert client.get(self.url(late)).status_code == 404

    def test_not_for_one_in_time_or_over(self, client, measure, head):
        assert (
            self.url(measure)
            not in sign_in(client, head).get(reverse("guidance:measures", args=[measure.unit_id])).text
        )
        measure.report(state="stopped", progress="", by=head, now=timezone.now())
        assert client.get(self.url(measure)).status_code == 404

    @pytest.mark.parametrize("days", [-1, -400, 9999])
    def test_not_a_day_that_cannot_be_right(self, client, late, head, today, days):
        sent = {"ends_on": (today + timedelta(days=days)).isoformat()}
        assert sign_in(client, head).post(self.url(late), sent).status_code == 422

    def test_after_the_pulje_is_asked_about(self, client, late, head, cohort):
        sent = {"ends_on": (cohort.ends_on + timedelta(days=30)).isoformat()}
        answer = sign_in(client, head).post(self.url(late), sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["after_the_end"])
        assert client.post(self.url(late), sent | {"after_the_end": "on"}).status_code == 302
