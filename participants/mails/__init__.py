"""The mails of this app: what follows at once, what today's facts call for, and what each says."""

from participants.mails.planned import planned as planner
from participants.mails.texts import TEXTS

__all__ = ["TEXTS", "planner"]
