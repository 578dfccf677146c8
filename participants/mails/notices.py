"""The mails that follow at once from what somebody did."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import todos
from accounts.models import User
from outbox.models import Message
from outbox.posting import post
from participants import following
from participants.mails import texts
from participants.models import Confirmation, Contact, DeadlineChange, Participation
from parts.dates import day_in_words, end_of


def receipt(confirmation: Confirmation, *, now: datetime) -> None:
    """To everybody who answers for the municipality, and to the person who confirmed, once each."""
    participation = confirmation.participation
    people: dict[User, str] = {contact.user: contact.name for contact in participation.editors()}
    if confirmation.answered_by:
        people.setdefault(confirmation.answered_by, str(confirmation.answered_by))
    for user, name in people.items():
        language = participation.language_for(user)
        with translation.override(language):
            values = texts.receipt(confirmation, name=name)
        post(
            texts.RECEIPT,
            key=f"participants.receipt:{confirmation.pk}:{user.pk}",
            to=user,
            language=language,
            values=values,
            why=_("%(who)s bekreftet for %(municipality)s")
            % {"who": confirmation.answered_by, "municipality": participation.municipality},
            now=now,
            about=confirmation,
        )


def round_opened(confirmation: Confirmation, *, now: datetime) -> None:
    """To everybody who answers for the municipality. For a round that the welcome letter does not ask for."""
    participation = confirmation.participation
    for contact in participation.editors().filter(user__is_active=True):
        language = participation.language_for(contact.user)
        with translation.override(language):
            values = texts.round_opened(confirmation, name=contact.name)
        post(
            texts.ROUND_OPENED,
            key=f"participants.round_opened:{confirmation.pk}:{contact.user_id}",
            to=contact.user,
            language=language,
            values=values,
            why=_("%(municipality)s er bedt om å bekrefte, frist til og med %(due)s")
            % {"municipality": participation.municipality, "due": day_in_words(confirmation.due_on)},
            now=now,
            about=confirmation,
            expires_at=end_of(confirmation.due_on),
        )


def new_deadline(change: DeadlineChange, *, now: datetime) -> None:
    """To everybody who answers for the municipality."""
    confirmation = change.confirmation
    participation = confirmation.participation
    # A mail that has not left would tell a deadline that is no more: two of them never both go.
    told = Message.objects.about_rows(Confirmation, [confirmation.pk]).filter(text_name=texts.NEW_DEADLINE.name)
    told.unclaimed(now).update(expires_at=now)
    before = _known_before(change)
    for contact in participation.editors().filter(user__is_active=True):
        language = participation.language_for(contact.user)
        with translation.override(language):
            values = texts.new_deadline(change, before=before, name=contact.name)
        post(
            texts.NEW_DEADLINE,
            key=f"participants.new_deadline:{change.pk}:{contact.user_id}",
            to=contact.user,
            language=language,
            values=values,
            why=_("%(municipality)s har fått ny frist, til og med %(due)s")
            % {"municipality": participation.municipality, "due": day_in_words(change.after)},
            now=now,
            about=confirmation,
            expires_at=end_of(change.after),
        )


def _known_before(change: DeadlineChange) -> date:
    """The deadline that was last told of: what was changed meanwhile, with no mail that left, nobody has heard of."""
    day = change.before
    for earlier in change.confirmation.deadline_changes.filter(pk__lt=change.pk).order_by("-pk"):
        mails = Message.objects.filter(key__startswith=f"{texts.NEW_DEADLINE.name}:{earlier.pk}:")
        if not mails.exists() or mails.filter(sent_at__isnull=False).exists():
            break
        day = earlier.before
    return day if day != change.after else change.before


def access_given(contact: Contact, *, now: datetime) -> bool:
    """Mail a new person what they have been given and what waits for them, once for each function and person.

    Returns whether there was anything to tell.

    Nobody is mailed before the welcome letter has gone out: the letter is what opens the municipality's access. Nor is
    a person who has the same access already, in another function.
    """
    participation = contact.participation
    if participation.welcomed_at is None or not contact.gives_more:
        return False
    language = participation.language_for(contact.user)
    with translation.override(language):
        waiting = todos.in_lines(todos.of(contact.user, now), today=timezone.localdate(now))
        values = texts.access_given(contact, waiting=waiting)
    post(
        texts.ACCESS_GIVEN,
        key=f"participants.access_given:{contact.pk}:{contact.user_id}",
        to=contact.user,
        language=language,
        values=values,
        why=_("%(name)s er registrert som %(title)s") % {"name": contact.name, "title": contact.title},
        now=now,
        about=contact,
    )
    return True


def access_ended(contact: Contact, *, by: User, now: datetime, keeps: Sequence[str] = (), successor: str = "") -> None:
    """Tell the person whose function has ended what they still have, and what to do if it is wrong.

    `keeps`: what else they have in other apps, in words. A person who was never let in is told nothing.
    """
    participation = contact.participation
    if participation.welcomed_at is None or contact.ended_at is None:
        return
    language = participation.language_for(contact.user)
    with translation.override(language):
        values = texts.access_ended(
            name=contact.name,
            function=contact.function_in_words,
            successor=successor,
            by="" if by == contact.user else str(by),
            keeps=[*following.kept(contact.user), *keeps],
        )
    post(
        texts.ACCESS_ENDED,
        # It may begin again, and end once more.
        key=f"participants.access_ended:{contact.pk}:{contact.ended_at.isoformat()}",
        to=contact.user,
        language=language,
        values=values,
        why=_("%(name)s er ikke lenger %(title)s") % {"name": contact.name, "title": contact.title},
        now=now,
        about=contact,
    )


def access_given_to_heads(participation: Participation, *, now: datetime) -> None:
    """Once a municipality has confirmed, the heads of its units are let in."""
    heads = Contact.objects.current().filter(participation=participation, function=Contact.Function.HEAD)
    for contact in heads.select_related("user", "unit", "replaces", "started_by"):
        contact.participation = participation
        access_given(contact, now=now)
