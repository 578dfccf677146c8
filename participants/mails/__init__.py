"""The mails of this app: what follows at once, what today's facts call for, and what each says."""

from participants.mails import texts, units
from participants.mails.planned import planned as planner
from participants.mails.rules import RULES

TEXTS = (*texts.TEXTS, *units.TEXTS)

__all__ = ["RULES", "TEXTS", "planner"]
