"""Which mails today's facts call for: to whom, when, until when, and what they say."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from accounts.models import User
from conftest import make_contact, make_user
from gatherings import places, schedule
from gatherings.mails import reminders
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.tests.conftest import entry
from outbox import plan
from outbox.models import Message
from participants.models import Contact, Municipality, Participation, Unit

OSLO = ZoneInfo("Europe/Oslo")
ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)  # the clock goes back on 25 October
Function = Contact.Function


@pytest.fixture(autouse=True)
def clock():
    """Everything is made on the first of October; a test moves the clock."""
    with time_machine.travel(ASKED, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _only_the_gatherings(settings) -> None:
    settings.MAIL_PLANNERS = ["gatherings.mails.reminders.planned"]


@pytest.fixture
def gathering(cohort) -> Gathering:
    """Kick-off has heads and owners; opens Monday 5 October, closes Monday 2 November, held 24 and 25 November."""
    return Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=date(2026, 11, 24),
        ends_on=date(2026, 11, 25),
        starts_at=time(10),
        venue="Clarion Hotel",
        address="Gardermoen",
        settled="fixed",
        opens_on=date(2026, 10, 5),
        closes_on=date(2026, 11, 2),
        travel_closes_on=date(2026, 11, 10),
        procedure="Bestill hos reisebyrået.",
        programme="10.00 Velkommen",
    )


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO)


NEW_YEAR = at(12, 31)


def mails(name: str = "", start=ASKED, end=NEW_YEAR) -> list[plan.Planned]:
    found = sorted(reminders.planned(start, end), key=lambda mail: (mail.send_at, mail.to))
    return [mail for mail in found if mail.text.name.startswith(f"gatherings.{name}")]


def when(name: str, **span) -> list[tuple[str, str]]:
    """(to, when) of the mails of this kind."""
    return [
        (mail.to.partition("@")[0], f"{mail.send_at.astimezone(OSLO):%m-%d %H:%M%z}") for mail in mails(name, **span)
    ]


@pytest.fixture
def send(clock):
    """The clock ticks: what is due goes. Gives what went, by recipient."""

    def send(moment: datetime, name: str = "") -> list[str]:
        before = set(Message.objects.values_list("pk", flat=True))
        clock.move_to(moment)
        plan.send_due(moment)
        new = Message.objects.exclude(pk__in=before).filter(text_name__startswith=f"gatherings.{name}")
        return sorted(message.to.partition("@")[0] for message in new)

    return send


def register(gathering, participation, by, *numbers, late=False, **facts) -> list[Registration]:
    entries = [entry(number, gathering=gathering, **facts) for number in numbers]
    now = datetime.now(UTC)
    return places.register(gathering, entries, participation=participation, by=by, now=now, late=late)


def alter(gathering, **facts) -> None:
    stored = Gathering.objects.get(pk=gathering.pk)
    for name, value in facts.items():
        setattr(stored, name, value)
    stored.save()


class TestInvitation:
    def test_when_registration_opens_to_those_who_answer_for_somebody(self, gathering, welcomed, contact, head):
        assert when("invitation") == [("hanne.styrer", "10-05 08:00+0200"), ("kari.kontakt", "10-05 08:00+0200")]
        head_mail, contact_mail = mails("invitation")
        assert head_mail.values["svarer_for"] == ["Fembøringen barnehage"]
        assert contact_mail.values["svarer_for"] == ["Indre Fosen"]
        assert contact_mail.values["frist"] == "mandag 2. november 2026"
        assert contact_mail.values["for_hvem"] == "alle i prosjektet"
        assert contact_mail.until == at(11, 3, 0)
        assert contact_mail.scope == {"cohort:9"}

    def test_who_is_not_asked(self, gathering, welcomed, contact, head, former_contact, other_contact, staff):
        make_contact(welcomed, make_user("ppt@example.no", "Per P."), Function.PPT, by=staff)
        idle = make_user("borte@example.no", "Borte", is_active=False)
        make_contact(welcomed, idle, Function.AUTHORITY, by=staff)
        assert {mail.to for mail in mails("invitation")} == {contact.email, head.email}

    def test_the_head_of_a_closed_unit_is_not(self, gathering, welcomed, contact, head, units):
        Unit.objects.filter(pk=units[0].pk).update(closed_on=date(2026, 9, 1))
        assert [to for to, _when in when("invitation")] == ["kari.kontakt"]

    def test_a_gathering_for_owners_does_not_concern_heads(self, gathering, welcomed, contact, head):
        alter(gathering, audience=["owner", "authority"])
        assert [mail.to for mail in mails("invitation")] == [contact.email]
        assert mails("invitation")[0].values["for_hvem"] == "eier, barnehagemyndighet"

    def test_one_a_person_and_gathering(self, gathering, welcomed, contact, head, units, staff):
        make_contact(welcomed, contact, Function.AUTHORITY, by=staff)
        make_contact(welcomed, head, Function.HEAD, unit=units[1], by=staff)
        assert len(mails("invitation")) == 2
        names = ["Fembøringen barnehage", "Leksvik barnehage"]
        assert next(mail for mail in mails("invitation") if mail.to == head.email).values["svarer_for"] == names

    def test_opened_late_or_welcomed_late_is_still_invited_until_it_closes(
        self, gathering, participation, contact, staff, send
    ):
        alter(gathering, settled="tentative")
        assert send(at(10, 6)) == []
        alter(gathering, settled="fixed")
        assert send(at(10, 6, 12)) == [], "not welcomed yet"
        participation.welcome(by=staff, now=at(10, 20, 13))
        assert when("invitation") == [("kari.kontakt", "10-20 13:00+0200")]
        assert send(at(11, 2, 23), "invitation") == ["kari.kontakt"]
        assert send(at(11, 2, 23, 30)) == []

    def test_not_after_it_has_closed(self, gathering, welcomed, contact, send):
        assert send(at(11, 3, 0)) == []

    def test_once_for_a_date_and_anew_for_a_new_one(self, gathering, welcomed, contact, send):
        assert send(at(10, 6)) == ["kari.kontakt"]
        alter(gathering, opens_on=date(2026, 10, 7), venue="Molde")
        assert send(at(10, 8)) == []
        alter(gathering, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 2))
        assert send(at(10, 9), "invitation") == ["kari.kontakt"]

    @pytest.mark.parametrize("settled", ["tentative", "postponed", "cancelled"])
    def test_only_when_it_is_settled(self, gathering, welcomed, contact, head, settled):
        alter(gathering, settled=settled)
        assert mails() == []


class TestReminder:
    def test_twice_before_the_deadline_on_working_days(self, gathering, welcomed, contact, head):
        assert when("reminder") == [
            ("hanne.styrer", "10-26 08:00+0100"),
            ("kari.kontakt", "10-26 08:00+0100"),
            ("hanne.styrer", "10-30 08:00+0100"),
            ("kari.kontakt", "10-30 08:00+0100"),
        ]
        first = mails("reminder")[0]
        assert first.until == at(10, 30)
        assert mails("reminder")[-1].until == at(11, 3, 0)
        assert first.values["mangler"] == ["Fembøringen barnehage: 1. samling, frist mandag 2. november 2026"]
        assert [line.partition(":")[0] for line in mails("reminder")[1].values["mangler"]] == [
            "Indre Fosen",
            "Fembøringen barnehage",
            "Leksvik barnehage",
            "Statsbygd skole",
            "Testmann minne skole",
        ]

    def test_who_has_registered_what_they_answer_for_is_not_reminded(self, gathering, welcomed, contact, head, units):
        with time_machine.travel(at(10, 6), tick=False):
            register(gathering, welcomed, head, 1, unit=units[0], function=Function.HEAD)
        assert {to for to, _when in when("reminder")} == {"kari.kontakt"}
        with time_machine.travel(at(10, 7), tick=False):
            for number, unit in enumerate(units[1:], start=2):
                register(gathering, welcomed, contact, number, unit=unit, function=Function.HEAD)
            register(gathering, welcomed, contact, 9)
        assert mails("reminder") == []

    def test_who_cancels_is_missing_again(self, gathering, welcomed, contact, head, units):
        with time_machine.travel(at(10, 6), tick=False):
            [row] = register(gathering, welcomed, head, 1, unit=units[0], function=Function.HEAD)
            places.cancel(row, by=head, now=at(10, 7))
        assert "hanne.styrer" in {to for to, _when in when("reminder")}

    def test_who_waits_has_registered(self, gathering, welcomed, contact, head, units):
        alter(gathering, capacity=1)
        with time_machine.travel(at(10, 6), tick=False):
            register(gathering, welcomed, contact, 1, 2)
            register(gathering, welcomed, head, 3, unit=units[0], function=Function.HEAD)
        assert {to for to, _when in when("reminder")} == {"kari.kontakt"}

    def test_a_gathering_for_heads_lacks_no_municipality_and_one_for_owners_no_unit(self, gathering, welcomed, contact):
        alter(gathering, audience=["head"])
        assert "Indre Fosen" not in " ".join(mails("reminder")[0].values["mangler"])
        alter(gathering, audience=["owner"])
        [line] = mails("reminder")[0].values["mangler"]
        assert line.startswith("Indre Fosen:")

    def test_never_within_a_day_of_the_invitation(self, gathering, welcomed, contact):
        alter(gathering, opens_on=date(2026, 10, 26))
        assert when("reminder") == [("kari.kontakt", "10-30 08:00+0100")]
        alter(gathering, opens_on=date(2026, 10, 30))
        assert when("reminder") == []

    def test_settled_late_counts_as_invited_then(self, gathering, welcomed, contact, clock, send):
        alter(gathering, settled="tentative")
        Gathering.history.all().delete()
        clock.move_to(at(10, 26, 7))
        alter(gathering, settled="fixed")
        assert send(at(10, 26, 9)) == ["kari.kontakt"], "the invitation alone"
        assert when("reminder") == [("kari.kontakt", "10-30 08:00+0100")]

    def test_one_mail_for_two_gatherings_and_neither_silences_the_other(
        self, gathering, cohort, welcomed, contact, head, send
    ):
        kick_off = Gathering.objects.create(
            cohort=cohort,
            kind="kick_off",
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 12),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),  # two days before: Monday 26 October
        )
        send(at(10, 25))
        assert send(at(10, 26), "reminder") == ["hanne.styrer", "kari.kontakt"]
        message = Message.objects.get(to=contact.email, text_name="gatherings.reminder", key__contains="2026-10-26")
        assert "Indre Fosen: Oppstartssamling, frist onsdag 28. oktober 2026" in message.body
        assert "Leksvik barnehage: 1. samling, frist mandag 2. november 2026" in message.body
        assert "onsdag 28. oktober" in message.subject

        # What has been named goes no second time when the rest changes; what joins is named.
        register(kick_off, welcomed, contact, 1)
        assert send(at(10, 26, 9)) == []
        third = Gathering.objects.create(
            cohort=cohort,
            semester=2,
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 13),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),
        )
        Gathering.history.filter(id=third.pk).update(history_date=ASKED)
        assert send(at(10, 26, 10), "reminder") == ["kari.kontakt"]
        last = Message.objects.filter(text_name="gatherings.reminder").latest("pk")
        assert "2. samling" in last.body
        assert "1. samling" not in last.body
        assert send(at(10, 26, 11)) == []

    def test_a_deadline_that_passed_while_nothing_ran_takes_no_other_with_it(
        self, gathering, cohort, welcomed, contact, send
    ):
        Gathering.objects.create(
            cohort=cohort,
            kind="kick_off",
            audience=["owner"],
            settled="fixed",
            starts_on=date(2026, 11, 12),
            opens_on=date(2026, 10, 6),
            closes_on=date(2026, 10, 28),
        )
        send(at(10, 25))
        assert send(at(10, 29, 12), "reminder") == ["kari.kontakt"]
        body = Message.objects.filter(text_name="gatherings.reminder").latest("pk").body
        assert "1. samling" in body
        assert "Oppstartssamling" not in body

    def test_the_plan_shows_one_mail_and_goes_on_showing_it_when_it_has_gone(self, gathering, welcomed, contact, send):
        [planned] = mails("reminder", end=at(10, 26))
        send(at(10, 26))
        [shown] = mails("reminder", start=at(10, 26, 0), end=at(12, 31))[:1]
        assert shown.key == planned.key == Message.objects.get(text_name="gatherings.reminder").key

    def test_a_moved_deadline_reminds_before_the_new_one(self, gathering, welcomed, contact, send):
        send(at(10, 6))
        assert send(at(10, 26)) == ["kari.kontakt"]
        alter(gathering, closes_on=date(2026, 11, 9))
        assert send(at(10, 27)) == []
        assert send(at(11, 2)) == ["kari.kontakt"]


class TestPractical:
    def test_a_week_before_to_each_who_has_a_place(self, gathering, welcomed, contact, clock):
        alter(gathering, capacity=2)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, 2, 3, nights=["2026-11-23"])
        assert when("practical") == [("person.1", "11-17 08:00+0100"), ("person.2", "11-17 08:00+0100")]
        mail = mails("practical")[0]
        assert mail.until == at(11, 24, 10)
        assert mail.values["tid"] == "tirsdag 24. november 2026 kl. 10.00 til onsdag 25. november 2026"
        assert mail.values["sted"] == "Clarion Hotel, Gardermoen"
        assert mail.values["netter"] == "mandag 23. november 2026"
        assert "10.00 Velkommen" in mail.values["program"]
        assert "Bestill hos reisebyrået." in mail.values["framgangsmaate"]

    def test_whoever_comes_late_gets_it_the_next_time(self, gathering, welcomed, contact, staff, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert send(at(11, 17), "practical") == ["person.1"]
        clock.move_to(at(11, 20, 14))
        register(gathering, welcomed, staff, 2, late=True)
        assert send(at(11, 20, 14, 5), "practical") == ["person.2"]
        register(gathering, welcomed, staff, 3, late=True)
        assert send(at(11, 24, 10), "practical") == [], "it has begun"

    def test_a_moved_gathering_sends_it_for_the_new_date(self, gathering, welcomed, contact, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert send(at(11, 17), "practical") == ["person.1"]
        alter(gathering, starts_on=date(2026, 12, 15), ends_on=date(2026, 12, 16))
        assert send(at(11, 18), "practical") == []
        assert send(at(12, 8), "practical") == ["person.1"]
        assert Message.objects.filter(to="person.1@example.no", text_name="gatherings.practical").count() == 2

    def test_a_cancelled_gathering_sends_nothing_and_gets_it_back(self, gathering, welcomed, contact, clock, send):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        alter(gathering, settled="cancelled")
        assert send(at(11, 17), "practical") == []
        alter(gathering, settled="fixed")
        assert send(at(11, 19), "practical") == ["person.1"]

    def test_an_unknown_hour_is_eight(self, gathering):
        assert schedule.begins(gathering.starts_on, None) == at(11, 24)


class TestTravel:
    def test_twice_before_the_deadline_to_who_has_not_ordered(self, gathering, welcomed, contact, clock):
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        register(gathering, welcomed, contact, 2, travel="own_car")
        [ordered] = register(gathering, welcomed, contact, 3)
        ordered.order_travel(on=date(2026, 10, 6), by=contact)
        assert when("travel") == [("person.1", "11-05 08:00+0100"), ("person.1", "11-09 08:00+0100")]
        first, last = mails("travel")
        assert (first.until, last.until) == (at(11, 9), at(11, 11, 0))
        assert first.values["frist"] == "tirsdag 10. november 2026"

    def test_who_got_the_place_the_day_before_has_just_been_told(self, gathering, welcomed, staff, clock):
        clock.move_to(at(11, 4, 12))
        register(gathering, welcomed, staff, 1, late=True)
        assert when("travel") == [("person.1", "11-09 08:00+0100")]

    def test_without_a_deadline_there_is_none(self, gathering, welcomed, contact, clock):
        alter(gathering, travel_closes_on=None)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1)
        assert when("travel") == []

    def test_who_waits_orders_nothing(self, gathering, welcomed, contact, clock):
        alter(gathering, capacity=1)
        clock.move_to(at(10, 6))
        register(gathering, welcomed, contact, 1, 2)
        assert {to for to, _when in when("travel")} == {"person.1"}


class TestEvaluation:
    @pytest.fixture
    def there(self, gathering, welcomed, contact, staff, clock) -> list[Registration]:
        clock.move_to(at(10, 6))
        rows = register(gathering, welcomed, contact, 1, 2, 3)
        for row in rows[:2]:
            for day in gathering.days:
                Attendance.objects.create(registration=row, day=day, marked_at=at(11, 24), marked_by=staff)
        return rows

    def test_the_morning_after_and_a_week_later_to_who_was_there(self, there, gathering):
        assert when("evaluation") == [
            ("person.1", "11-26 08:00+0100"),
            ("person.2", "11-26 08:00+0100"),
            ("person.1", "12-03 08:00+0100"),
            ("person.2", "12-03 08:00+0100"),
        ]
        mail = mails("evaluation")[-1]
        assert mail.until == at(12, 10, 0)
        assert mail.values["lenke"].endswith(f"/samlinger/{gathering.pk}/evaluering/")
        assert mail.values["frist"] == "onsdag 9. desember 2026"

    def test_who_has_answered_is_not_asked_again(self, there, gathering, send):
        assert send(at(11, 26), "evaluation") == ["person.1", "person.2"]
        Answered.objects.create(gathering=gathering, user=there[0].user)
        assert send(at(12, 3), "evaluation") == ["person.2"]

    def test_not_when_it_is_too_late(self, there, send):
        assert send(at(12, 10, 0), "evaluation") == []


def test_in_the_persons_language_else_the_municipalitys(gathering, welcomed, contact, staff):
    welcomed.cohort.neutral_language = "nn"
    welcomed.cohort.save()
    make_contact(welcomed, make_user("b@example.no", "Bo", language="nb"), Function.SCHOOL_LEAD, by=staff)
    assert {mail.to: mail.language for mail in mails("invitation")} == {contact.email: "nn", "b@example.no": "nb"}
    frists = {mail.to: mail.values["frist"] for mail in mails("invitation")}
    assert frists == {contact.email: "måndag 2. november 2026", "b@example.no": "mandag 2. november 2026"}


def test_a_municipality_that_withdrew_is_asked_for_nothing(gathering, welcomed, contact, staff):
    welcomed.withdraw(by=staff, now=ASKED)
    assert mails() == []


def fill(cohort, staff, *, municipalities: int, units: int) -> None:
    """Municipalities with a contact and units with a head each; every other unit has registered somebody."""
    done = {"welcomed_at": ASKED, "welcomed_by": staff}
    begun = {"started_at": ASKED, "started_by": staff}
    chosen = Municipality.objects.filter(participations__isnull=True).order_by("pk")[:municipalities]
    participations = Participation.objects.bulk_create(
        Participation(cohort=cohort, municipality=municipality, **done) for municipality in chosen
    )
    made = Unit.objects.bulk_create(
        Unit(participation=participation, name=f"Skole {turn}", kind="school")
        for participation in participations
        for turn in range(units)
    )
    places_for = [*participations, *made]
    people = User.objects.bulk_create(
        User(email=f"{type(place).__name__.lower()}.{place.pk}@example.no", name=f"Person {place.pk}")
        for place in places_for
    )
    answering = list(zip(places_for, people, strict=True))
    Contact.objects.bulk_create(
        Contact(participation=place, user=user, name=user.name, function=Function.OWNER, **begun)
        if isinstance(place, Participation)
        else Contact(
            participation=place.participation, unit=place, user=user, name=user.name, function=Function.HEAD, **begun
        )
        for place, user in answering
    )
    rows = Registration.objects.bulk_create(
        Registration(
            gathering=gathering,
            participation=unit.participation,
            unit=unit,
            user=user,
            name=user.name,
            function="head",
            registered_at=ASKED,
            registered_by=user,
            placed_at=ASKED,
        )
        for unit, user in answering[len(participations) :: 2]
        for gathering in Gathering.objects.select_related("cohort")
    )
    Attendance.objects.bulk_create(
        Attendance(registration=row, day=row.gathering.starts_on, marked_at=ASKED, marked_by=staff) for row in rows
    )


def test_sixty_municipalities_cost_no_more_queries_than_one(gathering, cohort, staff, django_assert_num_queries):
    Gathering.objects.create(
        cohort=cohort,
        kind="kick_off",
        settled="fixed",
        starts_on=date(2026, 11, 12),
        opens_on=date(2026, 10, 6),
        closes_on=date(2026, 10, 28),
    )

    def plan_it() -> int:
        with django_assert_num_queries(5):
            return len([dict(mail.values) for mail in reminders.planned(ASKED - timedelta(days=1), at(12, 31))])

    fill(cohort, staff, municipalities=1, units=2)
    few = plan_it()
    fill(cohort, staff, municipalities=60, units=5)
    assert plan_it() > 50 * few
