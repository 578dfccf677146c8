"""The mails of this app, all of them planned: what today's facts call for, and what each says."""

from guidance.mails.planned import planned as planner
from guidance.mails.texts import TEXTS

__all__ = ["TEXTS", "planner"]
