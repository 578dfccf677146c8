"""One reminder per person and morning: what it names, what it has named, and what joins it later."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from outbox import plan
from outbox.digest import MAX_NAMED, Digest, DueReminder
from outbox.models import MAX_KEY_LENGTH, Message
from outbox.plan import Planned
from outbox.tests import mails

User = get_user_model()

MORNING = datetime(2027, 4, 12, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KARI, OLA = 1000001, 1000002


def fill(items, *, name):
    return {"kommune": name, "frist": "3. mai", "enheter": list(items)}


DIGEST: Digest[str] = Digest("outbox_tests.reminder", lambda items: mails.REMINDER, fill)
DUES: list[DueReminder[str]] = []


def planner(start: datetime, end: datetime):
    return DIGEST.mails(DUES, sent=DIGEST.sent(start), start=start, end=end)


@pytest.fixture(autouse=True)
def clock(db, settings):
    settings.MAIL_APPS = [__name__]
    DUES.clear()
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def due(number: int, *, user: int = KARI, days: float = 7, send_at: datetime = MORNING, **facts) -> None:
    values = {
        "name": f"Person {user}",
        "language": "nb",
        "version": str(number),
        "item": f"Enhet {number}",
        "why": f"{number} mangler",
        "scope": frozenset({f"cohort:{number % 2}"}),
    }
    about = Group(pk=number)
    recipient, _made = User.objects.get_or_create(pk=user, defaults={"email": f"{user}@example.no"})
    until = send_at + days * DAY
    DUES.append(DueReminder(recipient=recipient, send_at=send_at, until=until, about=about, **values | facts))


def looked_at(start: datetime = MORNING - DAY, end: datetime = MORNING) -> list[Planned]:
    return list(planner(start, end))


def named(mail: Planned) -> list[str]:
    return list(mail.values["enheter"])


def test_one_mail_per_person_and_morning_names_what_is_due_first_first():
    due(1, days=9)
    due(2, days=5)
    due(3, user=OLA)
    due(4, send_at=MORNING + DAY)
    kari, ola = looked_at()
    assert (kari.to, kari.name, kari.key) == (
        "1000001@example.no",
        "Person 1000001",
        "outbox_tests.reminder:2027-04-12:1000001:2+1",
    )
    assert named(kari) == ["Enhet 2", "Enhet 1"]
    assert (kari.send_at, kari.until) == (MORNING, MORNING + 9 * DAY)
    assert (kari.why, kari.scope) == ("2 mangler; 1 mangler", {"cohort:0", "cohort:1"})
    assert kari.about == Group(pk=2)
    assert named(ola) == ["Enhet 3"]


def test_its_morning_is_after_the_start_and_no_later_than_the_end():
    due(1)
    assert len(looked_at(MORNING - DAY, MORNING)) == 1
    assert looked_at(MORNING, MORNING + DAY) == looked_at(MORNING - DAY, MORNING - timedelta(seconds=1)) == []


def test_several_of_one_version_are_one_in_the_key_and_all_named_once():
    due(1, version="7@2027-05-03", item="Eksempelby")
    due(1, version="7@2027-05-03", item="Prøveby")
    due(1, version="7@2027-05-03", item="Eksempelby")
    [mail] = looked_at()
    assert mail.key.endswith(":1000001:7@2027-05-03")
    assert named(mail) == ["Eksempelby", "Prøveby"]
    assert mail.why == "1 mangler"


def test_what_joins_later_gets_a_mail_of_its_own_and_what_has_gone_stays_as_it_went():
    due(1)
    assert plan.send_due(MORNING) == 1
    due(2)
    assert plan.send_due(MORNING + timedelta(minutes=5)) == 1
    assert plan.send_due(MORNING + timedelta(minutes=10)) == 0
    assert [named(mail) for mail in looked_at()] == [["Enhet 1"], ["Enhet 2"]]
    assert [mail.key for mail in looked_at()] == list(Message.objects.order_by("pk").values_list("key", flat=True))


def test_what_is_done_makes_the_rest_go_no_second_time():
    due(1)
    due(2)
    assert plan.send_due(MORNING) == 1
    DUES.pop(0)
    assert plan.send_due(MORNING + timedelta(minutes=5)) == 0
    assert [named(mail) for mail in looked_at()] == [["Enhet 2"]]


def test_a_new_version_is_named_again():
    due(7, version="7@2027-05-03")
    assert plan.send_due(MORNING) == 1
    DUES.clear()
    due(7, version="7@2027-05-04")
    assert plan.send_due(MORNING + timedelta(minutes=5)) == 1


def test_what_is_past_its_time_when_a_missed_run_catches_up_takes_nothing_else_with_it(clock):
    due(1, days=1)
    due(2, days=7)
    clock.move_to(MORNING + 2 * DAY)
    assert plan.send_due(MORNING + 2 * DAY) == 1
    assert "Enhet 1" not in Message.objects.get().body
    assert plan.send_due(MORNING + 2 * DAY) == 0


def test_runs_that_were_missed_for_days_give_each_person_one_mail(clock):
    due(1, send_at=MORNING - DAY)
    due(2, send_at=MORNING)
    due(3, send_at=MORNING - 2 * DAY, user=OLA)
    assert plan.send_due(MORNING) == 2
    kari, ola = sorted(Message.objects.all(), key=lambda message: message.to)
    assert kari.key == "outbox_tests.reminder:2027-04-12:1000001:1+2"
    assert all(unit in kari.body for unit in ("Enhet 1", "Enhet 2"))
    assert ola.key == "outbox_tests.reminder:2027-04-10:1000002:3"
    clock.move_to(MORNING + timedelta(minutes=5))
    assert plan.send_due(MORNING + timedelta(minutes=5)) == 0
    clock.move_to(MORNING + 3 * DAY)
    assert plan.send_due(MORNING + 3 * DAY) == 0


def test_what_fell_due_twice_meanwhile_is_said_as_it_is_now():
    due(1, send_at=MORNING - DAY, item="Gammelt navn")
    due(1, send_at=MORNING, item="Nytt navn")
    assert plan.send_due(MORNING) == 1
    body = Message.objects.get().body
    assert "Nytt navn" in body
    assert "Gammelt navn" not in body
    assert plan.send_due(MORNING) == 0


def test_what_was_missed_goes_at_once_when_the_next_morning_is_still_to_come(clock):
    due(1, send_at=MORNING - DAY)
    due(1, send_at=MORNING)
    evening = MORNING - DAY / 2
    clock.move_to(evening)
    assert plan.send_due(evening) == 1
    clock.move_to(MORNING)
    assert plan.send_due(MORNING) == 1


def test_a_clock_that_is_set_back_and_forth_sends_nothing_twice(clock):
    due(1, send_at=MORNING - DAY)
    due(2)
    for moment, sent in [(MORNING - DAY, 1), (MORNING - 2 * DAY, 0), (MORNING, 1), (MORNING - DAY, 0), (MORNING, 0)]:
        clock.move_to(moment)
        assert plan.send_due(moment) == sent


def test_what_is_past_its_time_is_not_caught_up_with():
    due(1, send_at=MORNING - 2 * DAY, days=1)
    due(2, send_at=MORNING)
    assert plan.send_due(MORNING) == 1
    assert "Enhet 1" not in Message.objects.get().body


def test_more_than_one_mail_has_room_for_is_caught_up_with_in_as_few(clock):
    for number in range(2 * MAX_NAMED):
        due(number, send_at=MORNING - (number % 3) * DAY)
    assert plan.send_due(MORNING) == 2
    assert plan.send_due(MORNING) == 0


def test_a_look_far_ahead_shows_all_that_the_mail_will_name():
    due(1, days=1, send_at=MORNING + 5 * DAY)
    due(2, days=70, send_at=MORNING + 5 * DAY)
    [mail] = looked_at(MORNING, MORNING + 30 * DAY)
    assert named(mail) == ["Enhet 1", "Enhet 2"]


@pytest.mark.parametrize("version", ["{}", "{}@2027-05-03", "{}" + "x" * 100])
def test_more_than_a_key_has_room_for_are_shared_between_mails(version):
    for number in range(1000000, 1000060):
        due(number, version=version.format(number))
    found = looked_at()
    assert len(found) >= 60 / MAX_NAMED
    assert max(len(mail.key) for mail in found) <= MAX_KEY_LENGTH
    assert max(len(named(mail)) for mail in found) <= MAX_NAMED
    assert [item for mail in found for item in named(mail)] == [f"Enhet {number}" for number in range(1000000, 1000060)]
    assert plan.send_due(MORNING) == len(found)
    assert plan.send_due(MORNING) == 0


def test_a_mail_sent_again_by_staff_counts_for_nothing():
    due(1)
    plan.send_due(MORNING)
    Message.objects.create(
        key="resend:1:a", message_id="b", created_at=MORNING, next_attempt_at=MORNING, text_name=mails.REMINDER.name
    )
    assert plan.send_due(MORNING) == 0


@pytest.mark.parametrize("key", ["writing:5:1000001", "resend:7:abc", "outbox_tests.reminder:2027-04-12:1000001", "k1"])
def test_one_that_was_sent_by_hand_counts_for_nothing_and_stops_nothing(key):
    due(1)
    [mail] = DIGEST.mails(DUES, sent=[key], start=MORNING - DAY, end=MORNING)
    assert mail.key.endswith(f":{KARI}:1")


def test_as_it_would_go_today_it_names_all_whatever_has_gone_and_whenever_each_is_due():
    due(1)
    plan.send_due(MORNING)
    due(2, send_at=MORNING + 3 * DAY)
    due(3, user=OLA)
    mails_today = list(DIGEST.today(DUES))
    assert [mail.values["enheter"] for mail in mails_today] == [["Enhet 1", "Enhet 2"], ["Enhet 3"]]
