"""Reminders of several things in one mail: one per person and morning, naming all of them.

What a mail has named is stored in its key. Something that joins the same morning later is therefore neither silenced
by the mail that has gone, nor makes that mail go again. When runs were missed for days, what waits of them goes in the
last morning's mail, and what that has named goes under no earlier one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils import timezone

from outbox.models import MAX_KEY_LENGTH, Message
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead

# In one mail, however short their names in the key are.
MAX_NAMED = 25

Item = TypeVar("Item")


@dataclass(frozen=True)
class DueReminder(Generic[Item]):
    """One thing that one person is to be reminded of on one morning.

    `version` is what the key calls it. It has neither ":" nor "+" in it, and changes when the person is to be reminded
    once more on the same morning. Several with one version count as one, and the mail names them all.
    """

    recipient: AbstractBaseUser
    name: str
    language: str
    send_at: datetime
    until: datetime
    version: str
    item: Item
    about: models.Model
    why: str
    scope: frozenset[str]


# What one person is reminded of on one morning, by its version.
_Named: TypeAlias = dict[str, list[DueReminder[Item]]]


@dataclass(frozen=True)
class Digest(Generic[Item]):
    """A kind of reminder: what its keys begin with, which text says these items, and what fills that text."""

    kind: str
    text: Callable[[Sequence[Item]], MailText]
    fill: Callable[..., Values]  # of (items, name=)

    def sent(self, since: datetime) -> Iterable[str]:
        """The keys of the mails of this kind that were written later than this."""
        written = Message.objects.filter(key__startswith=f"{self.kind}:", created_at__gt=since)
        return written.order_by("pk").values_list("key", flat=True)

    def mails(
        self, dues: Iterable[DueReminder[Item]], *, sent: Iterable[str], start: datetime, end: datetime
    ) -> Iterator[Planned]:
        """The mails with start < send_at <= end. `sent`: the keys of those that have gone, the oldest first."""
        now = min(end, timezone.now())
        gone = _gone(sent, self.kind)
        waiting: dict[int, dict[date, _Named[Item]]] = defaultdict(dict)
        for (send_at, user), rest in sorted(_by_morning(dues, start, end).items()):
            morning = timezone.localdate(send_at)
            for key, versions in gone[user].get(morning, ()):
                named = [rest.pop(version) for version in versions if version in rest]
                if named:
                    # It has gone: what is switched off since takes nothing out of it.
                    yield replace(self._mail(key, named), parts=[frozenset()])
            later = [mail for day, mails in gone[user].items() if day > morning for mail in mails]
            known = {version for _key, versions in later for version in versions}
            left = {version: same for version, same in rest.items() if version not in known}
            waiting[user].setdefault(morning, {}).update(left)
        for user, mornings in waiting.items():
            for morning, left in _caught_up(mornings, now):
                beginning = f"{self.kind}:{morning}:{user}:"
                # What is past its time when a missed run catches up is not named, and takes nothing else with it.
                still = [same for same in left.values() if _until(same) > now] or list(left.values())
                for part in _parts(sorted(still, key=_order), room=MAX_KEY_LENGTH - len(beginning)):
                    yield self._part(beginning, part)

    def today(self, dues: Iterable[DueReminder[Item]]) -> Iterator[Planned]:
        """One mail to each person, naming all of these: as it would say it if it went now, whatever has gone."""
        people: dict[int, dict[str, list[DueReminder[Item]]]] = defaultdict(dict)
        for due in dues:
            people[due.recipient.pk].setdefault(due.version, []).append(due)
        for person, named in people.items():
            yield self._mail(f"{self.kind}:{person}", list(named.values()))

    def _part(self, beginning: str, named: list[list[DueReminder[Item]]]) -> Planned:
        """One that has not gone, and may still go about some of it only: its key names what it says."""
        mail = self._mail(beginning + "+".join(same[0].version for same in named), named)
        numbered = list(enumerate(due for same in named for due in same))

        def only(places: Collection[int]) -> Planned:
            kept = {id(due) for place, due in numbered if place in places}
            some = [[due for due in same if id(due) in kept] for same in named]
            return self._part(beginning, [same for same in some if same])

        scopes, moments = [due.scope for _place, due in numbered], [due.send_at for _place, due in numbered]
        return replace(mail, parts=scopes, moments=moments, only=only)

    def _mail(self, key: str, named: list[list[DueReminder[Item]]]) -> Planned:
        dues = [due for same in sorted(named, key=_order) for due in same]
        items = list(dict.fromkeys(due.item for due in dues))
        first = dues[0]
        return Planned(
            key=key,
            recipient=first.recipient,
            name=first.name,
            language=first.language,
            text=self.text(items),
            send_at=max(due.send_at for due in dues),
            until=_until(dues),
            why="; ".join(dict.fromkeys(due.why for due in dues)),
            values=WhenRead(first.language, lambda: self.fill(items, name=first.name)),
            about=first.about,
            scope=frozenset().union(*(due.scope for due in dues)),
        )


def _gone(sent: Iterable[str], kind: str) -> dict[int, dict[date, list[tuple[str, list[str]]]]]:
    """The mails that have gone, each with what it named, by person and morning."""
    found: dict[int, dict[date, list[tuple[str, list[str]]]]] = defaultdict(dict)
    # Who was reminded by hand, or got a mail once more, has one of this kind under another key.
    of_kind = re.compile(rf"{re.escape(kind)}:(\d{{4}}-\d\d-\d\d):(\d+):([^:]+)")
    for key in sent:
        if named := of_kind.fullmatch(key):
            morning, user, versions = named.groups()
            found[int(user)].setdefault(date.fromisoformat(morning), []).append((key, versions.split("+")))
    return found


def _caught_up(mornings: dict[date, _Named[Item]], now: datetime) -> Iterator[tuple[date, _Named[Item]]]:
    """What fell due on several mornings and waits still goes in one mail, with the last of them, as it is by then."""
    together: _Named[Item] = {}
    last = None
    for morning, named in sorted(mornings.items()):
        due = {version: same for version, same in named.items() if same[0].send_at <= now < _until(same)}
        if due:
            together, last = together | due, morning
        if rest := {version: same for version, same in named.items() if version not in due}:
            yield morning, rest
    if last:
        yield last, together


def _by_morning(
    dues: Iterable[DueReminder[Item]], start: datetime, end: datetime
) -> dict[tuple[datetime, int], dict[str, list[DueReminder[Item]]]]:
    """By morning and person, then by version."""
    mornings: dict[tuple[datetime, int], dict[str, list[DueReminder[Item]]]] = defaultdict(dict)
    for due in dues:
        if start < due.send_at <= end:
            mornings[due.send_at, due.recipient.pk].setdefault(due.version, []).append(due)
    return mornings


def _until(dues: Iterable[DueReminder[Item]]) -> datetime:
    return max(due.until for due in dues)


def _order(same: list[DueReminder[Item]]) -> tuple[datetime, int]:
    """What is to be done first comes first."""
    return _until(same), same[0].about.pk


def _parts(named: list[list[DueReminder[Item]]], *, room: int) -> Iterator[list[list[DueReminder[Item]]]]:
    """As many at a time as a key has room to name."""
    longest = max((len(same[0].version) for same in named), default=0) + 1
    size = min(MAX_NAMED, room // longest)
    for first in range(0, len(named), size):
        yield named[first : first + size]
