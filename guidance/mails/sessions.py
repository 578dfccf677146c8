"""The mails about a session to come. A person who got one is mailed about each later version of the session, once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from guidance import schedule
from guidance.mails import calendar_entries, texts
from guidance.mails.people import GuidanceRecipient, People
from guidance.mails.span import scope, until
from guidance.models import GuidanceSession, GuidanceSettings
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from parts.dates import Slot, day_in_words
from parts.files import File

KEY = "guidance.session:"


def unlogged(start: datetime) -> list[GuidanceSession]:
    """Sessions without a log that something may still be sent about, cancelled ones too, in three queries.

    Of a municipality that has withdrawn only the cancelled ones: people with a mail about the session must be mailed
    that it is called off.
    """
    oldest = timezone.localdate(start) - timedelta(days=schedule.LAST_REMINDED)
    return list(
        GuidanceSession.objects.filter(
            Q(group__participation__withdrawn_at__isnull=True) | Q(cancelled_at__isnull=False),
            submitted_at__isnull=True,
            held_on__gte=oldest,
        )
        .select_related("group__participation__municipality", "group__participation__cohort__guidance_settings")
        .prefetch_related("supervisors", "units")
        .order_by("held_on", "pk")
    )


def planned(sessions: list[GuidanceSession], people: People, *, sent: Iterable[str]) -> Iterator[Planned]:
    """`sent`: the keys of the mails about sessions that have gone."""
    mailed = _mailed(sent)
    for session in sessions:
        supervisors = [str(member) for member in people.supervisors(session)]
        for user, recipient in people.of_session(session).items():
            versions = mailed[session.pk, user]
            if session.cancelled_at:
                if versions:
                    yield _called_off(session, recipient, session.cancelled_at)
                continue
            earlier = [version for version in versions if version.number < session.calendar_version]
            if earlier:
                last = max(earlier, key=lambda version: version.number)
                slot = schedule.moved(session)
            else:
                last = None
                slot = schedule.coming(session, GuidanceSettings.objects.of(session.group.participation.cohort))
            if recipient.leads_still(on=timezone.localdate(slot.send_at)):
                yield _session(session, recipient, slot, last, supervisors=supervisors)


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


def _mailed(sent: Iterable[str]) -> dict[tuple[int, int], list[MailedVersion]]:
    """The versions that each person got a mail about, by session and person. They are stored in the keys."""
    found: dict[tuple[int, int], list[MailedVersion]] = defaultdict(list)
    for key in sent:
        session, number, on, hour, user = key.removeprefix(KEY).split(":")
        found[int(session), int(user)].append(MailedVersion(int(number), on, hour))
    return found


def _session(
    session: GuidanceSession,
    recipient: GuidanceRecipient,
    slot: Slot,
    before: MailedVersion | None,
    *,
    supervisors: list[str],
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
        key=f"{KEY}{session.pk}:{version.key}:{recipient.user.pk}",
        values=WhenRead(recipient.language, lambda: texts.session(session, **facts)),
        make=calendar_entries.invitation,
    )


def _change(before: MailedVersion, now: MailedVersion) -> str:
    if before.day != now.day:
        return "day"
    return "hour" if before.hour != now.hour else "format"


def _called_off(session: GuidanceSession, recipient: GuidanceRecipient, cancelled_at: datetime) -> Planned:
    return _about(
        session,
        recipient,
        schedule.called_off(session, cancelled_at),
        texts.CALLED_OFF,
        key=f"guidance.called_off:{session.pk}:{recipient.user.pk}",
        values=WhenRead(recipient.language, lambda: texts.called_off(session, name=recipient.name)),
        make=calendar_entries.cancellation,
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
) -> Planned:
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
        attach=lambda: [make(session, now=slot.send_at, **to)],
    )
