"""What each kind of event may change of a day's mails: which kinds of mail, and to whom. Anything else is a fault.

`AT_ONCE` is what an event posts itself, `PLANNED` what joins or leaves the calendar because of it. A new event has its
line in the first, and in the second if the calendar knows of it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from gatherings.models import Gathering, Registration
from guidance.models import GroupMember, GuidanceSession
from outbox.models import Message
from participants.models import Contact, GovernorContact, Participation


@dataclass
class Subject:
    """What an event is about."""

    participations: Collection[Participation] = ()
    gatherings: Collection[Gathering] = ()
    people: Collection[int] = ()  # users


People = set[int | None]
Circle = Callable[[Subject], People]


def editors(subject: Subject) -> People:
    return _contacts(subject, Q(unit__isnull=True, function__in=Contact.EDITORS))


def heads(subject: Subject) -> People:
    return _contacts(subject, Q(function=Contact.Function.HEAD))


def ppt(subject: Subject) -> People:
    return _contacts(subject, Q(function=Contact.Function.PPT))


def _contacts(subject: Subject, which: Q) -> People:
    rows = Contact.objects.current().filter(which, participation__in=subject.participations)
    return set(rows.values_list("user", flat=True))


def members(subject: Subject) -> People:
    rows = GroupMember.objects.current().filter(group__participation__in=subject.participations)
    return set(rows.values_list("supervisor__user", flat=True))


def registered(subject: Subject) -> People:
    """For these gatherings, in whatever way."""
    rows = Registration.objects.filter(gathering__in=subject.gatherings)
    return set(rows.values_list("user", flat=True))


def in_line(subject: Subject) -> People:
    """Those who wait, or have an offer, at these gatherings."""
    rows = Registration.objects.active().filter(gathering__in=subject.gatherings, placed_at__isnull=True)
    return set(rows.values_list("user", flat=True))


def come_from(subject: Subject) -> People:
    rows = Registration.objects.active().filter(participation__in=subject.participations)
    return set(rows.values_list("user", flat=True))


def office(subject: Subject) -> People:
    of = [participation.municipality.county.governor_id for participation in subject.participations]
    return set(GovernorContact.objects.current().filter(governor__in=of).values_list("user", flat=True))


def had_a_session(subject: Subject) -> People:
    """Those who were told of a session there: it is in their calendar, also when they have left."""
    sessions = GuidanceSession.objects.filter(group__participation__in=subject.participations)
    mails = Message.objects.about_rows(GuidanceSession, list(sessions.values_list("pk", flat=True)))
    return set(mails.filter(text_name="guidance.session").values_list("recipient", flat=True))


def people(subject: Subject) -> People:
    return set(subject.people)


def no_person(subject: Subject) -> People:
    """An address that is nobody's, as one that a person had before."""
    return {None}


Effect = tuple[tuple[str, ...], tuple[Circle, ...]]
WORKING_WITH_IT = (editors, heads, ppt, members)

CONFIRM = ("participants.reminder", "participants.overdue")
REGISTER = ("gatherings.invitation", "gatherings.reminder")
COME = ("gatherings.practical", "gatherings.travel")
EVALUATE = ("gatherings.evaluation",)
SESSION = ("guidance.session", "guidance.session_reminder", "guidance.called_off", "guidance.released")
LOG = ("guidance.log_missing",)
MEASURE = ("guidance.measures", "guidance.measure_opened", "guidance.measure_corrected", "guidance.measure_removed")
GROUP = ("guidance.group", "guidance.group_of_supervisor", "guidance.group_changed")
HANDOVER = ("guidance.taken_over", "guidance.left", "guidance.handed_over", "guidance.dropped", "guidance.departed")
OUT = ("guidance.released", "guidance.called_off")
OFFICE = ("governor.unanswered",)
EVERYTHING = (*CONFIRM, *REGISTER, *COME, *EVALUATE, *SESSION, *LOG, *MEASURE, *GROUP, *HANDOVER)

IN_THE_LINE: Effect = (("gatherings.offered", "gatherings.expired"), (in_line,))
ACCESS = ("participants.access_given", "participants.access_ended")
SUCCESSION = tuple(f"changes.{name}" for name in ("taken_over", "takes_over", "hands_over", "called_off"))
OF_A_CHANGE = ("gatherings.moved", "gatherings.called_off", "gatherings.reinstated")
SWAPPED = ("gatherings.swapped_out", "gatherings.swapped_in")
REGISTRATION = tuple(f"gatherings.{name}" for name in ("registered", "waiting", "changed", "receipt"))

AT_ONCE: Mapping[str, Collection[Effect]] = {
    "nominate": [],
    "accept the nomination": [],
    "send letters": [(("welcome.welcome",), (editors,)), (("welcome.copy", "welcome.copy_by_link"), (office,))],
    "confirm": [
        (("participants.receipt",), (editors,)),
        (("participants.access_given",), (heads, ppt)),
    ],
    "ask again": [(("participants.round_opened",), (editors,))],
    "move a deadline": [(("participants.new_deadline",), (editors,))],
    "settle a gathering": [],
    "register": [(REGISTRATION, (people,))],
    "nobody comes": [],
    "cancel a registration": [(("gatherings.cancelled",), (people,)), IN_THE_LINE],
    "accept a place": [(("gatherings.registered",), (people,))],
    "swap": [(SWAPPED, (people,)), (("gatherings.changed",), (people,))],
    "order the journey": [],
    "attend": [],
    "evaluate": [],
    "change a gathering": [
        (
            ("gatherings.moved", "gatherings.called_off", "gatherings.reinstated", "gatherings.registered"),
            (registered,),
        ),
        (tuple(f"gatherings.invited_{name}" for name in ("called_off", "moved", "reinstated")), (editors, heads)),
        (("gatherings.invitation",), (editors, heads)),
        IN_THE_LINE,
    ],
    "pass on places": [IN_THE_LINE],
    "replace a contact": [((*SUCCESSION, *ACCESS, *SWAPPED), (people,))],
    "change an address": [
        (("changes.address_changed",), (people, no_person)),
        (("gatherings.readdressed", "guidance.readdressed"), (people, no_person)),
    ],
    "merge people": [
        (("changes.merged",), (people, no_person)),
        (("gatherings.readdressed", "guidance.readdressed", "gatherings.cancelled"), (people, no_person)),
        IN_THE_LINE,
    ],
    "withdraw": [
        (("changes.withdrawn",), (*WORKING_WITH_IT, office)),
        (("gatherings.withdrawn", "gatherings.changed"), (come_from,)),
        IN_THE_LINE,
    ],
    "come back": [
        (("changes.returned",), (*WORKING_WITH_IT, office)),
        (("gatherings.registered", "gatherings.waiting"), (come_from,)),
    ],
    "close a unit": [
        (("participants.unit_changed", "participants.access_ended"), (editors, heads)),
        (("participants.access_given", "participants.count_asked"), (editors, heads)),
        (("gatherings.cancelled", "gatherings.changed"), (come_from,)),
        IN_THE_LINE,
    ],
    "publish groups": [],
    "plan a session": [],
    "move a session": [],
    "cancel a session": [],
    "log a session": [],
    "open a measure": [],
    "report a measure": [],
    "replace a supervisor": [(SUCCESSION, (people,))],
    "a supervisor is on leave": [],
    "remind by hand": [(CONFIRM, (people,))],
    "write to many": [(("writing.written",), (people,))],
    "successions begin": [((*SUCCESSION, *ACCESS, *SWAPPED), (people,))],
    "units close": [
        (("participants.access_ended", "participants.access_given", "participants.count_asked"), (editors, heads)),
        (("gatherings.cancelled", "gatherings.changed"), (come_from,)),
        IN_THE_LINE,
    ],
}

_OF_A_SESSION: Collection[Effect] = [(SESSION, WORKING_WITH_IT), (OUT, (had_a_session,)), (LOG, (members,))]
_OF_A_UNIT: Collection[Effect] = [
    ((*REGISTER, *MEASURE, *SESSION), (editors, heads, ppt, members)),
    (COME, (come_from,)),
    (OUT, (had_a_session,)),
    ((*GROUP, *HANDOVER), (heads,)),  # who leads a unit again is told the news of it
]

PLANNED: Mapping[str, Collection[Effect]] = {
    "accept the nomination": [(OFFICE, (office,))],
    "send letters": [(REGISTER, (editors, heads))],
    "confirm": [(CONFIRM, (editors,)), (SESSION, (ppt,))],
    "move a deadline": [(CONFIRM, (editors,))],
    "settle a gathering": [(REGISTER, (editors, heads))],
    "register": [(REGISTER, (editors, heads)), (COME, (people,))],
    "nobody comes": [(REGISTER, (editors, heads))],
    "cancel a registration": [(REGISTER, (editors, heads)), (COME, (people,))],
    "accept a place": [(COME, (people,))],
    "swap": [(COME, (people,)), (REGISTER, (editors, heads))],
    "order the journey": [(("gatherings.travel",), (people,))],
    "attend": [(EVALUATE, (people,))],
    "evaluate": [(EVALUATE, (people,))],
    "change a gathering": [(REGISTER, (editors, heads)), (COME + EVALUATE, (registered,))],
    "pass on places": [(REGISTER, (editors, heads))],
    "replace a contact": [((*CONFIRM, *REGISTER, *COME, *SESSION, *MEASURE, *GROUP, *HANDOVER), (people,))],
    "merge people": [(EVERYTHING + OFFICE, (people,))],
    "withdraw": [(EVERYTHING, (*WORKING_WITH_IT, come_from)), (OUT, (had_a_session,))],
    "come back": [(EVERYTHING, (*WORKING_WITH_IT, come_from)), (OUT, (had_a_session,))],
    "close a unit": _OF_A_UNIT,
    "units close": _OF_A_UNIT,
    "publish groups": [((*GROUP, *HANDOVER, *SESSION), WORKING_WITH_IT), (LOG, (members,))],
    "plan a session": _OF_A_SESSION,
    "move a session": _OF_A_SESSION,
    "cancel a session": _OF_A_SESSION,
    "log a session": _OF_A_SESSION,
    "open a measure": [(MEASURE, (editors, heads))],
    "report a measure": [(MEASURE, (editors, heads))],
    "replace a supervisor": [((*HANDOVER, *SESSION), WORKING_WITH_IT), (LOG, (members,))],
    "successions begin": [
        ((*CONFIRM, *REGISTER, *COME, *SESSION, *MEASURE, *GROUP), (people,)),
        ((*HANDOVER, *SESSION), WORKING_WITH_IT),
        (LOG, (members,)),
    ],
}


@dataclass
class Event:
    """One event of a day, and the mails it may explain: (kind, person)."""

    name: str
    at: datetime
    subject: Subject
    at_once: set[tuple[str, int | None]] = field(default_factory=set)
    planned: set[tuple[str, int | None]] = field(default_factory=set)

    def look(self) -> None:
        """Note whom it concerns: asked before it and after it, since it may end what they were or make them new."""
        for declared, effects in ((self.at_once, AT_ONCE[self.name]), (self.planned, PLANNED.get(self.name, []))):
            for kinds, circles in effects:
                concerned = set().union(*(circle(self.subject) for circle in circles))
                declared.update((kind, person) for kind in kinds for person in concerned)
