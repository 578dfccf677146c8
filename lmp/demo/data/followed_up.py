"""What the leader and the supervisors of the running pulje have done about each other: one of each kind."""

from guidance.follow_up import pulse
from guidance.models import FollowUp, GuidanceSession, PulseAnswer, Supervisor
from guidance.staffing import changing
from lmp.demo.data import cast
from lmp.demo.days import Days
from participants.models import Contact, Participation

Use = PulseAnswer.Use
SAID = [
    (Use.GREAT, "Fint å øve på det vi skal gjøre med personalet."),
    (Use.GREAT, ""),
    (Use.SOME, "Jeg ville hatt mer om overgangen til skolen."),
    (Use.GREAT, ""),
    (Use.LITTLE, ""),
    (Use.SOME, ""),
]


def take_leave(supervisor: Supervisor, days: Days, *, by: cast.Cast) -> None:
    """From the turn of the year but one, for three months."""
    changing.take_leave(supervisor, first_on=days.day(60), last_on=days.day(150), by=by.leader, now=days.at(-8, 11))


def note_down(participation: Participation, days: Days, *, by: cast.Cast) -> None:
    """The log that is missing has been asked for, so it rests a while."""
    missing = participation.guidance_group.sessions.planned().order_by("held_on")[0]
    FollowUp.note_down(
        participation=participation,
        kind=FollowUp.Kind.MISSING,
        seen=[str(missing.pk)],
        note="Ringte veilederen. Loggen er begynt på.",
        weeks=2,
        by=by.leader,
        now=days.at(-1, 9),
    )


def correct(participation: Participation, days: Days, *, by: Supervisor) -> None:
    """The second supervisor put right what the first had written of their first session."""
    session = participation.guidance_group.sessions.held().order_by("held_on")[0]
    units, supervisors = list(session.units.all()), list(session.supervisors.all())
    facts = {"agreed": f"{session.agreed} Kommunen sender oss planen sin før jul."}
    session.correct(facts=facts, units=units, supervisors=supervisors, by=by.user, now=days.at(-60, 12))


def say_what_it_was_worth(participation: Participation, days: Days) -> None:
    """Enough heads have answered about the newest session for the figures to be shown."""
    session: GuidanceSession = participation.guidance_group.sessions.held().order_by("-held_on")[0]
    heads = Contact.objects.current().filter(unit__in=session.units.all(), function=Contact.Function.HEAD)
    for head, (use, line) in zip(heads.select_related("user").order_by("pk"), SAID, strict=False):
        pulse.answer(session, user=head.user, use=use, line=line)
