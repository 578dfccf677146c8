"""A municipality in which things happen to sessions, measures and people, and the moments that follow from them."""

import uuid
from datetime import UTC, date, datetime, time, timedelta

from conftest import make_contact, make_supervisor, make_user
from guidance.groups import replacing
from guidance.models import GroupMember, GuidanceSession, Measure, SessionChange, Supervisor
from guidance.tests.conftest import FACTS
from guidance.tests.mails.conftest import OSLO
from participants.models import Cohort, Contact, Municipality, Participation, Unit
from tests.days_off import nearest

DAY = timedelta(days=1)
MONTHS = {10: "oktober", 11: "november", 12: "desember", 1: "januar", 2: "februar", 3: "mars", 4: "april", 5: "mai"}
MONTHS |= {6: "juni", 7: "juli", 8: "august", 9: "september"}


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
        self.other_unit = Unit.objects.create(participation=self.participation, name="Statsbygd skole", kind="school")
        self.contact(Contact.Function.HEAD, "styrer", unit=self.other_unit)
        self.supervisors = [make_user(f"veileder{number}@example.no", f"Veileder {number}") for number in range(4)]
        for number in (0, 1):
            make_supervisor(self.participation, self.supervisors[number], leads=number == 0)
        self.sent: dict[tuple, datetime] = {}
        # What each version of a session said, by the session and its version.
        self.said: dict[tuple[int, int], tuple] = {}
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
            found |= {self.reminder_of(session), self.begins(session), *self.log_mornings(session)}
        for measure in Measure.objects.going_on():
            found |= {*self.measure_mornings(measure), utc(measure.ends_on + DAY, 0)}
        return found

    def act(self, action: str, number: int) -> None:
        sessions = list(GuidanceSession.objects.planned().order_by("pk"))
        measures = list(Measure.objects.going_on().order_by("pk"))
        if action in {"move", "cancel", "log"} or action.startswith("change"):
            if sessions:
                self.to_session(action, sessions[number % len(sessions)], number)
        elif action == "restore":
            for session in GuidanceSession.objects.filter(cancelled_at__isnull=False).order_by("pk")[:1]:
                SessionChange.objects.restore(session, by=self.staff, now=self.now)
        elif action in {"finish", "extend", "correct measure", "withdraw measure"}:
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
        for session in GuidanceSession.objects.all():
            self.said[session.pk, session.calendar_version] = self.saying(session)

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
        members = [member.supervisor for member in GroupMember.objects.current().order_by("pk")]
        changes = {
            "move": {"facts": {"held_on": self.free_day(number)}},
            "change hour": {"facts": {"starts_at": time(10 + number)}},
            "change format": {"facts": {"format": ["video", "visit"][number % 2]}},
            "change place": {"facts": {"place": ["Rådhuset", "Biblioteket"][number % 2]}},
            "change units": {"facts": {}, "units": [self.other_unit, self.unit][: number % 3]},
            "change supervisors": {"facts": {}, "supervisors": members[number % 2 :][:1]},
        }
        if action in changes:
            SessionChange.objects.replan(session, **changes[action], **by)
        elif action == "cancel":
            session.cancel(**by)
        else:
            people = list(session.supervisors.all())
            session.submit(token=uuid.uuid4(), facts=FACTS, units=[], supervisors=people, **by)

    def saying(self, session: GuidanceSession) -> tuple:
        people = [set(rows.values_list("pk", flat=True)) for rows in (session.units, session.supervisors)]
        return (session.held_on, session.starts_at, session.format, session.place, *people)

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
        elif action == "correct measure":
            what = measure.what.replace(".", " igjen.")
            measure.change(facts={"what": what}, state=measure.state, progress="", by=self.staff, now=self.now)
        elif action == "withdraw measure":
            measure.withdraw(why="mistake", by=self.staff, now=self.now)
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

    # When what follows from it is due

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

    def reminder_of(self, session: GuidanceSession) -> datetime:
        return utc(nearest(session.held_on - 3 * DAY, -1))
