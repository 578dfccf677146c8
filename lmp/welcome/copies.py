"""The copies that the letters promise: who at each county governor's office gets one, and the one act that sends it."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.todos import Todo
from lmp.welcome import mails
from lmp.welcome.mails import CopyReader
from lmp.welcome.models import Letter, LetterCopy, Sending, SendingItem
from outbox.models import Message
from participants.models import Cohort, CountyGovernor, GovernorContact, Participation
from parts.order import alphabetical
from parts.rows import annotated

logger = logging.getLogger(__name__)


def readers(governors: Iterable[CountyGovernor]) -> dict[int, list[CopyReader]]:
    """For each office: the people registered there, else the office at its own address, else nobody."""
    governors = list(governors)
    found: dict[int, list[CopyReader]] = {governor.pk: [] for governor in governors}
    people = GovernorContact.objects.reached().filter(governor__in=found).select_related("user", "governor")
    for person in people.order_by("user__name", "pk"):
        found[person.governor_id].append(CopyReader.person(person.user, at=person.governor))
    for governor in governors:
        if governor.email and not found[governor.pk]:
            found[governor.pk].append(CopyReader.office(governor))
    return found


@dataclass(frozen=True)
class PromisedCopy:
    """What an office will get of the letters that staff look at before they are sent."""

    governor: CountyGovernor
    letters: int
    readers: list[CopyReader]

    @property
    def fingerprint(self) -> str:
        """Stands for who was seen to get it."""
        return hashlib.sha256(" ".join(sorted(reader.email for reader in self.readers)).encode()).hexdigest()


def promised(participations: Iterable[Participation]) -> list[PromisedCopy]:
    """One for each office that follows these municipalities, by its name."""
    counted: dict[int, int] = {}
    governors: dict[int, CountyGovernor] = {}
    for participation in participations:
        governor = participation.municipality.county.governor
        governors[governor.pk] = governor
        counted[governor.pk] = counted.get(governor.pk, 0) + 1
    found = readers(governors.values())
    return [
        PromisedCopy(governor, counted[governor.pk], found[governor.pk])
        for governor in sorted(governors.values(), key=lambda governor: alphabetical(governor.name))
    ]


@dataclass(frozen=True)
class KeptCopy:
    """A copy that was ordered, and how far it has come."""

    copy: LetterCopy
    letters: int  # sent
    waiting: int
    readers: list[CopyReader]  # who would get it now

    @property
    def can_be_sent(self) -> bool:
        return bool(self.is_promised and self.readers)

    @property
    def is_promised(self) -> bool:
        """Every letter of the office is done, and it has not got its copy."""
        return bool(self.letters and not self.waiting and not self.copy.sent_at)


def kept(copies: models.QuerySet[LetterCopy]) -> list[KeptCopy]:
    counted = copies.select_related("governor", "sending", "waived_by", "sent_by").annotate(
        letter_count=models.Count("items", filter=models.Q(items__letter__isnull=False)),
        waiting_count=models.Count("items", filter=models.Q(items__done_at__isnull=True)),
    )
    rows = list(counted)
    found = readers(copy.governor for copy in rows)
    return [
        KeptCopy(
            copy,
            letters=annotated(copy, "letter_count", int),
            waiting=annotated(copy, "waiting_count", int),
            readers=found[copy.governor_id],
        )
        for copy in rows
    ]


def todos() -> list[Todo]:
    """What staff have to see to, so that each letter's copy goes where the letter says."""
    unsent, unreachable = LetterCopy.objects.unsent(), CountyGovernor.objects.unreachable()
    lacking = unreachable.filter(pk__in=unsent.values("governor")).count()
    now_reached = unsent.filter(waived_at__isnull=False).exclude(governor__in=unreachable)
    sendable = list(now_reached.select_related("governor").order_by("pk"))
    found = []
    if lacking:
        title = ngettext(
            "%(count)s statsforvalter har ikke fått kopi av velkomstbrevene",
            "%(count)s statsforvaltere har ikke fått kopi av velkomstbrevene",
            lacking,
        )
        found.append(
            Todo(
                title=title % {"count": lacking},
                text=_("Legg inn en person eller embetets e-postadresse."),
                url=reverse("admin:participants_countygovernor_changelist") + "?kopi=mangler",
                button=_("Se statsforvalterne"),
            )
        )
    found += [
        Todo(
            title=_("%(governor)s har ikke fått kopi av velkomstbrevene") % {"governor": copy.governor},
            text=_("Brevene ble sendt uten kopi. Nå er det noen å sende den til."),
            url=reverse("admin:welcome_send_copy", args=[copy.pk]),
            button=_("Send kopi nå"),
        )
        for copy in sendable
    ]
    return found


@dataclass(frozen=True)
class CopySent:
    """What the archive's list says of a letter's copy."""

    governor: str
    addresses: list[str]
    sent_at: datetime | None
    is_waived: bool


def addressed(cohort: Cohort) -> dict[int, CopySent]:
    """The copy of each letter of the cohort: letter's key → copy."""
    items = SendingItem.objects.filter(sending__cohort=cohort, letter__isnull=False)
    items = items.select_related("copy__governor")
    mails_of: dict[str | None, list[str]] = {}
    posted = Message.objects.about_rows(LetterCopy, {item.copy_id for item in items}).only("about_id", "to")
    for message in posted.prefetch_related("further"):
        mails_of.setdefault(message.about_id, []).extend(message.addresses)
    return {
        item.letter_id: CopySent(
            item.copy.governor.name, mails_of.get(str(item.copy_id), []), item.copy.sent_at, bool(item.copy.waived_at)
        )
        for item in items
        if item.letter_id
    }


def order(
    sending: Sending, participations: Iterable[Participation], *, waived: Iterable[int], by: User, now: datetime
) -> Mapping[int, LetterCopy]:
    """Store that each office is to get its copy, or that staff do without it: governor's key → copy."""
    copies = {}
    for copy in promised(participations):
        does_without = not copy.readers and copy.governor.pk in waived
        copies[copy.governor.pk] = LetterCopy.objects.create(
            sending=sending,
            governor=copy.governor,
            waived_at=now if does_without else None,
            waived_by=by if does_without else None,
        )
    return copies


@transaction.atomic
def send(copy_pk: int, *, by: User, now: datetime) -> list[CopyReader]:
    """Post the office's letters in one mail to all its readers, once whoever asks and however often.

    Returns whom it was posted to: nobody when it was sent before, when a letter of the office still waits or none was
    sent, or when there is nobody to send it to.
    """
    copy = (
        LetterCopy.objects.select_for_update(of=("self",)).select_related("governor", "sending__cohort").get(pk=copy_pk)
    )
    letters = list(
        Letter.objects.filter(items__copy=copy)
        .select_related("participation__municipality__county", "participation__cohort")
        .order_by("participation__municipality__name", "pk")
    )
    to = readers([copy.governor])[copy.governor_id]
    if copy.sent_at or not letters or not to or SendingItem.objects.waiting().filter(copy=copy).exists():
        return []
    mails.copy(copy, letters, to=to, now=now)
    copy.sent_at, copy.sent_by = now, by
    copy.save(update_fields=["sent_at", "sent_by"])
    return to


def send_due(*, now: datetime, sending: Sending | None = None) -> None:
    """Send the copies whose letters are done, of one sending or of all. One that fails keeps back no other."""
    due = LetterCopy.objects.due().select_related("sending__ordered_by")
    for copy in due.filter(sending=sending) if sending else due:
        try:
            send(copy.pk, by=copy.sending.ordered_by, now=now)
        except Exception:
            logger.exception("The copy %s could not be sent; the sweep tries again", copy.pk)
