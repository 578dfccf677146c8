"""The days of a pulje, one by one: what the calendar said the evening before is what goes, or an event explains it."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta

from lmp.changes.tests.small_pulje import DAY, OSLO
from lmp.mailcalendar.days import MailDays
from lmp.mailcalendar.narrowing import Narrowing
from lmp.tests.two_years import beat, rules
from lmp.tests.two_years.cast import BEGINS, ENDS, FIRST_YEAR, Cast
from lmp.tests.two_years.guiding import Guiding
from lmp.tests.two_years.municipal import Municipal
from outbox import plan
from outbox.models import Message
from outbox.plan import Planned

Act = Callable[[], None]
EVENING = time(21)
# How a run of beat goes, and a delivery.
WAYS = ["", "", "", "twice at once", "killed and begun again"]
SERVER = ["", "", "", "twice at once", "no server"]
# How far ahead a calendar is asked where days are passed over on which nothing happens and nothing goes.
AHEAD = 45 * DAY


def moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=OSLO).astimezone(UTC)


def named(key: str) -> tuple[str, str, str, frozenset[str]]:
    """The kind, morning, person and what it names, of a reminder of several things; no names of any other."""
    kind, *rest = key.split(":")
    morning, person, versions = rest if len(rest) == 3 else ("", "", "")
    return kind, morning, person, frozenset(filter(None, versions.split("+")))


class TwoYears(Municipal, Guiding):
    """`dense`: every day is lived through, with up to three events. Else those on which something goes or happens."""

    def __init__(self, clock, *, seed: int, dense: bool) -> None:
        super().__init__(Cast(random.Random(seed)))
        self.clock, self.dense = clock, dense
        self.mails = beat.Mails()
        self.calendar: dict[str, Planned] = {}
        self.asked_on: date | None = None  # the evening of which the calendar is
        self.runs: list[datetime] = []  # of today
        self.written: list[Message] = []  # today, by beat
        self.joined: set[str] = set()  # keys of today's calendar that went in one mail with others
        self.happened: Counter[str] = Counter()
        self.lived = 0
        self.agenda = self.course()
        self.move_to(moment(BEGINS - DAY, EVENING))

    # The course of a pulje, and what happens besides

    def course(self) -> dict[date, list[Act]]:
        """What belongs to every pulje, each on its day or near it."""
        found: dict[date, list[Act]] = defaultdict(list)

        def on(month: int, day: int, act: Act, *, year: int = FIRST_YEAR, jitter: int = 0) -> None:
            found[date(year, month, day) + self.chance.randint(0, jitter) * DAY].append(act)

        for number, after in enumerate([20, 5, 45]):
            on(2, 9, lambda number=number: self.nominate(number))
            on(2, 9 + 1, lambda number=number: self.accept_the_nomination(number), jitter=after)
        on(5, 18, self.send_letters)
        on(6, 8, self.publish_groups)
        on(8, 10, lambda: self.settle_a_gathering(1, 8, 3))
        on(12, 14, lambda: self.settle_a_gathering(2, 10, None))
        on(6, 7, lambda: self.settle_a_gathering(3, 17, 4), year=FIRST_YEAR + 1)
        on(8, 16, self.ask_again, year=FIRST_YEAR + 1)
        on(8, 23, self.publish_groups, year=FIRST_YEAR + 1)
        on(11, 29, lambda: self.settle_a_gathering(4, 12, 3), year=FIRST_YEAR + 1)
        return found

    def whatever(self) -> Act:
        """Any of what may happen; the rare things rarely."""
        often = [
            self.confirm_,
            self.register_,
            self.register_,
            self.cancel_a_registration,
            self.accept_a_place,
            self.order_the_journey,
            self.evaluate,
            self.plan_a_session,
            self.plan_a_session,
            self.move_a_session,
            self.cancel_a_session,
            self.log_a_session,
            self.open_a_measure,
            self.report_a_measure,
        ]
        at_times = [
            self.move_a_deadline,
            self.nobody_comes_,
            self.swap_,
            self.move_gathering_,
            self.call_off_or_hold,
            self.replace_a_contact,
            self.change_an_address,
            self.come_back_,
            self.replace_a_supervisor,
            self.go_on_leave,
            self.remind_by_hand,
            self.write_to_many,
        ]
        seldom = [self.withdraw_, self.merge_people_, self.close_a_unit, self.merge_units_, self.reopen_a_unit]
        [kind] = self.chance.choices([often, at_times, seldom], weights=[70, 26, 4])
        return self.chance.choice(kind)

    # Day by day

    def live(self) -> None:
        day = BEGINS
        while day <= ENDS:
            if self.asked_on is None or day > self.asked_on + AHEAD:
                self.move_to(moment(day - DAY, EVENING))
                self.ask(day)
            acts = self.acts_of(day)
            if self.dense or acts or self.something_is_planned_for(day):
                self.live_through(day, acts)
            day += DAY

    def acts_of(self, day: date) -> list[Act]:
        count = self.chance.choice([0, 0, 1, 1, 2, 3]) if self.dense else max(self.chance.randint(-80, 3), 0)
        meets = [self.attend] if any(each.starts_on == day for each in self.of_now()) else []
        return [*self.agenda.get(day, []), *meets, *(self.whatever() for _one in range(count))]

    def of_now(self) -> list:
        return [self.gathering(number) for number in range(len(self.pulje.gatherings))]

    def live_through(self, day: date, acts: Collection[Act]) -> None:
        self.events, self.runs, self.written, self.joined = [], [], [], set()
        for at, act in self.moments_of(day, acts):
            self.move_to(at)
            act()
        self.move_to(moment(day, EVENING))
        self.compare(day)
        self.lived += 1
        self.happened.update(event.name for event in self.events)
        self.asked_on = None
        if self.dense:
            self.ask(day + DAY)

    def moments_of(self, day: date, acts: Collection[Act]) -> list[tuple[datetime, Act]]:
        """The events at any moment until the evening; beat soon after eight and late, or gone for hours, or all day."""
        events = [(moment(day, time(self.chance.randint(0, 19), self.chance.randint(0, 59))), act) for act in acts]
        gone = self.chance.random()
        hours = [8, 20] if gone < 0.85 else [13, 20] if gone < 0.94 else []
        if self.dense and hours:
            hours.append(self.chance.randint(0, 19))
        runs = [(moment(day, time(hour, 45 if hour == 20 else 5)), self.run) for hour in sorted(hours)]
        if not events and not self.dense:
            runs = runs[:1]
        return sorted([*events, *runs], key=lambda each: each[0])

    def move_to(self, now: datetime) -> None:
        self.pulje.now = now
        self.clock.move_to(now)

    # The calendar, and what goes

    def ask(self, day: date) -> None:
        """What staff's page says of this day, and what fell due before it and has not gone."""
        end = day if self.dense else day + AHEAD
        self.asked_on = day
        said = MailDays.load(day, end, Narrowing(), now=self.pulje.now).planned
        said += plan.due(self.pulje.now) if self.is_behind else []
        gone = plan.posted_keys([mail.key for mail in said])
        self.calendar = {mail.key: mail for mail in said if mail.key not in gone}
        wrong = [f"{key}: {said}" for key, mail in self.calendar.items() if (said := rules.follows_the_hours(mail))]
        assert not wrong, wrong

    @property
    def is_behind(self) -> bool:
        """Whether beat has not run since something happened, or since what was due this morning."""
        last = max([each.at for each in self.events], default=moment(self.pulje.today, time(8)))
        return not self.runs or self.runs[-1] < last

    def something_is_planned_for(self, day: date) -> bool:
        return any(mail.send_at < moment(day + DAY, time(0)) for mail in self.calendar.values())

    def run(self) -> None:
        """Beat."""
        now = self.pulje.now
        self.by_itself()
        beat.send_due(now, way=self.chance.choice(WAYS))
        self.runs.append(now)
        for mail in self.new_mails():
            self.check(mail)
            self.check_went(mail)
            self.written.append(mail)
        eight = moment(self.pulje.today, time(8))
        if now >= eight and all(run < eight for run in self.runs[:-1]):
            missing = rules.not_reminded_to_confirm(self.pulje, now)
            assert not missing, f"{now}: not reminded to confirm: {missing}"
        self.mails.deliver(now, way=self.chance.choice(SERVER))

    def check_went(self, mail: Message) -> None:
        """It was in the calendar with this recipient, kind and time, or an event of today explains it."""
        now, said = self.pulje.now, self.calendar.get(mail.key)
        explained = self.explained(mail.text_name, mail.recipient_id, by=now)
        who = f"{mail.text_name} to {mail.to} at {now} ({mail.key})"
        if said is None and (joined := self.caught_up(mail)):
            self.joined |= joined
            return
        if said is None:
            assert explained, f"{who} was not in the calendar; events: {[each.name for each in self.events]}"
            return
        assert said.recipient.pk == mail.recipient_id or explained, f"{who} was to go to {said.to}"
        assert said.text.name == mail.text_name or explained, f"{who} was {said.text.name}"
        assert said.language == mail.language or explained, f"{who} was to be in {said.language}"
        assert said.send_at <= now < said.until or explained, f"{who} was to go {said.send_at} to {said.until}"
        missed = [run for run in self.runs[:-1] if run >= said.send_at]
        assert not missed or explained, f"{who} could have gone {missed[0]}"

    def caught_up(self, mail: Message) -> set[str]:
        """What the calendar had of this reminder for several mornings, when beat missed one: it goes as one."""
        kind, _morning, person, versions = named(mail.key)
        there = [key for key, said in self.calendar.items() if said.send_at <= self.pulje.now]
        same = {key: named(key)[3] for key in there if (named(key)[0], named(key)[2]) == (kind, person)}
        is_all = bool(versions) and versions <= set().union(*same.values())
        return set(same) if is_all and len(same) > 1 else set()

    def explained(self, kind: str, person: int | None, *, by: datetime) -> bool:
        return any((kind, person) in event.planned for event in self.events if event.at <= by)

    def compare(self, day: date) -> None:
        """At the end of a day: what the calendar said and did not go."""
        written = {mail.key for mail in self.written} | self.joined
        for key, said in self.calendar.items():
            fits = [run for run in self.runs if said.send_at <= run < said.until]
            if key in written or not fits:
                continue
            assert self.explained(said.text.name, said.recipient.pk, by=fits[0]), (
                f"{said.text.name} to {said.to} was to go {said.send_at} ({key}), and did not; "
                f"events: {[each.name for each in self.events]}"
            )
        self.one_of_each_a_morning()

    def one_of_each_a_morning(self) -> None:
        """What beat missed yesterday comes late, and is still yesterday's."""
        seen: dict[tuple[str, int | None, date], str] = {}
        for mail in self.written:
            digest = rules.DIGESTS.get(mail.text_name)
            if digest is None:
                continue
            said = self.calendar.get(mail.key)
            morning = (said.send_at if said else mail.created_at).astimezone(OSLO).date()
            first = seen.setdefault((digest, mail.recipient_id, morning), mail.key)
            twice = first != mail.key and not self.explained(mail.text_name, mail.recipient_id, by=mail.created_at)
            assert not twice, f"{mail.to} got two of {digest}: {first} and {mail.key}"

    def each_arrived_once(self) -> None:
        """All that was written has been delivered, once; what was called back, never."""
        self.move_to(self.pulje.now + timedelta(hours=6))
        for _attempt in range(3):
            self.mails.deliver(self.pulje.now, way="")
        received = self.mails.received()
        assert max(received.values(), default=1) == 1, received.most_common(1)
        waiting = Message.objects.filter(sent_at=None, expires_at=None, given_up_at=None)
        assert not waiting.exists(), waiting
