"""A short "Var dette nyttig?" to the heads after a session, and what the answers say together.

Nobody can tell who answered what: an answer names neither the head nor the session and has no time, and every answer of
the group is written again at each new one, in random order and with new keys. Nothing is shown before MIN_ANSWERS
heads have answered: five answers of one head would be that head's.
"""

import random
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.todos import Todo
from guidance.models import GuidanceGroup, GuidanceSession, PulseAnswer, PulseAnswered
from participants.models import Unit
from parts.dates import day_in_words, midnight

OPEN_DAYS = 14  # after the log was sent in
MIN_ANSWERS = 5


@dataclass(frozen=True)
class Pulse:
    """`counts` and `lines` are empty while fewer than MIN_ANSWERS heads have answered."""

    answers: int
    heads: int
    counts: list[tuple[str, int]]
    lines: list[PulseAnswer]

    @property
    def shown(self) -> bool:
        return is_enough(self.answers, self.heads)


def is_enough(answers: int, heads: int) -> bool:
    return min(answers, heads) >= MIN_ANSWERS


def asked(user: User, *, today: date) -> QuerySet[GuidanceSession]:
    """The sessions that this head may still say something of: their own unit's, not long ago. Answered ones too."""
    return GuidanceSession.objects.held().filter(
        pk__in=GuidanceSession.objects.filter(units__in=Unit.objects.led_by(user)).values("pk"),
        submitted_at__gte=midnight(today - timedelta(days=OPEN_DAYS)),
        group__participation__withdrawn_at__isnull=True,
    )


def closes_on(session: GuidanceSession) -> date | None:
    """The last day to answer."""
    return timezone.localdate(session.submitted_at) + timedelta(days=OPEN_DAYS) if session.submitted_at else None


def has_answered(session: GuidanceSession, user: User) -> bool:
    return PulseAnswered.objects.filter(session=session, user=user).exists()


@transaction.atomic
def answer(session: GuidanceSession, *, user: User, use: int, line: str) -> bool:
    """Store one answer per head and session, and return whether this was it."""
    group = GuidanceGroup.objects.select_for_update(of=("self",)).get(pk=session.group_id)
    _row, first = PulseAnswered.objects.get_or_create(session=session, user=user)
    if not first:
        return False
    kept = [(each.use, each.line, list(each.supervisors.all())) for each in group.pulse.prefetch_related("supervisors")]
    kept.append((use, line, list(session.supervisors.all())))
    group.pulse.all().delete()
    random.SystemRandom().shuffle(kept)
    for given, said, supervisors in kept:
        made = PulseAnswer.objects.create(id=uuid.uuid4(), group=group, use=given, line=said)
        made.supervisors.set(supervisors)
    return True


def pulse_of(answers: QuerySet[PulseAnswer], answered: QuerySet[PulseAnswered]) -> Pulse:
    """In two queries. The lines come in the order of random keys, apart from the answers they were given with."""
    found = list(answers.order_by("pk"))
    heads = answered.order_by().values("user").distinct().count()
    if not is_enough(len(found), heads):
        return Pulse(len(found), heads, [], [])
    given = Counter(each.use for each in found)
    counts = [(str(use.label), given[use.value]) for use in reversed(PulseAnswer.Use)]
    return Pulse(len(found), heads, counts, [each for each in found if each.line])


def waiting(user: User, *, today: date) -> QuerySet[GuidanceSession]:
    """What a head is asked about and has not answered, the oldest first."""
    done = PulseAnswered.objects.filter(session=OuterRef("pk"), user=user)
    return asked(user, today=today).filter(~Exists(done)).order_by("held_on", "pk")


def pulse_todo(session: int, held_on: date, submitted_at: datetime) -> Todo:
    return Todo(
        title=_("Var møtet %(day)s nyttig?") % {"day": day_in_words(held_on)},
        text=_("Ett spørsmål. Ingen ser hva du svarte."),
        url=reverse("guidance:pulse", args=[session]),
        button=_("Svar"),
        due_on=timezone.localdate(submitted_at) + timedelta(days=OPEN_DAYS),
    )
