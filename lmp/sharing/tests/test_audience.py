"""Whom a publication is for, asked both ways: of a person, and of everybody. What changes is followed by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_supervisor, make_user, withdraw
from lmp.changes import merging
from lmp.sharing import access, audience
from lmp.sharing.models import Publication, ReaderKind
from lmp.sharing.tests.conftest import PEOPLE, a_publication, register
from participants.models import Cohort, Contact, County, CountyGovernor, GovernorContact, Participation

ALL = {*PEOPLE, "participant"}
HERE = {"contact", "head", "supervisor", "officer", "leader", "participant"}  # in the county of Indre Fosen


def reached(publication: Publication, everybody: dict[str, User]) -> set[str]:
    """By name, and the same whichever way it is asked."""
    today = timezone.localdate()
    found = set(audience.readers(publication, today=today))
    names = {name for name, person in everybody.items() if person.pk in found}
    assert found <= {person.pk for person in everybody.values()}
    for name, person in everybody.items():
        sees = publication in access.shown_to(person, today=today)
        assert sees == (name in names), name
        assert access.readable(person, today=today).filter(pk=publication.pk).exists() == sees
    return names


def test_a_whole_pulje(cohort, everybody, staff):
    assert reached(a_publication(cohort, by=staff), everybody) == ALL


def test_a_county(cohort, everybody, staff, participation):
    county = participation.municipality.county
    assert reached(a_publication(cohort, county=county, by=staff), everybody) == HERE


def test_a_county_without_a_municipality_in_the_pulje(cohort, everybody, staff):
    county = County.objects.get(number="55")
    assert reached(a_publication(cohort, county=county, by=staff), everybody) == {"leader"}


def test_a_gathering_is_for_the_invited_and_the_registered(cohort, gathering, everybody, staff):
    one = a_publication(cohort, gathering=gathering, by=staff)
    assert reached(one, everybody) == {"contact", "head", "other_contact", "participant"}


def test_who_is_invited_later_sees_it_too(cohort, gathering, everybody, staff):
    gathering.audience = ["head"]
    gathering.save_by(staff)
    one = a_publication(cohort, gathering=gathering, by=staff)
    assert reached(one, everybody) == {"head", "participant"}
    gathering.audience = ["owner"]
    gathering.save_by(staff)
    one.refresh_from_db()
    assert reached(one, everybody) == {"contact", "other_contact", "participant"}


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        ([ReaderKind.HEAD], {"head"}),
        ([ReaderKind.OWNER], {"contact", "other_contact"}),
        ([ReaderKind.PPT], set()),
        ([ReaderKind.PARTICIPANT], {"participant"}),
        ([ReaderKind.SUPERVISOR, ReaderKind.LEADER], {"supervisor", "other_supervisor", "leader"}),
        ([ReaderKind.GOVERNOR], {"officer", "other_officer"}),
    ],
)
def test_only_some_of_them(cohort, everybody, staff, kinds, names):
    assert reached(a_publication(cohort, kinds=[str(kind) for kind in kinds], by=staff), everybody) == names


def test_supervisors_of_a_gathering_when_they_are_chosen(cohort, gathering, everybody, staff):
    one = a_publication(cohort, gathering=gathering, kinds=["supervisor", "participant"], by=staff)
    assert reached(one, everybody) == {"supervisor", "other_supervisor", "participant"}


def test_registered_at_another_gathering(cohort, gathering, everybody, staff):
    other = type(gathering).objects.create(cohort=cohort, semester=2)
    one = a_publication(cohort, gathering=other, kinds=["participant"], by=staff)
    assert reached(one, everybody) == set()


def test_another_pulje(everybody, staff):
    other = Cohort.objects.create(number=41, first_year=2041, starts_on="2041-09-01", confirm_by="2041-09-01")
    assert reached(a_publication(other, by=staff), everybody) == {"leader"}


def test_nobody_in_a_municipality_before_its_letter(cohort, participation, contact, officer, staff):
    one = a_publication(cohort, by=staff)
    people = {"contact": contact, "officer": officer}
    assert reached(one, people) == {"officer"}
    participation.welcome(by=staff, now=timezone.now())
    assert reached(one, people) == {"contact", "officer"}


def test_a_county_whose_only_municipality_said_no(cohort, participation, officer, staff):
    one = a_publication(cohort, by=staff)
    Participation.objects.filter(pk=participation.pk).update(accepted_at=None, accepted_by=None)
    assert reached(one, {"officer": officer}) == {"officer"}
    now = timezone.now()
    participation.decline(on=timezone.localdate(now), said_by="Kari", by=officer, now=now)
    assert reached(one, {"officer": officer}) == set()


def test_a_municipality_that_withdraws_sees_it_no_more(cohort, everybody, participation, staff):
    one = a_publication(cohort, by=staff)
    withdraw(participation, by=staff, now=timezone.now())
    assert reached(one, everybody) == ALL - HERE | {"leader"}


class TestOneWhoChanges:
    @pytest.fixture
    def one(self, cohort, everybody, staff) -> Publication:
        return a_publication(cohort, by=staff)

    def test_a_contact_who_is_replaced(self, one, everybody, contact, staff):
        own = Contact.objects.get(user=contact)
        new = own.replace(name="Ny", email="ny@example.no", by=staff, now=timezone.now()).user
        assert reached(one, everybody | {"new": new}) == ALL - {"contact"} | {"new"}

    def test_a_supervisor_who_leaves_the_group(self, one, everybody, supervisor, today):
        supervisor.supervisor.memberships.update(ended_on=today)
        assert reached(one, everybody) == ALL - {"supervisor"}

    def test_a_leader_from_the_day_they_leave(self, one, everybody, leader, today):
        leader.project_leader.ended_on = today
        leader.project_leader.save()
        assert reached(one, everybody) == ALL - {"leader"}

    def test_an_officer_who_leaves(self, one, everybody, officer, today):
        officer.governor_contacts.get().end(on=today, by=officer)
        assert reached(one, everybody) == ALL - {"officer"}

    def test_a_county_that_gets_another_governor(self, one, everybody, participation, officer, other_officer):
        county = participation.municipality.county
        one.county = county
        one.save()
        assert reached(one, everybody) == HERE
        county.governor = other_officer.governor_contacts.get().governor
        county.save()
        assert reached(one, everybody) == HERE - {"officer"} | {"other_officer"}

    def test_who_signs_off_from_the_gathering(self, one, everybody, participant, staff):
        participant.registrations.update(cancelled_at=timezone.now(), cancelled_by=staff)
        assert reached(one, everybody) == ALL - {"participant"}

    def test_whoever_is_blocked(self, one, everybody, head):
        User.objects.filter(pk=head.pk).update(is_active=False)
        head.refresh_from_db()
        assert reached(one, everybody) == ALL - {"head"}

    def test_two_who_are_one(self, one, everybody, contact, head, staff):
        merging.merge(contact, head, by=staff, now=timezone.now())
        head.refresh_from_db()
        assert reached(one, everybody) == ALL - {"head"}

    def test_a_gathering_that_is_cancelled_or_moved_changes_nothing(self, cohort, gathering, everybody, staff, today):
        about = a_publication(cohort, gathering=gathering, by=staff)
        before = reached(about, everybody)
        gathering.settled, gathering.starts_on = "cancelled", today + timedelta(days=60)
        gathering.save_by(staff)
        about.refresh_from_db()
        assert reached(about, everybody) == before


class TestWhenItIsShown:
    def test_not_as_a_draft(self, cohort, everybody, staff, today):
        one = a_publication(cohort, is_draft=True, by=staff)
        assert not any(access.shown_to(person, today=today) for person in everybody.values())
        one.publish(by=staff, now=timezone.now())
        assert reached(one, everybody) == ALL

    def test_not_while_it_is_taken_back(self, cohort, contact, welcomed, staff, today):
        one = a_publication(cohort, by=staff)
        first = one.published_at
        assert one.take_back(by=staff, now=timezone.now())
        assert not access.shown_to(contact, today=today)
        assert one.publish(by=staff, now=timezone.now())
        assert access.shown_to(contact, today=today) == [one]
        assert one.published_at == first

    def test_to_the_end_of_its_last_day(self, cohort, contact, welcomed, staff, today):
        one = a_publication(cohort, shown_until=today, by=staff)
        assert access.shown_to(contact, today=today) == [one]
        assert not access.shown_to(contact, today=today + timedelta(days=1))

    def test_staff_see_it_all_the_same(self, cohort, staff, today):
        one = a_publication(cohort, is_draft=True, by=staff)
        assert list(access.readable(staff, today=today)) == [one]


def test_somebody_with_several_roles_is_one_reader(cohort, participation, welcomed, contact, gathering, staff, today):
    make_contact(participation, contact, Contact.Function.SCHOOL_LEAD, by=staff)
    register(contact, gathering, participation, by=staff)
    make_supervisor(participation, contact)
    roles = audience.readers(a_publication(cohort, by=staff), today=today)[contact.pk]
    assert [role.in_words for role in roles] == ["eier", "skolefaglig ansvarlig", "ansatt", "veileder"]


def test_an_office_with_two_counties_is_asked_for_each(cohort, participation, other_participation, welcomed, staff):
    office = CountyGovernor.objects.create(name="Felles")
    for each in (participation, other_participation):
        County.objects.filter(pk=each.municipality.county_id).update(governor=office)
    person = make_user("felles@example.no", "Felles")
    GovernorContact.objects.create(governor=office, user=person, started_on=timezone.localdate())
    one = a_publication(cohort, county=other_participation.municipality.county, by=staff)
    assert reached(one, {"person": person}) == {"person"}
