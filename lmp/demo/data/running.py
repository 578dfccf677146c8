"""A pulje in its two years: groups at work, sessions held and missing, measures in every state, one that is silent."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from accounts.models import User
from gatherings.models import Gathering
from guidance.groups import replacing
from guidance.models import (
    GuidanceGroup,
    GuidanceSession,
    GuidanceSettings,
    LogDraft,
    Measure,
    SessionChange,
    Supervisor,
)
from lmp.changes.unit import closing
from lmp.demo.data import (
    cast,
    composing,
    current,
    followed_up,
    letters,
    people,
    units,
)
from lmp.demo.data.people import InventedPerson
from lmp.demo.days import Days, second_tuesday
from lmp.demo.personas import PRINCIPAL
from participants.models import Cohort, Contact, Municipality, Participation, Unit

NUMBER = 7
FIRST_NUMBER = 33000000
CAPACITY = 3
SETTLED_IN = timedelta(days=45)
Format, Theme, State = GuidanceSession.Format, GuidanceSession.Theme, Measure.State


@dataclass(frozen=True)
class Held:
    """A session: so many days ago, and what its log says."""

    days_ago: int
    format: str
    minutes: int
    themes: list[str]
    sub_goals: list[int]
    took_part: dict[str, int]
    worked_on: str
    agreed: str
    involved: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Guided:
    """A municipality, its supervisors by their place in the cast (the first leads), and what has happened there."""

    number: str
    size: tuple[int, int, int]
    supervisors: tuple[int, ...]
    held: tuple[Held, ...] = ()
    planned_in: tuple[int, ...] = ()  # days from today; a negative one lacks its log
    first_head_of_a_school: InventedPerson | None = None


STARTED = Held(
    70,
    Format.VISIT,
    180,
    [Theme.ENVIRONMENT, Theme.ORGANISATION],
    [1, 3],
    {"owner": 2, "head": 4, "staff": 12, "ppt": 1},
    "Felles start med alle enhetene. Vi så på resultatene fra Elevundersøkelsen og snakket om hva de betyr.",
    "Hver enhet velger ett område å begynne med før neste møte.",
    {"ppt": ["asked"]},
)
VOICES = Held(
    34,
    Format.VIDEO,
    60,
    [Theme.BULLYING, "Foreldresamarbeid"],
    [4, 5],
    {"head": 3, "staff": 4, "parents": 2},
    "Hvordan ansatte oppdager krenkelser i friminuttet. To foreldre fra FAU fortalte hva de ser hjemmefra.",
    "Skolene spør elevrådet om hvor det er utrygt, og tegner det inn på kart.",
    {"children": ["asked"], "parents": ["asked", "chose"]},
)
LATEST = Held(
    13,
    Format.VISIT,
    120,
    [Theme.CHANGE],
    [2, 3],
    {"owner": 1, "head": 4, "staff": 6},
    "Ledelsen øvde på å innføre endringer sammen med personalet. Vi brukte tilsynsplanen som eksempel.",
    "Rektorene og styrerne legger fram planen for personalet, og tar med svarene til neste møte.",
)
LONG_AGO = Held(
    94,
    Format.PHONE,
    45,
    [Theme.ENVIRONMENT],
    [1],
    {"owner": 1, "head": 1},
    "Kort samtale om hvem som skal være med i prosjektgruppene.",
    "Kommunen melder tilbake når gruppene er klare.",
)
PLANS = [
    Guided("5038", (2, 2, 0), (0, 2), (STARTED, VOICES, LATEST), (5, 40), PRINCIPAL),  # Verdal
    Guided("4640", (1, 2, 0), (0, 3), (STARTED, VOICES), (-6, 12)),  # Sogndal: nynorsk, and a log that is missing
    Guided("5007", (2, 1, 0), (1, 2), (LONG_AGO,)),  # Namsos: silent
    Guided("3905", (3, 3, 0), (5, 4, 6), (STARTED, LATEST), (19,)),  # Tønsberg: a supervisor who was replaced
    Guided("5501", (1, 1, 0), (1, 3), (), (9,)),  # Tromsø: not begun
]
MOVED, MOVED_DAYS_AGO = "3905", 4  # in this municipality a session is another day than it was planned for
REPLACED = ("3905", 6, 7)  # in this municipality, this supervisor by that one
# Sub-goal, what, why, who; how many days ago it began and in how many it ends; its state.
MEASURES = [
    (
        5,
        "Elevrådet tegner trygge og utrygge steder på kart",
        "I samtalene sier elevene at de vet hvor det skjer, men at voksne sjelden er der.",
        "Rektor",
        -20,
        25,
        "underway",
    ),
    (
        4,
        "Ny tilsynsplan for friminutt",
        "Elevundersøkelsen viser at mest skjer der voksne ikke ser.",
        "Inspektøren",
        -60,
        -8,
        "underway",
    ),
    (
        3,
        "Faste møter om læringsmiljø i personalet",
        "Forskning på lærende organisasjoner viser at endring trenger faste rammer.",
        "Rektor",
        -75,
        -20,
        "finished",
    ),
    (
        6,
        "PP-tjenesten er med i klassemøter",
        "PP-tjenesten ser det vi ikke ser, er vår erfaring fra i fjor.",
        "PP-rådgiveren",
        14,
        90,
        "planned",
    ),
    (2, "Egen app for avvik", "Vår erfaring var at avvik ble borte mellom systemene.", "Skoleeier", -70, 30, "stopped"),
    (
        5,
        "Foreldremøte om trygt skolemiljø",
        "I foreldreundersøkelsen sier mange at de ikke vet hva skolen gjør.",
        "Kontaktlærerne",
        -10,
        5,
        "underway",
    ),
]
PROGRESS = {
    "underway": "Vi er i gang.",
    "finished": "Vi fortsetter med det.",
    "stopped": "Vi har prøvd i to måneder.",
    "planned": "",
}
SAID = {
    "finished": {
        "effect": "Alle trinn har de samme reglene, og flere voksne griper inn.",
        "known_by": "Vi gjentok observasjonene fra i høst, og spurte elevrådet.",
    },
    "stopped": {"stop_reason": "Det ble dobbelt arbeid. Avvik meldes i systemet vi hadde."},
}
SOURCES = {
    2: ["experience"],
    3: ["research"],
    4: ["survey", "observation"],
    5: ["children", "parents"],
    6: ["experience"],
}


def load(days: Days, players: cast.Cast) -> Cohort:
    cohort = _cohort(days)
    numbers, drawer = units.organisation_numbers(FIRST_NUMBER), people.Drawer(start=900)
    found = {plan.number: _participation(cohort, plan, days, players, (numbers, drawer)) for plan in PLANS}
    _compose(cohort, found, days, players)
    for plan in PLANS:
        _hold(found[plan.number], plan, days, players.supervisors)
    _open_measures(found["5038"], days)
    _replace(found[REPLACED[0]], days, players)
    _half_typed(found["4640"], days, players.supervisors[0])
    _close_next_summer(found["4640"], days, by=players.staff)
    followed_up.take_leave(players.supervisors[2], days, by=players)
    followed_up.note_down(found["4640"], days, by=players)
    followed_up.correct(found["5038"], days, by=players.supervisors[2])
    followed_up.say_what_it_was_worth(found["3905"], days)
    return cohort


def _cohort(days: Days) -> Cohort:
    """Its first school year is this one, once that has settled in; before that the year before."""
    this_year = date(days.today.year, 9, 1)
    starts_on = this_year if days.today >= this_year + SETTLED_IN else this_year.replace(year=this_year.year - 1)
    cohort = Cohort.objects.create(
        number=NUMBER, first_year=starts_on.year, starts_on=starts_on, confirm_by=starts_on - timedelta(days=120)
    )
    first = second_tuesday(starts_on)
    Gathering.objects.create(
        cohort=cohort, semester=1, starts_on=first, ends_on=first + timedelta(days=1), settled="fixed"
    )
    for semester in (2, 3, 4):
        Gathering.objects.create(cohort=cohort, semester=semester)
    GuidanceSettings.objects.create(cohort=cohort, own_themes="Foreldresamarbeid\nSpråkmiljø")
    letters.add_texts(cohort, nb=current.TEXTS_NB, nn=current.TEXTS_NN)
    return cohort


def _participation(cohort: Cohort, plan: Guided, days: Days, players: cast.Cast, new) -> Participation:
    """It said yes in the spring before, and has confirmed. `new` gives organisation numbers and people."""
    numbers, drawer = new
    participation = Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.select_related("county__governor").get(number=plan.number),
        case_number=f"{cohort.first_year}/{900 + int(plan.number) % 90}",
    )
    since = (days.today - cohort.starts_on).days
    kindergartens, schools, sfo = plan.size
    added = units.add_units(
        participation, numbers, kindergartens=kindergartens, schools=schools, sfo=sfo, read_on=days.day(-since - 190)
    )
    heads = {added[kindergartens].pk: plan.first_head_of_a_school} if plan.first_head_of_a_school else {}
    contacts = current.add_contacts(
        participation, added, owner=drawer.next(), heads=heads, drawer=drawer, by=players.staff
    )
    stage = current.Stage(participation, added, contacts, days, drawer, players)
    stage.nominate(since + 220)
    stage.accept(since + 190)
    stage.welcome(since + 150, due_in=-since - 120)
    stage.answer(since + 130)
    stage.form_groups(len(added))
    return participation


def _close_next_summer(participation: Participation, days: Days, *, by: User) -> None:
    """Its last unit: known for a week, and as active as the others until then."""
    summer = date(days.today.year + (days.today >= date(days.today.year, 8, 1)), 8, 1)
    last = participation.units.order_by("-pk")[0]
    closing.close(last, on=summer, by=by, now=days.at(-7))


def _compose(cohort: Cohort, found: dict[str, Participation], days: Days, players: cast.Cast) -> None:
    composing.add_capacities(cohort, players, most=CAPACITY)
    since = (days.today - cohort.starts_on).days
    groups = {found[plan.number]: [players.supervisors[place] for place in plan.supervisors] for plan in PLANS}
    composing.publish(cohort, groups, by=players.leader, now=days.at(-since - 20))


def _hold(participation: Participation, plan: Guided, days: Days, supervisors: list[Supervisor]) -> None:
    group = participation.guidance_group
    who = [supervisors[place] for place in plan.supervisors]
    by, added = who[0].user, list(participation.units.order_by("pk"))
    for held in sorted(plan.held, key=lambda each: -each.days_ago):
        now = days.at(-held.days_ago, 16)
        session = GuidanceSession(group=group, held_on=days.day(-held.days_ago))
        facts = {
            "format": held.format,
            "minutes": held.minutes,
            "themes": list(held.themes),
            "sub_goals": held.sub_goals,
            "took_part": held.took_part,
            "involved": held.involved,
            "worked_on": held.worked_on,
            "agreed": held.agreed,
        }
        session.submit(token=LogDraft().token, facts=facts, units=added, supervisors=who, by=by, now=now)
    for turn, offset in enumerate(plan.planned_in):
        GuidanceSession.plan(
            group=group,
            held_on=days.day(offset),
            starts_at=time(9 + turn * 3, 30),
            format=Format.VISIT if turn == 0 else Format.VIDEO,
            minutes=120 if turn == 0 else 60,
            place="Rådhuset, møterom 2" if turn == 0 else "",
            video_link="" if turn == 0 else f"https://example.no/mote/{plan.number}",
            units=added,
            supervisors=who,
            by=by,
            now=days.at(-13, 17),
        )


def move_a_session(days: Days) -> None:
    """Once those who come have had their invitation."""
    group = GuidanceGroup.objects.get(participation__cohort__number=NUMBER, participation__municipality__number=MOVED)
    session = group.sessions.planned().order_by("held_on")[0]
    by = group.members.current().get(leads=True).supervisor.user
    facts = {"held_on": days.day(26), "place": "Biblioteket, 2. etasje"}
    now = days.at(-MOVED_DAYS_AGO, 10)
    SessionChange.objects.replan(session, facts=facts, reason="To av rektorene er på kurs den dagen.", by=by, now=now)


def _open_measures(participation: Participation, days: Days) -> None:
    """The first school of the municipality has them all, and each other unit one that goes on."""
    first, *others = participation.units.exclude(kind=Unit.Kind.KINDERGARTEN).order_by("pk")
    others += participation.units.filter(kind=Unit.Kind.KINDERGARTEN).order_by("pk")
    for facts in MEASURES:
        _open_measure(first, facts, days)
    for unit, facts in zip(others, MEASURES, strict=False):
        _open_measure(unit, facts, days)


def _open_measure(unit: Unit, facts: tuple, days: Days) -> None:
    sub_goal, what, why, who, begins, ends, state = facts
    head = unit.contacts.current().get(function=Contact.Function.HEAD).user
    opened = days.at(min(begins, -13), 13)
    measure = Measure.objects.create(
        unit=unit,
        sub_goal=sub_goal,
        what=what,
        sources=SOURCES[sub_goal],
        why=why,
        who=who,
        starts_on=days.day(begins),
        ends_on=days.day(ends),
        opened_in=unit.guidance_sessions.held().filter(held_on__lte=opened).first(),
        opened_at=opened,
        opened_by=head,
        updated_at=opened,
    )
    if state != State.PLANNED:
        measure.report(
            state=state,
            progress=PROGRESS[state],
            said=SAID.get(state),
            by=head,
            now=days.at(max(begins, -9) if ends > 0 else ends),
        )


def _replace(participation: Participation, days: Days, players: cast.Cast) -> None:
    _number, old, new = REPLACED
    member = participation.guidance_group.members.current().get(supervisor=players.supervisors[old])
    replacing.replace(
        member,
        successor=players.supervisors[new],
        note="Skolene er godt i gang. Barnehagene ønsker å snakke om overgangen til skole på neste møte.",
        by=players.leader,
        now=days.at(-10, 9),
    )


def _half_typed(participation: Participation, days: Days, supervisor: Supervisor) -> None:
    """The log that is missing was begun on the way home."""
    missing = participation.guidance_group.sessions.planned().order_by("held_on")[0]
    draft = LogDraft(user=supervisor.user, group=participation.guidance_group, session=missing)
    typed = {
        "held_on": [missing.held_on.isoformat()],
        "format": [missing.format],
        "minutes": [str(missing.minutes)],
        "themes": [Theme.ENVIRONMENT],
        "worked_on": ["Arbeid med trygge overganger. Barnehagen viste"],
        "units": [str(unit.pk) for unit in missing.units.all()],
        "supervisors": [str(supervisor.pk)],
        "next_format": [Format.VISIT],
    }
    draft.keep(data=typed, now=days.at(-6, 17))
