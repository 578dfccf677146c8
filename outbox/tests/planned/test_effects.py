"""What a change does to the mails is seen without being done."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from outbox import plan
from outbox.effects import effects
from outbox.models import Message
from outbox.plan import Planned
from outbox.posting import post
from outbox.tests import mails

User = get_user_model()

NOW = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)
VALUES: dict[str, str | list[str]] = {"kommune": "Å", "frist": "3. mai", "enheter": []}


@pytest.fixture
def ola(db) -> User:
    return User.objects.for_email("ola@example.no", name="Ola Dahl")


@pytest.fixture
def planned(monkeypatch, settings):
    """One reminder to everybody who can sign in."""
    settings.MAIL_APPS = ["outbox.tests.mails"]

    def planner(start: datetime, end: datetime):
        at = NOW + timedelta(days=2)
        for user in User.objects.filter(is_active=True):
            if start < at <= end:
                yield Planned(
                    key=f"r:{user.pk}",
                    recipient=user,
                    name=user.name,
                    language="nb",
                    text=mails.REMINDER,
                    send_at=at,
                    until=at + timedelta(days=1),
                    why="-",
                    values=VALUES,
                    about=None,
                    scope=frozenset({"cohort:9"}),
                )

    monkeypatch.setattr(plan, "planners", lambda: [planner])


def bar(user: User) -> str:
    post(mails.REMINDER, key="gone", to=user, language="nb", values=VALUES, why="-", now=NOW)
    User.objects.filter(pk=user.pk).update(is_active=False)
    return "done"


@pytest.mark.usefixtures("planned")
def test_who_is_told_what_falls_away_and_nothing_is_done(ola):
    result, found = effects(lambda: bar(ola), now=NOW)
    assert result == "done"
    assert [(row.text, row.names) for row in found.mails] == [(str(mails.REMINDER.title), ["Ola Dahl"])]
    assert found.told == {"ola@example.no"}
    assert [(shift.before, shift.after, shift.names) for shift in found.shifts] == [
        (NOW + timedelta(days=2), None, ["Ola Dahl"])
    ]
    ola.refresh_from_db()
    assert ola.is_active
    assert not Message.objects.exists()


@pytest.mark.usefixtures("planned")
def test_only_the_part_of_the_plan_that_is_asked_about(ola):
    _result, found = effects(lambda: bar(ola), now=NOW, scope="cohort:8")
    assert found.shifts == []


@pytest.mark.usefixtures("planned")
def test_nothing_is_nothing(ola):
    _result, found = effects(lambda: None, now=NOW)
    assert not found


@pytest.mark.usefixtures("planned")
def test_what_the_change_refuses_is_told_and_nothing_stays(ola):
    def refused() -> None:
        bar(ola)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        effects(refused, now=NOW)
    assert not Message.objects.exists()


@pytest.mark.usefixtures("planned")
def test_a_mail_that_goes_to_another_is_one_mail_with_another_recipient(ola):
    kari = User.objects.for_email("kari@example.no", name="Kari Lie")
    User.objects.filter(pk=kari.pk).update(is_active=False)

    def hand_over() -> None:
        User.objects.filter(pk=ola.pk).update(is_active=False)
        User.objects.filter(pk=kari.pk).update(is_active=True)

    _result, found = effects(hand_over, now=NOW)
    at = NOW + timedelta(days=2)
    assert [(shift.before, shift.after, shift.is_handed_over, shift.names) for shift in found.shifts] == [
        (at, at, True, ["Kari Lie (kari@example.no) i stedet for Ola Dahl (ola@example.no)"])
    ]
