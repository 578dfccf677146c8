"""Sending the letters: what keeps one from being sent, what staff approve, and the one act that sends a letter."""

import hashlib
import json
import logging
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from lmp.welcome import content, copies, mails
from lmp.welcome.letter import LetterFacts, render
from lmp.welcome.load_facts import letter_facts, with_facts
from lmp.welcome.models import Letter, Sending, SendingItem
from outbox import queue
from participants.confirmation import asking
from participants.models import Cohort, Confirmation, Contact, Participation, Unit

Loader = Callable[[QuerySet[Participation]], QuerySet[Participation]]
logger = logging.getLogger(__name__)


class CannotSendError(Exception):
    """Why a letter is not sent, for staff to read."""


@dataclass(frozen=True)
class LetterProblem:
    """What keeps a letter from being sent, or what it goes without, and where staff mend it."""

    kind: str
    text: str
    url: str


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:participants_{model}_change", args=[pk])


def _add(model: str, participation: Participation) -> str:
    return f"{reverse(f'admin:participants_{model}_add')}?participation={participation.pk}"


@dataclass
class Prepared:
    """A participation as staff see it before its letter is sent.

    Load it through ``with_people`` for what may be missing, through ``with_facts`` for the letter itself.
    """

    participation: Participation
    today: date

    @cached_property
    def facts(self) -> LetterFacts:
        return letter_facts(self.participation, today=self.today)

    @cached_property
    def recipients(self) -> list[Contact]:
        return mails.recipients(self.participation)

    @property
    def already_sent(self) -> bool:
        return self.participation.welcomed_at is not None

    @cached_property
    def problems(self) -> list[LetterProblem]:
        participation, cohort = self.participation, self.participation.cohort
        here = _change("participation", participation.pk)
        found = []
        if participation.withdrawn_at:
            found.append(LetterProblem("withdrawn", _("Kommunen har trukket seg."), here))
        elif participation.accepted_at is None:
            found.append(LetterProblem("accepted", _("Det er ikke registrert at kommunen har takket ja."), here))
        if not self.recipients:
            new = _add("contact", participation)
            found.append(
                LetterProblem("contact", _("Kommunen har ingen kontaktperson som brevet kan sendes til."), new)
            )
        if not self.participation.units.all():
            found.append(LetterProblem("units", _("Kommunen har ingen enheter."), _add("unit", participation)))
        if not participation.municipality.governor_name(on=cohort.starts_on).strip():
            municipality = _change("municipality", participation.municipality_id)
            found.append(LetterProblem("governor", _("Kommunen har ingen statsforvalter."), municipality))
        if cohort.confirm_by < self.today:
            mend = _change("cohort", cohort.pk)
            found.append(LetterProblem("deadline", _("Fristen for å bekrefte er gått ut."), mend))
        return found

    @cached_property
    def blanks(self) -> list[LetterProblem]:
        """What the letter has a place for, and is sent without where nobody fills it in."""
        participation = self.participation
        here = _change("participation", participation.pk)
        found = []
        if not participation.case_number:
            found.append(LetterProblem("case_number", _("Saksnummer"), f"{here}#id_case_number"))
        if not participation.postal_address:
            found.append(LetterProblem("postal_address", _("Kommunens postadresse"), f"{here}#id_postal_address"))
        led = {contact.unit_id for contact in participation.contacts.all() if contact.function == Contact.Function.HEAD}
        for unit in participation.units.all():
            name = {"unit": unit.name}
            if not unit.organisation_number and unit.kind != Unit.Kind.SFO:
                text = _("Organisasjonsnummeret til %(unit)s") % name
                found.append(LetterProblem("number", text, f"{_change('unit', unit.pk)}#id_organisation_number"))
            if unit.pk not in led:
                new = f"{_add('contact', participation)}&unit={unit.pk}&function={Contact.Function.HEAD}"
                found.append(LetterProblem("head", _("Styrer eller rektor ved %(unit)s") % name, new))
        return found

    @property
    def can_be_sent(self) -> bool:
        return not self.already_sent and not self.problems

    @cached_property
    def fingerprint(self) -> str:
        """Stands for exactly what was seen: the letter's every word but its date, and who gets it."""
        seen = {
            "letter": content.compose(replace(self.facts, dated=self.participation.cohort.starts_on)),
            "to": sorted((contact.user.email, contact.name) for contact in self.recipients),
        }
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def prepared(cohort: Cohort, *, today: date, load: Loader = with_facts) -> list[Prepared]:
    """The cohort's participations by name, but those that said no, or withdrew before any letter was sent."""
    participations = load(Participation.objects.filter(cohort=cohort)).order_by(
        "municipality__name", "municipality__number"
    )
    return [
        Prepared(participation, today)
        for participation in participations
        if participation.welcomed_at or not (participation.withdrawn_at or participation.declined_at)
    ]


def order(
    cohort: Cohort,
    *,
    approved: Mapping[int, str],
    token: uuid.UUID,
    by: User,
    now: datetime,
    waived: Collection[int] = (),
) -> Sending:
    """Store what staff approved: participation → fingerprint. A worker then sends it, one letter at a time.

    ``waived``: the keys of the county governors who get no copy now, since there is nobody to send it to. The same
    token, a button pressed twice, gives the same sending.
    """
    with transaction.atomic():
        sending, is_new = Sending.objects.get_or_create(
            token=token, defaults={"cohort": cohort, "ordered_at": now, "ordered_by": by}
        )
        if is_new:
            found = Participation.objects.select_related("municipality__county__governor").in_bulk(approved)
            copy_for = copies.order(sending, found.values(), waived=waived, by=by, now=now)
            SendingItem.objects.bulk_create(
                SendingItem(
                    sending=sending,
                    participation=found[pk],
                    copy=copy_for[found[pk].municipality.county.governor_id],
                    approved=fingerprint,
                )
                for pk, fingerprint in approved.items()
            )
            transaction.on_commit(lambda: _queue(sending), robust=True)
    return sending


def _queue(sending: Sending) -> None:
    """Hand each letter to a worker. What the queue loses waits for the sweep."""
    for item_pk in sending.items.values_list("pk", flat=True):
        queue.ask("lmp.welcome.tasks.send_letter", item_pk, expires=600)


def process(item_pk: int, *, now: datetime) -> SendingItem:
    """Send this letter, or note why it was not sent, and after an office's last letter its copy.

    Done once, whoever asks and however often.
    """
    item = _done(item_pk, now=now)
    # After the letter's own transaction: of two workers with the last two letters, the later one sees both done.
    copies.send_due(now=now, sending=item.sending)
    return item


def _done(item_pk: int, *, now: datetime) -> SendingItem:
    try:
        return _process(item_pk, now=now)
    except CannotSendError as error:
        reason = str(error)
    except Exception:
        logger.exception("The letter of sending item %s could not be sent", item_pk)
        reason = _("Noe gikk galt. Prøv igjen, og si fra til brukerstøtte hvis det skjer på nytt.")
    SendingItem.objects.waiting().filter(pk=item_pk).update(done_at=now, error=reason)
    return SendingItem.objects.get(pk=item_pk)


@transaction.atomic
def _process(item_pk: int, *, now: datetime) -> SendingItem:
    item = SendingItem.objects.select_for_update(of=("self",)).select_related("sending__ordered_by").get(pk=item_pk)
    if item.done_at is None:
        item.letter = send(item.participation_id, approved=item.approved, by=item.sending.ordered_by, now=now)
        item.done_at = now
        item.save(update_fields=["letter", "done_at"])
    return item


@transaction.atomic
def send(participation_pk: int, *, approved: str, by: User, now: datetime) -> Letter:
    """Set the letter, keep it, open the round, and post the mails: all of it or nothing.

    Raises CannotSendError when it is sent already, something is missing, or it is no longer what was approved.
    """
    # Another worker that sends the same letter waits here, and then finds that it is sent.
    Participation.objects.select_for_update(of=("self",)).get(pk=participation_pk)
    participation = with_facts(Participation.objects.filter(pk=participation_pk)).get()
    letter = Prepared(participation, timezone.localdate(now))
    if letter.already_sent:
        raise CannotSendError(_("Brevet var sendt fra før. Ingenting ble sendt på nytt."))
    if letter.problems:
        raise CannotSendError(" ".join(problem.text for problem in letter.problems))
    if letter.fingerprint != approved:
        raise CannotSendError(
            _("Brevet eller mottakerne er endret etter at utsendingen ble bekreftet. Se over og send på nytt.")
        )
    confirmation = asking.ask(participation, due_on=participation.cohort.confirm_by, by=by, now=now)
    kept = mail(letter, confirmation=confirmation, by=by, now=now)
    participation.welcome(by=by, now=now)
    return kept


def mail(letter: Prepared, *, confirmation: Confirmation, by: User, now: datetime) -> Letter:
    """Set the letter, keep it for the archive, and post it to each recipient."""
    kept = Letter.of(
        render(letter.facts),
        letter.facts,
        participation=letter.participation,
        by=by,
        now=now,
    )
    kept.save()
    for contact in letter.recipients:
        mails.welcome(kept, to=contact, confirmation=confirmation, now=now)
    return kept
