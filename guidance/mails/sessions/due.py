"""Who is told of a session this moment: asked of the same plan that the mails are sent by."""

from collections import Counter
from datetime import datetime

from django.utils import timezone

from guidance.mails import planned
from guidance.mails.people import People
from guidance.mails.sessions import told
from guidance.models import GuidanceSession
from outbox import plan


def roles(session: GuidanceSession, *, now: datetime) -> Counter[str]:
    """How many get a mail about it now, by what they are in it; "" for who is not to be there any more."""
    [loaded] = told.with_all_told(GuidanceSession.objects.filter(pk=session.pk))
    people = People({loaded.group.participation_id}, today=timezone.localdate(now))
    mailed = planned.mailed_sessions(planned.sent_since(loaded.planned_at))
    mails = told.planned([loaded], people, mailed, seen_at=now)
    due = [mail for mail in mails if mail.send_at <= now < mail.until]
    written = plan.posted_keys([mail.key for mail in due])
    audience = people.of_session(loaded)
    found: Counter[str] = Counter()
    for mail in due:
        if mail.key not in written:
            recipient = audience.get(mail.recipient.pk)
            found[recipient.role if recipient else ""] += 1
    return found
