"""No mails of its own: what the plan of all apps leaves out."""

from collections.abc import Iterator

from lmp.mailcalendar.models import MailPause
from outbox.pauses import Pause

TEXTS = ()


def pauses() -> Iterator[Pause]:
    """Those that are over too: what fell due meanwhile never goes. One query."""
    for each in MailPause.objects.select_related("cohort"):
        yield each.pause
