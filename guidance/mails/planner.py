"""The mails of the guidance that today's facts call for. What changes the facts changes the mails."""

from collections.abc import Iterator
from datetime import datetime

from guidance.mails import groups, reminders, sessions
from guidance.mails.chosen import Chosen
from guidance.mails.people import People
from outbox.plan import Planned


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The mails with start < send_at <= end, in a fixed number of queries however many there are."""
    seats, handovers = groups.seats(start, end), groups.handovers(start, end)
    unlogged, measures = sessions.unlogged(start), reminders.measures(start, end)
    participations = [
        *(seat.participation for seat in seats),
        *(handover.started.group.participation for handover in handovers),
        *(session.group.participation for session in unlogged),
        *(measure.unit.participation for measure in measures),
    ]
    if not participations:
        return
    people = People(
        {participation.pk for participation in participations},
        cohorts={seat.participation.cohort_id for seat in seats},
    )
    chosen = Chosen({participation.cohort_id for participation in participations})
    for found in (
        groups.published(seats, people),
        groups.handed_over(handovers, people),
        sessions.planned(unlogged, people, chosen),
        reminders.planned(
            reminders.of_logs(unlogged, people, chosen),
            reminders.of_measures(measures, people, chosen),
            start=start,
            end=end,
        ),
    ):
        yield from (mail for mail in found if start < mail.send_at <= end and mail.send_at < mail.until)
