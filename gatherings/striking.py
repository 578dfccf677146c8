"""Taking away what somebody wrote about a gathering."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import Answer, LateRequest
from participants.striking.row import Struck, locked, remember, strike


def strike_late_request(asked: LateRequest, texts: Collection[str], *, reason: str, by: User, now: datetime) -> Struck:
    """What was asked for after the deadline, or what was answered. Who asked, and when it was answered, stays."""
    found = strike(locked(asked), texts, reason=reason, by=by, now=now)
    found.in_mails = list(found.texts)
    return found


def strike_answer(answer: Answer, *, reason: str, by: User, now: datetime) -> Struck:
    """The comment of an evaluation, whose scores stay. It is remembered at the gathering: an answer has no time.

    Raises ValidationError with the code "struck" when it is gone.
    """
    answer = locked(answer)
    if not answer.comment:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    found = Struck([answer.comment])
    answer.comment = ""
    answer.save(update_fields=["comment"])
    remember(answer.gathering, ["comment"], reason=reason, by=by, now=now)
    return found
