"""The mails about a session to come. Who is told of it is told of each later version that differs, once."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from guidance import schedule
from guidance.mails.people import GuidanceRecipient, People, language_of
from guidance.mails.sessions import calendar_entries, texts
from guidance.mails.sessions.mailed import Mailed, MailedSessions, MailKey
from guidance.mails.span import until
from guidance.models import GroupMember, GuidanceSession, GuidanceSettings
from guidance.sessions import plan_wording
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.mails.scopes import scope
from participants.models import Participation
from parts.dates import Slot, day_in_words
from parts.files import File


def unlogged_and_withdrawn(start: datetime, end: datetime) -> tuple[list[GuidanceSession], list[GuidanceSession]]:
    """Sessions without a log that something may still be sent about, and those whose log was withdrawn in the span.

    In four queries. Cancelled ones are among the first. Of a municipality that has withdrawn only these: people with a
    mail about the session must be mailed that it is called off.
    """
    takes_part = Q(group__participation__withdrawn_at__isnull=True)
    oldest = timezone.localdate(start) - timedelta(days=schedule.LAST_REMINDED)
    unlogged = Q(takes_part | Q(cancelled_at__isnull=False), submitted_at__isnull=True, held_on__gte=oldest)
    found = with_all_told(
        GuidanceSession.objects.filter(unlogged | Q(takes_part, withdrawn_at__gt=start, withdrawn_at__lte=end))
    )
    return [each for each in found if not each.withdrawn_at], [each for each in found if each.withdrawn_at]


def with_all_told(sessions: QuerySet[GuidanceSession]) -> QuerySet[GuidanceSession]:
    """Each with all that its mails tell."""
    agreed = GuidanceSession.objects.held().filter(group=OuterRef("group")).exclude(agreed="")
    return (
        sessions.annotate(has_agreed=Exists(agreed))
        .select_related("group__participation__municipality__county", "group__participation__cohort__guidance_settings")
        .prefetch_related("supervisors", "units", "changes")
        .order_by("held_on", "pk")
    )


@dataclass(frozen=True)
class Telling:
    """One session, one person in it, and what that person has been mailed of it."""

    session: GuidanceSession
    recipient: GuidanceRecipient
    members: list[GroupMember]  # who holds it, and whom to ask
    mailed: Mailed

    @property
    def key(self) -> MailKey:
        return MailKey(self.session.pk, self.session.calendar_version, self.recipient.user.pk, self.mailed.turn)

    def fill(self, fill: Callable[..., Values], **facts: object) -> Values:
        """When it is read: a plan holds many mails, few of them for today."""
        return WhenRead(
            self.recipient.language,
            lambda: fill(self.session, name=self.recipient.name, members=self.members, **facts),
        )


@dataclass(frozen=True)
class PassedOn:
    """The sessions to come that somebody was told of and is out of: what a person who leaves a group leaves behind."""

    sessions: list[GuidanceSession]
    people: People
    mailed: MailedSessions
    seen_at: datetime

    def __call__(self, participation: Participation, recipient: GuidanceRecipient) -> list[GuidanceSession]:
        user = recipient.user.pk
        return [
            session
            for session in self.sessions
            if session.group.participation_id == participation.pk
            and session.cancelled_at is None
            and schedule.begins(session) > self.seen_at
            and (self.mailed.of(session.pk, user).has_it or self.mailed.of(session.pk, user).turn)
            and user not in self.people.of_session(session)
        ]


def planned(
    sessions: list[GuidanceSession], people: People, mailed: MailedSessions, *, seen_at: datetime
) -> Iterator[Planned]:
    """`seen_at`: the moment of the plan. What fell due before and was missed goes then."""
    audiences = {session.pk: people.of_session(session) for session in sessions}
    out = _out(sessions, audiences, mailed)
    for session in sessions:
        members = people.supervisors(session)
        for user, recipient in [*audiences[session.pk].items(), *out[session.pk].items()]:
            telling = Telling(session, recipient, members, mailed.of(session.pk, user))
            if session.cancelled_at:
                yield from _called_off(telling, session.cancelled_at)
            elif user in audiences[session.pk]:
                yield from _told(telling, seen_at=seen_at)
            else:
                yield _released(telling)


def _out(
    sessions: list[GuidanceSession], audiences: dict[int, dict[int, GuidanceRecipient]], mailed: MailedSessions
) -> dict[int, dict[int, GuidanceRecipient]]:
    """The people with a session in their calendar who are not to be there any more, in one query at most."""
    out = {
        session.pk: [user for user in mailed.people(session.pk) if user not in audiences[session.pk]]
        for session in sessions
    }
    keys = {user for users in out.values() for user in users}
    users = User.objects.filter(pk__in=keys, is_active=True).select_related("supervisor").in_bulk() if keys else {}
    found: dict[int, dict[int, GuidanceRecipient]] = defaultdict(dict)
    for session in sessions:
        language_for = session.group.participation.language_for
        for user in (users[key] for key in out[session.pk] if key in users):
            language = language_of(user) if hasattr(user, "supervisor") else language_for(user)
            found[session.pk][user.pk] = GuidanceRecipient(user, str(user), language, session.planned_at)
    return found


def _told(telling: Telling, *, seen_at: datetime) -> Iterator[Planned]:
    """That it is planned, or what is new since the person was told; and a reminder of it."""
    session, mailed = telling.session, telling.mailed
    slot = schedule.at_once(session)
    known = mailed.last_before(session.calendar_version)
    restored = known is not None and mailed.is_called_off_since(known)
    told_at = mailed.told_at(session.calendar_version)
    if known is None or restored or plan_wording.what_is_new(session.as_planned, plan_wording.known_at(session, known)):
        if telling.recipient.leads_still(on=timezone.localdate(slot.send_at)):
            yield _session(telling, slot, known, restored=restored)
        told_at = told_at or max(slot.send_at, seen_at)
    else:
        told_at = told_at or mailed.told_at(known)
    chosen = GuidanceSettings.objects.of(session.group.participation.cohort)
    for reminder in schedule.reminder(session, chosen, told_at=told_at or seen_at):
        if telling.recipient.leads_still(on=timezone.localdate(reminder.send_at)):
            yield _reminder(telling, reminder)


def _session(telling: Telling, slot: Slot, known: int | None, *, restored: bool) -> Planned:
    """`known`: the version that the person's last mail was about, if it was an earlier one."""
    return _about(
        telling,
        slot,
        texts.SESSION,
        key=texts.SESSION.name + telling.key.text,
        values=telling.fill(texts.session, known=known, restored=restored),
        attach=(calendar_entries.invitation, 2 * telling.mailed.turn),
    )


def _reminder(telling: Telling, slot: Slot) -> Planned:
    """One for each day that the session has had: moved there and back, it is one."""
    session, user = telling.session, telling.recipient.user.pk
    return _about(
        telling,
        slot,
        texts.SESSION_REMINDER,
        key=f"{texts.SESSION_REMINDER.name}:{session.pk}:{session.held_on}:{user}",
        values=telling.fill(texts.session_reminder),
        attach=None,
    )


def _released(telling: Telling) -> Planned:
    return _about(
        telling,
        schedule.at_once(telling.session),
        texts.RELEASED,
        key=texts.RELEASED.name + telling.key.text,
        values=telling.fill(texts.called_off),
        attach=(calendar_entries.cancellation, 2 * telling.mailed.turn + 1),
    )


def _called_off(telling: Telling, cancelled_at: datetime) -> Iterator[Planned]:
    """To all who have it in their calendar."""
    known = telling.mailed.last_before(telling.session.calendar_version)
    if known is None or telling.mailed.is_called_off_since(known, before=telling.session.calendar_version):
        return
    yield _about(
        telling,
        schedule.called_off(telling.session, cancelled_at),
        texts.CALLED_OFF,
        key=texts.CALLED_OFF.name + telling.key.text,
        values=telling.fill(texts.called_off),
        attach=(calendar_entries.cancellation, 2 * telling.mailed.turn),
    )


def _about(
    telling: Telling,
    slot: Slot,
    text: MailText,
    *,
    key: str,
    values: Values,
    attach: tuple[Callable[..., File], int] | None,
) -> Planned:
    """`attach`: what makes the calendar entry, and how much further the person's calendar is than the session."""
    session, recipient = telling.session, telling.recipient
    participation = session.group.participation
    why = (
        _("veiledningsmøte i %(name)s %(day)s")
        if session.cancelled_at is None
        else _("møtet i %(name)s %(day)s er avlyst")
    )
    made = Planned(
        key=key,
        recipient=recipient.user,
        name=recipient.name,
        language=recipient.language,
        text=text,
        send_at=slot.send_at,
        until=until(slot, participation.cohort),
        why=why % {"name": participation.municipality.name_told_apart, "day": day_in_words(session.held_on)},
        values=values,
        about=session,
        scope=scope(participation),
    )
    if attach is None:
        return made
    make, step = attach
    to = {"name": recipient.name, "address": recipient.user.email, "language": recipient.language}
    return replace(made, attach=lambda: [make(session, contacts=telling.members, now=slot.send_at, step=step, **to)])
