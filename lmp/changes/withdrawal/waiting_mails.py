"""The mails that wait when a municipality withdraws, and say what is not so any more."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from gatherings.mails.texts.planned import INVITATION, PRACTICAL, TRAVEL
from gatherings.mails.texts.planned import REMINDER as REGISTER
from gatherings.models import Gathering, Registration
from guidance.mails.texts import LOG_MISSING, MEASURES, SESSION
from guidance.models import GroupMember, GuidanceSession
from outbox.models import Message, MessageQuerySet
from participants.mails.texts import OVERDUE, REMINDER
from participants.models import Contact, Participation

# They name all that somebody has to do, in every municipality: only for those who have none left do they say nothing.
TO_CONTACTS = (INVITATION, REGISTER, REMINDER, OVERDUE, MEASURES)


def expire(participation: Participation, *, now: datetime) -> int:
    """Let them not go any more: an offer, an invitation, a reminder. Return how many.

    The municipality has withdrawn, and those who are signed off are still registered.
    """
    waiting = Message.objects.unclaimed(now).filter(secret=False)
    registered = Registration.objects.active().filter(participation=participation)
    found = (
        _about(waiting, Registration, registered.values_list("pk", flat=True))
        | waiting.filter(
            text_name__in=[PRACTICAL.name, TRAVEL.name],
            recipient__in=registered.values("user"),
            about_type=ContentType.objects.get_for_model(Gathering),
            about_id__in=[str(key) for key in registered.values_list("gathering", flat=True)],
        )
        | _about(
            waiting.filter(text_name=SESSION.name),
            GuidanceSession,
            GuidanceSession.objects.planned().filter(group__participation=participation).values_list("pk", flat=True),
        )
        | waiting.filter(
            text_name__in=[text.name for text in TO_CONTACTS], recipient__in=_without_another(participation)
        )
        | waiting.filter(text_name=LOG_MISSING.name, recipient__in=_supervising_nowhere_else(participation))
    )
    return found.update(expires_at=now)


def _about(waiting: MessageQuerySet, model: type, keys) -> MessageQuerySet:
    return waiting.filter(about_type=ContentType.objects.get_for_model(model), about_id__in=[str(key) for key in keys])


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
