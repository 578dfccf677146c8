"""Who in a municipality gets each planned reminder, and why the others don't."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from gatherings.mails.texts import planned as at_gatherings
from gatherings.models import Gathering, Registration
from guidance.mails import texts as in_guidance
from guidance.mails.sessions.texts import SESSION_REMINDER
from guidance.models import GroupMember, GuidanceSession, Measure
from lmp.governor.mails import UNANSWERED
from lmp.mailcalendar.models import MailPause
from outbox import plan
from outbox.models import Message
from outbox.pauses import ReminderRule, rules
from outbox.plan import Planned
from participants.mails.scopes import of_participation
from participants.mails.texts import REMINDER
from participants.models import Confirmation, Contact, GovernorContact, Participation
from parts.dates import day_in_words

AHEAD = timedelta(days=365)
EDITOR, HEAD, PPT, SUPERVISOR, PARTICIPANT, GOVERNOR, LEFT = range(7)


@dataclass
class Person:
    """Somebody of the municipality, with all that they are in it."""

    user: User
    name: str
    titles: list[str] = field(default_factory=list)
    roles: set[int] = field(default_factory=set)
    registrations: list[Registration] = field(default_factory=list)


@dataclass
class RuleInPlace:
    """One rule: who gets it next and when, and who doesn't, by the reason."""

    rule: ReminderRule
    pauses: list[MailPause]
    gets: list[tuple[Planned, Person]] = field(default_factory=list)
    lacks: dict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Facts:
    """Of one municipality, today."""

    participation: Participation
    today: date
    people: list[Person]
    pauses: dict[str, list[MailPause]]
    was_asked: bool
    is_asked: bool
    registers: bool
    has_sessions: bool
    lacks_logs: bool
    has_measures: bool
    sent: dict[tuple[int, str], datetime]


def of(participation: Participation, *, now: datetime) -> list[RuleInPlace]:
    """A fixed number of queries, however many people there are."""
    facts = _facts(participation, now=now)
    here = of_participation(participation.pk)
    coming: dict[tuple[int, str], Planned] = {}
    for mail in plan.everything(now, now + AHEAD):
        if here in mail.scope:
            coming.setdefault((mail.recipient.pk, mail.text.name), mail)
    found = []
    for rule in rules().values():
        row = RuleInPlace(rule, facts.pauses.get(rule.name, []))
        for person in facts.people:
            mails = [coming[person.user.pk, text] for text in rule.texts if (person.user.pk, text) in coming]
            if mails:
                row.gets.append((min(mails, key=lambda mail: mail.send_at), person))
            else:
                row.lacks[_why_not(rule, person, facts)].append(person)
        row.gets.sort(key=lambda each: each[0].send_at)
        found.append(row)
    return found


def _why_not(rule: ReminderRule, person: Person, facts: Facts) -> str:
    return _why_never(rule, person, facts) or _why_not_now(rule, person, facts)


def _why_never(rule: ReminderRule, person: Person, facts: Facts) -> str:
    """While the person and the municipality are what they are."""
    if not person.user.is_active:
        return _("Personen er sperret, og får ingen e-poster.")
    if facts.participation.withdrawn_at:
        return _("Kommunen har trukket seg, så det går ingen påminnelser dit.")
    if facts.participation.declined_at:
        return _("Kommunen har takket nei, så det går ingen påminnelser om den.")
    if person.roles == {LEFT}:
        return _("Har ingen funksjon i %(place)s lenger.") % {"place": facts.participation.municipality}
    if rule.name in facts.pauses and AUDIENCES[rule.name].roles & person.roles:
        return _("Påminnelsen er slått av.")
    return ""


def _why_not_now(rule: ReminderRule, person: Person, facts: Facts) -> str:
    audience = AUDIENCES[rule.name]
    if not audience.roles & person.roles:
        return str(audience.words)
    if rule.name != UNANSWERED.name and facts.participation.welcomed_at is None:
        return _("Kommunen har ikke fått velkomstbrevet. Før det går ingen e-poster dit.")
    if said := audience.why(person, facts):
        return said
    sent = [facts.sent[key] for key in ((person.user.pk, text) for text in rule.texts) if key in facts.sent]
    if sent:
        return _("Fikk den sist %(day)s. Flere er ikke planlagt.") % {
            "day": day_in_words(timezone.localdate(max(sent)))
        }
    return _("Har ingenting å bli minnet på nå.")


def _confirmed(_person: Person, facts: Facts) -> str:
    if facts.is_asked:
        return ""
    return _("Kommunen har bekreftet.") if facts.was_asked else _("Kommunen er ikke spurt om å bekrefte.")


def _registered(_person: Person, facts: Facts) -> str:
    return "" if facts.registers else _("Ingen samling er åpen for påmelding nå eller senere.")


def _travelling(person: Person, facts: Facts) -> str:
    coming = [
        each
        for each in person.registrations
        if each.is_active and each.gathering.starts_on and each.gathering.starts_on >= facts.today
    ]
    if not coming:
        return _("Er ikke påmeldt noen samling som skal holdes.")
    if all(each.travel != Registration.Travel.ORDERS for each in coming):
        return _("Skal ikke bestille reise.")
    if all(each.travel_ordered_on for each in coming if each.travel == Registration.Travel.ORDERS):
        return _("Har bestilt reisen.")
    return ""


def _evaluated(_person: Person, _facts: Facts) -> str:
    return _("Har svart, eller har ingen samling å svare om nå.")


def _meeting(_person: Person, facts: Facts) -> str:
    return "" if facts.has_sessions else _("Ingen veiledningsmøter er planlagt.")


def _logged(_person: Person, facts: Facts) -> str:
    return "" if facts.lacks_logs else _("Ingen logger mangler.")


def _measured(person: Person, facts: Facts) -> str:
    if not facts.has_measures:
        return _("Ingen tiltak er i gang.")
    return "" if HEAD in person.roles else _("Går til styrer eller rektor der enheten har en.")


def _nominated(_person: Person, facts: Facts) -> str:
    return _("Kommunen har takket ja.") if facts.participation.accepted_at else ""


@dataclass(frozen=True)
class Audience:
    """Who may get a rule's mails, what is said to the others, and why there is nothing to remind these of."""

    roles: frozenset[int]
    words: str | Promise
    why: Callable[[Person, Facts], str]


AUDIENCES = {
    REMINDER.name: Audience(frozenset({EDITOR}), gettext_lazy("Går bare til dem som svarer for kommunen."), _confirmed),
    at_gatherings.REMINDER.name: Audience(
        frozenset({EDITOR, HEAD}),
        gettext_lazy("Går bare til dem som svarer for kommunen, og til styrere og rektorer."),
        _registered,
    ),
    at_gatherings.TRAVEL.name: Audience(
        frozenset({PARTICIPANT}), gettext_lazy("Er ikke påmeldt noen samling."), _travelling
    ),
    at_gatherings.EVALUATION.name: Audience(
        frozenset({PARTICIPANT}), gettext_lazy("Er ikke påmeldt noen samling."), _evaluated
    ),
    SESSION_REMINDER.name: Audience(
        frozenset({EDITOR, HEAD, PPT, SUPERVISOR}),
        gettext_lazy("Går bare til veilederne, dem som svarer for kommunen, PP-tjenesten og enhetene på møtet."),
        _meeting,
    ),
    in_guidance.LOG_MISSING.name: Audience(frozenset({SUPERVISOR}), gettext_lazy("Går bare til veilederne."), _logged),
    in_guidance.MEASURES.name: Audience(
        frozenset({EDITOR, HEAD}),
        gettext_lazy("Går bare til styrere og rektorer, og ellers til dem som svarer for kommunen."),
        _measured,
    ),
    UNANSWERED.name: Audience(frozenset({GOVERNOR}), gettext_lazy("Går bare til statsforvalteren."), _nominated),
}


def _facts(participation: Participation, *, now: datetime) -> Facts:
    today, here = timezone.localdate(now), {"participation": participation}
    people = _people(participation)
    sessions = GuidanceSession.objects.planned().filter(group__participation=participation)
    days = list(sessions.values_list("held_on", flat=True))
    asked = list(Confirmation.objects.filter(**here).values_list("answered_at", flat=True))
    pauses: dict[str, list[MailPause]] = defaultdict(list)
    for pause in MailPause.objects.in_force(now).at(participation).with_places():
        pauses[pause.rule].append(pause)
    names = list(chain.from_iterable(rule.texts for rule in rules().values()))
    sent = Message.objects.filter(recipient__in=[each.user.pk for each in people], text_name__in=names)
    settled = Gathering.objects.filter(cohort=participation.cohort, settled=Gathering.Settled.FIXED)
    return Facts(
        participation=participation,
        today=today,
        people=people,
        pauses=pauses,
        was_asked=bool(asked),
        is_asked=any(answered is None for answered in asked),
        registers=settled.filter(closes_on__gte=today).exists(),
        has_sessions=any(day >= today for day in days),
        lacks_logs=any(day < today for day in days),
        has_measures=Measure.objects.going_on().filter(unit__participation=participation).exists(),
        sent={
            (person, text): moment
            for person, text, moment in sent.order_by("created_at").values_list("recipient", "text_name", "created_at")
        },
    )


def _people(participation: Participation) -> list[Person]:
    """Those with a function, the supervisors, who comes to gatherings, the office; last those who have left."""
    found: dict[int, Person] = {}

    def add(user: User, name: str, title: str, role: int) -> Person:
        person = found.setdefault(user.pk, Person(user, name))
        if title and title not in person.titles:
            person.titles.append(title)
        person.roles.add(role)
        return person

    contacts = Contact.objects.filter(participation=participation).select_related("user", "unit")
    for contact in contacts.order_by("ended_at", "pk"):
        if contact.ended_at is None:
            place = f"{contact.title}, {contact.unit}" if contact.unit else contact.title
            add(contact.user, contact.name, place, _role(contact))
    members = GroupMember.objects.current().filter(group__participation=participation)
    for member in members.select_related("supervisor__user").order_by("pk"):
        add(member.supervisor.user, member.supervisor.name, _("veileder"), SUPERVISOR)
    registrations = Registration.objects.filter(participation=participation).select_related("user", "gathering__cohort")
    for registration in registrations.order_by("pk"):
        add(registration.user, registration.name, "", PARTICIPANT).registrations.append(registration)
    governor = participation.municipality.county.governor_id
    for official in GovernorContact.objects.reached().filter(governor=governor).select_related("user").order_by("pk"):
        add(official.user, official.called, _("statsforvalteren"), GOVERNOR)
    for contact in contacts:
        if contact.ended_at and contact.user_id not in found:
            day = day_in_words(timezone.localdate(contact.ended_at))
            add(contact.user, contact.name, _("%(title)s til %(day)s") % {"title": contact.title, "day": day}, LEFT)
    return list(found.values())


def _role(contact: Contact) -> int:
    if contact.unit_id:
        return HEAD
    return EDITOR if contact.function in Contact.EDITORS else PPT
