"""The mails of this app: what follows at once, what today's facts call for, and what each says."""

from gatherings.mails.calendar_answers import answered_in_calendar
from gatherings.mails.planned import planned as planner
from gatherings.mails.readdressing import READDRESSED
from gatherings.mails.rules import RULES
from gatherings.mails.texts import TEXTS as OTHERS

TEXTS = (*OTHERS, READDRESSED)
__all__ = ["RULES", "TEXTS", "answered_in_calendar", "planner"]
