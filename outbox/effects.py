"""What a change does to the mails, found by doing it and taking it back (decision 0014).

A page between a form and its saving shows it: who gets a mail at once, and which planned mails come, go or move.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any, TypeVar

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from outbox import plan, texts
from outbox.models import Message
from outbox.plan import Planned
from parts.forms import carried
from parts.order import alphabetical

AHEAD = timedelta(days=365)

T = TypeVar("T")
# What moves, what ends, what is restored: a heading, and a line for each.
Section = tuple[str, Sequence[str]]
# A mail as it is planned before the change, and after it.
Pair = tuple[Any, Any]


@dataclass(frozen=True)
class MailsAtOnce:
    """The mails of one text that are written the moment the change is saved."""

    text: str
    names: list[str]


@dataclass(frozen=True)
class Shift:
    """Planned mails of one text that go from one moment to another; None is not at all."""

    text: str
    before: datetime | None
    after: datetime | None
    names: list[str]
    # The mail is the same, and goes to another: each name says whose it was.
    is_handed_over: bool = False

    @property
    def moment(self) -> datetime:
        """The earliest of the two."""
        return min(moment for moment in (self.before, self.after) if moment)


@dataclass(frozen=True)
class MailEffects:
    """What saving a change would do to the mails. Nothing of it has happened."""

    mails: list[MailsAtOnce]
    shifts: list[Shift]
    told: frozenset[str]  # the addresses that get a mail at once
    at: datetime  # the moment of the change

    @property
    def soon(self) -> list[Shift]:
        """New planned mails that are due already: the next run sends them."""
        return [shift for shift in self.shifts if shift.before is None and shift.after and shift.after <= self.at]

    @property
    def later(self) -> list[Shift]:
        return [shift for shift in self.shifts if shift not in self.soon]

    def __bool__(self) -> bool:
        return bool(self.mails or self.shifts)


def effects(
    act: Callable[[], T], *, now: datetime, scope: str = "", ahead: Callable[[T], datetime | None] | None = None
) -> tuple[T, MailEffects]:
    """Do it, look, and take it back. Return what `act` returned, and what it did to the mails.

    `act` does the whole change with `now` as its moment. What it raises is raised. With a scope ("cohort:9") only that
    part of the plan is looked at. `ahead` does what `act` has agreed for a moment to come, and returns that moment:
    what is planned from then on is seen as it will be.
    """
    with transaction.atomic():
        before = _planned(scope, now)
        newest = Message.objects.aggregate(newest=models.Max("pk"))["newest"] or 0
        result = act()
        # Others may write mails meanwhile; these have the moment of this very change.
        posted = list(Message.objects.filter(pk__gt=newest, created_at=now).order_by("pk"))
        models.prefetch_related_objects(posted, "recipient", "further__person")
        after = _planned(scope, now)
        if turn := ahead and ahead(result):
            later = [mail for mail in _planned(scope, now) if mail.send_at >= turn]
            after = [*(mail for mail in after if mail.send_at < turn), *later]
        transaction.set_rollback(True)
    told = frozenset(address for row in posted for address in row.addresses)
    return result, MailEffects(_at_once(posted), _shifts(before, after, now=now), told, now)


def effects_page(
    request: HttpRequest,
    *,
    title: str,
    act: Callable[[], T],
    sections: Callable[[T], Sequence[Section]],
    now: datetime,
    button: str = "",
    scope: str = "",
    ahead: Callable[[T], datetime | None] | None = None,
    breadcrumbs: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Show what `act` would do, found by doing it and taking it back. It carries the form on, to be sent once more.

    `act` does the whole change with `now` as its moment; `sections` tells of what it returned. ValidationError from
    `act` is the caller's to show.
    """
    result, mails = effects(act, now=now, scope=scope, ahead=ahead)
    context = {
        "title": title,
        "sections": [(heading, lines) for heading, lines in sections(result) if lines],
        "mails": mails,
        "now": now,
        "carried": carried(request.POST),
        "button": button or _("Lagre endringen"),
        "parents": breadcrumbs,
    }
    return render(request, "changes/effects.html", context)


def _at_once(posted: list[Message]) -> list[MailsAtOnce]:
    titles = {name: str(text.title) for name, text in texts.all_texts().items()}
    names: dict[str, list[str]] = defaultdict(list)
    for message in posted:
        names[titles.get(message.text_name, message.text_name)] += message.names
    return [MailsAtOnce(title, sorted(who, key=alphabetical)) for title, who in names.items()]


def _planned(scope: str, now: datetime) -> list[Planned]:
    """What goes within a year, and what is due this moment and not yet written."""
    found = [mail for mail in plan.everything(now - plan.LOOK_BACK, now + AHEAD) if not scope or scope in mail.scope]
    due = [mail.key for mail in found if mail.send_at <= now]
    written = plan.posted_keys(due)
    return [mail for mail in found if mail.send_at > now or (mail.until > now and mail.key not in written)]


def _from_now(mails: list[Planned], now: datetime) -> list[Planned]:
    """Each at the minute it goes: what is due already goes now, whenever it fell due."""
    return [replace(mail, send_at=max(mail.send_at, now).replace(second=0, microsecond=0)) for mail in mails]


def _same(mail: Planned) -> Hashable:
    return mail.text.name, mail.recipient.pk, mail.send_at


def _shifts(before: list[Planned], after: list[Planned], *, now: datetime) -> list[Shift]:
    """Each mail before beside the same one after. The last goes with the last: it is the first ones that fall away."""
    before, after = _from_now(before, now), _from_now(after, now)
    # As many as are on both sides: one more of a kind that waits already is a mail more.
    unchanged = Counter(map(_same, before)) & Counter(map(_same, after))
    pairs: dict[tuple[str, int], tuple[list[Planned], list[Planned]]] = defaultdict(lambda: ([], []))
    for side, mails in enumerate((before, after)):
        left = Counter(unchanged)
        for mail in mails:
            if left[_same(mail)]:
                left[_same(mail)] -= 1
            else:
                pairs[mail.text.name, mail.recipient.pk][side].append(mail)
    moved = [pair for old, new in pairs.values() for pair in zip_longest(reversed(old), reversed(new))]
    names: dict[tuple[str, datetime | None, datetime | None, bool], list[str]] = defaultdict(list)
    for was, becomes in _handed_over(moved):
        mail = becomes or was
        is_handed_over = bool(was and becomes and was.recipient.pk != becomes.recipient.pk)
        name = _instead_of(was, becomes) if is_handed_over else mail.name
        moments = (was.send_at if was else None, becomes.send_at if becomes else None)
        names[str(mail.text.title), *moments, is_handed_over].append(name)
    found = [
        Shift(text, old, new, sorted(who, key=alphabetical), handed) for (text, old, new, handed), who in names.items()
    ]
    return sorted(found, key=lambda shift: (shift.moment, shift.text))


def _handed_over(pairs: list[Pair]) -> list[Pair]:
    """One that falls away and one of the same fact and moment that comes are one mail, which gets another recipient."""
    coming: dict[Hashable, list[Planned]] = defaultdict(list)
    for was, becomes in pairs:
        if was is None:
            coming[_fact(becomes)].append(becomes)
    found = [
        (was, coming[_fact(was)].pop(0)) if was and becomes is None and coming[_fact(was)] else (was, becomes)
        for was, becomes in pairs
        if was
    ]
    return [*found, *((None, mail) for mails in coming.values() for mail in mails)]


def _fact(mail: Planned) -> Hashable:
    about = (type(mail.about), mail.about.pk) if mail.about else None
    return mail.text.name, mail.send_at, about, mail.scope


def _instead_of(was: Planned, becomes: Planned) -> str:
    """Both by their addresses too: the names may be alike."""
    return _("%(new)s (%(to)s) i stedet for %(old)s (%(from)s)") % {
        "new": becomes.name,
        "to": becomes.to,
        "old": was.name,
        "from": was.to,
    }
