"""The mails of this app, nearly all of them planned: what today's facts call for, and what each says."""

from guidance.mails.corrected import LOG_CORRECTED
from guidance.mails.measures import TEXTS as MEASURES
from guidance.mails.planned import planned as planner
from guidance.mails.rules import RULES
from guidance.mails.sessions.readdressing import READDRESSED
from guidance.mails.staffing import TEXTS as STAFFING
from guidance.mails.texts import TEXTS as PLANNED

TEXTS = (*PLANNED, *STAFFING, *MEASURES, LOG_CORRECTED, READDRESSED)
__all__ = ["RULES", "TEXTS", "planner"]
