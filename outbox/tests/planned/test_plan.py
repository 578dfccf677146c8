"""Planned mails: posted once they are due, once only, and never after their time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from outbox import plan, posting, tasks
from outbox.models import Message
from outbox.plan import Planned
from outbox.tests import mails
from parts.files import File

User = get_user_model()

NOW = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)
FACTS: list[Planned] = []


def planner(start: datetime, end: datetime):
    return [mail for mail in FACTS if start < mail.send_at <= end]


def broken(start: datetime, end: datetime):
    raise RuntimeError("a bug in one app")


@pytest.fixture(autouse=True)
def _planner(db, settings):
    settings.MAIL_APPS = [__name__]
    FACTS.clear()


def fact(key: str = "a", *, send_at: datetime = NOW, days: float = 7, **changes) -> Planned:
    arguments = {
        "recipient": User.objects.for_email(f"{key}@example.no"),
        "name": key,
        "language": "nn",
        "text": mails.REMINDER,
        "why": "Har ikke svart.",
        "values": {"kommune": "Å", "frist": "3. mai", "enheter": []},
        "about": None,
    } | changes
    mail = Planned(key=key, send_at=send_at, until=send_at + timedelta(days=days), **arguments)
    FACTS.append(mail)
    return mail


def test_what_is_due_is_posted_with_its_end(now):
    planned = fact()
    assert plan.send_due(NOW) == 1
    message = Message.objects.get()
    assert (message.key, message.to, message.language, message.why) == ("a", "a@example.no", "nn", "Har ikke svart.")
    assert (message.created_at, message.expires_at) == (NOW, planned.until)


def test_its_files_are_made_when_it_is_posted_and_only_then():
    made: list[str] = []

    def attach() -> list[File]:
        made.append("once")
        return [File("moete.ics", "text/calendar", b"BEGIN:VCALENDAR")]

    fact(attach=attach)
    plan.everything(NOW - timedelta(days=1), NOW)
    assert made == []
    plan.send_due(NOW)
    plan.send_due(NOW)
    assert made == ["once"]
    [file] = Message.objects.get().attachments.all()
    assert (file.name, file.content_type, bytes(file.content)) == ("moete.ics", "text/calendar", b"BEGIN:VCALENDAR")


def test_files_that_cannot_be_made_keep_back_no_other_mail(caplog):
    fact("a", attach=lambda: 1 / 0)
    fact("b")
    assert plan.send_due(NOW) == 1
    assert "a could not be posted" in caplog.text


def test_a_second_run_posts_nothing():
    fact()
    plan.send_due(NOW)
    assert plan.send_due(NOW + timedelta(minutes=5)) == 0
    assert Message.objects.count() == 1


def test_a_missed_run_catches_up_and_posts_once():
    fact()
    assert plan.send_due(NOW - timedelta(seconds=1)) == 0
    assert plan.send_due(NOW + timedelta(days=3)) == 1


def test_what_is_past_its_time_is_not_posted():
    fact(days=1)
    assert plan.send_due(NOW + timedelta(days=1)) == 0


def test_facts_that_move_move_the_mail():
    fact()
    FACTS.clear()
    assert plan.send_due(NOW) == 0


def test_a_run_beside_another_posts_each_once(monkeypatch):
    fact()
    monkeypatch.setattr(plan, "posted_keys", lambda keys: set())  # both looked before either wrote
    plan.send_due(NOW)
    plan.send_due(NOW)
    assert Message.objects.count() == 1


def test_a_mail_that_cannot_be_written_keeps_back_no_other(caplog):
    fact("a", values={})
    fact("b")
    assert plan.send_due(NOW) == 1
    assert "a could not be posted" in caplog.text


def test_a_planner_that_fails_keeps_back_no_other(monkeypatch, caplog):
    monkeypatch.setattr(plan, "planners", lambda: [broken, planner])
    fact()
    assert plan.send_due(NOW) == 1
    assert "a bug in one app" in caplog.text


def test_everything_is_sorted_and_half_open():
    fact("b", send_at=NOW + timedelta(hours=1))
    fact("z", send_at=NOW)
    fact("a", send_at=NOW + timedelta(hours=1))
    fact("late", send_at=NOW + timedelta(hours=2))
    found = plan.everything(NOW, NOW + timedelta(hours=2))
    assert [mail.key for mail in found] == ["a", "b", "late"]


def test_looking_changes_nothing():
    fact()
    plan.everything(NOW - timedelta(days=1), NOW)
    assert not Message.objects.exists()


def test_more_mails_than_a_query_takes_are_all_looked_up():
    for number in range(1100):
        fact(f"k{number}")
    posting.post(mails.REMINDER, key="k1099", to="x@example.no", language="nb", values=FACTS[0].values, why="", now=NOW)
    assert len(plan.posted_keys([mail.key for mail in FACTS])) == 1


def test_the_task_asks_with_the_clock(monkeypatch):
    asked = []
    monkeypatch.setattr(plan, "send_due", asked.append)
    tasks.send_due()
    assert abs(asked[0] - datetime.now(UTC)) < timedelta(seconds=5)
