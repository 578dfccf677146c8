"""Telling readers by mail: a draft in `lmp/writing` to those who have not been told, which is shown before it goes."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.sharing import audience
from lmp.sharing.models import Announcement, Publication
from lmp.writing.models import LABEL_LENGTH, Recipient, Writing
from outbox import texts
from outbox.models import Message


@transaction.atomic
def draft(publication: Publication, *, reason: str, by: User, now: datetime) -> Writing:
    """This person's draft about it, with whoever is to be told now. Pressed twice, it is one draft.

    Raises ValidationError when nobody sees the publication, and when all have been told.
    """
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    today = timezone.localdate(now)
    if not publication.is_shown(today=today):
        raise ValidationError(_("Bare innlegg som vises, kan sendes på e-post. Legg det ut først."), code="unseen")
    announcement = Announcement.begin(publication, reason, by=by, now=now)
    roles = audience.readers(publication, today=today)
    people = _to_tell(announcement, roles, now=now)
    if not people:
        raise ValidationError(_nobody(announcement, roles), code="nobody")
    writing = _own(announcement, by=by, now=now)
    _choose(writing, {person: roles[person] for person in people}, now=now)
    return writing


def _to_tell(announcement: Announcement, roles: Collection[int], *, now: datetime) -> list[int]:
    """Without those who have had this mail, and who have nothing to do with it after all."""
    keys = {f"{announcement.key}:{person}": person for person in roles}
    told = {keys[key] for key in Message.objects.filter(key__in=keys).values_list("key", flat=True)}
    addressees = announcement.addressees(set(roles) - told, now=now)
    return [person for person, addressee in addressees.items() if not addressee.left_out]


def _nobody(announcement: Announcement, roles: Collection[int]) -> str:
    if not roles:
        return _("Ingen ser innlegget ennå. Kommunene gjør det når de har fått velkomstbrevet.")
    if announcement.reason == Announcement.Reason.UNREAD:
        return _("Alle har lest innlegget, eller fått en påminnelse om det i dag.")
    return _("Alle som ser innlegget, har fått e-posten.")


def _own(announcement: Announcement, *, by: User, now: datetime) -> Writing:
    kind = ContentType.objects.get_for_model(Announcement)
    mine = Writing.objects.drafts_of(by).filter(about_type=kind, about_id=announcement.pk)
    if found := mine.select_for_update(of=("self",)).first():
        return found
    written = {language: texts.wording_of(announcement.text, language) for language, _name in settings.LANGUAGES}
    return Writing.objects.create(
        about=announcement,
        about_label=str(announcement)[:LABEL_LENGTH],
        **{f"subject_{language}": subject for language, (subject, _body) in written.items()},
        **{f"body_{language}": body for language, (_subject, body) in written.items()},
        reply_to=by.email,
        is_checked=True,
        written_by=by,
        changed_at=now,
    )


def _choose(writing: Writing, roles: dict[int, list[audience.ReaderRole]], *, now: datetime) -> None:
    """Those and no others, each with the municipalities that they see it through."""
    writing.recipients.exclude(person__in=roles).delete()
    chosen = set(writing.recipients.values_list("person", flat=True))
    new = [person for person in roles if person not in chosen]
    made = Recipient.objects.bulk_create(Recipient(writing=writing, person_id=person, added_at=now) for person in new)
    link = Recipient.participations.through
    link.objects.bulk_create(
        link(recipient=recipient, participation_id=participation)
        for recipient in made
        for participation in _participations(roles[recipient.person_id])
    )


def _participations(roles: list[audience.ReaderRole]) -> list[int]:
    return list(dict.fromkeys(role.participation for role in roles if role.participation))
