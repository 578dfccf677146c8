"""Whatever happens to gatherings and people, and whenever the clock ticks: exactly what is due goes, and goes once.

Random gatherings are moved, cancelled and taken up again, people register, wait and cancel, and the clock ticks, is
late, or ticks twice. At each tick a slow oracle says what is due, from the rows alone; what has gone before is left out
of it, and the rest must be what goes.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.places import Entry
from outbox import plan
from outbox.models import Message
from participants.models import Cohort, Contact, Municipality, Participation, Unit
from tests.days_off import nearest

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
# Some weeks before each change of the clock, 25 October 2026 and 28 March 2027, which is Easter Sunday too; Christmas
# and New Year; and the holidays of May.
BEGINNINGS = [date(2026, 9, 28), date(2026, 11, 25), date(2027, 3, 1), date(2027, 4, 12)]
GAPS = ["none", "minutes", "morning", "moment", "moment", "phase", "phase", "phase", "days"]
ACTIONS = [
    "nothing",
    "nothing",
    "register",
    "register",
    "register",
    "cancel",
    "accept",
    "order",
    "attend",
    "attend",
    "answer",
    "move",
    "move deadline",
    "cancel gathering",
    "hold gathering",
    "hold gathering",
    "welcome",
    "end contact",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(GAPS), st.sampled_from(ACTIONS), st.integers(0, 11), st.sampled_from([0, 1, 1, 2])),
    min_size=8,
    max_size=20,
)


def utc(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=OSLO).astimezone(UTC)


class World:
    """One municipality with a contact and two units, one with a head, and two gatherings."""

    def __init__(self, beginning: date, clock) -> None:
        self.clock, self.now = clock, utc(beginning, 9)
        clock.move_to(self.now)
        self.staff = make_user("stab@example.no", "Stab", is_staff=True)
        cohort = Cohort.objects.create(
            number=9, first_year=beginning.year, starts_on=date(beginning.year, 9, 1), confirm_by=beginning
        )
        self.participation = Participation.objects.create(
            cohort=cohort, municipality=Municipality.objects.get(number="5054")
        )
        self.units = [
            Unit.objects.create(participation=self.participation, name=name, kind="school")
            for name in ("Leksvik skole", "Statsbygd skole")
        ]
        self.contact = make_user("kontakt@example.no", "Kontakt")
        self.head = make_user("rektor@example.no", "Rektor")
        make_contact(self.participation, self.contact, Contact.Function.OWNER, by=self.staff)
        make_contact(self.participation, self.head, Contact.Function.HEAD, unit=self.units[0], by=self.staff)
        self.gatherings = [
            self._gathering(cohort, beginning, [3, 24, 30, 38, 39], semester=1, starts_at=time(10), capacity=2),
            self._gathering(cohort, beginning, [4, 19, 26, 33, 33], kind="kick_off", audience=["owner"]),
        ]
        # The first moment each was held on each date.
        self.held: dict[tuple[int, date], datetime] = {}
        self._note_held()
        self.sent: set[tuple] = set()

    def _gathering(self, cohort, beginning, days, **facts) -> Gathering:
        names = ["opens_on", "closes_on", "travel_closes_on", "starts_on", "ends_on"]
        dates = {name: beginning + DAY * number for name, number in zip(names, days, strict=True)}
        return Gathering.objects.create(cohort=cohort, settled="fixed", venue="Hotell", **dates, **facts)

    def _note_held(self) -> None:
        for gathering in Gathering.objects.filter(settled="fixed"):
            self.held.setdefault((gathering.pk, gathering.starts_on), self.now)

    def wait(self, gap: str) -> None:
        for _moment in range(3 if gap == "phase" else 0):
            self.wait("moment")
            self.tick()
        today = self.now.astimezone(OSLO).date()
        self.now = {
            "none": self.now,
            "minutes": self.now + timedelta(minutes=5),
            "morning": utc(today) if self.now < utc(today) else utc(today + DAY),
            "phase": self.now,
            "moment": min((moment for moment in self.moments() if moment > self.now), default=self.now),
            "days": self.now + timedelta(days=2, hours=3),
        }[gap]
        self.clock.move_to(self.now)

    def moments(self) -> set[datetime]:
        """Where something begins or ends."""
        found = set()
        for gathering in Gathering.objects.all():
            mornings = {self.opens(gathering), nearest(gathering.starts_on - 7 * DAY, -1), gathering.starts_on}
            mornings |= {nearest(gathering.closes_on - DAY * number, -1) for number in (7, 2)}
            mornings |= {nearest(gathering.travel_closes_on - DAY * number, -1) for number in (5, 1)}
            mornings |= {nearest(gathering.last_day + DAY * number, 1) for number in (1, 8)}
            midnights = {gathering.closes_on, gathering.travel_closes_on, gathering.last_day + 14 * DAY}
            found |= {utc(day) for day in mornings} | {utc(day + DAY, 0) for day in midnights}
        return found

    def act(self, action: str, number: int) -> None:
        gathering = Gathering.objects.get(pk=self.gatherings[number % 2].pk)
        rows = list(Registration.objects.filter(gathering=gathering).order_by("pk"))
        if action in {"cancel", "accept", "order", "attend", "answer"}:
            if rows:
                self.person_acts(action, rows[number % len(rows)], gathering)
        elif action == "register":
            if gathering.settled == "fixed":
                self.register(gathering, number // 2)
        elif action == "welcome":
            self.participation.welcome(by=self.staff, now=self.now)
        elif action == "end contact":
            if number == 7:
                Contact.objects.filter(user=self.head).update(ended_at=self.now, ended_by=self.staff)
        else:
            self.staff_act(action, gathering, number)
            self._note_held()

    def person_acts(self, action: str, row: Registration, gathering: Gathering) -> None:
        if action == "cancel":
            places.cancel(row, by=self.staff, now=self.now)
        elif action == "accept":
            live = row.state == Registration.State.OFFERED and row.offered_until > self.now
            if live and gathering.settled == "fixed":
                places.accept(row, by=row.user, now=self.now)
        elif action == "order":
            row.order_travel(on=self.now.date(), by=row.user)
        elif action == "attend":
            marked = {"marked_at": self.now, "marked_by": self.staff}
            for other in Registration.objects.filter(gathering=gathering, unit=row.unit):
                Attendance.objects.get_or_create(registration=other, day=gathering.starts_on, defaults=marked)
        else:
            Answered.objects.get_or_create(gathering=gathering, user=row.user)

    def staff_act(self, action: str, gathering: Gathering, number: int) -> None:
        if action == "move":
            for name in ("opens_on", "closes_on", "travel_closes_on", "starts_on", "ends_on"):
                setattr(gathering, name, getattr(gathering, name) + DAY * (number - 4))
        elif action == "move deadline":
            closes_on = gathering.closes_on + DAY * (number - 5)
            gathering.closes_on = min(max(closes_on, gathering.opens_on), gathering.starts_on)
        elif action == "cancel gathering":
            gathering.settled = "cancelled"
        elif action == "hold gathering":
            gathering.settled = "fixed"
        gathering.save()

    def register(self, gathering: Gathering, number: int) -> None:
        unit = [None, *self.units][number % 3]
        travel = ["orders", "orders", "own_car"][number % 3]
        function = "owner" if unit is None or gathering.audience else "head"
        entry = Entry(f"Person {number}", f"person.{number}@example.no", function, unit, [], [], travel)
        places.register(gathering, [entry], participation=self.participation, by=self.contact, now=self.now, late=True)

    def tick(self) -> None:
        due = self.due() - self.sent
        before = set(Message.objects.values_list("pk", flat=True))
        plan.send_due(self.now)
        new = list(Message.objects.exclude(pk__in=before).order_by("pk"))
        went = Counter(item for message in new for item in self.items(message))
        assert went == Counter(due), (self.now, went, due)
        self.sent |= due
        for item in went:
            event(item[0])
        reminded = {item[3] for item in due if item[0] == "reminder"}
        mails = [message for message in new if message.text_name == "gatherings.reminder"]
        assert len(mails) == len(reminded), "one mail a person, also of mornings that no run came to"

    def items(self, message: Message) -> list[tuple]:
        """What a mail is, in the oracle's words: read from the mail, not from its key."""
        kind = message.text_name.removeprefix("gatherings.")
        if kind == "reminder":
            return [
                ("reminder", gathering.pk, gathering.closes_on, message.to, self.lacks(gathering, message.to), slot)
                for gathering in Gathering.objects.all()
                if f": {gathering.in_a_sentence}, frist" in message.body
                and self.named(message, gathering) == self.lacks(gathering, message.to)
                for slot in [self.slot(gathering.closes_on, (7, 2))]
            ]
        gathering = Gathering.objects.get(pk=message.about_id)
        version, slot = {
            "invitation": (gathering.starts_on, None),
            "practical": (gathering.starts_on, None),
            "travel": (gathering.travel_closes_on, self.slot(gathering.travel_closes_on, (5, 1))),
            "evaluation": (gathering.last_day, self.asked(gathering)),
        }[kind]
        return [(kind, gathering.pk, version, message.to, None, slot)]

    def named(self, message: Message, gathering: Gathering) -> frozenset[str]:
        lines = [line.removeprefix("- ") for line in message.body.splitlines()]
        return frozenset(line.partition(":")[0] for line in lines if f": {gathering.in_a_sentence}, frist" in line)

    # The oracle.

    def opens(self, gathering: Gathering) -> date:
        """The morning of the invitation: a working day, unless registration has closed by then."""
        day = nearest(gathering.opens_on, 1)
        return gathering.opens_on if day > gathering.closes_on else day

    def slot(self, deadline: date, days: tuple[int, int]) -> datetime | None:
        begun = [utc(nearest(deadline - DAY * number, -1)) for number in days]
        return max((moment for moment in begun if moment <= self.now), default=None)

    def asked(self, gathering: Gathering) -> datetime | None:
        begun = [utc(nearest(gathering.last_day + DAY * number, 1)) for number in (1, 8)]
        return max((moment for moment in begun if moment <= self.now), default=None)

    def read(self) -> None:
        """All rows, once a tick: a tick changes none of those that the oracle judges by."""
        rows = Registration.objects.select_related("unit", "participation__municipality", "user").order_by("pk")
        self.rows: dict[int, list[Registration]] = {gathering.pk: [] for gathering in self.gatherings}
        for row in rows:
            self.rows[row.gathering_id].append(row)
        self.answered = set(Answered.objects.values_list("gathering", "user"))
        self.there = set(Attendance.objects.values_list("registration", flat=True))
        self.contacts = list(Contact.objects.filter(ended_at=None).select_related("user"))
        self.participation.refresh_from_db()

    def lacks(self, gathering: Gathering, to: str) -> frozenset[str]:
        """The names that nobody stands for, of those this person answers for."""
        rows = [row for row in self.rows[gathering.pk] if row.cancelled_at is None and row.expired_at is None]
        represented = {row.represents for row in rows}
        owners, heads = {"Indre Fosen"}, {unit.name for unit in self.units}
        wanted = owners if gathering.audience else owners | heads
        if to == self.head.email:
            wanted &= {self.units[0].name}
        return frozenset(wanted - represented)

    def due(self) -> set[tuple]:
        self.read()
        found = set()
        for gathering in Gathering.objects.filter(settled="fixed"):
            found |= self.due_to_who_answers(gathering) | self.due_to_who_comes(gathering)
        return found

    def due_to_who_answers(self, gathering: Gathering) -> set[tuple]:
        found = set()
        welcomed = self.participation.welcomed_at
        if welcomed is None or self.now >= utc(gathering.closes_on + DAY, 0):
            return found
        for contact in self.contacts:
            if contact.function == "head" and gathering.audience:
                continue
            to = contact.user.email
            invited = max(
                utc(self.opens(gathering)),
                welcomed,
                contact.started_at,
                self.held[gathering.pk, gathering.starts_on],
            )
            slot, lacks = self.slot(gathering.closes_on, (7, 2)), self.lacks(gathering, to)
            if lacks and invited <= self.now:
                found.add(("invitation", gathering.pk, gathering.starts_on, to, None, None))
            if lacks and slot and slot >= invited + DAY:
                told = {item[:4] + item[5:] for item in self.sent}
                item = ("reminder", gathering.pk, gathering.closes_on, to, lacks, slot)
                if item[:4] + item[5:] not in told:
                    found.add(item)
        return found

    def due_to_who_comes(self, gathering: Gathering) -> set[tuple]:
        found = set()
        begins = datetime.combine(gathering.starts_on, gathering.starts_at or time(8), tzinfo=OSLO).astimezone(UTC)
        for row in self.rows[gathering.pk]:
            to = row.user.email
            if row.cancelled_at is None and row.expired_at is None and row.placed_at and self.now < begins:
                if self.now >= utc(nearest(gathering.starts_on - 7 * DAY, -1)):
                    found.add(("practical", gathering.pk, gathering.starts_on, to, None, None))
                closes_on = gathering.travel_closes_on
                slot = self.slot(closes_on, (5, 1))
                waits = row.travel == "orders" and row.travel_ordered_on is None
                if waits and slot and slot >= row.placed_at + DAY and self.now < utc(closes_on + DAY, 0):
                    found.add(("travel", gathering.pk, closes_on, to, None, slot))
            slot = self.asked(gathering)
            asked = row.pk in self.there and (gathering.pk, row.user_id) not in self.answered
            if asked and slot and self.now < utc(gathering.last_day + 15 * DAY, 0):
                found.add(("evaluation", gathering.pk, gathering.last_day, to, None, slot))
        return found


@pytest.mark.slow
class PlanTest(TestCase):
    @hypothesis_settings(max_examples=15, deadline=None)
    @given(
        beginning=st.sampled_from(BEGINNINGS),
        later=st.integers(0, 6),
        welcomed=st.sampled_from([True, True, True, False]),
        registered=st.integers(0, 6),
        steps=STEPS,
    )
    def test_exactly_what_is_due_goes_and_goes_once(self, beginning, later, welcomed, registered, steps):
        with self.settings(MAIL_APPS=["gatherings.mails"]), time_machine.travel(datetime.now(UTC), tick=False) as clock:
            world = World(beginning + DAY * later, clock)
            if welcomed:
                world.act("welcome", 0)
            for number in range(registered):
                world.act("register", number)
            for gap, action, number, ticks in steps:
                world.wait(gap)
                world.act(action, number)
                for _tick in range(ticks):
                    world.tick()
            for number in range(2):
                world.act("attend", number)
            for _phase in range(7):
                world.wait("phase")
