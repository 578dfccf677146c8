"""Whatever happens to sessions, measures and people, and whenever the clock ticks: exactly what is due goes, once.

At each tick a slow oracle says what is due, from the rows and from what has gone before; the rest must be what goes.
"""

import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import time_machine
from hypothesis import event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from conftest import make_contact, make_supervisor, make_user
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSession, Handover, Measure, SessionChange, Supervisor
from guidance.tests.conftest import FACTS
from guidance.tests.mails.conftest import OSLO
from outbox import plan
from outbox.models import Message
from participants.models import Cohort, Contact, Municipality, Participation, Unit
from tests.days_off import nearest

DAY = timedelta(days=1)
# Some days before each change of the clock, 25 October 2026 and 28 March 2027, which is Easter Sunday too; Christmas
# and New Year; and the holidays of May.
BEGINNINGS = [date(2026, 10, 12), date(2026, 12, 10), date(2027, 3, 15), date(2027, 4, 26)]
MONTHS = {10: "oktober", 11: "november", 12: "desember", 1: "januar", 2: "februar", 3: "mars", 4: "april", 5: "mai"}
MONTHS |= {6: "juni", 7: "juli", 8: "august", 9: "september"}
GAPS = ["none", "minutes", "moment", "moment", "moment", "moment", "days", "weeks"]
ACTIONS = [
    "nothing",
    "plan",
    "plan",
    "move",
    "move",
    "change hour",
    "change format",
    "cancel",
    "log",
    "measure",
    "measure",
    "finish",
    "extend",
    "replace",
    "end head",
    "new contact",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(GAPS), st.sampled_from(ACTIONS), st.integers(0, 11), st.sampled_from([0, 1, 1, 2])),
    min_size=8,
    max_size=18,
)


def utc(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=OSLO).astimezone(UTC)


class World:
    """One municipality with a contact, a unit with a head, and two supervisors with one who waits to take over."""

    def __init__(self, beginning: date, clock) -> None:
        self.clock, self.now = clock, utc(beginning, 9)
        clock.move_to(self.now)
        self.staff = make_user("stab@example.no", "Stab", is_staff=True)
        cohort = Cohort.objects.create(
            number=9, first_year=beginning.year, starts_on=date(beginning.year, 9, 1), confirm_by=beginning
        )
        place = Municipality.objects.get(number="5054")
        self.participation = Participation.objects.create(cohort=cohort, municipality=place)
        self.unit = Unit.objects.create(participation=self.participation, name="Leksvik skole", kind="school")
        self.contact(Contact.Function.OWNER, "kontakt")
        self.contact(Contact.Function.HEAD, "rektor", unit=self.unit)
        self.supervisors = [make_user(f"veileder{number}@example.no", f"Veileder {number}") for number in range(4)]
        for number in (0, 1):
            make_supervisor(self.participation, self.supervisors[number], leads=number == 0)
        self.sent: set[tuple] = set()
        # What had gone about a session when a person was told that they are out of it.
        self.out: dict[tuple[int, str], set[tuple]] = {}

    def contact(self, function: str, name: str, unit: Unit | None = None) -> None:
        make_contact(self.participation, make_user(f"{name}@example.no", name), function, unit=unit, by=self.staff)

    def wait(self, gap: str) -> None:
        self.now = {
            "none": self.now,
            "minutes": self.now + timedelta(minutes=5),
            "moment": min((moment for moment in self.moments() if moment > self.now), default=self.now),
            "days": self.now + timedelta(days=2, hours=3),
            "weeks": self.now + timedelta(days=9),
        }[gap]
        self.clock.move_to(self.now)

    def moments(self) -> set[datetime]:
        """Where something begins or ends."""
        found = set()
        for session in GuidanceSession.objects.planned():
            found |= {utc(nearest(session.held_on - 3 * DAY, -1)), self.begins(session), *self.log_mornings(session)}
        for measure in Measure.objects.going_on():
            found |= {*self.measure_mornings(measure), utc(measure.ends_on + DAY, 0)}
        return found

    def act(self, action: str, number: int) -> None:
        sessions = list(GuidanceSession.objects.planned().order_by("pk"))
        measures = list(Measure.objects.going_on().order_by("pk"))
        if action in {"move", "change hour", "change format", "cancel", "log"}:
            if sessions:
                self.to_session(action, sessions[number % len(sessions)], number)
        elif action in {"finish", "extend"}:
            if measures:
                self.to_measure(action, measures[number % len(measures)], number)
        elif action == "plan":
            self.plan(number)
        elif action == "measure":
            self.open(number)
        elif action == "replace":
            self.replace(number)
        elif action == "end head":
            Contact.objects.current().filter(unit=self.unit).update(ended_at=self.now, ended_by=self.staff)
        elif action == "new contact" and not Contact.objects.filter(user__email="ny@example.no").exists():
            self.contact(Contact.Function.SCHOOL_LEAD, "ny")

    def free_day(self, number: int) -> date:
        """From now on, and no other session's: a mail names a session by its day."""
        day = self.now.astimezone(OSLO).date() + DAY * number
        while GuidanceSession.objects.filter(held_on=day).exists():
            day += DAY
        return day

    def plan(self, number: int) -> None:
        members = list(GroupMember.objects.current().order_by("pk"))
        chosen = members[number % 2 :] if number % 3 else members[:1]
        GuidanceSession.plan(
            group=self.participation.guidance_group,
            held_on=self.free_day(number),
            starts_at=time(9) if number % 4 else None,
            format="visit",
            units=[self.unit] if number % 5 else [],
            supervisors=[member.supervisor for member in chosen],
            by=self.staff,
            now=self.now,
        )

    def to_session(self, action: str, session: GuidanceSession, number: int) -> None:
        by = {"by": self.staff, "now": self.now}
        as_it_is = {"held_on": session.held_on, "starts_at": session.starts_at, "format": session.format}
        if action == "move":
            SessionChange.objects.replan(session, facts=as_it_is | {"held_on": self.free_day(number)}, **by)
        elif action == "change hour":
            SessionChange.objects.replan(session, facts=as_it_is | {"starts_at": time(10 + number)}, **by)
        elif action == "change format":
            SessionChange.objects.replan(session, facts=as_it_is | {"format": ["video", "visit"][number % 2]}, **by)
        elif action == "cancel":
            session.cancel(**by)
        else:
            people = list(session.supervisors.all())
            session.submit(token=uuid.uuid4(), facts=FACTS, units=[], supervisors=people, **by)

    def open(self, number: int) -> None:
        today = self.now.astimezone(OSLO).date()
        Measure.objects.create(
            unit=self.unit,
            sub_goal=1,
            what=f"Tiltak {Measure.objects.count()}.",
            starts_on=today - 60 * DAY,
            ends_on=today + DAY * (number - 2),
            opened_at=self.now,
            opened_by=self.staff,
            updated_at=self.now,
        )

    def to_measure(self, action: str, measure: Measure, number: int) -> None:
        if action == "finish":
            measure.report(state="finished", progress="", by=self.staff, now=self.now)
        else:
            measure.ends_on += DAY * (number + 1)
            measure.save()

    def replace(self, number: int) -> None:
        members = list(GroupMember.objects.current().order_by("pk"))
        left = members[number % len(members)]
        successor = self.supervisors[number % 4]
        if successor != left.supervisor.user:
            facts = {"name": successor.name, "employer": Supervisor.Employer.CENTRE}
            person, _made = Supervisor.objects.get_or_create(user=successor, defaults=facts)
            replacing.replace(left, successor=person, note="", by=self.staff, now=self.now)

    def tick(self) -> None:
        due = self.due() - self.sent
        before = set(Message.objects.values_list("pk", flat=True))
        plan.send_due(self.now)
        new = list(Message.objects.exclude(pk__in=before).order_by("pk"))
        went = Counter(item for message in new for item in self.items(message))
        assert went == Counter(due), (self.now, went, due)
        for kind, session, _sequence, to in went:
            if kind == "released":
                self.out[session, to] = {item for item in self.sent if item[0] == "session" and item[1] == session}
        self.sent |= due
        for item in went:
            event(item[0])
        mornings = {(item[0], item[-1], item[2]) for item in due if item[0] in {"log", "measure"}}
        reminders = [message for message in new if message.text_name.endswith(("log_missing", "measures"))]
        assert len(reminders) == len(mornings), "one mail a person and morning"

    def items(self, message: Message) -> list[tuple]:
        """What a mail is, in the oracle's words: read from the mail and its files, not from its key."""
        kind = message.text_name.removeprefix("guidance.")
        if kind == "log_missing":
            return [
                ("log", session.pk, self.current(self.log_mornings(session)), message.to)
                for session in GuidanceSession.objects.planned()
                if f"- Indre Fosen: {self.in_words(session.held_on)}\n" in message.body
            ]
        if kind == "measures":
            return [
                ("measure", measure.pk, self.current(self.measure_mornings(measure)), message.to)
                for measure in Measure.objects.all()
                if f": {measure.what}, frist {self.in_words(measure.ends_on)}\n" in message.body
            ]
        if kind in {"session", "called_off", "released"}:
            [file] = message.attachments.all()
            [entry] = icalendar.Calendar.from_ical(bytes(file.content)).events
            session = int(entry["uid"].split("-")[1].split("@")[0])
            news = self.told(session, message.to)
            assert kind != "session" or news == (not message.subject.startswith("Veiledningsmøte:"))
            return [(kind, session, int(entry["sequence"]), message.to)]
        if kind == "measure_opened":
            return [(kind, Measure.objects.get(pk=message.about_id).opened_at, None, message.to)]
        return [(kind, message.about_id, None, message.to)]

    # The oracle.

    def in_words(self, day: date) -> str:
        days = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]
        return f"{days[day.weekday()]} {day.day}. {MONTHS[day.month]} {day.year}"

    def begins(self, session: GuidanceSession) -> datetime:
        if session.starts_at is None:
            return utc(session.held_on + DAY, 0)
        return datetime.combine(session.held_on, session.starts_at, tzinfo=OSLO).astimezone(UTC)

    def log_mornings(self, session: GuidanceSession) -> list[datetime]:
        return [utc(nearest(session.held_on + DAY * days, 1)) for days in (3, 10, 17)]

    def measure_mornings(self, measure: Measure) -> list[datetime]:
        after = [utc(nearest(measure.ends_on + DAY * days, 1)) for days in (1, 31, 61, 91)]
        return [utc(nearest(measure.ends_on - 7 * DAY, -1)), *after]

    def current(self, mornings: list[datetime]) -> datetime | None:
        return max((moment for moment in mornings if moment <= self.now), default=None)

    def told(self, session: int, to: str) -> bool:
        before = self.out.get((session, to), set())
        return any(item[0] == "session" and item[1] == session and item[3] == to for item in self.sent - before)

    def turn(self, session: int, to: str) -> int:
        """How often the person was taken out of the session."""
        return sum(item[0] == "released" and item[1] == session and item[3] == to for item in self.sent)

    def holding(self, session: GuidanceSession) -> list[GroupMember]:
        current = GroupMember.objects.filter(ended_on=None).select_related("supervisor__user")
        chosen = set(session.supervisors.values_list("pk", flat=True))
        mine = [member for member in current if member.supervisor_id in chosen]
        return mine or [member for member in current if member.leads]

    def audience(self, session: GuidanceSession) -> set[str]:
        contacts = Contact.objects.filter(ended_at=None).select_related("user")
        units = set(session.units.values_list("pk", flat=True))
        told = {contact.user.email for contact in contacts if contact.unit_id is None or contact.unit_id in units}
        return told | {member.supervisor.user.email for member in self.holding(session)}

    def due(self) -> set[tuple]:
        found = set()
        for session in GuidanceSession.objects.filter(submitted_at=None):
            for to in self.audience(session) if self.now < self.begins(session) else ():
                version = session.calendar_version + 2 * self.turn(session.pk, to)
                if session.cancelled_at and self.told(session.pk, to):
                    found.add(("called_off", session.pk, version, to))
                if session.cancelled_at is None:
                    early = self.told(session.pk, to) or self.now >= utc(nearest(session.held_on - 3 * DAY, -1))
                    found |= {("session", session.pk, version, to)} if early else set()
            if session.cancelled_at is None and self.now < self.begins(session):
                found |= self.due_releases(session)
            if session.cancelled_at is None:
                found |= self.due_logs(session)
        for measure in Measure.objects.all():
            found |= self.due_news(measure)
            found |= self.due_measures(measure) if measure.finished_at is None else set()
        return found | self.due_handovers()

    def due_releases(self, session: GuidanceSession) -> set[tuple]:
        """To who has it in the calendar and is not to be there."""
        had = {item[3] for item in self.sent if item[0] == "session" and item[1] == session.pk}
        return {
            ("released", session.pk, session.calendar_version + 2 * self.turn(session.pk, to) + 1, to)
            for to in had - self.audience(session)
            if self.told(session.pk, to)
        }

    def due_logs(self, session: GuidanceSession) -> set[tuple]:
        slot = self.current(self.log_mornings(session))
        if slot is None or self.now >= self.log_mornings(session)[-1].astimezone(OSLO) + 7 * DAY:
            return set()
        since = session.changed_at or session.planned_at
        return {
            ("log", session.pk, slot, member.supervisor.user.email)
            for member in self.holding(session)
            if slot >= since and slot >= utc(member.started_on + DAY, 0)
        }

    def responsible(self) -> list[Contact]:
        heads = Contact.objects.filter(ended_at=None, unit=self.unit)
        return list(heads or Contact.objects.filter(ended_at=None, unit=None))

    def due_news(self, measure: Measure) -> set[tuple]:
        """A new measure, to who was there when it was entered. Those of one moment are of one form, and one mail."""
        if self.now >= measure.opened_at + 14 * DAY:
            return set()
        return {
            ("measure_opened", measure.opened_at, None, contact.user.email)
            for contact in self.responsible()
            if contact.started_at <= measure.opened_at
        }

    def due_measures(self, measure: Measure) -> set[tuple]:
        mornings = self.measure_mornings(measure)
        slot = self.current(mornings)
        over = utc(measure.ends_on + DAY, 0) if slot == mornings[0] else mornings[-1].astimezone(OSLO) + 30 * DAY
        if slot is None or self.now >= over:
            return set()
        return {
            ("measure", measure.pk, slot, contact.user.email)
            for contact in self.responsible()
            if slot >= measure.opened_at and slot >= contact.started_at
        }

    def due_handovers(self) -> set[tuple]:
        found = set()
        current = {member.supervisor_id for member in GroupMember.objects.filter(ended_on=None)}
        for handover in Handover.objects.all():
            old, new = handover.ended, handover.started
            held = new.ended_on is None and old.supervisor_id not in current
            if held and self.now < handover.handed_over_at + 14 * DAY:
                about = str(handover.pk)
                found |= {("taken_over", about, None, new.supervisor.user.email)}
                found |= {("left", about, None, old.supervisor.user.email)}
                contacts = Contact.objects.filter(ended_at=None).exclude(function="ppt")
                found |= {("handed_over", about, None, contact.user.email) for contact in contacts}
                others = GroupMember.objects.filter(ended_on=None).exclude(supervisor=new.supervisor)
                found |= {("handed_over", about, None, other.supervisor.user.email) for other in others}
        return found


class PlanTest(TestCase):
    @hypothesis_settings(max_examples=10, deadline=None)
    @given(beginning=st.sampled_from(BEGINNINGS), later=st.integers(0, 6), steps=STEPS)
    def test_exactly_what_is_due_goes_and_goes_once(self, beginning, later, steps):
        with self.settings(MAIL_APPS=["guidance.mails"]), time_machine.travel(datetime.now(UTC), tick=False) as clock:
            world = World(beginning + DAY * later, clock)
            for number in (5, 9):
                world.act("plan", number)
            world.act("measure", 6)
            for gap, action, number, ticks in steps:
                world.wait(gap)
                world.act(action, number)
                for _tick in range(ticks):
                    world.tick()
            for _moment in range(6):
                world.wait("moment")
                world.tick()
