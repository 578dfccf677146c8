"""The welcome letters of the demo's puljer: who signs them, and that they were sent."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from lmp.welcome import copies, sending
from lmp.welcome.load_facts import with_facts
from lmp.welcome.models import LetterText, Sending, SendingItem
from participants.models import Cohort, Confirmation, Participation


def add_texts(cohort: Cohort, *, nb: dict[str, str], nn: dict[str, str]) -> None:
    for language, texts in (("nb", nb), ("nn", nn)):
        LetterText.objects.create(cohort=cohort, language=language, **texts)


def send(participation: Participation, confirmation: Confirmation, *, by: User, now: datetime) -> None:
    """The letter went out when the round was opened, to those who were contacts then, and its copy to the governor."""
    loaded = with_facts(Participation.objects.filter(pk=participation.pk)).get()
    prepared = sending.Prepared(loaded, timezone.localdate(now))
    order = Sending.objects.create(cohort=participation.cohort, ordered_at=now, ordered_by=by)
    [copy] = copies.order(order, [loaded], waived=(), by=by, now=now).values()
    letter = sending.mail(prepared, confirmation=confirmation, by=by, now=now)
    SendingItem.objects.create(
        sending=order, participation=loaded, copy=copy, approved=prepared.fingerprint, letter=letter, done_at=now
    )
    copies.send(copy.pk, by=by, now=now)
