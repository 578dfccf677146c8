"""Several people change things at once, in any order: whatever they do, what hangs on it follows.

Each step is one change by one person. After each, the rules below hold, whoever did what before.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import AlsoFor, Gathering, Registration
from guidance.models import GroupMember, GuidanceSession, Measure
from lmp.changes import tasks
from lmp.changes.tests.acting import Acting
from lmp.changes.tests.small_pulje import DAY, OSLO, SmallPulje
from outbox import plan
from outbox.models import Attachment, Message
from participants.models import Contact, Participation, Unit, UnitClosure

SPELLINGS = [str.lower, str.upper, lambda text: f" {text}\u200b", lambda text: text.replace("å", "a\u030a")]
WITH_HISTORY = (Registration, Contact, Unit, Participation, Gathering, GuidanceSession, GroupMember)
NUMBER, ONE_OF_TWO = st.integers(0, 11), st.integers(0, 1)
KEEPS = st.sampled_from(UnitClosure.Keeps.values)
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


class EverythingFollows(Acting, RuleBasedStateMachine):
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

    @initialize(people=st.integers(0, 6))
    def some_are_registered(self, people: int) -> None:
        """There are three places: often some wait from the beginning, and what frees a place must pass it on."""
        for number in range(people):
            self.register(number, 0, number, also=False)

    change_address = rule(who=NUMBER, number=NUMBER, spelling=st.sampled_from(SPELLINGS))(Acting.change_address)
    register = rule(who=NUMBER, which=ONE_OF_TWO, where=NUMBER, also=st.booleans())(Acting.register)
    nobody_comes = rule(which=ONE_OF_TWO, where=NUMBER)(Acting.nobody_comes)
    swap = rule(number=NUMBER, who=NUMBER)(Acting.swap)
    replace = rule(number=NUMBER, who=NUMBER, days=st.sampled_from([0, 0, 5]), everything=st.booleans())(Acting.replace)
    cancel = rule(number=NUMBER)(Acting.cancel)
    accept = rule(number=NUMBER)(Acting.accept)
    merge_people = rule(one=NUMBER, other=NUMBER)(Acting.merge_people)
    withdraw = rule(number=ONE_OF_TWO)(Acting.withdraw)
    come_back = rule(number=ONE_OF_TWO, again=st.booleans())(Acting.come_back)
    close_unit = rule(number=NUMBER, days=st.sampled_from([0, 5, 40]))(Acting.close_unit)
    merge_units = rule(one=NUMBER, other=NUMBER, days=st.sampled_from([0, 5]), keeps=KEEPS)(Acting.merge_units)
    reopen_unit = rule(number=NUMBER)(Acting.reopen_unit)
    move_gathering = rule(which=ONE_OF_TWO, days=st.sampled_from([-3, 7]), places_more=st.integers(-1, 2))(
        Acting.move_gathering
    )

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
