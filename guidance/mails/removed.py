"""The mails when a log or a measure that others had read is withdrawn or moved. Never what was written there."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from guidance.mails import texts
from guidance.mails.people import GuidanceRecipient, People, as_recipients
from guidance.mails.span import news
from guidance.models import GuidanceSession, LogMove, Measure, MeasureMove
from outbox.plan import Planned
from outbox.texts import WhenRead
from participants.models import Participation, Unit
from parts.dates import day_in_words

RELATED = ("participation__municipality__county", "participation__cohort")


def moved_logs(start: datetime, end: datetime) -> list[LogMove]:
    return list(
        LogMove.objects.filter(moved_at__gt=start, moved_at__lte=end, before__participation__withdrawn_at__isnull=True)
        .select_related("session", *(f"before__{name}" for name in RELATED))
        .prefetch_related("units", "session__supervisors")
        .order_by("pk")
    )


def moved_measures(start: datetime, end: datetime) -> list[MeasureMove]:
    return list(
        MeasureMove.objects.filter(
            moved_at__gt=start, moved_at__lte=end, before__participation__withdrawn_at__isnull=True
        )
        .select_related("measure", "after", *(f"before__{name}" for name in RELATED))
        .order_by("pk")
    )


def logs(withdrawn: Iterable[GuidanceSession], moved: Iterable[LogMove], people: People) -> Iterator[Planned]:
    """To everybody who had it to read: who answers for the municipality, the heads of its units, and the supervisors.

    Not to the person who did it.
    """
    for session in withdrawn:
        if session.withdrawn_at and session.withdrawn_by_id:
            found = people.of_log(session, session.group.participation_id, session.units.all())
            for recipient in _others(found, than=session.withdrawn_by_id):
                yield _log(session, session.group.participation, recipient, session.withdrawn_at)
    for move in moved:
        found = people.of_log(move.session, move.before.participation_id, move.units.all())
        for recipient in _others(found, than=move.moved_by_id):
            yield _log(move.session, move.before.participation, recipient, move.moved_at, move=move)


def measures(withdrawn: Iterable[Measure], moved: Iterable[MeasureMove], people: People) -> Iterator[Planned]:
    """To the heads of the units that it is or was of; to those who answer for the municipality where there is none.

    A measure that is withdrawn is told to whoever entered it, too.
    """
    for measure in withdrawn:
        if measure.withdrawn_at and measure.withdrawn_by_id:
            found = [*responsible([measure.unit], people), *_who_entered(measure, people)]
            for recipient in _others(found, than=measure.withdrawn_by_id):
                yield _measure(measure, measure.unit, recipient, measure.withdrawn_at)
    for move in moved:
        for recipient in _others(responsible([move.before, move.after], people), than=move.moved_by_id):
            yield _measure(move.measure, move.before, recipient, move.moved_at, move=move)


def responsible(units: Iterable[Unit], people: People) -> list[GuidanceRecipient]:
    return [
        recipient
        for unit in units
        for recipient in people.heads(unit.participation_id, [unit.pk]) or people.editors(unit.participation_id)
    ]


def _who_entered(measure: Measure, people: People) -> list[GuidanceRecipient]:
    """The supervisor or the contact who did, if they are one still."""
    participation = measure.unit.participation_id
    found = [*as_recipients(people.members[participation]), *people.editors(participation)]
    return [recipient for recipient in found if recipient.user.pk == measure.opened_by_id]


def _others(recipients: Iterable[GuidanceRecipient], *, than: int) -> list[GuidanceRecipient]:
    """Each once."""
    found = {recipient.user.pk: recipient for recipient in recipients if recipient.user.pk != than}
    return list(found.values())


def _log(
    session: GuidanceSession,
    participation: Participation,
    recipient: GuidanceRecipient,
    happened_at: datetime,
    *,
    move: LogMove | None = None,
) -> Planned:
    said = {"name": participation.municipality, "day": day_in_words(session.held_on)}
    why = _("loggen fra %(name)s %(day)s er flyttet") if move else _("loggen fra %(name)s %(day)s er trukket tilbake")
    key = f"guidance.log_moved:{move.pk}" if move else f"guidance.log_withdrawn:{session.pk}"
    return news(
        recipient,
        happened_at,
        participation,
        key=key,
        text=texts.LOG_REMOVED,
        values=WhenRead(
            recipient.language,
            lambda: texts.log_removed(session, participation, name=recipient.name, moved=move is not None),
        ),
        why=why % said,
        about=move or session,
    )


def _measure(
    measure: Measure,
    unit: Unit,
    recipient: GuidanceRecipient,
    happened_at: datetime,
    *,
    move: MeasureMove | None = None,
) -> Planned:
    why = _("et tiltak ved %(unit)s er flyttet") if move else _("et tiltak ved %(unit)s er trukket tilbake")
    to = move.after if move else None
    key = f"guidance.measure_moved:{move.pk}" if move else f"guidance.measure_withdrawn:{measure.pk}"
    return news(
        recipient,
        happened_at,
        unit.participation,
        key=key,
        text=texts.MEASURE_REMOVED,
        values=WhenRead(recipient.language, lambda: texts.measure_removed(measure, unit, name=recipient.name, to=to)),
        why=why % {"unit": unit},
        about=measure,
    )
