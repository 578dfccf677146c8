"""A supervisor keeps their own profile, and sees what is held about them (annoying 13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guidance.models import Capacity, Leave, ProfileChange
from guidance.tests.conftest import planned_session, text_of
from guidance.tests.staffing.conftest import shown_then_saved
from participants.models import County, Municipality

PROFILE = {"phone": "91 00 00 00", "workplace": "Nordlys skole", "knows": ["knows_school"], "wished": "1"}


@pytest.fixture
def signed_in(client, supervisor):
    client.force_login(supervisor)
    return client


class TestProfile:
    def test_what_one_keeps_oneself_is_changed_and_the_leaders_are_told(self, signed_in, vera, leader):
        nordland = County.objects.get(name="Nordland")
        data = PROFILE | {"preferred_counties": [nordland.pk]}
        between, answer = shown_then_saved(signed_in, "profile", data)
        assert "En veileder har endret opplysninger: til prosjektlederne" in between
        assert "Pia Prosjektleder" in between
        vera.refresh_from_db()
        assert (vera.phone, vera.workplace, vera.knows_school, vera.wished) == ("91 00 00 00", "Nordlys skole", True, 1)
        assert list(vera.preferred_counties.all()) == [nordland]
        assert ProfileChange.objects.get().is_own
        assert "Prosjektlederne får e-post om det." in text_of(signed_in.get(answer.url))

    def test_what_the_leader_decides_is_seen_and_never_changed_here(self, signed_in, vera, cohort):
        """Capacity and where one is barred are personal data."""
        Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
        vera.not_with.set([Municipality.objects.get(number="1818")])
        page = text_of(signed_in.get(reverse("guidance:profile")))
        assert "Herøy (Nordland)" in page
        assert "Flest kommuner i pulje 9" in page
        shown_then_saved(signed_in, "profile", PROFILE | {"not_with": "", "capacity_9": "30", "employer": "practice"})
        vera.refresh_from_db()
        assert (vera.capacities.get().most, vera.not_with.count(), vera.employer) == (2, 1, "centre")

    def test_what_is_changed_is_said_to_the_person(self, signed_in, vera):
        data = PROFILE | {"preferred_counties": [County.objects.get(name="Nordland").pk]}
        between, _answer = shown_then_saved(signed_in, "profile", data)
        assert "Fylker: Nordland (før: ikke oppgitt)" in between
        assert "Ønsker høyst: 1 (før: ikke oppgitt)" in between
        assert "personen" not in between

    def test_a_wish_is_typed_as_a_number(self, signed_in):
        response = signed_in.post(reverse("guidance:profile"), PROFILE | {"wished": "to"})
        assert response.status_code == 422
        assert 'value="to"' in text_of(response)
        assert 'type="number"' not in text_of(response)


def days(number: int) -> str:
    return (timezone.localdate() + timedelta(days=number)).isoformat()


class TestLeave:
    def test_it_says_what_goes_on_meanwhile(self, signed_in, vera, supervisor, participation, units):
        planned_session(participation, supervisor, units, days=40)
        between, _answer = shown_then_saved(
            signed_in, "take_leave", {"first_on": days(30), "last_on": days(60)}, vera.pk
        )
        assert "Grupper som trenger en annen i denne tida" in between
        assert "Indre Fosen" in between
        assert "Møter som er planlagt i permisjonen" in between
        assert vera.leaves.get().first_on.isoformat() == days(30)
        assert ProfileChange.objects.get().facts == [["leave", None, [days(30), days(60)]]]

    def test_it_says_who_gets_a_mail(self, signed_in, vera, leader):
        between, _answer = shown_then_saved(signed_in, "take_leave", {"first_on": days(30)}, vera.pk)
        at_once = between.split("E-poster som går med en gang")[1].split("Planlagte e-poster")[0]
        assert "En veileder har endret opplysninger: til prosjektlederne" in at_once
        assert "Pia Prosjektleder" in at_once

    def test_it_says_who_gets_a_mail_when_another_waits(self, signed_in, vera, leader):
        """The leaders have one of the same kind waiting: that is another mail."""
        shown_then_saved(signed_in, "profile", PROFILE)
        between, _answer = shown_then_saved(signed_in, "take_leave", {"first_on": days(30)}, vera.pk)
        at_once = between.split("E-poster som går med en gang")[1].split("Planlagte e-poster")[0]
        assert "Pia Prosjektleder" in at_once

    def test_it_may_have_no_end_yet(self, signed_in, vera):
        shown_then_saved(signed_in, "take_leave", {"first_on": days(30), "last_on": ""}, vera.pk)
        assert vera.leaves.get().last_on is None

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            (30, 20, "Permisjonen slutter før den begynner"),
            (30, -20, "Permisjonen slutter før den begynner"),
            (-30, -20, "Permisjonen er over"),
            (40, 50, "Det er allerede registrert permisjon i denne tida"),
        ],
    )
    def test_what_can_not_be(self, signed_in, vera, first, last, said):
        Leave.objects.create(supervisor=vera, first_on=timezone.localdate() + timedelta(days=45))
        response = signed_in.post(
            reverse("guidance:take_leave", args=[vera.pk]), {"first_on": days(first), "last_on": days(last)}
        )
        assert response.status_code == 422
        assert said in text_of(response)
        assert vera.leaves.count() == 1

    def test_a_leader_registers_it_too_and_it_is_taken_away_in_two_steps(self, led, vera):
        shown_then_saved(led, "take_leave", {"first_on": days(1)}, vera.pk)
        leave = vera.leaves.get()
        address = reverse("guidance:drop_leave", args=[leave.pk])
        assert "Vera Veileder får e-post om det." in text_of(led.get(address))
        assert vera.leaves.exists()
        led.post(address)
        assert not vera.leaves.exists()

    def test_another_supervisor_reaches_neither(self, client, other_supervisor, vera):
        leave = Leave.objects.create(supervisor=vera, first_on=timezone.localdate())
        client.force_login(other_supervisor)
        assert client.get(reverse("guidance:take_leave", args=[vera.pk])).status_code == 404
        assert client.get(reverse("guidance:drop_leave", args=[leave.pk])).status_code == 404
