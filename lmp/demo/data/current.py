"""The current pulje: its dates follow today, and its municipalities are at every stage of the first weeks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from simple_history.utils import bulk_create_with_history

from accounts.models import User
from gatherings.models import Gathering
from lmp.changes import address
from lmp.changes.withdrawal import change
from lmp.demo.data import (
    answering,
    attending,
    cast,
    composing,
    letters,
    people,
    units,
)
from lmp.demo.data.people import InventedPerson, person
from lmp.demo.days import Days, second_tuesday
from lmp.demo.personas import CONTACT, HEAD, STAFF, SUPERVISOR
from participants.confirmation import asking, deadline
from participants.mails import notices
from participants.models import Cohort, Contact, Municipality, Participation, ProjectGroup, ProjectGroupMember, Unit

NUMBER = 8
DUE_IN_DAYS = 14
TEXTS_NB = {
    "project_leaders": f"{cast.COLLEAGUE.name}, Utdanningsdirektoratet\n{SUPERVISOR.name}, Læringsmiljøsenteret",
    "case_worker": cast.COLLEAGUE.name,
    "senders": f"{STAFF.name}, avdelingsdirektør\n{cast.COLLEAGUE.name}, seniorrådgiver",
}
TEXTS_NN = TEXTS_NB | {"senders": f"{STAFF.name}, avdelingsdirektør\n{cast.COLLEAGUE.name}, seniorrådgjevar"}
Function, Part = Contact.Function, ProjectGroupMember.Part


@dataclass
class Stage:
    """Everything a stage needs in order to happen to one municipality."""

    participation: Participation
    units: list[Unit]
    contacts: list[Contact]
    days: Days
    people: people.Drawer
    cast: cast.Cast

    def nominate(self, days_ago: int) -> None:
        self.participation.nominated_at = self.days.at(-days_ago, 13)
        self.participation.nominated_by = self.cast.officer_for(self.participation)
        self.participation.save()

    def accept(self, days_ago: int) -> None:
        self.participation.accept(
            by=self.cast.officer_for(self.participation),
            now=self.days.at(-days_ago, 9, 30),
            said_by=f"{self.contacts[0].name}, kommunalsjef",
        )

    def welcome(self, days_ago: int, *, due_in: int = DUE_IN_DAYS) -> None:
        now = self.days.at(-days_ago, 11)
        confirmation = asking.ask(self.participation, due_on=self.days.day(due_in), by=self.cast.staff, now=now)
        letters.send(self.participation, confirmation, by=self.cast.staff, now=now)
        self.participation.welcome(by=self.cast.staff, now=now)

    def answer(self, days_ago: int, **corrections: object) -> None:
        answering.answer(self.participation, on=self.days.at(-days_ago, 14, 20), corrections=corrections)

    def form_groups(self, how_many: int) -> None:
        heads = self.heads[:how_many]
        groups = [ProjectGroup(unit=unit, updated_at=self.days.at(-2, 15)) for unit in self.units[: len(heads)]]
        groups = bulk_create_with_history(groups, ProjectGroup)
        members = [
            ProjectGroupMember(group=group, name=name, part=part)
            for group, head in zip(groups, heads, strict=True)
            for name, part in [(head.name, Part.LEADER)]
            + [(self.people.next().name, part) for part in (Part.STAFF, Part.STAFF, Part.PARENT)]
        ]
        bulk_create_with_history(members, ProjectGroupMember)

    @property
    def heads(self) -> list[Contact]:
        return [contact for contact in self.contacts if contact.unit]


def nominated(stage: Stage) -> None:
    stage.nominate(20)


def accepted(stage: Stage) -> None:
    stage.nominate(60)
    stage.accept(24)


def waiting(stage: Stage) -> None:
    stage.nominate(75)
    stage.accept(48)
    stage.welcome(7)
    stage.form_groups(1)


def half_typed(stage: Stage) -> None:
    waiting(stage)
    confirmation = stage.participation.confirmations.get()
    base = dict(confirmation.asked_about)
    typed = {f"unit-{unit.pk}-children": str(unit.register_children or 30) for unit in stage.units[:2]}
    confirmation.keep_draft(data=base | typed, base=base, by=stage.contacts[0].user, now=stage.days.at(-1, 15, 40))


def overdue(stage: Stage) -> None:
    stage.nominate(90)
    stage.accept(62)
    stage.welcome(35, due_in=-9)


def confirmed(stage: Stage) -> None:
    waiting_since(stage, 21)
    stage.answer(9)
    stage.form_groups(len(stage.units))


def confirmed_with_changes(stage: Stage) -> None:
    waiting_since(stage, 21)
    successor, unit, head = stage.people.next(), stage.units[0], stage.heads[1]
    replaced = next(contact for contact in stage.contacts if contact.function == Function.SCHOOL_LEAD)
    stage.answer(
        3,
        **{
            f"contact-{replaced.pk}-name": successor.name,
            f"contact-{replaced.pk}-email": successor.email,
            f"contact-{head.pk}-phone": "00 00 77 41",
            f"unit-{unit.pk}-name": unit.name.replace("barnehage", "naturbarnehage"),
            "comment": "Den ene barnehagen har byttet navn fra nyttår.",
        },
    )
    stage.form_groups(2)


def confirmed_without_ppt(stage: Stage) -> None:
    waiting_since(stage, 21)
    stage.answer(5, ppt="no", political="later", political_on=None, political_body="")
    stage.form_groups(1)


def second_round(stage: Stage) -> None:
    waiting_since(stage, 28)
    stage.answer(16)
    answered = stage.participation.confirmations.get()
    answered.participation = stage.participation
    again = asking.reopen(
        answered,
        due_on=stage.days.day(10),
        reason="Ei ny barnehage er lagd til. Fyll inn talet på barn der.",
        by=stage.cast.colleague,
        now=stage.days.at(-4, 9),
    )
    notices.round_opened(again, now=stage.days.at(-4, 9))


def given_more_time(stage: Stage) -> None:
    waiting(stage)
    deadline.move(
        stage.participation.confirmations.all(),
        due_on=stage.days.day(DUE_IN_DAYS + 14),
        sentence="Dere får to uker til, fordi enhetene er midt i en flytting.",
        by=stage.cast.colleague,
        now=stage.days.at(-2, 10, 15),
    )


def withdrawn(stage: Stage) -> None:
    waiting_since(stage, 21)
    change.withdraw(
        [stage.participation],
        decided_on=stage.days.day(-9),
        reason="Formannskapet har valgt å prioritere ny skolestruktur dette skoleåret",
        by=stage.cast.staff,
        now=stage.days.at(-6, 12),
    )


def waiting_since(stage: Stage, days_ago: int) -> None:
    stage.nominate(days_ago + 60)
    stage.accept(days_ago + 30)
    stage.welcome(days_ago)


@dataclass(frozen=True)
class Invited:
    """A municipality, how far it has come, and how many kindergartens, schools and SFO-er it comes with."""

    number: str
    stage: Callable[[Stage], None]
    size: tuple[int, int, int]
    owner: InventedPerson | None = None
    first_head: InventedPerson | None = field(default=None)


MUNICIPALITIES = [
    Invited("5054", waiting, (2, 2, 0), owner=CONTACT, first_head=HEAD),  # Indre Fosen
    Invited("0301", accepted, (3, 3, 1)),  # Oslo: a leading zero, and a neutral målform
    Invited("4601", waiting, (14, 14, 2)),  # Bergen: thirty units
    Invited("4621", half_typed, (2, 2, 0)),  # Voss: nynorsk
    Invited("5612", confirmed, (1, 1, 0), owner=person("Inger Máret Fiellus")),  # Guovdageaidnu - Kautokeino
    Invited("1515", second_round, (2, 1, 0)),  # Herøy in Møre og Romsdal: nynorsk
    Invited("1818", given_more_time, (1, 1, 1)),  # Herøy in Nordland
    Invited("5006", overdue, (2, 3, 0)),  # Steinkjer
    Invited("3305", overdue, (1, 3, 0)),  # Ringerike
    Invited("5059", confirmed_with_changes, (2, 2, 0)),  # Orkland
    Invited("5035", confirmed_without_ppt, (3, 2, 0)),  # Stjørdal
    Invited("1103", confirmed, (4, 4, 1)),  # Stavanger
    Invited("4204", withdrawn, (1, 2, 0)),  # Kristiansand
    Invited("3316", accepted, (1, 1, 0)),  # Modum
    Invited("1505", nominated, (0, 0, 0)),  # Kristiansund
    Invited("5037", nominated, (1, 1, 0)),  # Levanger: its county governor waits for the answer
]


def load(days: Days, players: cast.Cast) -> Cohort:
    starts_on = days.school_start
    cohort = Cohort.objects.create(
        number=NUMBER, first_year=starts_on.year, starts_on=starts_on, confirm_by=days.day(DUE_IN_DAYS)
    )
    kick_off = _add_gatherings(cohort, days)
    letters.add_texts(cohort, nb=TEXTS_NB, nn=TEXTS_NN)
    numbers, drawer = units.organisation_numbers(), people.Drawer()
    groups = {}
    for turn, plan in enumerate(MUNICIPALITIES):
        participation = Participation.objects.create(
            cohort=cohort,
            municipality=Municipality.objects.select_related("county__governor").get(number=plan.number),
            case_number=f"{days.today.year}/{4100 + turn * 13}",
        )
        kindergartens, schools, sfo = plan.size
        added = units.add_units(
            participation, numbers, kindergartens=kindergartens, schools=schools, sfo=sfo, read_on=days.day(-50)
        )
        heads = {added[0].pk: plan.first_head} if plan.first_head else {}
        contacts = add_contacts(
            participation, added, owner=plan.owner or drawer.next(), heads=heads, drawer=drawer, by=players.staff
        )
        plan.stage(Stage(participation, added, contacts, days, drawer, players))
        if participation.welcomed_at:
            groups[participation] = cast.enough(cast.turn_of(players.supervisors, turn), units=len(added))
    composing.publish(cohort, groups, by=players.leader, now=days.at(-5))
    attending.fill(kick_off, days)
    change_an_address(kick_off, days)
    attending.hand_over(kick_off, days)
    composing.load(cohort, days, players)
    return cohort


def change_an_address(kick_off: Gathering, days: Days) -> None:
    """A municipality has new addresses, and one of those with a place at the kick-off has changed theirs."""
    placed = kick_off.registrations.placed().filter(participation__municipality__number="5059")
    person = placed.select_related("user").order_by("-pk")[0].user
    new = f"orkland.{person.email}"
    address.change(person, new, by=person, now=days.at(-1, 15, 20))


def _add_gatherings(cohort: Cohort, days: Days) -> Gathering:
    """Return the kick-off, which is open for registration."""
    place = "Clarion Hotel & Congress, Gardermoen"
    leaders = [Function.AUTHORITY, Function.OWNER, Function.HEAD]
    day, first = days.day(45), second_tuesday(cohort.starts_on)
    kick_off = Gathering.objects.create(
        cohort=cohort,
        kind="kick_off",
        starts_on=day,
        ends_on=day,
        starts_at=time(10),
        ends_at=time(15, 30),
        venue=place,
        address=attending.ADDRESS,
        settled="fixed",
        audience=leaders,
        opens_on=days.day(-3),
        closes_on=days.day(21),
        travel_closes_on=days.day(28),
        procedure=attending.PROCEDURE,
        programme=attending.PROGRAMME,
        capacity=attending.PLACES,
    )
    Gathering.objects.create(
        cohort=cohort, semester=1, starts_on=first, ends_on=first + timedelta(days=1), venue=place, settled="fixed"
    )
    for semester in (2, 3, 4):
        Gathering.objects.create(cohort=cohort, semester=semester)
    return kick_off


def add_contacts(
    participation: Participation,
    added: list[Unit],
    *,
    owner: InventedPerson,
    heads: Mapping[int, InventedPerson],
    drawer,
    by: User,
) -> list[Contact]:
    """`heads` are those of the units that somebody known leads; the others' are drawn."""
    wanted: list[tuple[InventedPerson, Contact.Function, Unit | None]] = [(owner, Function.OWNER, None)]
    if added:
        wanted += [
            (drawer.next(), function, None)
            for function in (Function.KINDERGARTEN_LEAD, Function.SCHOOL_LEAD, Function.PPT)
        ]
    wanted += [(heads.get(unit.pk) or drawer.next(), Function.HEAD, unit) for unit in added]
    return people.contacts(participation, wanted, by=by)
