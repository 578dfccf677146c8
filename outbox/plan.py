"""What will be sent, asked of today's facts. Nothing is scheduled: a fact that changes changes the plan."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from outbox import posting, texts
from outbox.models import Message
from outbox.pauses import Pause, Pauses
from outbox.texts import MailText, Values
from parts.files import File

logger = logging.getLogger(__name__)

# How far back a mail may have fallen due and still be sent, while its `until` allows it.
LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True)
class Planned:
    """A mail that the facts call for, to be sent from `send_at` and no later than `until`."""

    key: str
    recipient: AbstractBaseUser
    name: str
    language: str
    text: MailText
    send_at: datetime
    until: datetime
    why: str
    values: Values
    about: models.Model | None
    # What the plan can be narrowed to, in the planner's own words: "cohort:9".
    scope: frozenset[str] = frozenset()
    # Makes the files that go with it. Asked when it is posted, so that a plan of many mails makes none.
    attach: Callable[[], Sequence[File]] = tuple
    # A mail about several things: the scope of each, and the same mail about some of them, by their places here.
    parts: Sequence[frozenset[str]] = ()
    # When each of them fell due, where that is not `send_at` for all: a mail that catches up has some from before.
    moments: Sequence[datetime] = ()
    only: "Callable[[Collection[int]], Planned] | None" = None

    @property
    def to(self) -> str:
        """The address it would go to today."""
        return self.recipient.get_username()


@dataclass(frozen=True)
class LeftOut:
    """What would have gone if its rule were not switched off, and the mail that goes all the same about the rest."""

    mail: Planned
    pause: Pause
    rest: Planned | None = None


@dataclass(frozen=True)
class ComingSuccessor:
    """Agreed for a day to come: what somebody does, and the mails that go with it, pass to another."""

    holder: int
    successor: int
    begins: datetime
    words: str
    scope: str = ""

    def is_of(self, person: int) -> bool:
        return person in (self.holder, self.successor)

    def may_move(self, mail: Planned) -> bool:
        """Whether it is planned to the one who hands over. It stays there if it is about something else they do."""
        return (
            mail.recipient.pk == self.holder
            and mail.send_at >= self.begins
            and (not self.scope or self.scope in mail.scope)
        )


Planner = Callable[[datetime, datetime], Iterable[Planned]]


def planners() -> list[Planner]:
    return [app.planner for app in texts.mail_apps() if hasattr(app, "planner")]


def coming_successors() -> list[ComingSuccessor]:
    """What is agreed of who takes over from whom: the plan itself is today's, and has those who do it now."""
    return [each for app in texts.mail_apps() if hasattr(app, "coming_successors") for each in app.coming_successors()]


def everything(start: datetime, end: datetime) -> list[Planned]:
    """Every mail with start < send_at <= end, in the order in which they go."""
    return with_left_out(start, end)[0]


def with_left_out(start: datetime, end: datetime) -> tuple[list[Planned], list[LeftOut]]:
    """Every mail that goes between these moments, and every one that does not because its rule is switched off."""
    found = [planned for planner in planners() for planned in planner(start, end)]
    going, left_out = _without_paused(found, Pauses.load(), seen_at=min(end, timezone.now()))
    going.sort(key=lambda planned: (planned.send_at, planned.to, planned.key))
    left_out.sort(key=lambda each: (each.mail.send_at, each.mail.to, each.mail.key))
    return going, left_out


def _without_paused(
    mails: Iterable[Planned], pauses: Pauses, *, seen_at: datetime
) -> tuple[list[Planned], list[LeftOut]]:
    """What is switched off falls out of the mail that it is a part of, and the rest goes."""
    going: list[Planned] = []
    left_out: list[LeftOut] = []
    for mail in mails:
        parts = mail.parts or (mail.scope,)
        taken: dict[Pause, list[int]] = defaultdict(list)
        moments = mail.moments or [mail.send_at] * len(parts)
        for place, scope in enumerate(parts):
            if pause := pauses.of(mail.text.name, scope, send_at=moments[place], seen_at=seen_at):
                taken[pause].append(place)
        count = sum(map(len, taken.values()))
        if not count:
            going.append(mail)
        elif count == len(parts) or mail.only:
            gone = {place for places in taken.values() for place in places}
            kept = [place for place in range(len(parts)) if place not in gone]
            rest = mail.only(kept) if kept and mail.only else None
            going += [rest] if rest else []
            for pause, places in taken.items():
                left_out.append(LeftOut(mail.only(places) if mail.only else mail, pause, rest))
        else:
            going.append(mail)  # it is about one thing, for several places, and not switched off in all of them
    return going, left_out


def looked_at_on(end: datetime) -> date:
    """The day on which a plan that ends then is looked at: what fell due before and was missed goes that day."""
    return timezone.localdate(min(end, timezone.now()))


def due(now: datetime) -> list[Planned]:
    """What is to go at this moment and is not yet in the outbox."""
    found = [mail for mail in everything(now - LOOK_BACK, now) if now < mail.until]
    written = posted_keys([mail.key for mail in found])
    return [mail for mail in found if mail.key not in written]


def send_due(now: datetime) -> int:
    """Post what is due and not yet in the outbox. One planner or mail that fails keeps back no other."""
    pauses = Pauses.load()
    return sum(_send_due_of(planner, pauses, now) for planner in planners())


def _send_due_of(planner: Planner, pauses: Pauses, now: datetime) -> int:
    try:
        due = [planned for planned in planner(now - LOOK_BACK, now) if planned.send_at <= now < planned.until]
        due, _left_out = _without_paused(due, pauses, seen_at=now)
    except Exception:
        logger.exception("the planner %s failed", planner)
        return 0
    posted = posted_keys([planned.key for planned in due])
    return sum(_post(planned, now) for planned in due if planned.key not in posted)


def _post(planned: Planned, now: datetime) -> bool:
    try:
        post(planned, now=now)
    except Exception:
        logger.exception("the planned mail %s could not be posted", planned.key)
        return False
    return True


def post(planned: Planned, *, now: datetime) -> Message:
    """Write it to the outbox, whether it is due or not."""
    return posting.post(
        planned.text,
        key=planned.key,
        to=planned.recipient,
        language=planned.language,
        values=planned.values,
        why=planned.why,
        now=now,
        about=planned.about,
        attachments=planned.attach(),
        expires_at=planned.until,
    )


def posted_keys(keys: list[str]) -> set[str]:
    """Those of these keys whose mail is written already."""
    posted: set[str] = set()
    for start in range(0, len(keys), 500):
        posted.update(Message.objects.filter(key__in=keys[start : start + 500]).values_list("key", flat=True))
    return posted
