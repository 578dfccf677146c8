"""Two rows that turn out to be one person become one: what one of them has is the other's from then on.

Who did what stays as it was written: the row that goes is kept for that, and nobody can sign in by it. There is no way
back, for what came from whom cannot be told apart afterwards; so a page shows first what moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import following as gatherings_following
from gatherings import merging as gatherings_merging
from guidance import merging as guidance_merging
from guidance.mails.sessions import readdressing
from lmp.changes import address, mails
from lmp.changes.models import Succession
from lmp.colleagues.models import Resignation
from lmp.seeing.models import Viewing
from lmp.sharing import merging as sharing_merging
from outbox import plan, posting
from outbox.models import Message
from participants import functions


@dataclass(frozen=True)
class MergedPeople:
    """What became of what the one who goes had, in words."""

    kept: User
    gone: User
    moved: list[str]
    ended: list[str]
    mails: int  # written to the one who goes, and listed with the other's from now on


def why_not(kept: User, gone: User, *, by: User) -> str:
    """Why these two may not be merged by this person; empty when they may."""
    return next(_reasons(kept, gone, by), "")


def _reasons(kept: User, gone: User, by: User) -> Iterator[str]:
    if kept == gone:
        yield _("Dette er samme person i portalen allerede.")
    for person in (gone, kept):
        if person.merged_into:
            names = {"name": person.email, "into": person.merged_into.email}
            yield _("%(name)s er slått sammen med %(into)s fra før.") % names
    if not kept.is_active:
        yield _("%(name)s er sperret. Behold den andre, eller opphev sperren først.") % {"name": kept.email}
    if gone == by:
        yield _("Du bruker %(name)s nå. Behold den, eller be en annen om å slå de to sammen.") % {"name": gone.email}
    rights = [has_rights(person) for person in (kept, gone)]
    if (gone.is_superuser or (any(rights) and not all(rights))) and not by.is_superuser:
        yield _("Den ene har rettigheter som den andre ikke har. Be en superbruker om å slå dem sammen.")


def has_rights(person: User) -> bool:
    return person.is_staff or person.is_superuser


@transaction.atomic
def merge(kept: User, gone: User, *, by: User, now: datetime) -> MergedPeople:
    """Give `kept` all that `gone` has. Rights in the administration don't move. Raise ValidationError for `why_not`."""
    gatherings_following.lock([kept, gone])
    locked = User.objects.select_for_update(of=("self",)).select_related("merged_into").order_by("pk")
    rows = {person.pk: person for person in locked.filter(pk__in=[kept.pk, gone.pk])}
    kept, gone = rows[kept.pk], rows[gone.pk]
    if reason := why_not(kept, gone, by=by):
        raise ValidationError(reason, code="merge")
    mails.merged(kept, gone, now=now)
    coming = [each.pk for each in Succession.objects.coming().involving(gone)]
    entries = readdressing.in_the_calendar(gone, now=now)
    moved, ended = functions.merged(kept, gone, by=by, now=now)
    seats = gatherings_merging.merged(kept, gone, by=by, now=now)
    sharing_merging.merged(kept, gone)
    guided, stopped = guidance_merging.merged(kept, gone, entries=entries, by=by, now=now)
    ended += _follow_in_the_successions(kept, gone, coming, by=by, now=now)
    ended += _follow_in_the_resignations(kept, gone, by=by, now=now)
    count = _follow_in_the_outbox(kept, gone, by=by, now=now)
    # When they were seen as: theirs to know. Whom they themselves have seen as may turn out to be they.
    Viewing.objects.filter(person=gone).exclude(begun_by=kept).update(person=kept)
    Authenticator.objects.filter(user=gone).delete()
    SocialAccount.objects.filter(user=gone).update(user=kept)
    gone.end_sessions()
    User.objects.filter(merged_into=gone).update(merged_into=kept)
    gone.merge_into(kept, by=by, now=now)
    return MergedPeople(kept, gone, [*moved, *seats.moved, *guided], [*ended, *seats.ended, *stopped], count)


def _follow_in_the_successions(kept: User, gone: User, coming: list[int], *, by: User, now: datetime) -> list[str]:
    """Who was to take over is the kept one. Nobody takes over from themselves, from who has ended, or rights.

    Return what is called off, in words.
    """
    called_off = []
    for succession in Succession.objects.in_words().filter(pk__in=coming):
        if succession.successor == gone:
            succession.successor = kept
            succession.save(update_fields=["successor"])
        contact = succession.contact
        has_ended = contact is not None and contact.ended_at is not None
        if has_ended or succession.staff == gone or succession.holder == succession.successor:
            succession.call_off(by=by, now=now)
            called_off.append(_("Avtalt bytte: %(succession)s") % {"succession": succession})
    return called_off


def _follow_in_the_resignations(kept: User, gone: User, *, by: User, now: datetime) -> list[str]:
    """Rights don't move, so nobody stops for the other. What a colleague leaves goes to the kept one.

    Return what is called off, in words.
    """
    called_off = []
    for resignation in Resignation.objects.coming().filter(Q(person=gone) | Q(heir=gone)).select_related("person"):
        if resignation.person in (gone, kept):
            resignation.call_off(by=by, now=now)
            called_off.append(_("Avtalt at %(name)s slutter") % {"name": resignation.person})
        else:
            resignation.heir = kept
            resignation.save(update_fields=["heir"])
    return called_off


def _follow_in_the_outbox(kept: User, gone: User, *, by: User, now: datetime) -> int:
    """The mails are the kept one's, and those that wait or did not arrive go to their address.

    But no codes: they were asked for at the other one.
    """
    _expire_doubles(kept, gone, now=now)
    lost = list(Message.objects.worth_resending(now).to_person(gone).values_list("pk", flat=True))
    waiting = Message.objects.unclaimed(now).to_person(gone)
    waiting.filter(secret=True).update(expires_at=now)
    address.readdress_entries(waiting, before=gone.email, after=kept.email)
    posting.readdress(waiting.filter(secret=False), person=gone, to=kept.email)
    count = posting.hand_over(gone, to=kept)
    for message in Message.objects.filter(pk__in=lost):
        posting.resend(message, reason=_("Samme person som før."), token=f"merge:{gone.pk}", by=by, now=now)
    return count


def _expire_doubles(kept: User, gone: User, *, now: datetime) -> None:
    """What waits for both, or is called for by the plan for the one who is left, goes once: as theirs."""
    content_types = ContentType.objects.get_for_model
    due = [mail for mail in plan.due(now) if mail.recipient.pk == kept.pk and mail.about]
    own: set[tuple[str, int, str | None]] = {
        (mail.text.name, content_types(mail.about).pk, str(mail.about.pk)) for mail in due if mail.about
    }
    own.update(Message.objects.unclaimed(now).to_person(kept).values_list("text_name", "about_type", "about_id"))
    for message in Message.objects.unclaimed(now).to_person(gone).filter(about_id__isnull=False):
        if (message.text_name, message.about_type_id, message.about_id) in own:
            Message.objects.filter(pk=message.pk).update(expires_at=now)
