"""The state of a message, asked of one and of the database, is the same one of eight."""

from datetime import timedelta
from uuid import UUID

import pytest
from celery import current_app
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from outbox.models import Message, MessageState
from outbox.tests.conftest import NOW

OVER = ["sent_at", "given_up_at", "returned_at"]
MOMENTS = st.sampled_from([None, NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)])


@pytest.mark.django_db
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.sampled_from(["sent_at", "given_up_at", "returned_at"]), st.integers(0, 2)
)
def test_both_say_the_same(over, expires_at, claimed_until, stopped_at, how, attempts):
    Message.objects.all().delete()
    message = Message.objects.create(
        key="k",
        message_id="<k@x>",
        created_at=NOW,
        next_attempt_at=NOW,
        expires_at=expires_at,
        claimed_until=claimed_until,
        claim=UUID(int=1) if claimed_until else None,
        attempts=attempts,
        stopped_at=stopped_at,
        **({"sent_at": over, "returned_at": over, "returned_why": "full"} if over and how == "returned_at" else {}),
        **({how: over} if how != "returned_at" else {}),
    )
    found = [state for state in MessageState if Message.objects.in_state(state, NOW).exists()]
    assert found == [message.state_at(NOW)]


@pytest.mark.django_db
def test_only_what_waits_unclaimed_and_in_time_is_due(post, now):
    post("due")
    post("later", now=now + timedelta(minutes=1))
    post("expired", expires_at=now)
    for key, facts in {
        "claimed": {"claim": UUID(int=1), "claimed_until": now + timedelta(minutes=1)},
        "sent": {"sent_at": now},
        "given up": {"given_up_at": now},
        "stopped": {"stopped_at": now},
    }.items():
        Message.objects.filter(pk=post(key).pk).update(**facts)
    assert [message.key for message in Message.objects.due(now)] == ["due"]


def test_what_beat_starts_is_there_and_never_piles_up():
    current_app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in current_app.tasks
        if isinstance(entry["schedule"], timedelta):
            assert timedelta(seconds=entry["options"]["expires"]) < entry["schedule"]
    tasks = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks["outbox.tasks.sweep"] <= timedelta(minutes=1)
    assert tasks["outbox.tasks.send_due"] <= timedelta(minutes=5)
