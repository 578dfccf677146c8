"""What is asked of the staff after the deadline, and answered."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from gatherings import places
from gatherings.mails import notices
from gatherings.models import Gathering, LateRequest, Registration
from participants.models import Participation
from participants.striking import row
from participants.striking.row import Struck


def may_be_asked(gathering: Gathering, *, now: datetime) -> bool:
    """From when registration closes until the gathering is over: before that everybody can do it themselves."""
    today = timezone.localdate(now)
    closed = gathering.closes_on is not None and gathering.closes_on < today
    return gathering.is_settled and closed and not gathering.is_past(today=today)


@transaction.atomic
def ask(
    gathering: Gathering,
    *,
    participation: Participation,
    registration: Registration | None,
    text: str,
    by: User,
    now: datetime,
) -> LateRequest:
    """The same person asks the same of the same gathering once, as long as it is not answered.

    Raises ValidationError when the municipality has withdrawn.
    """
    places.lock(gathering)
    places.refuse_withdrawn(participation)
    facts = {"gathering": gathering, "participation": participation, "registration": registration, "text": text}
    if existing := LateRequest.objects.open().filter(**facts, asked_by=by).first():
        return existing
    late_request = LateRequest.objects.create(**facts, asked_at=now, asked_by=by)
    notices.late_request(late_request, now=now)
    return late_request


@transaction.atomic
def answer(late_request: LateRequest, *, answer: str, by: User, now: datetime) -> LateRequest:
    """Return the request as it is afterwards: with this answer, or with the one that somebody gave first."""
    late_request = (
        LateRequest.objects.select_for_update(of=("self",))
        .select_related("asked_by", "gathering__cohort")
        .get(pk=late_request.pk)
    )
    if late_request.reply(answer=answer, by=by, now=now):
        notices.late_request_answered(late_request, now=now)
    return late_request


def strike(asked: LateRequest, texts: Collection[str], *, reason: str, by: User, now: datetime) -> Struck:
    """Take away what was asked for, or what was answered. Who asked, and when it was answered, stays."""
    found = row.strike(row.locked(asked), texts, reason=reason, by=by, now=now)
    found.in_mails = list(found.texts)
    return found
