"""The people and places of a pulje that is run from its nomination to its end: nothing has happened to it yet."""

import random
from datetime import date, datetime, time

from accounts.models import User
from conftest import make_user
from gatherings.models import Gathering
from guidance.models import Capacity, ProjectLeader, Supervisor
from lmp.changes.tests.small_pulje import DAY, OSLO, SmallPulje
from participants.models import Cohort, GovernorContact, Municipality, Participation

FIRST_YEAR = 2026  # the almanac of `tests/days_off.py` has all the days of its two school years
BEGINS, ENDS = date(2026, 2, 2), date(2028, 8, 4)

# The second is addressed in nynorsk, the others are neutral; the second and the third have one county governor.
MUNICIPALITIES = {
    "5054": [("Leksvik skole", "school"), ("Myrvoll barnehage", "kindergarten"), ("Statsbygd skole", "school")],
    "4640": [("Kaupanger skule", "school"), ("Fjærland barnehage", "kindergarten")],
    "4601": [("Åsane skole", "school"), ("Ørn SFO", "sfo")],
}


class Cast(SmallPulje):
    """As the small pulje has it, so that the same steps can be done; but its municipalities come one by one."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.now = self.beginning = datetime.combine(BEGINS, time(7), tzinfo=OSLO)
        self.staff = make_user("stab@example.no", "Stine Stab", is_staff=True, is_superuser=True)
        self.cohort = Cohort.objects.create(
            number=9, first_year=FIRST_YEAR, starts_on=date(FIRST_YEAR, 9, 1), confirm_by=date(FIRST_YEAR, 6, 22)
        )
        self.participations: list[Participation] = []
        self.gatherings: list[Gathering] = []
        self.municipalities = [Municipality.objects.get(number=number) for number in MUNICIPALITIES]
        self.officers = {each.county.governor: self._officer(each) for each in self.municipalities}
        self.leader = make_user("pia.prosjektleder@example.no", "Pia Prosjektleder", language="nn")
        ProjectLeader.objects.create(user=self.leader, name=self.leader.name, started_on=BEGINS)
        self.supervisors = [self._a_supervisor(number) for number in range(6)]

    @property
    def today(self) -> date:
        return self.now.astimezone(OSLO).date()

    @staticmethod
    def _officer(municipality: Municipality) -> User:
        governor = municipality.county.governor
        email = f"embete.{governor.pk}@example.no"
        if known := User.objects.filter(email=email).first():
            return known
        officer = make_user(email, f"Olav Embete {governor.pk}")
        GovernorContact.objects.create(governor=governor, user=officer, started_on=BEGINS)
        return officer

    def _a_supervisor(self, number: int) -> Supervisor:
        employers = (Supervisor.Employer.CENTRE, Supervisor.Employer.PRACTICE)
        user = make_user(f"veileder{number}@example.no", f"Veileder {number}", language=["", "nb", "nn"][number % 3])
        supervisor = Supervisor.objects.create(
            user=user, name=user.name, employer=employers[number % 2], knows_school=True, knows_kindergarten=True
        )
        Capacity.objects.create(supervisor=supervisor, cohort=self.cohort, most=2)
        return supervisor

    def a_gathering(self, semester: int, *, weeks: int, capacity: int | None) -> Gathering:
        """Settled today: registration opens in a week, and it takes place so many weeks after that."""
        return self._gathering(semester=semester, opens=self.today + 7 * DAY, weeks=weeks, capacity=capacity)
