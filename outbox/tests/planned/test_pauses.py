"""A rule that is switched off in a part of the plan: what falls out, what goes all the same, and what never goes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from outbox import plan
from outbox.digest import Digest, DueReminder
from outbox.models import Message
from outbox.pauses import Pause, ReminderRule
from outbox.plan import Planned
from outbox.tests import mails

User = get_user_model()

MORNING = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KARI, OLA = 1000001, 1000002

RULES = [ReminderRule(mails.REMINDER.name, "Påminnelser", frozenset({mails.REMINDER.name}), "")]
DIGEST: Digest[str] = Digest(
    mails.REMINDER.name,
    lambda items: mails.REMINDER,
    lambda items, *, name: {"kommune": name, "frist": "3. mai", "enheter": list(items)},
)
DUES: list[DueReminder[str]] = []
WHOLE: list[Planned] = []
PAUSES: list[Pause] = []


def planner(start: datetime, end: datetime):
    yield from DIGEST.mails(DUES, sent=DIGEST.sent(start), start=start, end=end)
    yield from [mail for mail in WHOLE if start < mail.send_at <= end]


def pauses():
    return PAUSES


@pytest.fixture(autouse=True)
def clock(db, settings):
    settings.MAIL_APPS = [__name__]
    for facts in (DUES, WHOLE, PAUSES):
        facts.clear()
    with time_machine.travel(MORNING - DAY, tick=False) as traveller:
        yield traveller


def due(place: str, *, version: str = "", user: int = KARI, send_at: datetime = MORNING) -> None:
    recipient, _made = User.objects.get_or_create(pk=user, defaults={"email": f"{user}@example.no"})
    DUES.append(
        DueReminder(
            recipient=recipient,
            name="Kari",
            language="nb",
            send_at=send_at,
            until=send_at + 7 * DAY,
            version=version or place,
            item=f"Enhet i {place}",
            about=Group(pk=len(DUES) + 1),
            why=f"{place} mangler",
            scope=frozenset({"cohort:9", f"participation:{place}"}),
        )
    )


def off(place: str = "participation:A", begins=MORNING - HOUR, ends=None, rule: str = mails.REMINDER.name) -> Pause:
    PAUSES.append(Pause(rule, place, begins, ends, "sommerferie"))
    return PAUSES[-1]


def sent(now: datetime = MORNING) -> list[Message]:
    """What goes at a run at this moment."""
    before = set(Message.objects.values_list("pk", flat=True))
    plan.send_due(now)
    return list(Message.objects.exclude(pk__in=before))


def named(found: list[Planned]) -> list[list[str]]:
    return [list(mail.values["enheter"]) for mail in found]


def test_what_is_off_does_not_go():
    due("A")
    off()
    assert sent() == []


def test_it_stops_no_other_place():
    due("A")
    due("B", user=OLA)
    off()
    assert [message.recipient_id for message in sent()] == [OLA]


def test_off_for_the_cohort_is_off_for_each_place_in_it():
    due("A")
    due("B", user=OLA)
    off("cohort:9")
    assert sent() == []


def test_another_rule_goes():
    due("A")
    off(rule="outbox_tests.other")
    assert len(sent()) == 1


def test_of_a_mail_about_several_places_the_rest_goes_once():
    due("A")
    due("B")
    off()
    going, left_out = plan.with_left_out(MORNING - HOUR, MORNING)
    assert (named(going), named([each.mail for each in left_out])) == ([["Enhet i B"]], [["Enhet i A"]])
    assert [each.rest.key for each in left_out] == [going[0].key]
    assert going[0].why == "B mangler"
    assert len(sent()) == 1
    assert sent() == []  # a second beat
    PAUSES.clear()
    PAUSES.append(Pause(mails.REMINDER.name, "participation:A", MORNING - HOUR, MORNING + HOUR, ""))
    assert sent(MORNING + 2 * HOUR) == []  # and lifted, it doesn't come after


def test_places_with_one_key_are_parted_too():
    """A person with units in two municipalities has one line in the key for the gathering that both lack."""
    due("A", version="gathering")
    due("B", version="gathering")
    off()
    assert named(plan.everything(MORNING - HOUR, MORNING)) == [["Enhet i B"]]
    assert len(sent()) == 1
    assert sent() == []


def test_what_has_gone_does_not_go_again_without_what_is_switched_off_since():
    due("A")
    due("B")
    assert len(sent()) == 1
    off(begins=MORNING + HOUR)
    assert sent(MORNING + 2 * HOUR) == []
    assert plan.with_left_out(MORNING - HOUR, MORNING + 2 * HOUR)[1] == []


def test_what_fell_due_meanwhile_never_goes(clock):
    due("A")
    due("A", version="later", send_at=MORNING + 3 * DAY)
    off(ends=MORNING + 2 * DAY)
    clock.move_to(MORNING + 2 * DAY)
    assert sent(MORNING + 2 * DAY) == []
    assert named([each.mail for each in plan.with_left_out(MORNING - DAY, MORNING + 2 * DAY)[1]]) == [["Enhet i A"]]
    assert len(sent(MORNING + 3 * DAY)) == 1  # what falls due after it goes, alone


def test_what_was_late_when_it_was_switched_off_does_not_go_either(clock):
    """The beat was down from eight to ten, and at nine the reminder was switched off."""
    due("A")
    off(begins=MORNING + HOUR)
    clock.move_to(MORNING + 2 * HOUR)
    assert sent(MORNING + 2 * HOUR) == []


def test_what_falls_due_before_or_after_it_goes():
    due("A")
    due("A", version="later", send_at=MORNING + 2 * DAY)
    off(begins=MORNING + HOUR, ends=MORNING + DAY)
    assert len(sent()) == 1
    assert len(sent(MORNING + 2 * DAY)) == 1


def test_lifted_before_it_began_it_takes_nothing():
    due("A")
    off(begins=MORNING + DAY, ends=MORNING - HOUR)
    assert len(sent(MORNING + 2 * DAY)) == 1


class TestOneThingForSeveralPlaces:
    """A journey for two municipalities: one mail, that can't be parted."""

    @pytest.fixture(autouse=True)
    def _whole(self):
        parts = [frozenset({"cohort:9", f"participation:{place}"}) for place in "AB"]
        WHOLE.append(
            Planned(
                key="whole",
                recipient=User.objects.for_email("kari@example.no"),
                name="Kari",
                language="nb",
                text=mails.REMINDER,
                send_at=MORNING,
                until=MORNING + DAY,
                why="",
                values={"kommune": "", "frist": "", "enheter": []},
                about=None,
                scope=frozenset().union(*parts),
                parts=parts,
            )
        )

    def test_it_goes_when_it_is_off_in_one(self):
        off()
        assert len(sent()) == 1

    def test_it_does_not_when_it_is_off_in_both(self):
        off()
        off("participation:B")
        assert sent() == []


def test_what_fell_due_while_it_was_off_is_not_caught_up_with_in_a_later_mornings_mail(clock):
    due("A", send_at=MORNING - DAY)
    due("B", send_at=MORNING)
    off(begins=MORNING - 2 * DAY, ends=MORNING - HOUR)
    clock.move_to(MORNING)
    [message] = sent()
    assert message.key.endswith(":B")
    assert sent(MORNING + HOUR) == []


def test_it_takes_what_goes_from_its_first_moment_on():
    pause = Pause("r", "s", MORNING, None, "")
    moments = [(MORNING - HOUR, MORNING), (MORNING, MORNING), (MORNING - HOUR, MORNING - HOUR)]
    assert [pause.takes(frozenset("s"), send_at=send, seen_at=seen) for send, seen in moments] == [True, True, False]
