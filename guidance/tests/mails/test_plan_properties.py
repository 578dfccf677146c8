"""Whatever happens to sessions, measures and people, and whenever the clock ticks: exactly what is due goes, once.

At each tick a slow oracle says what is due, from the rows and from what has gone before; the rest must be what goes.
"""

from collections import Counter
from datetime import UTC, date, datetime

import icalendar
import pytest
import time_machine
from hypothesis import event, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guidance.models import GroupMember, GuidanceSession, Handover, Measure
from guidance.tests.mails.conftest import OSLO
from guidance.tests.mails.world import DAY, World, utc
from outbox import plan
from outbox.models import Message
from participants.models import Contact

# Some days before each change of the clock, 25 October 2026 and 28 March 2027, which is Easter Sunday too; Christmas
# and New Year; and the holidays of May.
BEGINNINGS = [date(2026, 10, 12), date(2026, 12, 10), date(2027, 3, 15), date(2027, 4, 26)]
GAPS = ["none", "minutes", "moment", "moment", "moment", "moment", "days", "weeks"]
ACTIONS = [
    "nothing",
    "plan",
    "plan",
    "move",
    "move",
    "change hour",
    "change format",
    "change place",
    "change units",
    "change supervisors",
    "cancel",
    "cancel",
    "restore",
    "log",
    "measure",
    "measure",
    "finish",
    "extend",
    "correct measure",
    "withdraw measure",
    "replace",
    "end head",
    "new contact",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(GAPS), st.sampled_from(ACTIONS), st.integers(0, 11), st.sampled_from([0, 1, 1, 2])),
    min_size=8,
    max_size=18,
)


class Oracle(World):
    """What has to go at each moment, told slowly."""

    def tick(self) -> None:
        due = self.due() - self.sent.keys()
        before = set(Message.objects.values_list("pk", flat=True))
        plan.send_due(self.now)
        new = list(Message.objects.exclude(pk__in=before).order_by("pk"))
        went = Counter(item for message in new for item in self.items(message))
        assert went == Counter(due), (self.now, went, due)
        for kind, session, _sequence, to in went:
            if kind == "released":
                self.out[session, to] = {
                    item for item in self.sent if item[0] in {"session", "called_off"} and item[1] == session
                }
        self.sent |= dict.fromkeys(due, self.now)
        for item in went:
            event(item[0])
        reminded = {(item[0], item[-1]) for item in due if item[0] in {"log", "measure"}}
        reminders = [message for message in new if message.text_name.endswith(("log_missing", "measures"))]
        assert len(reminders) == len(reminded), "one mail a person, also of mornings that no run came to"

    def items(self, message: Message) -> list[tuple]:
        """What a mail is, in the oracle's words: read from the mail and its files, not from its key."""
        kind = message.text_name.removeprefix("guidance.")
        if kind == "log_missing":
            return [
                ("log", session.pk, self.current(self.log_mornings(session)), message.to)
                for session in GuidanceSession.objects.planned()
                if f"- Indre Fosen: {self.in_words(session.held_on)}\n" in message.body
            ]
        if kind == "measures":
            return [
                ("measure", measure.pk, self.current(self.measure_mornings(measure)), message.to)
                for measure in Measure.objects.all()
                if f": {measure.what}, frist til og med {self.in_words(measure.ends_on)}\n" in message.body
            ]
        if kind in {"session", "called_off", "released"}:
            [file] = message.attachments.all()
            [entry] = icalendar.Calendar.from_ical(bytes(file.content)).events
            session = int(entry["uid"].split("-")[1].split("@")[0])
            news = self.told(session, message.to) is not None
            assert kind != "session" or news == (not message.subject.startswith("Veiledningsmøte:"))
            return [(kind, session, int(entry["sequence"]), message.to)]
        if kind in {"measure_opened", "measure_corrected"}:
            about = Measure.objects.get(pk=message.about_id)
            what = (about.opened_at, None) if kind == "measure_opened" else (about.pk, about.corrected_at)
            return [(kind, *what, message.to)]
        if kind == "session_reminder":
            day = GuidanceSession.objects.get(pk=message.about_id).held_on
            assert self.in_words(day) in message.subject
            return [("reminder", int(message.about_id), day, message.to)]
        return [(kind, message.about_id, None, message.to)]

    # What is due

    def current(self, mornings: list[datetime]) -> datetime | None:
        return max((moment for moment in mornings if moment <= self.now), default=None)

    def news_of(self, kind: str, session: int, to: str) -> dict[int, datetime]:
        """When such mails went since the person was last taken out, by the version that they were about."""
        before, ahead = self.out.get((session, to), set()), 2 * self.turn(session, to)
        return {
            item[2] - ahead: moment
            for item, moment in self.sent.items()
            if item[0] == kind and item[1] == session and item[3] == to and item not in before
        }

    def told(self, session: int, to: str) -> int | None:
        """The version that the person knows."""
        return max(self.news_of("session", session, to), default=None)

    def has_it(self, session: int, to: str) -> bool:
        told, called_off = self.told(session, to), self.news_of("called_off", session, to)
        return told is not None and max(called_off, default=-1) < told

    def turn(self, session: int, to: str) -> int:
        """How often the person was taken out of the session."""
        return sum(item[0] == "released" and item[1] == session and item[3] == to for item in self.sent)

    def holding(self, session: GuidanceSession) -> list[GroupMember]:
        current = GroupMember.objects.filter(ended_on=None).select_related("supervisor__user")
        chosen = set(session.supervisors.values_list("pk", flat=True))
        mine = [member for member in current if member.supervisor_id in chosen]
        return mine or [member for member in current if member.leads]

    def audience(self, session: GuidanceSession) -> set[str]:
        contacts = Contact.objects.filter(ended_at=None).select_related("user")
        units = set(session.units.values_list("pk", flat=True))
        told = {contact.user.email for contact in contacts if contact.unit_id is None or contact.unit_id in units}
        return told | {member.supervisor.user.email for member in self.holding(session)}

    def due(self) -> set[tuple]:
        found = set()
        for session in GuidanceSession.objects.filter(submitted_at=None):
            if self.now < self.begins(session):
                found |= self.due_of_cancelled(session) if session.cancelled_at else self.due_of_coming(session)
            if session.cancelled_at is None:
                found |= self.due_logs(session)
        for measure in Measure.objects.all():
            found |= self.due_news(measure)
            if not measure.has_ended:
                found |= self.due_measures(measure)
        return found | self.due_handovers()

    def everybody(self, session: GuidanceSession) -> set[str]:
        """Who ever got a mail about it."""
        return {item[3] for item in self.sent if item[0] == "session" and item[1] == session.pk}

    def due_of_cancelled(self, session: GuidanceSession) -> set[tuple]:
        """To exactly those who have it in their calendar."""
        return {
            ("called_off", session.pk, session.calendar_version + 2 * self.turn(session.pk, to), to)
            for to in self.everybody(session)
            if self.has_it(session.pk, to)
        }

    def due_of_coming(self, session: GuidanceSession) -> set[tuple]:
        """At once to who does not know it as it is; a reminder to who has known that for a day."""
        found, audience = set(), self.audience(session)
        for to in audience:
            known, version = self.told(session.pk, to), session.calendar_version
            item = ("session", session.pk, version + 2 * self.turn(session.pk, to), to)
            is_news = known is None or not self.has_it(session.pk, to)
            if is_news or self.said[session.pk, known] != self.said[session.pk, version]:
                found.add(item)
            if item in self.sent or item not in found:
                told_at = self.news_of("session", session.pk, to)[known]
                if self.reminder_of(session) <= self.now and told_at + DAY <= self.reminder_of(session):
                    found.add(("reminder", session.pk, session.held_on, to))
        for to in self.everybody(session) - audience:
            if self.has_it(session.pk, to):
                turn = self.turn(session.pk, to)
                found.add(("released", session.pk, session.calendar_version + 2 * turn + 1, to))
        return found

    def due_logs(self, session: GuidanceSession) -> set[tuple]:
        slot = self.current(self.log_mornings(session))
        if slot is None or self.now >= self.log_mornings(session)[-1].astimezone(OSLO) + 7 * DAY:
            return set()
        since = session.changed_at or session.planned_at
        return {
            ("log", session.pk, slot, member.supervisor.user.email)
            for member in self.holding(session)
            if slot >= since and slot >= utc(member.started_on + DAY, 0)
        }

    def responsible(self) -> list[Contact]:
        heads = Contact.objects.filter(ended_at=None, unit=self.unit)
        return list(heads or Contact.objects.filter(ended_at=None, unit=None))

    def due_news(self, measure: Measure) -> set[tuple]:
        """What befell a measure, at once, to who was there then. Those of one moment are of one form, and one mail.

        That it was taken back is told instead of what befell it before, and to whoever leads the unit now.
        """
        opened, corrected, withdrawn = measure.opened_at, measure.corrected_at, measure.withdrawn_at
        news = [("measure_opened", opened, None, opened)]
        if corrected:
            news.append(("measure_corrected", measure.pk, corrected, corrected))
        if withdrawn:
            news = [("measure_removed", str(measure.pk), None, withdrawn)]
        return {
            (*item, contact.user.email)
            for *item, moment in news
            for contact in self.responsible()
            if self.now < moment + 14 * DAY and (withdrawn or contact.started_at <= moment)
        }

    def due_measures(self, measure: Measure) -> set[tuple]:
        mornings = self.measure_mornings(measure)
        slot = self.current(mornings)
        over = utc(measure.ends_on + DAY, 0) if slot == mornings[0] else mornings[-1].astimezone(OSLO) + 30 * DAY
        if slot is None or self.now >= over:
            return set()
        return {
            ("measure", measure.pk, slot, contact.user.email)
            for contact in self.responsible()
            if slot >= measure.opened_at and slot >= contact.started_at
        }

    def due_handovers(self) -> set[tuple]:
        found = set()
        current = {member.supervisor_id for member in GroupMember.objects.filter(ended_on=None)}
        for handover in Handover.objects.all():
            old, new = handover.ended, handover.started
            held = new.ended_on is None and old.supervisor_id not in current
            if held and self.now < handover.handed_over_at + 14 * DAY:
                about = str(handover.pk)
                found |= {("taken_over", about, None, new.supervisor.user.email)}
                found |= {("left", about, None, old.supervisor.user.email)}
                contacts = Contact.objects.filter(ended_at=None).exclude(function="ppt")
                found |= {("handed_over", about, None, contact.user.email) for contact in contacts}
                others = GroupMember.objects.filter(ended_on=None).exclude(supervisor=new.supervisor)
                found |= {("handed_over", about, None, other.supervisor.user.email) for other in others}
        return found


@pytest.mark.slow
class PlanTest(TestCase):
    @hypothesis_settings(max_examples=10, deadline=None)
    @given(beginning=st.sampled_from(BEGINNINGS), later=st.integers(0, 6), steps=STEPS)
    def test_exactly_what_is_due_goes_and_goes_once(self, beginning, later, steps):
        with self.settings(MAIL_APPS=["guidance.mails"]), time_machine.travel(datetime.now(UTC), tick=False) as clock:
            world = Oracle(beginning + DAY * later, clock)
            for number in (5, 9):
                world.act("plan", number)
            world.act("measure", 6)
            for gap, action, number, ticks in steps:
                world.wait(gap)
                world.act(action, number)
                for _tick in range(ticks):
                    world.tick()
            for _moment in range(6):
                world.wait("moment")
                world.tick()
