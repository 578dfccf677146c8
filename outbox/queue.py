"""Asking a worker for something, by the task's name, so that the caller need not know what the task does."""

import logging
import socket
import time
from urllib.parse import urlsplit

from celery import signature
from django.conf import settings

logger = logging.getLogger(__name__)

# After a failure, the queue is left alone this long, so that a page which posts many mails waits once.
PAUSE_SECONDS = 30
# A queue that takes a connection and says nothing is waited for this long. By itself the client waits for twice two
# seconds, which is what a worker needs; a page does not.
ANSWER_SECONDS = 0.5
_failed_at = float("-inf")


def queue_delivery() -> None:
    """Ask a worker to drain the outbox. What has waited a minute in the queue is the sweep's by then."""
    ask("outbox.tasks.deliver", expires=60)


def ask(task: str, *arguments: int, expires: int) -> None:
    """Let a worker do this task, if one comes to it within `expires` seconds.

    When the queue is down this gives up: whatever is asked for here, a sweep does later.
    """
    global _failed_at  # noqa: PLW0603
    if time.monotonic() - _failed_at < PAUSE_SECONDS:
        return
    try:
        _expect_answer()
        # Once: on a connection that was in use when the queue froze, Celery's own four attempts took ten seconds.
        signature(task, args=arguments).apply_async(expires=expires, retry=False)
    except Exception:
        _failed_at = time.monotonic()
        logger.exception("the queue cannot be reached; the sweep will do %s", task)


def _expect_answer() -> None:
    """Raise OSError unless Redis answers something, a request for a password too."""
    broker = urlsplit(settings.CELERY_BROKER_URL)
    if broker.scheme != "redis":
        return
    address = (broker.hostname or "127.0.0.1", broker.port or 6379)
    with socket.create_connection(address, timeout=ANSWER_SECONDS) as connection:
        connection.sendall(b"PING\r\n")
        if not connection.recv(1):
            raise ConnectionResetError("the queue hung up")
