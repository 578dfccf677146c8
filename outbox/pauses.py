"""Planned reminders that staff have switched off for a while, in a part of the plan: for a cohort, say.

A mail that falls due meanwhile is left out for good. It does not go when the reminder is switched on again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from outbox import texts


@dataclass(frozen=True)
class ReminderRule:
    """A kind of planned reminder that may be switched off: the mails it goes as, and what takes one of them away."""

    name: str
    title: str | Promise
    texts: frozenset[str]
    falls_away: str | Promise


@dataclass(frozen=True)
class Pause:
    """One rule is off in one scope ("cohort:9"). `words` say where and why."""

    rule: str
    scope: str
    begins: datetime
    ends: datetime | None
    words: str

    def takes(self, scope: frozenset[str], *, send_at: datetime, seen_at: datetime) -> bool:
        """Whether it takes away what was to go at this moment. What is late by then waits no longer."""
        if self.scope not in scope or self.begins > max(send_at, seen_at):
            return False
        return self.ends is None or self.ends > max(send_at, self.begins)


def rules() -> dict[str, ReminderRule]:
    """By name. Each app says which of its reminders may be switched off."""
    return {rule.name: rule for app in texts.mail_apps() for rule in getattr(app, "RULES", ())}


def rule_of(text: str) -> ReminderRule | None:
    """The rule that a mail with this text goes by. None for what is never switched off."""
    return next((rule for rule in rules().values() if text in rule.texts), None)


class Pauses:
    """All there are and were, by the text that they take away."""

    def __init__(self, pauses: Iterable[Pause]) -> None:
        known = rules()
        self._of_text: dict[str, list[Pause]] = {}
        for pause in pauses:
            if pause.rule in known:
                for text in known[pause.rule].texts:
                    self._of_text.setdefault(text, []).append(pause)

    @classmethod
    def load(cls) -> "Pauses":
        return cls(pause for app in texts.mail_apps() if hasattr(app, "pauses") for pause in app.pauses())

    def of(self, text: str, scope: frozenset[str], *, send_at: datetime, seen_at: datetime) -> Pause | None:
        """What takes this away, if anything does."""
        return next(
            (each for each in self._of_text.get(text, ()) if each.takes(scope, send_at=send_at, seen_at=seen_at)), None
        )
