"""What a project leader chooses for a cohort: capacities, copied from another and shown first, and the settings."""

from django.urls import reverse
from django.utils import timezone

from guidance.models import Capacity, GuidanceSettings, ProfileChange, Supervisor
from guidance.staffing import changing
from guidance.tests.conftest import planned_session, text_of
from guidance.tests.staffing.conftest import shown_then_saved


def settings(**facts) -> dict:
    return {
        "units_for_two": "4",
        "units_for_three": "8",
        "sessions_per_semester": "3",
        "silent_after_days": "60",
        "remind_days_before": "3",
        "log_missing_after_days": "3",
        "measure_due_days_before": "7",
        "own_themes": "",
    } | facts


class TestCapacities:
    def test_copied_ones_are_shown_and_not_saved_by_themselves(self, led, vera, former_supervisor, cohort, before):
        tora = former_supervisor.supervisor
        Capacity.objects.create(supervisor=vera, cohort=before, most=3)
        Capacity.objects.create(supervisor=tora, cohort=before, most=1)
        Capacity.objects.create(supervisor=tora, cohort=cohort, most=2)
        page = text_of(led.get(reverse("guidance:capacities", args=[cohort.pk]) + "?fra=8"))
        assert "1 tall er hentet fra pulje 8. Ingenting er lagret ennå." in page
        assert "hentet fra pulje 8, ikke lagret" in page
        assert not Capacity.objects.filter(supervisor=vera, cohort=cohort).exists()
        data = {f"s{vera.pk}": "3", f"s{tora.pk}": "2"}
        between, _answer = shown_then_saved(led, "capacities", data, cohort.pk)
        assert "Vera Veileder: Flest kommuner i pulje 9: 3 (før: ikke oppgitt)" in between
        assert "Tora Tidligere:" not in between
        assert Capacity.objects.get(supervisor=vera, cohort=cohort).most == 3
        assert [change.supervisor for change in ProfileChange.objects.all()] == [vera]

    def test_the_page_says_what_each_carries_in_all_cohorts_and_wishes(self, led, vera, cohort):
        vera.wished = 1
        vera.save()
        page = text_of(led.get(reverse("guidance:capacities", args=[cohort.pk])))
        assert "har 1 kommune nå i alle puljene, ønsker høyst 1" in page

    def test_who_has_ended_is_not_asked_about(self, led, vera, former_supervisor, cohort):
        Supervisor.objects.filter(pk=vera.pk).update(ended_on=timezone.localdate())
        page = text_of(led.get(reverse("guidance:capacities", args=[cohort.pk])))
        assert "Tora Tidligere" in page
        assert "Vera Veileder" not in page

    def test_what_was_typed_stays(self, led, vera, cohort):
        response = led.post(reverse("guidance:capacities", args=[cohort.pk]), {f"s{vera.pk}": "31"})
        assert response.status_code == 422
        assert 'value="31"' in text_of(response)

    def test_a_page_that_was_open_meanwhile_takes_nothing_back(self, led, leader, vera, former_supervisor, cohort):
        """Vera's number was changed in another tab; this one changes Tora's."""
        tora = former_supervisor.supervisor
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        shown = led.get(reverse("guidance:capacities", args=[cohort.pk])).context["form"]["shown"].value()
        changing.set_capacities(cohort, {vera: 4}, by=leader, now=timezone.now())
        data = {"shown": shown, f"s{vera.pk}": "2", f"s{tora.pk}": "1"}
        between, _answer = shown_then_saved(led, "capacities", data, cohort.pk)
        assert "Tora Tidligere: Flest kommuner i pulje 9: 1" in between
        assert "Vera Veileder: Flest" not in between
        assert (vera.capacities.get().most, tora.capacities.get().most) == (4, 1)

    def test_what_both_changed_is_shown_with_what_stands_there(self, led, leader, vera, cohort):
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        shown = led.get(reverse("guidance:capacities", args=[cohort.pk])).context["form"]["shown"].value()
        changing.set_capacities(cohort, {vera: 4}, by=leader, now=timezone.now())
        between, _answer = shown_then_saved(led, "capacities", {"shown": shown, f"s{vera.pk}": "3"}, cohort.pk)
        assert "Vera Veileder: Flest kommuner i pulje 9: 3 (før: 4)" in between

    def test_a_number_that_is_there_is_set_to_none_by_a_nought_and_not_by_an_empty_field(self, led, vera, cohort):
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        response = led.post(reverse("guidance:capacities", args=[cohort.pk]), {f"s{vera.pk}": ""})
        assert response.status_code == 422
        shown_then_saved(led, "capacities", {f"s{vera.pk}": "0"}, cohort.pk)
        assert vera.capacities.get().most == 0


class TestSettings:
    def test_a_leader_sees_first_what_moves(self, led, participation, supervisor, units, contact, cohort):
        planned_session(participation, supervisor, units[:2], days=40)
        between, _answer = shown_then_saved(
            led, "cohort_settings", settings(remind_days_before="10", own_themes="Overganger"), cohort.pk
        )
        assert "Dager før et møte det minnes om: 10 (før: 3)" in between
        assert "Egne temaer: Overganger (før: ikke oppgitt)" in between
        assert "Påminnelse: veiledningsmøte" in between
        chosen = GuidanceSettings.objects.get(cohort=cohort)
        assert (chosen.remind_days_before, chosen.themes) == (10, ["Overganger"])

    def test_what_can_not_be_is_said_and_stays_typed(self, led, cohort):
        address = reverse("guidance:cohort_settings", args=[cohort.pk])
        response = led.post(address, settings(units_for_three="2", silent_after_days="1"))
        page = text_of(response)
        assert response.status_code == 422
        assert "Tre veiledere må gjelde minst like mange enheter som to veiledere." in page
        assert 'value="1"' in page
        assert not GuidanceSettings.objects.exists()

    def test_a_number_is_typed_where_no_wheel_can_change_it(self, led, cohort):
        page = text_of(led.get(reverse("guidance:cohort_settings", args=[cohort.pk])))
        assert 'type="number"' not in page
        assert "Fra 7 til 365." in page
        assert "Fra 1 til 999." in page
        assert "9223372036854775807" not in page
