"""The welcome letters of the demo's puljer: who signs them, and that they were sent."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User
from lmp.welcome import sending
from lmp.welcome.load_facts import with_facts
from lmp.welcome.models import LetterText
from participants.models import Cohort, Confirmation, Participation


def add_texts(cohort: Cohort, *, nb: dict[str, str], nn: dict[str, str]) -> None:
    for language, texts in (("nb", nb), ("nn", nn)):
        LetterText.objects.create(cohort=cohort, language=language, **texts)


def send(participation: Participation, confirmation: Confirmation, *, by: User, now: datetime) -> None:
    """The letter went out when the round was opened, to those who were contacts then."""
    loaded = with_facts(Participation.objects.filter(pk=participation.pk)).get()
    sending.mail(sending.Prepared(loaded, timezone.localdate(now)), confirmation=confirmation, by=by, now=now)
