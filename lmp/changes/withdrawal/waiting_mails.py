"""The mails that wait when a municipality withdraws, and say what is not so any more."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from gatherings.mails.texts.planned import INVITATION, PRACTICAL, TRAVEL
from gatherings.mails.texts.planned import REMINDER as REGISTER
from gatherings.models import Gathering, Registration
from guidance.mails.sessions.texts import SESSION, SESSION_REMINDER
from guidance.mails.texts import LOG_MISSING, MEASURES
from guidance.models import GroupMember, GuidanceSession
from lmp.changes.withdrawal.outcome import Ended
from outbox.models import Message, MessageQuerySet
from participants.mails.texts import NEW_DEADLINE, OVERDUE, REMINDER, ROUND_OPENED
from participants.mails.units import COUNT_ASKED
from participants.models import Contact, Participation

# They name all that somebody has to do, in every municipality: only for those who have none left do they say nothing.
TO_CONTACTS = (INVITATION, REGISTER, REMINDER, OVERDUE, ROUND_OPENED, NEW_DEADLINE, COUNT_ASKED, MEASURES)


def expire(ended: Ended, *, now: datetime) -> int:
    """Let them not go any more: an offer, an invitation, a reminder. Return how many.

    What is written at this very moment tells of the withdrawal itself.
    """
    waiting = Message.objects.unclaimed(now).filter(secret=False, created_at__lt=now)
    participation, registrations = ended.withdrawal.participation, ended.gatherings.registrations
    at_gatherings = waiting.filter(
        text_name__in=[PRACTICAL.name, TRAVEL.name], recipient__in=[one.user_id for one in registrations]
    )
    to_contacts = waiting.filter(text_name__in=[text.name for text in TO_CONTACTS])
    found = (
        _about(waiting, Registration, registrations)
        | _about(at_gatherings, Gathering, {one.gathering for one in registrations})
        | _about(
            waiting.filter(text_name__in=[SESSION.name, SESSION_REMINDER.name]),
            GuidanceSession,
            ended.guidance.sessions,
        )
        | to_contacts.filter(recipient__in=_without_another(participation))
        | waiting.filter(text_name=LOG_MISSING.name, recipient__in=_supervising_nowhere_else(participation))
    )
    return found.update(expires_at=now)


def _about(waiting: MessageQuerySet, model: type[Model], rows: Iterable[Model]) -> MessageQuerySet:
    of_model = ContentType.objects.get_for_model(model)
    return waiting.filter(about_type=of_model, about_id__in=[str(row.pk) for row in rows])


def _without_another(participation: Participation) -> list[int]:
    """Its contacts and heads who have no function in a municipality that takes part."""
    elsewhere = Contact.objects.current().filter(participation__withdrawn_at__isnull=True)
    contacts = Contact.objects.current().filter(participation=participation)
    return list(contacts.exclude(user__in=elsewhere.values("user")).values_list("user", flat=True))


def _supervising_nowhere_else(participation: Participation) -> list[int]:
    members = GroupMember.objects.current()
    elsewhere = members.filter(group__participation__withdrawn_at__isnull=True).values("supervisor")
    own = members.filter(group__participation=participation).exclude(supervisor__in=elsewhere)
    return list(own.values_list("supervisor__user", flat=True))
