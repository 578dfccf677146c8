"""Several people change things at once, in any order: whatever they do, what hangs on it follows.

Each step is one change by one person. After each, the rules below hold, whoever did what before.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import User
from gatherings import changing, places
from gatherings import withdrawal as at_gatherings
from gatherings.mails import notices
from gatherings.models import AlsoFor, Gathering, Registration
from gatherings.places import Entry
from gatherings.registration import nobody, registering
from gatherings.registration.registrar import Place
from guidance.models import GroupMember, GuidanceSession, Measure
from lmp.changes import address, merging, tasks
from lmp.changes.succession import succeeding, swapping
from lmp.changes.tests.small_pulje import DAY, OSLO, SmallPulje
from lmp.changes.unit import closing
from lmp.changes.withdrawal import change as withdrawal
from outbox import plan
from outbox.models import Attachment, Message
from participants.models import Contact, Participation, Unit, UnitClosure

ADDRESSES = [f"person{number}@blåbær{number % 3}.example.no" for number in range(8)]
SPELLINGS = [str.lower, str.upper, lambda text: f" {text}\u200b", lambda text: text.replace("å", "a\u030a")]
WITH_HISTORY = (Registration, Contact, Unit, Participation, Gathering, GuidanceSession, GroupMember)
NUMBER = st.integers(0, 11)
ATTENDEE = re.compile(r"ATTENDEE.*?mailto:(\S+)", re.DOTALL)


WRITES = ("INSERT", "UPDATE", "DELETE")


def of_what_is_new(check: Callable) -> Callable:
    """Look only when the step wrote something or time went: what was true is true still of the very same rows."""

    @wraps(check)
    def look(machine: "EverythingFollows") -> None:
        state = (machine.writes, machine.pulje.now)
        if machine.looked_at.get(check.__name__) != state:
            check(machine)
            machine.looked_at[check.__name__] = state

    return look


class EverythingFollows(RuleBasedStateMachine):
    beginning = datetime(2027, 2, 1, 9, tzinfo=OSLO)

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(self.beginning, tick=False)
        self.traveller = self.clock.start()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.pulje = SmallPulje(self.beginning)
        self.read: set[tuple[int, str]] = set()  # calendar entries that were looked at, each with its address then
        self.writes = 0
        self.looked_at: dict[str, tuple[int, datetime]] = {}
        self.counting = connection.execute_wrapper(self.count)
        self.counting.__enter__()

    def count(self, execute: Callable, sql: str, params, many, context):
        self.writes += sql.startswith(WRITES)
        return execute(sql, params, many, context)

    def teardown(self) -> None:
        self.counting.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)
        self.clock.stop()

    # What people do

    @rule(days=st.sampled_from([0, 0, 1, 3, 10]), hours=st.integers(0, 8))
    def time_passes(self, days: int, hours: int) -> None:
        self.pulje.now += timedelta(days=days, hours=hours)
        self.traveller.move_to(self.pulje.now)
        for gathering in self.pulje.gatherings:
            passed = places.pass_on(gathering, now=self.pulje.now)
            notices.passed(passed, now=self.pulje.now)
        tasks.carry_out_closures()
        tasks.carry_out_successions()
        plan.send_due(self.pulje.now)

    @rule(who=NUMBER, number=NUMBER, spelling=st.sampled_from(SPELLINGS))
    def change_address(self, who, number, spelling) -> None:
        person = self.person(who)
        try:
            address.change(person, spelling(ADDRESSES[number % 8]), by=self.pulje.staff, now=self.pulje.now)
        except ValidationError as error:
            assert error.code == "taken"  # noqa: PT017 – a step may be refused

    @rule(who=NUMBER, which=st.integers(0, 1), where=NUMBER, also=st.booleans())
    def register(self, who, which, where, also) -> None:
        unit, person, gathering = self.unit(where), self.person(who), self.gathering(which)
        entry = Entry(
            name=person.name,
            email=person.email,
            function="staff",
            unit=unit,
            days=[day.isoformat() for day in gathering.days],
            nights=[],
            travel=Registration.Travel.ORDERS,
            also=also,
        )
        try:
            told = registering.register(
                gathering, [(Place(unit.participation, unit), entry)], by=self.pulje.staff, now=self.pulje.now
            )
        except ValidationError:
            return
        notices.outcomes(told, by=self.pulje.staff, now=self.pulje.now)
        for outcome in told:  # what the receipt says is what is stored
            stored = Registration.objects.get(pk=outcome.registration.pk)
            assert stored.is_active
            assert stored.user == person
            assert stored.state == outcome.registration.state
            assert stored.place_in_line == outcome.number
            assert stored.comes_for(unit.participation, unit)

    @rule(which=st.integers(0, 1), where=NUMBER)
    def nobody_comes(self, which, where) -> None:
        unit = self.unit(where)
        try:
            nobody.answer(
                self.gathering(which),
                [Place(unit.participation, unit)],
                note="",
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return

    @rule(number=NUMBER, who=NUMBER)
    def swap(self, number, who) -> None:
        registration = self.pick(Registration.objects.active().select_related("gathering"), number)
        if registration is None:
            return
        person, seat = self.person(who), (registration.state, registration.place_in_line)
        facts = {"name": person.name, "email": person.email, "function": registration.function}
        try:
            swapping.swap(registration, **facts, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return
        kept = Registration.objects.get(pk=registration.pk)
        assert (kept.user, kept.state, kept.place_in_line) == (person, *seat)

    @rule(number=NUMBER, who=NUMBER, days=st.sampled_from([0, 0, 5]), everything=st.booleans())
    def replace(self, number, who, days, everything) -> None:
        contact = self.pick(Contact.objects.current().select_related("user", "participation", "unit"), number)
        person = self.person(who)
        held = [each.key for each in succeeding.holdings(contact, now=self.pulje.now)]
        try:
            succeeding.agree(
                contact,
                name=person.name,
                email=person.email,
                starts_on=self.pulje.today + days * DAY,
                chosen=held if everything else [],
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return
        if days == 0:
            assert not Contact.objects.current().filter(pk=contact.pk).exists()

    @rule(number=NUMBER)
    def cancel(self, number) -> None:
        registration = self.pick(Registration.objects.select_related("gathering"), number)
        if registration and (done := places.cancel(registration, by=registration.user, now=self.pulje.now)):
            cancelled, passed = done
            notices.cancelled(cancelled, by=registration.user, now=self.pulje.now)
            notices.passed(passed, now=self.pulje.now)

    @rule(number=NUMBER)
    def accept(self, number) -> None:
        registration = self.pick(Registration.objects.offered().select_related("gathering"), number)
        if registration:
            try:
                accepted = places.accept(registration, by=registration.user, now=self.pulje.now)
            except ValidationError:
                return
            assert accepted
            notices.placed(accepted, now=self.pulje.now)

    @rule(one=NUMBER, other=NUMBER)
    def merge_people(self, one, other) -> None:
        kept, gone = self.person(one), self.person(other)
        if not merging.why_not(kept, gone, by=self.pulje.staff):
            merging.merge(kept, gone, by=self.pulje.staff, now=self.pulje.now)

    @rule(number=st.integers(0, 1))
    def withdraw(self, number) -> None:
        leaving = Participation.objects.filter(pk=self.pulje.participations[number].pk)
        try:
            withdrawal.withdraw(
                leaving, decided_on=self.pulje.today, reason="Nedbemanning", by=self.pulje.staff, now=self.pulje.now
            )
        except ValidationError:
            return
        assert not leaving.taking_part().exists()

    @rule(number=st.integers(0, 1), again=st.booleans())
    def come_back(self, number, again) -> None:
        participation = Participation.objects.get(pk=self.pulje.participations[number].pk)
        over = participation.withdrawal
        could = at_gatherings.may_come_again(over, today=self.pulje.today) if over and again else []
        try:
            withdrawal.come_back(
                participation,
                returned_on=self.pulje.today,
                reason="Ombestemte seg",
                due_on=self.pulje.today + 20 * DAY,
                stay=[],
                again=could,
                by=self.pulje.staff,
                now=self.pulje.now,
            )
        except ValidationError:
            return
        assert Participation.objects.taking_part().filter(pk=participation.pk).exists()

    @rule(number=NUMBER, days=st.sampled_from([0, 5, 40]))
    def close_unit(self, number, days) -> None:
        try:
            closing.close(self.unit(number), on=self.pulje.today + days * DAY, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    @rule(one=NUMBER, other=NUMBER, days=st.sampled_from([0, 5]), keeps=st.sampled_from(UnitClosure.Keeps.values))
    def merge_units(self, one, other, days, keeps) -> None:
        unit, on = self.unit(one), self.pulje.today + days * DAY
        into = self.pick(unit.participation.units.all(), other)
        moves = closing.Moves(keeps, keeps, measures=days == 0)
        try:
            closing.merge(unit, into, on=on, moves=moves, by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    @rule(number=NUMBER)
    def reopen_unit(self, number) -> None:
        try:
            closing.reopen(self.unit(number), by=self.pulje.staff, now=self.pulje.now)
        except ValidationError:
            return

    @rule(which=st.integers(0, 1), days=st.sampled_from([-3, 7]), places_more=st.integers(-1, 2))
    def move_gathering(self, which, days, places_more) -> None:
        gathering = self.gathering(which)
        if gathering.starts_on <= self.pulje.today:
            return
        for name in ("closes_on", "travel_closes_on", "starts_on", "ends_on"):
            setattr(gathering, name, getattr(gathering, name) + days * DAY)
        gathering.closes_on = max(gathering.closes_on, gathering.opens_on)
        if gathering.capacity:
            gathering.capacity = max(gathering.capacity + places_more, places.taken(gathering), 1)
        changing.save(gathering, by=self.pulje.staff, now=self.pulje.now)

    # What holds after each

    @invariant()
    @of_what_is_new
    def nobody_has_two_identities(self) -> None:
        assert User.objects.filter(merged_into__isnull=False, is_active=True).count() == 0
        for rows in (Contact.objects.current(), Registration.objects.active()):
            assert not rows.filter(user__merged_into__isnull=False).exists()
        assert not GroupMember.objects.current().filter(supervisor__user__merged_into__isnull=False).exists()

    @invariant()
    @of_what_is_new
    def mails_and_calendar_entries_go_to_the_address_of_now(self) -> None:
        now = self.pulje.now
        addresses = dict(User.objects.filter(merged_into=None).values_list("pk", "email"))
        for mail in plan.everything(now, now + 365 * DAY):
            assert mail.to == addresses[mail.recipient.pk], mail
        late = Message.objects.alive(now).filter(recipient__isnull=False).exclude(to=F("recipient__email"))
        assert not late.exists()
        entries = Attachment.objects.filter(message__in=Message.objects.alive(now), content_type__contains="REQUEST")
        waiting = set(entries.values_list("pk", "message__to"))
        # Also what has waited since before: its address may be another.
        for file in entries.filter(pk__in=[pk for pk, _to in waiting - self.read]).select_related("message"):
            text = bytes(file.content).decode().replace("\r\n ", "")
            assert {address.lower() for address in ATTENDEE.findall(text)} == {file.message.to}, text
        self.read |= waiting

    @invariant()
    @of_what_is_new
    def nobody_has_a_place_for_what_is_not_there(self) -> None:
        coming = Registration.objects.active().filter(gathering__starts_on__gt=self.pulje.today)
        assert not coming.filter(participation__withdrawn_at__isnull=False).exists()
        closed = Unit.objects.filter(closed_on__lte=self.pulje.today).values("pk")
        assert not coming.filter(unit__in=closed).exists()
        assert not AlsoFor.objects.current().filter(registration__in=coming, unit__in=closed).exists()
        planned = GuidanceSession.objects.planned().filter(held_on__gt=self.pulje.today)
        assert not planned.filter(group__participation__withdrawn_at__isnull=False).exists()
        assert not Measure.objects.going_on().filter(unit__in=closed).exists()

    @invariant()
    @of_what_is_new
    def places_are_used_and_no_more(self) -> None:
        for gathering in Gathering.objects.filter(capacity__isnull=False):
            taken = places.taken(gathering)
            assert taken <= gathering.capacity
            # None where nobody could answer an offer awake.
            lasts = gathering.offer_lasts_until(self.pulje.now)
            if gathering.is_settled and gathering.starts_on > self.pulje.today and lasts and taken < gathering.capacity:
                assert not gathering.registrations.waiting().exists()

    @invariant()
    @of_what_is_new
    def the_history_tells_each_change(self) -> None:
        for model in WITH_HISTORY:
            fields = [field.attname for field in model.history.model.tracked_fields]
            told = {
                row.pop("id"): row for row in model.history.order_by("history_date", "history_id").values("id", *fields)
            }
            for row in model.objects.values("id", *fields):
                assert told[row.pop("id")] == row, model

    # Picking

    def person(self, number: int) -> User:
        return self.pick(User.objects.filter(merged_into=None, is_staff=False), number)

    def unit(self, number: int) -> Unit:
        return self.pick(Unit.objects.select_related("participation"), number)

    def gathering(self, number: int) -> Gathering:
        return Gathering.objects.get(pk=self.pulje.gatherings[number].pk)

    @staticmethod
    def pick(rows, number: int):
        """One of these rows; None when there are none."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=keys[number % len(keys)]) if keys else None


class InSpring(EverythingFollows):
    """Over Easter and the change of clock at the end of March."""


class InAutumn(EverythingFollows):
    """Over the change of clock at the end of October, and towards Christmas."""

    beginning = datetime(2027, 10, 4, 9, tzinfo=OSLO)


def run(machine: type[EverythingFollows], *, steps: int, examples: int, **options: bool) -> None:
    """`steps` in each of `examples`, at most."""
    checks = list(HealthCheck)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, **options
        ),
    )


# Each of them a test, so that two processors share the thousand steps.
@pytest.mark.slow
@pytest.mark.parametrize("machine", [InSpring, InAutumn])
def test_five_hundred_steps(db, machine):
    run(machine, steps=50, examples=10)


@pytest.mark.nightly
@pytest.mark.parametrize("machine", [InSpring, InAutumn])
def test_twenty_five_thousand_steps(db, machine):
    run(machine, steps=100, examples=250, derandomize=False, print_blob=True)
