"""A small pulje for random changes: two municipalities, their people and groups, and two gatherings that fill up."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from conftest import make_contact, make_supervisor, make_user
from gatherings.models import Gathering
from guidance.models import GuidanceGroup, GuidanceSession, Measure
from participants.confirmation import asking
from participants.models import Cohort, Contact, Municipality, Participation, Unit

OSLO = ZoneInfo("Europe/Oslo")
DAY = timedelta(days=1)
MUNICIPALITIES = {"5054": ["Leksvik skole", "Myrvoll barnehage", "Statsbygd skole"], "4601": ["Åsane skole", "Ørn SFO"]}


class SmallPulje:
    """Everything that a change may touch, with at least one of each."""

    def __init__(self, beginning: datetime) -> None:
        self.now = self.beginning = beginning
        self.staff = make_user("stab@example.no", "Stine Stab", is_staff=True, is_superuser=True)
        self.cohort = Cohort.objects.create(
            number=9, first_year=2026, starts_on=date(2026, 9, 1), confirm_by=beginning.date() + 42 * DAY
        )
        self.participations = [self._participation(number, names) for number, names in MUNICIPALITIES.items()]
        today = self.beginning.date()
        self.gatherings = [
            self._gathering(semester=2, opens=today - DAY, weeks=4, capacity=3),
            self._gathering(semester=3, opens=today + 7 * DAY, weeks=8, capacity=None),
        ]
        self._guidance()

    @property
    def today(self) -> date:
        return self.now.astimezone(OSLO).date()

    def _participation(self, number: str, names: list[str]) -> Participation:
        now = self.beginning - 30 * DAY
        facts = {
            f"{what}_{part}": value
            for what in ("accepted", "welcomed")
            for part, value in (("at", now), ("by", self.staff))
        }
        made = Participation.objects.create(
            cohort=self.cohort, municipality=Municipality.objects.get(number=number), **facts
        )
        kinds = {"barnehage": Unit.Kind.KINDERGARTEN, "skole": Unit.Kind.SCHOOL, "SFO": Unit.Kind.SFO}
        for name in names:
            unit = Unit.objects.create(participation=made, name=name, kind=kinds[name.split()[-1]])
            self._contact(made, f"styrer.{unit.pk}", Contact.Function.HEAD, unit)
        for name, function in (("eier", Contact.Function.OWNER), ("ppt", Contact.Function.PPT)):
            self._contact(made, f"{name}.{number}", function, None)
        asking.ask(made, due_on=self.cohort.confirm_by, by=self.staff, now=now)
        return made

    def _contact(self, participation: Participation, name: str, function: str, unit: Unit | None) -> None:
        user = make_user(f"{name}@example.no", f"Person {name}".title())
        contact = make_contact(participation, user, function, by=self.staff, unit=unit)
        Contact.objects.filter(pk=contact.pk).update(started_at=self.beginning - 30 * DAY)
        contact.history.update(started_at=self.beginning - 30 * DAY)

    def _gathering(self, *, semester: int, opens: date, weeks: int, capacity: int | None) -> Gathering:
        starts_on = opens + 7 * DAY * weeks
        return Gathering.objects.create(
            cohort=self.cohort,
            semester=semester,
            settled=Gathering.Settled.FIXED,
            venue="Hotell",
            opens_on=opens,
            closes_on=starts_on - 10 * DAY,
            travel_closes_on=starts_on - 8 * DAY,
            starts_on=starts_on,
            ends_on=starts_on + DAY,
            starts_at=time(10),
            ends_at=time(15),
            capacity=capacity,
        )

    def _guidance(self) -> None:
        for number, participation in enumerate(self.participations):
            members = [
                make_supervisor(participation, self._supervisor(one + number), leads=one == 0) for one in range(2)
            ]
            units = list(participation.units.all())
            GuidanceSession.plan(
                group=GuidanceGroup.objects.get(participation=participation),
                held_on=self.today + 14 * DAY,
                starts_at=time(9),
                format=GuidanceSession.Format.VISIT,
                units=units,
                supervisors=[member.supervisor for member in members],
                by=members[0].supervisor.user,
                now=self.now,
            )
            Measure.objects.create(
                unit=units[0],
                sub_goal=1,
                what="Inspeksjon ute",
                why="Kartleggingen",
                who="Rektor",
                starts_on=self.today,
                ends_on=self.today + 60 * DAY,
                opened_at=self.now,
                opened_by=self.staff,
                updated_at=self.now,
            )

    @staticmethod
    def _supervisor(number: int) -> User:
        email = f"veileder{number}@example.no"
        return User.objects.filter(email=email).first() or make_user(email, f"Veileder {number}")
