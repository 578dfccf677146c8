"""What staff have written: a draft to everybody who answers for a municipality, and one that was sent to them."""

from datetime import datetime

from django.db.models import Model

from accounts.models import User
from lmp.writing import sending
from lmp.writing.models import Writing
from lmp.writing.tests.conftest import a_draft
from participants.models import Participation


def gather(participations: list[Participation], size: int, *, by: User, now: datetime) -> dict[str, Model]:
    for _number in range(size):
        written = a_draft(*participations, by=by)
        sending.order(written.pk, seen=written.fingerprint, by=by, now=now)
        sending.process(written.pk, now=now)
        draft = a_draft(*participations, by=by)
    return {"written": Writing.objects.get(pk=written.pk), "draft": draft}
