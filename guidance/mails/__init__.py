"""The mails of this app, nearly all of them planned: what today's facts call for, and what each says."""

from guidance.mails.measures import TEXTS as MEASURES
from guidance.mails.planned import planned as planner
from guidance.mails.readdressing import READDRESSED
from guidance.mails.texts import TEXTS as PLANNED

TEXTS = (*PLANNED, *MEASURES, READDRESSED)
__all__ = ["TEXTS", "planner"]
