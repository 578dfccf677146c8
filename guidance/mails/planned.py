"""The mails of the guidance that today's facts call for. What changes the facts changes the mails."""

from collections.abc import Iterator
from datetime import datetime

from guidance.mails import groups, measures, reminders, removed, sessions, texts
from guidance.mails.measures import MeasuresInSpan
from guidance.mails.people import People
from outbox import plan
from outbox.models import Message
from outbox.plan import Planned


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The mails with start < send_at <= end, in a fixed number of queries however many there are."""
    seats, handovers = groups.seats(start, end), groups.handovers(start, end)
    departures = groups.departures(start, end)
    unlogged, withdrawn = sessions.unlogged_and_withdrawn(start, end)
    of_measures = MeasuresInSpan.load(start, end)
    moved, measures_moved = removed.moved_logs(start, end), removed.moved_measures(start, end)
    participations = [
        *(seat.participation for seat in seats),
        *(handover.started.group.participation for handover in handovers),
        *(departure.member.group.participation for departure in departures),
        *(session.group.participation for session in unlogged),
        *(measure.unit.participation for measure in of_measures.all),
        *(session.group.participation for session in withdrawn),
        *(move.before.participation for move in moved),
        *(move.before.participation for move in measures_moved),
    ]
    if not participations:
        return
    people = People(
        {participation.pk for participation in participations},
        cohorts={seat.participation.cohort_id for seat in seats},
        today=plan.looked_at_on(end),
    )
    sent = _sent(min([start, *(session.planned_at for session in unlogged)]))
    logs, due = reminders.of_logs(unlogged, people), reminders.of_measures(of_measures.due, people)
    for found in (
        groups.published(seats, people),
        groups.handed_over(handovers, people),
        groups.departed(departures, people),
        sessions.planned(unlogged, people, sent=sent[texts.SESSION.name], released=sent[texts.RELEASED.name]),
        removed.logs(withdrawn, moved, people),
        removed.measures(of_measures.withdrawn, measures_moved, people),
        measures.opened(of_measures.opened, people),
        measures.corrected(of_measures.corrected, people),
        reminders.LOGS.mails(logs, sent=sent[texts.LOG_MISSING.name], start=start, end=end),
        reminders.MEASURES.mails(due, sent=sent[texts.MEASURES.name], start=start, end=end),
    ):
        yield from (mail for mail in found if start < mail.send_at <= end and mail.send_at < mail.until)


def _sent(since: datetime) -> dict[str, list[str]]:
    """The keys of the mails that have gone and that others depend on, by their kind."""
    names = [text.name for text in (texts.SESSION, texts.RELEASED, texts.LOG_MISSING, texts.MEASURES)]
    gone = Message.objects.filter(text_name__in=names, created_at__gte=since, resend_of__isnull=True)
    found: dict[str, list[str]] = {name: [] for name in names}
    for name, key in gone.order_by("pk").values_list("text_name", "key"):
        found[name].append(key)
    return found
