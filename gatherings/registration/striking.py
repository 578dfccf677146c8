"""Taking away what was written about a registration: why expenses are decided otherwise, and why nobody comes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings.models import NobodyComes, Registration
from participants.striking import row
from participants.striking.row import Struck

# A decision has a reason: this stands where one was.
REMOVED = "–"


def strike_reason(registration: Registration, *, reason: str, by: User, now: datetime) -> Struck:
    """The decision stays. Raises ValidationError with the code "struck" when the reason is gone."""
    registration = row.locked(registration)
    text = registration.reimbursement_reason
    if text in {"", REMOVED}:
        raise ValidationError(_("Teksten er allerede fjernet."), code="struck")
    registration.reimbursement_reason = REMOVED
    registration._history_user = by
    registration.save(update_fields=["reimbursement_reason"])
    earlier = Registration.history.filter(id=registration.pk).exclude(reimbursement_reason__in=["", REMOVED])
    texts = {text, *earlier.values_list("reimbursement_reason", flat=True)}
    found = Struck(sorted(texts), versions=earlier.update(reimbursement_reason=REMOVED), in_mails=sorted(texts))
    row.remember(registration, ["reimbursement_reason"], reason=reason, by=by, now=now)
    return found


def strike_note(answer: NobodyComes, *, reason: str, by: User, now: datetime) -> Struck:
    """The answer stays."""
    return row.strike(row.locked(answer), ["note"], reason=reason, by=by, now=now)
