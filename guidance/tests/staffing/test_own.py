"""A supervisor keeps their own profile, and sees what is held about them (annoying 13)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from guidance.models import Capacity, Leave, ProfileChange
from guidance.staffing import changing, leaves, wording
from guidance.tests.conftest import planned_session, text_of
from guidance.tests.staffing.conftest import shown_then_saved
from participants.models import County, Municipality
from parts.dates import date_in_words, day_in_words

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
        assert (vera.phone, vera.workplace, vera.knows_school, vera.wished) == (
            "+47 910 00 000",
            "Nordlys skole",
            True,
            1,
        )
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

    def test_the_order_of_ticks_is_no_change(self, signed_in, vera, leader):
        """The page sends the counties as they stand on it, whatever their numbers."""
        counties = list(County.objects.filter(name__in=["Agder", "Nordland", "Vestland"]).order_by("name"))
        vera.preferred_counties.set(counties)
        shown = signed_in.get(reverse("guidance:profile")).context["form"]["shown"].value()
        changing.change(vera, facts={"preferred_counties": counties[:1]}, by=leader, now=timezone.now())
        data = PROFILE | {"shown": shown, "preferred_counties": [each.pk for each in reversed(counties)]}
        shown_then_saved(signed_in, "profile", data)
        assert list(vera.preferred_counties.all()) == counties[:1]

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

    @pytest.mark.parametrize(("day", "is_named"), [(29, False), (30, True), (60, True), (61, False)])
    def test_only_the_sessions_of_that_time(self, signed_in, vera, supervisor, participation, units, day, is_named):
        session = planned_session(participation, supervisor, units, days=day)
        between, _answer = shown_then_saved(
            signed_in, "take_leave", {"first_on": days(30), "last_on": days(60)}, vera.pk
        )
        assert (f"Indre Fosen, {day_in_words(session.held_on)}" in between) == is_named

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

    @pytest.mark.parametrize(
        ("first", "last", "overlaps"),
        [(1, 9, False), (1, 10, True), (20, 30, True), (21, 30, False), (21, None, False)],
    )
    def test_two_leaves_share_no_day(self, vera, leader, first, last, overlaps):
        today, now = timezone.localdate(), timezone.now()
        day = {number: today + timedelta(days=number) for number in (first, last, 10, 20) if number}
        Leave.objects.create(supervisor=vera, first_on=day[10], last_on=day[20])
        taken = {"first_on": day[first], "last_on": day[last] if last else None}
        if overlaps:
            with pytest.raises(ValidationError):
                changing.take_leave(vera, **taken, by=leader, now=now)
        else:
            changing.take_leave(vera, **taken, by=leader, now=now)
        assert vera.leaves.count() == 2 - overlaps

    def test_one_that_ends_today_is_not_over(self, signed_in, vera):
        shown_then_saved(signed_in, "take_leave", {"first_on": days(-9), "last_on": days(0)}, vera.pk)
        assert vera.leaves.get().last_on == timezone.localdate()

    def test_one_that_is_over_stays(self, signed_in, vera):
        """Till its last day it can be taken away."""
        today = timezone.localdate()
        over = Leave.objects.create(supervisor=vera, first_on=today, last_on=today)
        address = reverse("guidance:drop_leave", args=[over.pk])
        assert signed_in.get(address).status_code == 200
        Leave.objects.update(first_on=today - timedelta(days=1), last_on=today - timedelta(days=1))
        assert signed_in.get(address).status_code == 404
        assert signed_in.post(address).status_code == 404
        assert Leave.objects.exists()

    def test_one_that_is_taken_away_is_told_of(self, vera, leader):
        now = timezone.now()
        leave = changing.take_leave(vera, first_on=timezone.localdate(), last_on=None, by=vera.user, now=now)
        changing.drop_leave(leave, by=leader, now=now)
        [dropped, taken] = ProfileChange.objects.all()
        assert (taken.changed_by, dropped.changed_by) == (vera.user, leader)
        assert [line.startswith("Permisjonen fra ") for line in wording.lines(dropped)] == [True]
        assert Leave.history.latest().history_user == leader

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


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (-9, -1, None),
        (-9, 0, "permisjon til og med {last}"),
        (0, 9, "permisjon til og med {last}"),
        (1, 9, "permisjon fra {first} til og med {last}"),
        (-9, None, "permisjon fra {first}"),
    ],
)
def test_a_leave_is_said_until_its_last_day_is_over(vera, first, last, said):
    today = timezone.localdate()
    span = [today + timedelta(days=number) if number is not None else None for number in (first, last)]
    Leave.objects.create(supervisor=vera, first_on=span[0], last_on=span[1])
    words = {"first": date_in_words(span[0]), "last": date_in_words(span[1]) if span[1] else ""}
    assert leaves.away(today=today) == ({vera.pk: said.format(**words)} if said else {})
