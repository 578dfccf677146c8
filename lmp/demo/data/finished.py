"""Pulje 5, as its welcome letter of March 2020 describes it: Indre Fosen with four units, long since finished."""

from datetime import date

from gatherings.models import Gathering
from lmp.demo.data import (
    answering,
    attending,
    cast,
    composing,
    letters,
    people,
    units,
)
from lmp.demo.data.people import person
from lmp.demo.days import moment
from lmp.demo.personas import CONTACT, STAFF
from participants.confirmation import asking
from participants.models import Cohort, Contact, Municipality, Participation, ProjectGroup, ProjectGroupMember, Unit

NUMBER, FIRST_YEAR = 5, 2020
FIRST_NUMBER = 32000000
CONFIRMED_AT = moment(date(2020, 4, 2), 13)
PLACE = "Clarion Hotel & Congress, Gardermoen"
UNITS = [
    ("Fembøringen barnehage", Unit.Kind.KINDERGARTEN, 43, person("Sissel Barnesmo")),
    ("Leksvik barnehage", Unit.Kind.KINDERGARTEN, 61, person("Tore Lekhaug")),
    ("Statsbygd skole", Unit.Kind.SCHOOL, 88, person("Gro Skolemyr")),
    ("Testmann minne skole", Unit.Kind.SCHOOL, 132, person("Ivar Elevset")),
]
# What the letter says of the spring of 2020; those who led the project and signed it have invented names here.
TEXTS_NB = {
    "kick_off_note": "Koronaviruset gjør våren usikker. Vi sender mer informasjon når vi vet mer.",
    "project_leaders": f"""{cast.COLLEAGUE.name}, Utdanningsdirektoratet
{cast.FORMER_COLLEAGUE.name}, Utdanningsdirektoratet
{cast.SCHOOL_LEAD.name}, Læringsmiljøsenteret (skole)
{cast.KINDERGARTEN_LEAD.name}, Læringsmiljøsenteret (barnehage)""",
    "case_worker": cast.COLLEAGUE.name,
    "senders": f"{STAFF.name}, avdelingsdirektør\n{cast.COLLEAGUE.name}, seniorrådgiver",
}
TEXTS_NN = {
    "kick_off_note": "Koronaviruset gjer våren uviss. Vi sender meir informasjon når vi veit meir.",
    "project_leaders": TEXTS_NB["project_leaders"].replace("skole", "skule"),
    "case_worker": cast.COLLEAGUE.name,
    "senders": f"{STAFF.name}, avdelingsdirektør\n{cast.COLLEAGUE.name}, seniorrådgjevar",
}
CONTACTS = [
    (CONTACT, Contact.Function.OWNER),
    (person("Olaug Barnehaugen"), Contact.Function.KINDERGARTEN_LEAD),
    (person("Stein Skolevik"), Contact.Function.SCHOOL_LEAD),
]


def load(players: cast.Cast) -> Cohort:
    cohort = Cohort.objects.create(
        number=NUMBER, first_year=FIRST_YEAR, starts_on=date(2020, 9, 1), confirm_by=date(2020, 4, 17)
    )
    first = _add_gatherings(cohort)
    participation = Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.select_related("county__governor").get(number="5054"),
        nominated_at=moment(date(2020, 1, 20)),
        nominated_by=players.staff,
        accepted_at=moment(date(2020, 2, 24)),
        accepted_by=players.staff,
        case_number="2020/1101",
        their_reference="20/417",
        postal_address="Rissavegen 1\n7100 Rissa",
    )
    _add_contacts(participation, players)
    counts = _add_units(participation, players)
    asked = moment(date(2020, 3, 24))
    letters.add_texts(cohort, nb=TEXTS_NB, nn=TEXTS_NN)
    asked_about = asking.ask(participation, due_on=cohort.confirm_by, by=players.staff, now=asked)
    letters.send(participation, asked_about, by=players.staff, now=asked)
    participation.welcome(by=players.staff, now=asked)
    answering.answer(participation, on=CONFIRMED_AT, corrections=counts)
    attending.hold(first, participation)
    group = {participation: cast.enough(players.supervisors, units=len(UNITS))}
    composing.publish(cohort, group, by=players.staff, now=moment(date(2020, 8, 17)))
    return cohort


def _add_gatherings(cohort: Cohort) -> Gathering:
    """In March 2020 nobody knew whether the kick-off would take place. Return the first gathering."""
    kick_off = date(2020, 4, 21)
    Gathering.objects.create(
        cohort=cohort,
        kind="kick_off",
        starts_on=kick_off,
        ends_on=kick_off,
        venue=PLACE,
        settled="tentative",
        audience=[Contact.Function.AUTHORITY, Contact.Function.OWNER, Contact.Function.HEAD],
    )
    first = Gathering.objects.create(
        cohort=cohort,
        semester=1,
        starts_on=date(2020, 9, 8),
        ends_on=date(2020, 9, 9),
        venue=PLACE,
        settled="fixed",
        opens_on=date(2020, 6, 1),
        closes_on=date(2020, 8, 14),
        travel_closes_on=date(2020, 8, 21),
        procedure=attending.HELD_PROCEDURE,
    )
    for semester in (2, 3, 4):
        Gathering.objects.create(cohort=cohort, semester=semester)
    return first


def _add_contacts(participation: Participation, players: cast.Cast) -> None:
    for who, function in CONTACTS:
        people.contact(participation, who, function, by=players.staff)


def _add_units(participation: Participation, players: cast.Cast) -> dict[str, int]:
    """The units with their heads and project groups. Returns what the confirmation will count in them, by field."""
    numbers, counts = units.organisation_numbers(FIRST_NUMBER), {}
    for name, kind, children, head in UNITS:
        unit = Unit.objects.create(participation=participation, name=name, kind=kind, organisation_number=next(numbers))
        counts[f"unit-{unit.pk}-children"] = children
        people.contact(participation, head, Contact.Function.HEAD, unit=unit, by=players.staff)
        group = ProjectGroup.objects.create(unit=unit, updated_at=moment(date(2020, 5, 4)))
        ProjectGroupMember.objects.create(group=group, name=head.name, part=ProjectGroupMember.Part.LEADER)
    return counts
