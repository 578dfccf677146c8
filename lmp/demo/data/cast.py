"""The people who are not of one municipality: Udir's staff, the county governors' people, the supervisors."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from guidance.models import ProjectLeader, Supervisor
from lmp.demo.data.people import InventedPerson, person, user
from lmp.demo.personas import LEADER, OFFICER, STAFF, SUPERVISOR
from participants.models import CountyGovernor, GovernorContact, Participation

COLLEAGUE = person("Trygve Utprøven")
FORMER_COLLEAGUE = person("Magnhild Prøvereid")  # led pulje 5, and had left Udir when the portal came
# The centre's own, who led pulje 5 as well
SCHOOL_LEAD, KINDERGARTEN_LEAD = person("Roald Følgesvold"), person("Ylva Senterlid")
# The governor's organisation number, and who follows the municipalities of its counties.
OFFICERS = {
    "974764350": OFFICER,
    "974760665": person("Eldbjørg Vestrheim"),
    "967311014": person("Máret Nordavind"),
    "974761319": person("Osman Austlid"),
}
BESIDE_OFFICER = person("Torunn Embetsmo")  # with the same office as the officer
SUPERVISORS = [
    (SUPERVISOR, Supervisor.Employer.CENTRE, True, True),
    (SCHOOL_LEAD, Supervisor.Employer.CENTRE, False, True),
    (person("Zahra Nærland"), Supervisor.Employer.PRACTICE, True, False),
    (person("Jorunn Praksisli"), Supervisor.Employer.PRACTICE, True, True),
    (person("Anders Støttevik"), Supervisor.Employer.PRACTICE, False, True),
    (KINDERGARTEN_LEAD, Supervisor.Employer.CENTRE, True, False),
    (person("Tarjei Barnehaugen"), Supervisor.Employer.PRACTICE, True, False),
    (person("Amal Praksisnes"), Supervisor.Employer.PRACTICE, True, True),
    (person("Birk Senterlund"), Supervisor.Employer.CENTRE, True, True),
    (person("Guro Støttelien"), Supervisor.Employer.PRACTICE, True, True),
    (person("Njål Senterås"), Supervisor.Employer.CENTRE, False, True),
    (person("Mina Skolerud"), Supervisor.Employer.PRACTICE, False, True),
]
MAX_UNITS_FOR_TWO, MAX_UNITS_FOR_THREE = 4, 8


@dataclass(frozen=True)
class Cast:
    staff: User
    colleague: User
    officers: dict[str, User]
    leader: User
    supervisors: list[Supervisor]

    def officer_for(self, participation: Participation) -> User:
        """The one who nominates the municipality: its county governor's person, else staff on their behalf."""
        return self.officers.get(participation.municipality.county.governor.organisation_number, self.staff)


def load(*, since: date) -> Cast:
    for office in CountyGovernor.objects.exclude(organisation_number__in=OFFICERS):
        office.email = f"{office.organisation_number}@example.no"
        office.save()
    officers = {number: _officer(number, who, since) for number, who in OFFICERS.items()}
    _officer(next(number for number, who in OFFICERS.items() if who == OFFICER), BESIDE_OFFICER, since)
    return Cast(
        staff=user(STAFF, is_staff=True, is_superuser=True),
        colleague=user(COLLEAGUE, is_staff=True, is_superuser=True),
        officers=officers,
        leader=_leader(since),
        supervisors=[_supervisor(*facts, phone=f"00 00 20 {turn:02}") for turn, facts in enumerate(SUPERVISORS)],
    )


def _officer(governor: str, who: InventedPerson, since: date) -> User:
    officer = user(who)
    GovernorContact.objects.create(
        governor=CountyGovernor.objects.get(organisation_number=governor), user=officer, name=who.name, started_on=since
    )
    return officer


def _leader(since: date) -> User:
    leader = user(LEADER)
    ProjectLeader.objects.create(user=leader, name=LEADER.name, started_on=since)
    return leader


def _supervisor(who: InventedPerson, employer: str, kindergarten: bool, school: bool, *, phone: str) -> Supervisor:
    return Supervisor.objects.create(
        user=user(who),
        name=who.name,
        phone=phone,
        employer=employer,
        knows_kindergarten=kindergarten,
        knows_school=school,
    )


def turn_of(supervisors: list[Supervisor], turn: int) -> list[Supervisor]:
    """Each of the centre's leads in turn, and those from practice come in theirs."""
    centre = [one for one in supervisors if one.employer == Supervisor.Employer.CENTRE]
    practice = [one for one in supervisors if one.employer == Supervisor.Employer.PRACTICE]
    first, second = centre[turn % len(centre)], centre[(turn + 1) % len(centre)]
    others = [practice[(turn + number) % len(practice)] for number in range(2)]
    return [first, others[0], others[1], second]


def enough(supervisors: list[Supervisor], *, units: int) -> list[Supervisor]:
    """The first two to four of them, by the number of units."""
    return supervisors[: 2 if units <= MAX_UNITS_FOR_TWO else 3 if units <= MAX_UNITS_FOR_THREE else 4]
