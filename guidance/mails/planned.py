"""The mails of the guidance that today's facts call for. What changes the facts changes the mails."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone

from guidance.mails import corrected, measures, reminders, removed, staffing, texts
from guidance.mails.groups import news as groups
from guidance.mails.measures import MeasuresInSpan
from guidance.mails.people import People
from guidance.mails.sessions import told as sessions
from guidance.mails.sessions.mailed import MailedSessions
from guidance.mails.sessions.texts import CALLED_OFF, RELEASED, SESSION
from outbox import plan
from outbox.models import Message
from outbox.plan import Planned
from outbox.texts import MailText


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The mails with start < send_at <= end, in a fixed number of queries however many there are."""
    yield from _in_time(staffing.planned(start, end), start=start, end=end)
    regroupings, handovers = groups.regroupings(start, end), groups.handovers(start, end)
    departures = groups.departures(start, end)
    unlogged, withdrawn = sessions.unlogged_and_withdrawn(start, end)
    of_measures = MeasuresInSpan.load(start, end)
    moved, measures_moved = removed.moved_logs(start, end), removed.moved_measures(start, end)
    corrections = corrected.corrections(start, end)
    participations = [
        *(each.participation for changed in regroupings.values() for each in changed.values()),
        *(handover.started.group.participation for handover in handovers),
        *(departure.member.group.participation for departure in departures),
        *(session.group.participation for session in unlogged),
        *(measure.unit.participation for measure in of_measures.all),
        *(session.group.participation for session in withdrawn),
        *(move.before.participation for move in moved),
        *(move.before.participation for move in measures_moved),
        *(correction.session.group.participation for correction in corrections),
    ]
    if not participations:
        return
    people = People({participation.pk for participation in participations}, today=plan.looked_at_on(end))
    sent = sent_since(min([start, *(session.planned_at for session in unlogged)]))
    mailed, seen_at = mailed_sessions(sent), min(end, timezone.now())
    passed_on = sessions.PassedOn(unlogged, people, mailed, seen_at)
    logs, due = reminders.of_logs(unlogged, people), reminders.of_measures(of_measures.due, people)
    for found in (
        groups.published(regroupings, people),
        groups.handed_over(handovers, people, passed_on),
        groups.departed(departures, people, passed_on),
        sessions.planned(unlogged, people, mailed, seen_at=seen_at),
        removed.logs(withdrawn, moved, people),
        corrected.told(corrections, people),
        removed.measures(of_measures.withdrawn, measures_moved, people),
        measures.opened(of_measures.opened, people),
        measures.corrected(of_measures.corrected, people),
        reminders.LOGS.mails(logs, sent=_keys(sent, texts.LOG_MISSING), start=start, end=end),
        reminders.MEASURES.mails(due, sent=_keys(sent, texts.MEASURES), start=start, end=end),
    ):
        yield from _in_time(found, start=start, end=end)


def logs_today(now: datetime) -> Iterator[Planned]:
    """The logs that each supervisor would be reminded of now, whatever has gone to them."""
    unlogged, _withdrawn = sessions.unlogged_and_withdrawn(now, now)
    people = People({session.group.participation_id for session in unlogged}, today=timezone.localdate(now))
    yield from reminders.LOGS.today(reminders.of_logs_now(unlogged, people, now=now))


def measures_today(now: datetime) -> Iterator[Planned]:
    """The measures that each would be reminded of now, whatever has gone to them."""
    measures = MeasuresInSpan.load(now, now).due
    people = People({measure.unit.participation_id for measure in measures}, today=timezone.localdate(now))
    yield from reminders.MEASURES.today(reminders.of_measures_now(measures, people, now=now))


def _in_time(found: Iterable[Planned], *, start: datetime, end: datetime) -> Iterator[Planned]:
    return (mail for mail in found if start < mail.send_at <= end and mail.send_at < mail.until)


def sent_since(since: datetime) -> dict[str, list[tuple[str, datetime]]]:
    """The keys of the mails that have gone and that others depend on, each with when, by their kind."""
    kinds = (SESSION, CALLED_OFF, RELEASED, texts.LOG_MISSING, texts.MEASURES)
    found: dict[str, list[tuple[str, datetime]]] = {text.name: [] for text in kinds}
    gone = Message.objects.filter(text_name__in=found, created_at__gte=since, resend_of__isnull=True)
    for name, key, moment in gone.order_by("pk").values_list("text_name", "key", "created_at"):
        found[name].append((key, moment))
    return found


def mailed_sessions(sent: dict[str, list[tuple[str, datetime]]]) -> MailedSessions:
    return MailedSessions(
        told=sent[SESSION.name],
        called_off=_keys(sent, CALLED_OFF),
        released=_keys(sent, RELEASED),
    )


def _keys(sent: dict[str, list[tuple[str, datetime]]], text: MailText) -> list[str]:
    return [key for key, _moment in sent[text.name]]
