"""One person, several places: one seat, one bed and one badge, and every place is answered for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from gatherings import erasing, following, merging, places, withdrawal
from gatherings import todos as gatherings_todos
from gatherings.day import attendance, badges, lists
from gatherings.mails import planned
from gatherings.models import AlsoFor, ExportedList, Gathering, Registration
from gatherings.personal_data import registrations as personal_data
from gatherings.registration import several_places
from gatherings.registration.registrar import Place
from gatherings.tests.conftest import entry
from outbox.models import Message
from participants import todos as participants_todos
from participants.functions import functions
from participants.models import Cohort, Contact


@pytest.fixture
def head_of_two(welcomed, head, units, staff):
    make_contact(welcomed, head, Contact.Function.HEAD, unit=units[1], by=staff)
    return head


@pytest.fixture
def seat(gathering, welcomed, units, head, contact) -> Registration:
    """The head's, for their unit."""
    nights = [gathering.nights[0].isoformat()]
    facts = {"name": head.name, "email": head.email, "function": "head", "unit": units[0], "nights": nights}
    [made] = places.register(
        gathering, [entry(gathering=gathering, **facts)], participation=welcomed, by=contact, now=timezone.now()
    )
    return made


@pytest.fixture
def neighbour(other_participation, staff):
    """The other municipality, welcomed."""
    other_participation.welcome(by=staff, now=timezone.now())
    return other_participation


@pytest.fixture
def shared(seat, neighbour, contact) -> Registration:
    """The seat, for the other municipality too."""
    several_places.add(seat, Place(neighbour, None), by=contact, now=timezone.now())
    return Registration.objects.with_places().get(pk=seat.pk)


def texts(user) -> list[str]:
    now = timezone.now()
    found, _coming = gatherings_todos.todos(user, now, units=participants_todos.units(functions(user), now))
    return [todo.text for todo in found if todo.other]


def asked(user) -> list[str]:
    now = timezone.now()
    mails = planned.planned(now - timedelta(days=1), now + timedelta(days=60))
    return [
        mail.text.name
        for mail in mails
        if mail.to == user.email and mail.text.name in {"gatherings.invitation", "gatherings.reminder"}
    ]


def test_a_registered_head_covers_every_unit_they_lead(gathering, head_of_two, contact, units, seat):
    assert texts(head_of_two) == []
    assert asked(head_of_two) == []
    assert texts(contact) == [f"Ingen er påmeldt fra {units[2].name} og {units[3].name}."]


def test_until_they_cancel_or_lead_it_no_more(gathering, head_of_two, units, seat, staff):
    places.cancel(seat, by=staff, now=timezone.now())
    assert texts(head_of_two) == [f"Ingen er påmeldt fra {units[0].name} og {units[1].name}."]


def test_who_succeeds_at_the_second_unit_is_asked_again(gathering, welcomed, head_of_two, units, seat, staff):
    nils = make_user("nils@example.no", "Nils Ny")
    Contact.objects.filter(unit=units[1]).update(ended_at=timezone.now(), ended_by=staff)
    make_contact(welcomed, nils, Contact.Function.HEAD, unit=units[1], by=staff)
    assert texts(nils) == [f"Ingen er påmeldt fra {units[1].name}."]
    assert set(asked(nils)) == {"gatherings.invitation", "gatherings.reminder"}


def test_the_second_municipality_is_not_asked_once_somebody_comes_for_it(neighbour, other_contact, seat, contact):
    Gathering.objects.update(audience=["owner", "ppt", "head"])
    Contact.objects.filter(unit__participation=neighbour).delete()
    before = asked(other_contact)
    assert "gatherings.invitation" in before
    several_places.add(seat, Place(neighbour, None), by=contact, now=timezone.now())
    mails = planned.planned(timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=60))
    lacking = [mail.values["mangler"] for mail in mails if mail.to == other_contact.email and "mangler" in mail.values]
    assert not any(line.startswith("Bergen:") for lines in lacking for line in lines)


def test_one_seat_one_bed_one_badge_one_line_at_the_door(gathering, shared, units, monkeypatch):
    said = {}
    monkeypatch.setattr(badges, "typeset", lambda *args, **kwargs: pytest.fail("not reached"))
    monkeypatch.setattr(badges, "_pdf", lambda template, data, now: said.update(data) or b"")
    badges.badges(gathering, now=timezone.now())
    both = f"{units[0].name} og Bergen"
    assert [(each["name"], each["represents"]) for each in said["people"]] == [("Hanne Styrer", both)]
    assert said["people"][0]["about"] == "Styrer, Indre Fosen og Bergen"
    [row] = attendance.attendance_rows(gathering, day=gathering.days[0])
    assert row.registration.represents == both
    assert row.matches(["bergen"])
    [bed] = lists.current(gathering, ExportedList.Kind.HOTEL).values()
    assert bed["represents"] == both
    [journey] = lists.current(gathering, ExportedList.Kind.TRAVEL).values()
    assert journey["municipality"] == "Indre Fosen og Bergen"
    assert places.taken(gathering) == 1


def test_a_seat_counts_once_in_the_share_of_the_first_place(gathering, shared, neighbour, other_contact):
    Gathering.objects.update(capacity_a_municipality=1)
    made = places.register(
        gathering, [entry(2, gathering=gathering)], participation=neighbour, by=other_contact, now=timezone.now()
    )
    assert len(made) == 1


def test_those_of_the_second_place_see_that_the_person_comes_and_no_more(client, shared, gathering, other_contact):
    client.force_login(other_contact)
    listed = client.get(gathering.get_absolute_url()).content.decode()
    assert "Hanne Styrer" in listed
    page = client.get(shared.get_absolute_url()).content.decode()
    assert "Hanne Styrer" in page
    for hidden in (shared.user.email, "Overnatting", "Utgifter", "Endre påmeldingen", "Meld av", "Registrer at reisen"):
        assert hidden not in page
    for name in ("change", "cancel", "travel", "offer"):
        assert client.post(reverse(f"gatherings:{name}", args=[shared.pk])).status_code == 404
    shared.refresh_from_db()
    assert shared.is_active


def test_before_it_is_shared_they_see_nothing(client, seat, neighbour, other_contact):
    client.force_login(other_contact)
    assert client.get(seat.get_absolute_url()).status_code == 404


def test_they_can_take_their_own_place_away(client, shared, neighbour, other_contact, units):
    client.force_login(other_contact)
    assert "Kommer ikke for Bergen likevel" in client.get(shared.get_absolute_url()).content.decode()
    address = reverse("gatherings:come_no_more", args=[shared.pk])
    assert "Ingenting er endret" in client.post(address, {"place": f"e{units[0].pk}"}, follow=True).content.decode()
    page = client.post(address, {"place": f"k{neighbour.pk}"}, follow=True).content.decode()
    assert f"Hanne Styrer kommer ikke lenger for Bergen, men fortsatt for {units[0].name}." in page
    assert Registration.objects.get().represents == units[0].name
    [removed] = AlsoFor.objects.all()
    assert removed.removed_by == other_contact
    assert Message.objects.get().text_name == "gatherings.changed"
    assert client.post(address, {"place": f"k{neighbour.pk}"}).status_code == 404


def test_without_the_first_place_the_seat_is_the_second_ones(client, shared, neighbour, head, units):
    client.force_login(head)
    client.post(reverse("gatherings:come_no_more", args=[shared.pk]), {"place": f"e{units[0].pk}"})
    found = Registration.objects.get()
    assert (found.participation, found.unit, found.represents) == (neighbour, None, "Bergen")
    assert found.state == Registration.State.PLACED
    assert found.history.first().history_user == head


def test_the_only_place_is_not_taken_away(client, seat, head, units):
    client.force_login(head)
    page = client.post(
        reverse("gatherings:come_no_more", args=[seat.pk]), {"place": f"e{units[0].pk}"}, follow=True
    ).content.decode()
    assert "Ingenting er endret" in page
    assert Registration.objects.get().represents == units[0].name


@pytest.mark.parametrize("person", ["stranger", "officer", "former_contact", "supervisor"])
def test_others_take_nothing_away(client, request, shared, neighbour, person):
    client.force_login(request.getfixturevalue(person))
    address = reverse("gatherings:come_no_more", args=[shared.pk])
    assert client.post(address, {"place": f"k{neighbour.pk}"}).status_code == 404
    assert AlsoFor.objects.current().count() == 1


def test_the_person_sees_both_in_their_data(shared, head, units):
    _title, rows = personal_data(head)
    assert f"{units[0].name} og Bergen" in rows[0][1]


def test_it_goes_with_the_registration(shared, gathering, today):
    Cohort.objects.update(first_year=today.year - 9)
    erasing.erase_old(today=today + timedelta(days=4000))
    assert not AlsoFor.objects.exists()
    assert not Registration.objects.exists()


class TestWhenOneOfThemFallsAway:
    """The seat stays for the rest: see gatherings/following.py, withdrawal.py and merging.py."""

    @pytest.fixture
    def now(self):
        return timezone.now()

    def found(self) -> Registration:
        return Registration.objects.with_places().get(cancelled_at__isnull=True)

    def test_the_first_unit_closes(self, gathering, shared, units, neighbour, staff, now):
        assert following.unit_closed(units[0], since=timezone.localdate(now), by=staff, now=now) == []
        assert (self.found().represents, self.found().state) == ("Bergen", Registration.State.PLACED)
        assert Message.objects.get().text_name == "gatherings.changed"

    def test_the_second_unit_closes(self, gathering, seat, welcomed, units, contact, staff, now):
        several_places.add(seat, Place(welcomed, units[1]), by=contact, now=now)
        assert following.unit_closed(units[1], since=timezone.localdate(now), by=staff, now=now) == []
        assert self.found().represents == units[0].name

    def test_a_head_of_two_keeps_the_seat_for_the_other_unit(self, gathering, head_of_two, seat, units, staff, now):
        following.unit_closed(units[0], since=timezone.localdate(now), by=staff, now=now)
        assert (self.found().represents, self.found().pk) == (units[1].name, seat.pk)

    def test_the_only_one_closes(self, gathering, seat, units, staff, now):
        assert following.unit_closed(units[0], since=timezone.localdate(now), by=staff, now=now) == [seat]
        assert not Registration.objects.active().exists()

    def test_two_units_merge(self, gathering, seat, welcomed, units, contact, staff, now):
        several_places.add(seat, Place(welcomed, units[1]), by=contact, now=now)
        following.unit_merged(units[0], units[1], since=timezone.localdate(now), by=staff, now=now)
        assert self.found().represents == units[1].name

    def test_the_second_unit_merges_into_a_third(self, gathering, seat, welcomed, units, contact, staff, now):
        several_places.add(seat, Place(welcomed, units[1]), by=contact, now=now)
        following.unit_merged(units[1], units[2], since=timezone.localdate(now), by=staff, now=now)
        assert self.found().represents == f"{units[0].name} og {units[2].name}"

    @pytest.mark.parametrize(("leaves", "stays"), [("welcomed", "Bergen"), ("neighbour", "Fembøringen barnehage")])
    def test_one_of_two_municipalities_withdraws(self, request, gathering, shared, staff, now, leaves, stays):
        participation = request.getfixturevalue(leaves)
        withdraw(participation, by=staff, now=now)
        assert withdrawal.withdrawn(participation, by=staff, now=now).registrations == []
        assert (self.found().represents, self.found().pk) == (stays, shared.pk)
        assert Message.objects.get().text_name == "gatherings.changed"

    def test_both_withdraw(self, gathering, shared, welcomed, neighbour, staff, now):
        for participation in (welcomed, neighbour):
            withdraw(participation, by=staff, now=now)
        signed_off = withdrawal.withdrawn(welcomed, by=staff, now=now).registrations
        assert signed_off == [shared]
        assert not Registration.objects.active().exists()

    def test_two_seats_of_one_person_become_one_for_both(self, gathering, seat, neighbour, other_contact, staff, now):
        gone = make_user("hanne.privat@example.no", "Hanne S.")
        facts = {"name": gone.name, "email": gone.email}
        places.register(gathering, [entry(2, **facts)], participation=neighbour, by=other_contact, now=now)
        merging.merged(seat.user, gone, by=staff, now=now)
        assert self.found().represents == "Fembøringen barnehage og Bergen"
