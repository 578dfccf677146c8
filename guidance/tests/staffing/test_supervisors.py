"""Project leaders keep the supervisors on pages of their own (S6): list, add, edit, end."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_supervisor, make_user, withdraw
from guidance.models import Capacity, GroupMember, Leave, ProfileChange, Supervisor
from guidance.staffing import changing
from guidance.tests.conftest import text_of
from guidance.tests.staffing.conftest import new_supervisor, shown_then_saved, stored
from participants.models import Cohort, Municipality


def the_list(client, query="") -> list[str]:
    response = client.get(reverse("guidance:supervisors") + query)
    return [row.supervisor.name for row in response.context["page"].object_list]


class TestTheList:
    def test_it_has_the_load_of_all_cohorts_beside_what_each_can_carry(self, led, vera, other_participation, cohort):
        make_supervisor(other_participation, vera.user)
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=1)
        response = led.get(reverse("guidance:supervisors"))
        row = response.context["page"].object_list[0]
        assert (row.load, row.room, row.is_over) == (2, 1, True)
        assert "1 veileder har flere kommuner enn avtalt" in text_of(response)

    def test_what_one_can_carry_is_of_all_cohorts_that_go_on(self, led, vera, other_participation, cohort, before):
        make_supervisor(other_participation, vera.user)
        for each, most in ((cohort, 1), (before, 1)):
            Capacity.objects.create(supervisor=vera, cohort=each, most=most)
        [row] = led.get(reverse("guidance:supervisors")).context["page"].object_list
        assert (row.load, row.room, row.is_over) == (2, 2, False)
        Cohort.objects.filter(pk=before.pk).update(first_year=2015)
        [row] = led.get(reverse("guidance:supervisors")).context["page"].object_list
        assert (row.room, row.is_over) == (1, True)

    @pytest.mark.parametrize(
        ("first", "last", "names"), [(0, 0, []), (-9, 0, []), (1, 9, ["Vera Veileder"]), (-9, -1, ["Vera Veileder"])]
    )
    def test_who_is_away_takes_no_more(self, led, vera, cohort, first, last, names):
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        span = [timezone.localdate() + timedelta(days=number) for number in (first, last)]
        Leave.objects.create(supervisor=vera, first_on=span[0], last_on=span[1])
        assert the_list(led, "?vis=ledig") == names

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("?q=tora", ["Tora Tidligere"]),
            ("?q=solbakken", ["Tora Tidligere"]),
            ("?vis=over", ["Vera Veileder"]),
            ("?vis=ledig", ["Tora Tidligere"]),
            ("?vis=permisjon", ["Tora Tidligere"]),
            ("?vis=sluttet", []),
            ("?kjenner=barnehage", ["Tora Tidligere"]),
            ("?kjenner=skole", []),
            ("?fylke=Nordland", ["Tora Tidligere"]),
            ("?fylke=Oslo", []),
            ("?sorter=-navn", ["Vera Veileder", "Tora Tidligere"]),
            ("?sorter=-kommuner", ["Vera Veileder", "Tora Tidligere"]),
            ("?vis=tull&sorter=tull", ["Tora Tidligere", "Vera Veileder"]),
        ],
    )
    def test_filters_and_sorts(self, led, vera, former_supervisor, cohort, query, names):
        tora = former_supervisor.supervisor
        Supervisor.objects.filter(pk=tora.pk).update(knows_kindergarten=True, workplace="Solbakken barnehage")
        tora.preferred_counties.set([vera.preferred_counties.model.objects.get(name="Nordland")])
        Capacity.objects.create(supervisor=tora, cohort=cohort, most=2)
        Leave.objects.create(supervisor=tora, first_on=timezone.localdate() + timedelta(days=30))
        assert the_list(led, query) == names

    def test_empty_it_says_what_to_do(self, led):
        page = text_of(led.get(reverse("guidance:supervisors")))
        assert "Ingen veiledere er lagt inn ennå." in page
        assert reverse("guidance:add_supervisor") in page


class TestAdd:
    def test_it_is_shown_first_and_then_stored(self, led, leader, cohort):
        between, answer = shown_then_saved(
            led,
            "add_supervisor",
            new_supervisor(capacity_9="3"),
        )
        assert "Ikke habil i: Bodø, Herøy (Nordland)" in between
        assert "Flest kommuner i pulje 9: 3" in between
        assert "Ny veileder: til veilederen" in between
        made = Supervisor.objects.get(name="Siri Ny")
        assert answer.url == reverse("guidance:staffing_supervisor", args=[made.pk])
        assert (made.user.email, made.added_by, made.knows_kindergarten, made.knows_school) == (
            "siri.ny@example.no",
            leader,
            True,
            False,
        )
        assert sorted(made.not_with.values_list("number", flat=True)) == ["1804", "1818"]
        assert made.capacities.get().most == 3

    def test_nothing_is_stored_before_it_is_confirmed(self, led, cohort):
        led.post(reverse("guidance:add_supervisor"), new_supervisor())
        assert not Supervisor.objects.exists()
        assert not User.objects.filter(email="siri.ny@example.no").exists()

    def test_what_was_typed_stays_when_something_is_wrong(self, led, cohort):
        response = led.post(
            reverse("guidance:add_supervisor"), new_supervisor(phone="mangler", not_with="Herøy, Sandby")
        )
        page = text_of(response)
        assert response.status_code == 422
        assert "Det finnes flere som heter «Herøy»: Herøy (Møre og Romsdal) og Herøy (Nordland)." in page
        assert "«Sandby» er ikke en kommune." in page
        assert 'value="mangler"' in page
        assert "«mangler» er ikke et telefonnummer." in page

    def test_the_address_of_another_is_asked_about(self, led, cohort):
        make_user("siri.ny@example.no", "Knut Annen")
        response = led.post(reverse("guidance:add_supervisor"), new_supervisor())
        assert response.status_code == 422
        assert "Knut Annen" in text_of(response)

    def test_one_who_is_a_supervisor_already_is_not_added_again(self, led, vera, cohort):
        data = new_supervisor(name=vera.name, email=vera.user.email)
        response = led.post(reverse("guidance:add_supervisor"), data)
        assert response.status_code == 422
        assert "Vera Veileder er allerede veileder." in text_of(response)


class TestEdit:
    def test_only_what_is_new_is_changed_and_said(self, led, vera, leader, cohort):
        data = stored(vera, phone="91 00 00 00", not_with="Oslo", capacity_9="2")
        between, _answer = shown_then_saved(led, "edit_supervisor", data, vera.pk)
        assert "Telefon: +47 910 00 000 (før: ikke oppgitt)" in between
        assert "Opplysninger om en veileder er endret: til veilederen" in between
        change = ProfileChange.objects.get()
        assert change.changed_by == leader
        assert [what for what, _before, _after in change.facts] == ["phone", "not_with", "capacity:9"]
        assert vera.capacities.get().most == 2

    def test_a_page_that_was_open_meanwhile_takes_nothing_back(self, led, vera, leader, cohort):
        """The phone was changed in another tab; this one changes the workplace, and shows the old phone."""
        page = led.get(reverse("guidance:edit_supervisor", args=[vera.pk]))
        shown = page.context["form"]["shown"].value()
        assert f'name="shown" value="{shown}"' in page.content.decode()
        before = stored(vera, shown=shown, workplace="Solbakken barnehage", knows=[], not_with="", capacity_9="")
        before["knows"] = [name for name in ("knows_kindergarten", "knows_school") if getattr(vera, name)]
        facts = {"phone": "91 00 00 00", "not_with": [Municipality.objects.get(number="0301")], "capacity": {cohort: 3}}
        changing.change(vera, facts=facts, by=leader, now=timezone.now())
        between, _answer = shown_then_saved(led, "edit_supervisor", before, vera.pk)
        assert "Arbeidssted: Solbakken barnehage" in between
        assert "Telefon:" not in between
        vera.refresh_from_db()
        assert (vera.phone, vera.workplace) == ("+47 910 00 000", "Solbakken barnehage")
        assert (vera.not_with.count(), vera.capacities.get().most) == (1, 3)

    def test_a_page_with_an_error_shows_what_is_stored_since(self, led, vera, leader, cohort):
        """It is drawn again with the new phone, and what is sent from it then changes that."""
        address = reverse("guidance:edit_supervisor", args=[vera.pk])
        shown = led.get(address).context["form"]["shown"].value()
        changing.change(vera, facts={"phone": "91 00 00 00"}, by=leader, now=timezone.now())
        page = led.post(address, stored(vera, shown=shown, name=""))
        assert 'value="+47 910 00 000"' in text_of(page)
        data = stored(vera, shown=page.context["form"]["shown"].value(), phone="")
        shown_then_saved(led, "edit_supervisor", data, vera.pk)
        vera.refresh_from_db()
        assert vera.phone == ""

    def test_the_history_says_who_did_it(self, leader, vera, cohort):
        """Also where no page is asked: a sheet that is loaded, a task."""
        changing.change(vera, facts={"phone": "91 00 00 00", "capacity": {cohort: 2}}, by=leader, now=timezone.now())
        assert vera.history.latest().history_user == leader
        assert vera.capacities.get().history.latest().history_user == leader

    def test_barred_where_one_guides_is_pointed_out(self, led, vera, cohort):
        """The person stays in the group: who becomes barred is replaced by hand."""
        between, _answer = shown_then_saved(led, "edit_supervisor", stored(vera, not_with="Indre Fosen"), vera.pk)
        assert "Personen er i gruppa her, og blir der til du bytter dem ut" in between
        assert GroupMember.objects.current().filter(supervisor=vera).exists()

    def test_a_capacity_that_is_emptied_becomes_none(self, led, vera, cohort):
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        shown_then_saved(led, "edit_supervisor", stored(vera, capacity_9=""), vera.pk)
        assert vera.capacities.get().most == 0

    def test_nothing_new_is_no_change(self, led, vera, cohort):
        shown_then_saved(led, "edit_supervisor", stored(vera), vera.pk)
        assert not ProfileChange.objects.exists()

    def test_the_workplace_is_pointed_out_and_never_filled_in(self, led, vera):
        """Own municipality from the address or the employer (S6): the page says it, a person decides."""
        Supervisor.objects.filter(pk=vera.pk).update(workplace="Solbakken barnehage, Bodø kommune")
        page = text_of(led.get(reverse("guidance:staffing_supervisor", args=[vera.pk])))
        assert "Arbeidsstedet eller adressen er i Bodø (Nordland), som ikke er ført opp." in page
        assert not vera.not_with.exists()


class TestEnd:
    def test_who_guides_is_replaced_first(self, led, vera):
        page = led.post(
            reverse("guidance:end_supervisor", args=[vera.pk]), {"ended_on": timezone.localdate().isoformat()}
        )
        assert page.status_code == 409
        assert "La en annen overta i disse kommunene først" in text_of(page)
        vera.refresh_from_db()
        assert vera.ended_on is None

    def test_who_guides_nowhere_ends_and_has_no_capacity_left(self, led, former_supervisor, cohort):
        tora = former_supervisor.supervisor
        Capacity.objects.create(supervisor=tora, cohort=cohort, most=2)
        today = timezone.localdate()
        between, _answer = shown_then_saved(led, "end_supervisor", {"ended_on": today.isoformat()}, tora.pk)
        assert "Flest kommuner i pulje 9: 0 (før: 2)" in between
        tora.refresh_from_db()
        assert (tora.ended_on, tora.capacities.get().most) == (today, 0)
        assert the_list(led) == []
        assert the_list(led, "?vis=sluttet") == ["Tora Tidligere"]

    def test_nor_does_another_page_that_was_open_meanwhile_end_them(self, vera, leader):
        with pytest.raises(ValidationError) as refused:
            changing.end(vera, ended_on=timezone.localdate(), by=leader, now=timezone.now())
        assert refused.value.code == "guides"
        vera.refresh_from_db()
        assert vera.ended_on is None

    @pytest.mark.parametrize("is_over", ["withdrawn", "cohort"])
    def test_what_is_over_has_nobody_to_take_over(self, led, vera, participation, staff, is_over):
        if is_over == "withdrawn":
            withdraw(participation, by=staff, now=timezone.now())
        else:
            Cohort.objects.update(first_year=2015)
        shown_then_saved(led, "end_supervisor", {"ended_on": timezone.localdate().isoformat()}, vera.pk)
        vera.refresh_from_db()
        assert vera.ended_on == timezone.localdate()

    def test_what_one_could_carry_in_a_cohort_that_is_over_stays(self, leader, former_supervisor, cohort, before):
        tora = former_supervisor.supervisor
        for each in (cohort, before):
            Capacity.objects.create(supervisor=tora, cohort=each, most=2)
        Cohort.objects.filter(pk=before.pk).update(first_year=2015)
        changing.end(tora, ended_on=timezone.localdate(), by=leader, now=timezone.now())
        assert dict(tora.capacities.values_list("cohort__number", "most")) == {9: 0, 8: 2}

    def test_one_who_ended_can_be_added_again(self, led, leader, former_supervisor, cohort):
        tora = former_supervisor.supervisor
        changing.end(tora, ended_on=timezone.localdate(), by=leader, now=timezone.now())
        shown_then_saved(led, "add_supervisor", new_supervisor(name=tora.name, email=tora.user.email))
        tora.refresh_from_db()
        assert (tora.ended_on, tora.added_by) == (None, leader)


def test_a_cohort_that_is_over_is_not_asked_about(led, vera, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(first_year=2015)
    assert "pulje 9" not in text_of(led.get(reverse("guidance:edit_supervisor", args=[vera.pk])))
