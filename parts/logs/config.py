"""The logging of every process: one handler to the standard error, one to whoever is told of errors."""

from typing import Any


def logging_config(*, json: bool, level: str) -> dict[str, Any]:
    # Django's own handlers would mail ADMINS the whole request, with what was typed.
    to_root: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "parts.logs.lines.JsonLine" if json else "parts.logs.lines.RedactedLine"}},
        "filters": {"refusals": {"()": "parts.logs.lines.LeaveOutRefusals"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]},
            "admins": {"()": "parts.logs.reporting.MailToAdmins", "filters": ["refusals"]},
        },
        "root": {"handlers": ["console", "admins"], "level": level},
        "loggers": {
            "django": to_root,
            "django.security": to_root,
            "gunicorn.error": to_root,
            "httpx": {"level": "WARNING"},
            "flufl.bounce": {"level": "WARNING"},
        },
    }
