"""Errors that somebody is told of: by mail to ADMINS, and to a Sentry. Neither gets more than a line of the log has."""

import logging
import threading
import time
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.core.mail import mail_admins

from parts.logs import redaction, request
from parts.logs.lines import RedactedLine, message_of

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

PAUSE = 3600  # seconds before the same error is mailed by this process again
MAX_AN_HOUR = 20


def is_reported() -> bool:
    """Whether anybody is told of an error, so that a page may say so."""
    return bool(settings.ADMINS or settings.SENTRY_DSN)


class MailToAdmins(logging.Handler):
    """A mail for an error: once an hour for the same place, at most twenty an hour, and nobody waits for it.

    It goes past the outbox, which may be what failed.
    """

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(RedactedLine())
        self._mailed: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS or not self._is_news(f"{record.pathname}:{record.lineno} {_place(record)}"):
            return
        subject = " ".join(message_of(record).split())[:120]
        body = f"{self.format(record)}\n\nrequest or task: {request.current_id() or '–'}\n{settings.SITE_URL}"
        threading.Thread(target=_mail, args=(subject, body), daemon=True).start()

    def _is_news(self, key: str) -> bool:
        now = time.monotonic()
        self._mailed = {place: at for place, at in self._mailed.items() if at > now - PAUSE}
        if key in self._mailed or len(self._mailed) >= MAX_AN_HOUR:
            return False
        self._mailed[key] = now
        return True


def _place(record: logging.LogRecord) -> str:
    error = record.exc_info[1] if record.exc_info else None
    if error is None or error.__traceback__ is None:
        return ""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return f"{type(error).__name__} {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"


def _mail(subject: str, body: str) -> None:
    try:
        mail_admins(subject, body)
    except Exception as error:
        # Not as an error: that would be mailed again.
        logging.getLogger(__name__).warning("an error could not be mailed to ADMINS: %s", error)


def start_sentry() -> None:
    """Without a DSN nothing is loaded and nothing is sent."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=scrub,
    )


def scrub(event: "Event", _hint: "Hint") -> "Event":
    """Leave the kind of the error, its place in the code and the id of the request."""
    of_a_person: tuple[Literal["request", "user", "breadcrumbs", "extra", "threads"], ...]
    of_a_person = ("request", "user", "breadcrumbs", "extra", "threads")
    for told in of_a_person:
        event.pop(told, None)
    contexts = event.get("contexts", {})
    event["contexts"] = {name: contexts[name] for name in ("runtime", "os") if name in contexts}
    if "message" in event:
        event["message"] = redaction.redact(str(event["message"]))
    if entry := event.pop("logentry", None):
        event["logentry"] = {"message": redaction.redact(str(entry.get("message", "")))}
    for value in event.get("exception", {}).get("values", []):
        value["value"] = ""
        value.pop("mechanism", None)
    event["tags"] = {"request_id": request.current_id()}
    return event
