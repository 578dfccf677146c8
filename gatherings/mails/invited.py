"""Those who hold an invitation and are not registered: who they are, and what they are told of the gathering."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from gatherings.mails.texts import invited as texts
from gatherings.models import Gathering
from outbox.models import Message
from outbox.posting import post
from participants.models import Contact, in_operation


def asked_to_register(cohorts: Collection[int], *, today: date) -> models.QuerySet[Contact]:
    """The people who answer for a welcomed municipality, and the heads of units, in these cohorts."""
    return (
        Contact.objects.current()
        .filter(
            models.Q(function__in=Contact.EDITORS, unit__isnull=True)
            | models.Q(in_operation(today=today, unit="unit"), function=Contact.Function.HEAD),
            participation__cohort__in=cohorts,
            participation__welcomed_at__isnull=False,
            participation__withdrawn_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user", "unit", "participation__municipality__county", "participation__cohort")
        .order_by("pk")
    )


def invitation_key(gathering: Gathering, user: int) -> str:
    """Of the mail that invites this person to the gathering on the date it has."""
    return f"gatherings.invitation:{gathering.pk}:{gathering.starts_on}:{user}"


def holders(gathering: Gathering, *, today: date) -> list[Contact]:
    """Each person once who was sent an invitation, or has registered others, and is not registered themselves.

    Who has left, or whose municipality has withdrawn, has nothing to do with it any more.
    """
    invited = Message.objects.filter(key__startswith=f"gatherings.invitation:{gathering.pk}:")
    contacts = asked_to_register([gathering.cohort_id], today=today).filter(
        models.Q(user__in=invited.values("recipient"))
        | models.Q(user__in=gathering.registrations.values("registered_by"))
    )
    people: dict[int, Contact] = {}
    for contact in contacts.exclude(user__in=gathering.registrations.active().values("user")):
        people.setdefault(contact.user_id, contact)
    return list(people.values())


def tell(before: Gathering, gathering: Gathering, *, sentence: str, now: datetime) -> None:
    """That it is called off, moved, or held after all. Who is registered gets a mail of their own: `notices`.

    A mail about a gathering that is open on a new date is the invitation to that date: nobody is invited once more.
    An invitation that has not left never does; who had no other hears nothing of a gathering that is called off.
    """
    today = timezone.localdate(now)
    if not gathering.is_settled:
        text, what = texts.CALLED_OFF, "invited_called_off"
    elif before.is_settled:
        text, what = texts.MOVED, "invited_moved"
    else:
        text, what = texts.REINSTATED, "invited_reinstated"
    people = holders(gathering, today=today)
    unsent = _take_back_unsent(gathering, now=now)
    if text is texts.CALLED_OFF:
        people = [contact for contact in people if contact.user_id not in unsent]
    keys = [invitation_key(gathering, contact.user_id) for contact in people]
    written = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    for contact, invitation in zip(people, keys, strict=True):
        key = f"gatherings.{what}:{gathering.pk}:{gathering.calendar_version}:{contact.user_id}"
        invites = gathering.is_open(today=today) and invitation not in written
        language = contact.participation.language_for(contact.user)
        with translation.override(language):
            filled = texts.values_for(text, before, gathering, name=contact.name, sentence=sentence, today=today)
        post(
            text,
            key=invitation if invites else key,
            to=contact.user,
            language=language,
            values=filled,
            why=_("%(name)s er invitert til %(gathering)s og ikke påmeldt")
            % {"name": contact.name, "gathering": gathering.in_its_cohort},
            now=now,
            about=gathering,
        )


def _take_back_unsent(gathering: Gathering, *, now: datetime) -> set[int]:
    """The people whose invitation waits to be sent. It would tell what is no longer so."""
    waiting = Message.objects.unclaimed(now).filter(key__startswith=f"gatherings.invitation:{gathering.pk}:")
    people = {recipient for recipient in waiting.values_list("recipient", flat=True) if recipient}
    waiting.update(expires_at=now)
    return people
