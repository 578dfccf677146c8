"""A colleague stops without a successor: what is open on their name goes to another, or stays with nobody."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.authentication import second_factor
from accounts.models import User
from gatherings import following as at_gatherings
from guidance import following as in_guidance
from lmp.colleagues import mails
from lmp.colleagues.models import Resignation
from lmp.desk.models import Note
from lmp.writing.models import Writing
from outbox.effects import Section
from outbox.models import Message
from participants import following as in_participants
from parts.dates import day_in_words

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenWork:
    """What waits on a person's name, in words.

    `moves` another takes over, and without another it stays undone. `shared` all the staff see and do as before.
    """

    moves: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Left:
    """A resignation, and what was open when it was agreed or carried out. `keeps` is what the person is besides."""

    resignation: Resignation
    work: OpenWork
    keeps: list[str]


def open_work(person: User, *, now: datetime) -> OpenWork:
    drafts = Writing.objects.drafts_of(person).order_by("pk")
    answers = Writing.objects.drafts().filter(reply_to=person.email).exclude(written_by=person)
    moves = [_("Utkast: %(title)s") % {"title": draft} for draft in drafts]
    moves += [_("Svar på %(title)s går til adressen") % {"title": draft} for draft in answers.order_by("pk")]
    if waiting := _answered_to(person, now=now).count():
        said = ngettext(
            "Svar på %(count)s e-post som venter på å bli sendt, går til adressen",
            "Svar på %(count)s e-poster som venter på å bli sendt, går til adressen",
            waiting,
        )
        moves.append(said % {"count": waiting})
    sent = [
        _("%(title)s sendes ferdig") % {"title": each}
        for each in Writing.objects.waiting().filter(written_by=person).order_by("pk")
    ]
    return OpenWork(moves, [*sent, *_noted(person)])


def _noted(person: User) -> list[str]:
    """Notes to come back to: on their day they are among what waits for all the staff."""
    notes = Note.objects.open().filter(noted_by=person).select_related("participation__municipality__county")
    return [
        _("Notat om %(place)s følges opp %(day)s")
        % {"place": note.participation.municipality, "day": day_in_words(note.follow_up_on)}
        for note in notes.order_by("follow_up_on", "pk")
    ]


def _answered_to(person: User, *, now: datetime):
    return Message.objects.unclaimed(now).filter(reply_to=person.email)


@transaction.atomic
def agree(person: User, *, heir: User | None, ends_on: date, by: User, now: datetime) -> Left:
    """Let the person stop from a day on; when that is today, it happens at once.

    Raises ValidationError for the last one who lets in colleagues, for oneself, for one who has stopped, and when it
    is agreed already.
    """
    person, heir = _locked(person, heir)
    if person == by:
        raise ValidationError(_("Be en kollega som kan gi tilgang, om å avslutte din."), code="self")
    if not person.is_staff:
        raise ValidationError(_("%(name)s er ikke lenger ansatt i portalen.") % {"name": person}, code="gone")
    if heir and not (heir.is_staff and heir.is_active):
        raise ValidationError(_("%(name)s er ikke lenger ansatt i portalen.") % {"name": heir}, code="heir")
    if person.resignations.coming().exists() or person.successions.coming().exists():
        raise ValidationError(_("Det er allerede avtalt at %(name)s slutter.") % {"name": person}, code="agreed")
    _keep_one_who_lets_in(person)
    resignation = Resignation.objects.create(person=person, heir=heir, ends_on=ends_on, agreed_at=now, agreed_by=by)
    if ends_on <= timezone.localdate(now):
        return carry_out(resignation, now=now)
    mails.leaves(resignation, now=now)
    return Left(resignation, open_work(person, now=now), _kept(person, now=now))


def _locked(person: User, heir: User | None) -> tuple[User, User | None]:
    """With all who let in others: two of them at once are not each other's last but one."""
    keys = {person.pk, *([heir.pk] if heir else [])}
    keys |= set(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
    rows = {row.pk: row for row in User.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")}
    return rows[person.pk], rows[heir.pk] if heir else None


def _keep_one_who_lets_in(person: User) -> None:
    others = User.objects.filter(is_superuser=True, is_staff=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise ValidationError(
            _("%(name)s er den siste som kan gi kolleger tilgang. Gi en annen den retten først.") % {"name": person},
            code="last",
        )


@transaction.atomic
def carry_out(resignation: Resignation, *, now: datetime) -> Left:
    """End the access, and hand over. The second time nothing happens."""
    of = Resignation.objects.select_for_update(of=("self",)).select_related("agreed_by")
    resignation = of.get(pk=resignation.pk)
    person, heir = _locked(resignation.person, resignation.heir)
    if heir and not (heir.is_staff and heir.is_active):
        heir = resignation.heir = None
    resignation.person = person
    if resignation.carried_out_at or resignation.called_off_at:
        return Left(resignation, OpenWork(), [])
    if person.is_staff:
        _keep_one_who_lets_in(person)
    work = open_work(person, now=now)
    _hand_over(person, heir, now=now)
    second_factor.reset(person)
    person.stop_as_staff()
    resignation.carried_out_at = now
    resignation.save(update_fields=["carried_out_at", "heir"])
    by = resignation.agreed_by
    LogEntry.objects.log_actions(by.pk, [person], CHANGE, _("Avsluttet tilgangen som ansatt"), single_object=True)
    left = Left(resignation, work, _kept(person, now=now))
    mails.left(resignation, keeps=left.keeps, now=now)
    if heir and heir != by:
        mails.taken_over(resignation, work=[*work.moves, *work.shared], now=now)
    return left


def _hand_over(person: User, heir: User | None, *, now: datetime) -> None:
    """Drafts are another's, and answers go to them. With nobody, answers go to the project's own address.

    What has been sent says still where its answers went.
    """
    address = heir.email if heir else ""
    _answered_to(person, now=now).update(reply_to=address)
    for unsent in (Writing.objects.drafts(), Writing.objects.waiting()):
        unsent.filter(reply_to=person.email).update(reply_to=address)
    if heir:
        Writing.objects.drafts_of(person).update(written_by=heir, changed_at=now)


def _kept(person: User, *, now: datetime) -> list[str]:
    return [
        *in_participants.kept(person),
        *in_guidance.kept(person),
        *at_gatherings.kept(person, now=now),
    ]


def carry_out_due(*, now: datetime) -> int:
    """Each in its own transaction; one that fails keeps back no other."""
    done = 0
    for resignation in Resignation.objects.due(today=timezone.localdate(now)):
        try:
            carry_out(resignation, now=now)
            done += 1
        except Exception:
            logger.exception("the resignation %s could not be carried out", resignation.pk)
    return done


def sections(left: Left) -> list[Section]:
    """What it does, beside its mails."""
    resignation, work = left.resignation, left.work
    names = {"name": resignation.person, "heir": resignation.heir, "day": day_in_words(resignation.ends_on)}
    if resignation.carried_out_at:
        ends = [
            _("%(name)s mister tilgangen som ansatt, og blir logget ut overalt") % names,
            _("Totrinnsinnloggingen til %(name)s fjernes") % names,
        ]
    else:
        ends = [_("%(name)s mister tilgangen %(day)s. Til da er alt som før.") % names]
    if resignation.heir:
        moved = (_("Dette overtar %(heir)s") % names, work.moves)
    else:
        moved = (_("Dette blir liggende, for ingen overtar"), work.moves)
    return [
        (_("Slutter"), ends),
        moved,
        (_("Dette ser alle ansatte som før"), work.shared),
        (_("Dette har %(name)s fortsatt") % names, left.keeps),
    ]
