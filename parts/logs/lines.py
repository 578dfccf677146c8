"""How a line of the log is written. Both kinds pass through the one redaction."""

import json
import logging
from datetime import UTC, datetime

from parts.logs import redaction, request


class RedactedLine(logging.Formatter):
    """A line for people: time, level, logger, request and message, and the place of an error below it."""

    def format(self, record: logging.LogRecord) -> str:
        about = f" [{request_id}]" if (request_id := request.current_id()) else ""
        trace = trace_of(record)
        line = f"{self.formatTime(record)} {record.levelname} {record.name}{about}: {message_of(record)}"
        return f"{line}\n{trace}" if trace else line


class JsonLine(logging.Formatter):
    """A line for programs: one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            "request_id": request.current_id(),
            "process": record.process,
            "trace": trace_of(record),
        }
        return json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False)


class LeaveOutRefusals(logging.Filter):
    """Django tells of each answer below 500 too, with the address and a trace. The request's own line has told it."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", 500) >= 500


def message_of(record: logging.LogRecord) -> str:
    if record.name == "django.request" and (asked := getattr(record, "request", None)) is not None:
        match = getattr(asked, "resolver_match", None)
        return f"{getattr(record, 'status_code', 500)} {f'/{match.route}' if match else '(no page)'}"
    if record.name.startswith("django.security"):
        return record.name  # what it says quotes what was sent
    arguments = record.args
    if isinstance(arguments, dict):
        # Celery hands over the error's words and the task's arguments as text.
        told = ("name", "id", "runtime", "description", "hostname", "pid", "state")
        arguments = {key: _told(value) if key in told else "…" for key, value in arguments.items()}
    elif arguments:
        arguments = tuple(_told(value) for value in arguments)
    try:
        message = str(record.msg) % arguments if arguments else str(_told(record.msg))
    except (TypeError, ValueError, KeyError):
        message = str(record.msg)
    return redaction.redact(message)


def _told(value: object) -> object:
    return redaction.describe(value) if isinstance(value, BaseException) else value


def trace_of(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[1] is None or getattr(record, "status_code", 500) < 500:
        return ""
    return redaction.redact(redaction.describe_with_trace(record.exc_info[1]))
