"""The mails about a session to come. A person who got one is mailed about each later version of the session, once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance import schedule
from guidance.mails import calendar_entries, texts
from guidance.mails.people import GuidanceRecipient, People
from guidance.mails.span import scope, until
from guidance.models import GuidanceSession, GuidanceSettings
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from parts.dates import Slot, day_in_words
from parts.files import File

KEY, RELEASED = "guidance.session:", "guidance.released:"


def unlogged_and_withdrawn(start: datetime, end: datetime) -> tuple[list[GuidanceSession], list[GuidanceSession]]:
    """Sessions without a log that something may still be sent about, and those whose log was withdrawn in the span.

    In three queries. Cancelled ones are among the first. Of a municipality that has withdrawn only these: people with a
    mail about the session must be mailed that it is called off.
    """
    takes_part = Q(group__participation__withdrawn_at__isnull=True)
    oldest = timezone.localdate(start) - timedelta(days=schedule.LAST_REMINDED)
    unlogged = Q(takes_part | Q(cancelled_at__isnull=False), submitted_at__isnull=True, held_on__gte=oldest)
    found = (
        GuidanceSession.objects.filter(unlogged | Q(takes_part, withdrawn_at__gt=start, withdrawn_at__lte=end))
        .select_related("group__participation__municipality", "group__participation__cohort__guidance_settings")
        .prefetch_related("supervisors", "units")
        .order_by("held_on", "pk")
    )
    return [each for each in found if not each.withdrawn_at], [each for each in found if each.withdrawn_at]


def planned(
    sessions: list[GuidanceSession], people: People, *, sent: Iterable[str], released: Iterable[str]
) -> Iterator[Planned]:
    """`sent`: the keys of the mails about sessions that have gone; `released`: of those to who is in one no more."""
    mailed = MailedSessions(sent, released)
    audiences = {session.pk: people.of_session(session) for session in sessions}
    gone = _gone(sessions, audiences, mailed)
    for session in sessions:
        supervisors = [str(member) for member in people.supervisors(session)]
        for user, recipient in audiences[session.pk].items():
            versions, turn = mailed.versions(session, user), mailed.turn(session, user)
            if session.cancelled_at:
                if versions:
                    yield _called_off(session, recipient, session.cancelled_at, turn=turn)
                continue
            earlier = [version for version in versions if version.number < session.calendar_version]
            if earlier:
                last = max(earlier, key=lambda version: version.number)
                slot = schedule.moved(session)
            else:
                last = None
                slot = schedule.coming(session, GuidanceSettings.objects.of(session.group.participation.cohort))
            if recipient.leads_still(on=timezone.localdate(slot.send_at)):
                yield _session(session, recipient, slot, last, supervisors=supervisors, turn=turn)
        for recipient in gone[session.pk]:
            yield _released(session, recipient, turn=mailed.turn(session, recipient.user.pk))


def _gone(
    sessions: list[GuidanceSession], audiences: dict[int, dict[int, GuidanceRecipient]], mailed: "MailedSessions"
) -> dict[int, list[GuidanceRecipient]]:
    """The people with a session in their calendar who are not to be there any more, in one query at most."""
    gone = {
        session.pk: [user for user in mailed.people(session) if user not in audiences[session.pk]]
        for session in sessions
    }
    keys = {user for users in gone.values() for user in users}
    users = User.objects.filter(pk__in=keys, is_active=True).in_bulk() if keys else {}
    found: dict[int, list[GuidanceRecipient]] = defaultdict(list)
    for session in sessions:
        language_for = session.group.participation.language_for
        for user in (users[key] for key in gone[session.pk] if key in users):
            found[session.pk].append(GuidanceRecipient(user, str(user), language_for(user), session.planned_at))
    return found


@dataclass(frozen=True)
class MailedVersion:
    """The version of a session that a mail was about: its number, and the day and hour it then had."""

    number: int
    day: str
    hour: str

    @classmethod
    def of(cls, session: GuidanceSession) -> "MailedVersion":
        hour = f"{session.starts_at:%H%M}" if session.starts_at else ""
        return cls(session.calendar_version, session.held_on.isoformat(), hour)

    @property
    def key(self) -> str:
        return f"{self.number}:{self.day}:{self.hour}"


class MailedSessions:
    """Who has got mails about which sessions, read from the keys.

    A person who is taken out of a session is told so, and what was sent before counts no more: one who comes back is
    invited as for the first time. How often that has happened is the person's turn, which the keys end with.
    """

    def __init__(self, sent: Iterable[str], released: Iterable[str]) -> None:
        self._turns: Counter[tuple[int, int]] = Counter()
        for key in released:
            session, user = key.removeprefix(RELEASED).split(":")
            self._turns[int(session), int(user.partition(".")[0])] += 1
        self._versions: dict[int, dict[int, list[MailedVersion]]] = defaultdict(lambda: defaultdict(list))
        for key in sent:
            session, number, on, hour, user = key.removeprefix(KEY).split(":")
            person, _dot, turn = user.partition(".")
            if int(turn or 0) == self._turns[int(session), int(person)]:
                self._versions[int(session)][int(person)].append(MailedVersion(int(number), on, hour))

    def versions(self, session: GuidanceSession, user: int) -> list[MailedVersion]:
        """Those that the person has in their calendar."""
        return self._versions[session.pk][user]

    def people(self, session: GuidanceSession) -> list[int]:
        """Everybody who is mailed about each change of a session that is still to be held."""
        if session.cancelled_at:
            return []
        return [user for user, versions in self._versions[session.pk].items() if versions]

    def turn(self, session: GuidanceSession, user: int) -> int:
        return self._turns[session.pk, user]


def _person(recipient: GuidanceRecipient, turn: int) -> str:
    return f"{recipient.user.pk}.{turn}" if turn else str(recipient.user.pk)


def _session(
    session: GuidanceSession,
    recipient: GuidanceRecipient,
    slot: Slot,
    before: MailedVersion | None,
    *,
    supervisors: list[str],
    turn: int,
) -> Planned:
    """`before`: the version that the person's last mail was about, if it was an earlier one."""
    version = MailedVersion.of(session)
    change = _change(before, version) if before else ""
    facts: dict[str, Any] = {"name": recipient.name, "supervisors": supervisors, "change": change}
    return _about(
        session,
        recipient,
        slot,
        texts.SESSION,
        key=f"{KEY}{session.pk}:{version.key}:{_person(recipient, turn)}",
        values=WhenRead(recipient.language, lambda: texts.session(session, **facts)),
        make=calendar_entries.invitation,
        step=2 * turn,
    )


def _change(before: MailedVersion, now: MailedVersion) -> str:
    if before.day != now.day:
        return "day"
    return "hour" if before.hour != now.hour else "format"


def _released(session: GuidanceSession, recipient: GuidanceRecipient, *, turn: int) -> Planned:
    return _about(
        session,
        recipient,
        schedule.moved(session),
        texts.RELEASED,
        key=f"{RELEASED}{session.pk}:{_person(recipient, turn)}",
        values=WhenRead(recipient.language, lambda: texts.called_off(session, name=recipient.name)),
        make=calendar_entries.cancellation,
        step=2 * turn + 1,
    )


def _called_off(
    session: GuidanceSession, recipient: GuidanceRecipient, cancelled_at: datetime, *, turn: int
) -> Planned:
    return _about(
        session,
        recipient,
        schedule.called_off(session, cancelled_at),
        texts.CALLED_OFF,
        key=f"guidance.called_off:{session.pk}:{recipient.user.pk}",
        values=WhenRead(recipient.language, lambda: texts.called_off(session, name=recipient.name)),
        make=calendar_entries.cancellation,
        step=2 * turn,
    )


def _about(
    session: GuidanceSession,
    recipient: GuidanceRecipient,
    slot: Slot,
    text: MailText,
    *,
    key: str,
    values: Values,
    make: Callable[..., File],
    step: int,
) -> Planned:
    """`step`: how much further the person's calendar is than the session's own version."""
    participation = session.group.participation
    to = {"name": recipient.name, "address": recipient.user.email, "language": recipient.language}
    why = (
        _("veiledningsmøte i %(name)s %(day)s")
        if session.cancelled_at is None
        else _("møtet i %(name)s %(day)s er avlyst")
    )
    return Planned(
        key=key,
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        text=text,
        send_at=slot.send_at,
        until=until(slot, participation.cohort),
        why=why % {"name": participation.municipality, "day": day_in_words(session.held_on)},
        values=values,
        about=session,
        scope=scope(participation.cohort),
        attach=lambda: [make(session, now=slot.send_at, step=step, **to)],
    )
