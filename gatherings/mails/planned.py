"""The mails of the gatherings that today's facts call for. What changes the facts changes the mails."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import schedule
from gatherings.mails.invited import asked_to_register, invitation_key
from gatherings.mails.texts import planned as texts
from gatherings.mails.texts.planned import MissingRegistration
from gatherings.models import Answered, Attendance, Gathering, Registration
from gatherings.registration import covering
from outbox import plan
from outbox.digest import Digest, DueReminder
from outbox.plan import Planned
from outbox.texts import MailText, Values, WhenRead
from participants.mails.scopes import of_cohort, of_participation, scope
from participants.models import Contact, Unit
from parts.dates import Slot, day_in_words, end_of, through

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class SettlingFacts(TypedDict):
        settled_since: datetime | None
        was_on_other_days: bool

    class AttendingFacts(TypedDict):
        came: bool
        has_answered: bool

    SettledGathering = WithAnnotations[Gathering, SettlingFacts]
    Participant = WithAnnotations[Registration, AttendingFacts]

Function = Contact.Function
IN_A_UNIT = [Function.HEAD, Gathering.STAFF]
REMINDERS: Digest[MissingRegistration] = Digest(texts.REMINDER.name, lambda _missing: texts.REMINDER, texts.reminder)


def planned(start: datetime, end: datetime) -> Iterator[Planned]:
    """The mails with start < send_at <= end, in a fixed number of queries however many there are.

    Only a gathering that is settled has any. Keys carry the date that a mail is about: a moved gathering mails for its
    new date, and what was sent for a date is not sent for it again.
    """
    gatherings = _gatherings(start)
    if not gatherings:
        return
    today = plan.looked_at_on(end)
    invited, registrations = _invited(gatherings, today=today), _registrations(gatherings)
    registered = RegisteredPlaces(gatherings, today=today)
    for found in (
        _invitations(invited, registered),
        REMINDERS.mails(_reminders(invited, registered, start, end), sent=REMINDERS.sent(start), start=start, end=end),
        _to_the_placed(registrations),
        _evaluations(registrations),
    ):
        yield from (mail for mail in found if start < mail.send_at <= end)


def today(now: datetime) -> Iterator[Planned]:
    """What each would be reminded of now, whatever has gone to them: to register, to order the journey, to evaluate."""
    gatherings, day = _gatherings(now), timezone.localdate(now)
    if not gatherings:
        return
    yield from REMINDERS.today(
        _due(one, Slot(now, one.invited.until), item)
        for registered in [RegisteredPlaces(gatherings, today=day)]
        for one in _invited(gatherings, today=day)
        if one.invited.send_at <= now < one.invited.until
        for item in registered.missing_for(one, on=day)
    )
    registrations = _registrations(gatherings)
    for registration in registrations:
        if slot := _travel_today(registration, now):
            yield from _travel(registration, [slot])
    for mail in _evaluations(registrations):
        if mail.send_at <= now < mail.until:
            yield mail


def _travel_today(registration: "Participant", now: datetime) -> Slot | None:
    gathering = registration.gathering
    if gathering.starts_on is None or gathering.travel_closes_on is None:
        return None
    begins = schedule.begins(gathering.starts_on, gathering.starts_at)
    slot = Slot(now, min(end_of(gathering.travel_closes_on), begins))
    return slot if slot.send_at < slot.until and _is_placed(registration) else None


def _gatherings(start: datetime) -> "dict[int, SettledGathering]":
    """The settled gatherings, except those so long ago that nothing more is sent about them."""
    settled = Gathering.objects.filter(settled=Gathering.Settled.FIXED, starts_on__isnull=False)
    oldest = timezone.localdate(start) - timedelta(days=schedule.ANSWER_WITHIN + 1)
    recent = settled.annotate(last=Coalesce("ends_on", "starts_on")).filter(last__gte=oldest)
    # Nobody was invited to it before it was settled, for the first time, for the date it has.
    as_it_is = Gathering.history.filter(
        id=models.OuterRef("pk"), settled=Gathering.Settled.FIXED, starts_on=models.OuterRef("starts_on")
    ).order_by("history_date")
    other = Gathering.history.filter(id=models.OuterRef("pk"), settled=Gathering.Settled.FIXED)
    recent = recent.annotate(
        settled_since=models.Subquery(as_it_is.values("history_date")[:1]),
        was_on_other_days=models.Exists(other.exclude(starts_on=models.OuterRef("starts_on"))),
    )
    found = cast("list[SettledGathering]", list(recent.select_related("cohort")))
    return {gathering.pk: gathering for gathering in found}


def _registrations(gatherings: "dict[int, SettledGathering]") -> "list[Participant]":
    """Every registration that is active or whose person was there, each with the gathering as it is here."""
    people = (
        Registration.objects.filter(gathering__in=gatherings)
        .annotate(
            came=models.Exists(Attendance.objects.filter(registration=models.OuterRef("pk"))),
            has_answered=models.Exists(
                Answered.objects.filter(gathering=models.OuterRef("gathering"), user=models.OuterRef("user"))
            ),
        )
        .filter(
            models.Q(cancelled_at__isnull=True, expired_at__isnull=True, participation__withdrawn_at__isnull=True)
            | models.Q(came=True)
        )
        .with_places()
        .select_related("user")
        .order_by("pk")
    )
    found = cast("list[Participant]", list(people))
    for registration in found:
        registration.gathering = gatherings[registration.gathering_id]
    return found


@dataclass(frozen=True)
class InvitedContact:
    """A person who may register for a gathering, and whom they answer for there: a unit, else the municipality."""

    gathering: Gathering
    contact: Contact
    invited: Slot
    # It was settled for other days before, which the person may know of.
    moved: bool

    @property
    def user(self) -> User:
        return self.contact.user

    @property
    def language(self) -> str:
        return self.contact.participation.language_for(self.user)


def _invited(gatherings: "dict[int, SettledGathering]", *, today: date) -> list[InvitedContact]:
    """Everybody who is asked to register, at each gathering that takes registrations.

    People who answer for a welcomed municipality are asked at every gathering, and heads of units where the units'
    people are invited.
    """
    cohorts = {gathering.cohort_id for gathering in gatherings.values()}
    contacts = asked_to_register(cohorts, today=today)
    of_cohort: dict[int, list[Contact]] = defaultdict(list)
    for contact in contacts:
        of_cohort[contact.participation.cohort_id].append(contact)
    found = []
    for gathering in gatherings.values():
        if gathering.opens_on is None or gathering.closes_on is None:
            continue
        for contact in of_cohort[gathering.cohort_id]:
            if contact.unit_id is None or gathering.invites(IN_A_UNIT):
                since = [gathering.settled_since, contact.participation.welcomed_at, contact.started_at]
                slot = schedule.invitation(gathering.opens_on, gathering.closes_on, since=since)
                found.append(InvitedContact(gathering, contact, slot, gathering.was_on_other_days))
    return found


def _invitations(invited: list[InvitedContact], registered: "RegisteredPlaces") -> Iterator[Planned]:
    """One per person and gathering, whatever they answer for; none to a person who has registered already.

    A gathering that moves invites again for its new date. The people who are registered get a mail about the move
    instead.
    """
    people: dict[tuple[int, int], list[InvitedContact]] = defaultdict(list)
    for one in invited:
        if registered.missing_for(one, on=timezone.localdate(one.invited.send_at)):
            people[one.gathering.pk, one.user.pk].append(one)
    for (_gathering, user), entries in people.items():
        first = min(entries, key=lambda one: one.invited.send_at)
        gathering = first.gathering
        names = dict.fromkeys(_answers_for(one.contact) for one in entries)
        if first.invited.send_at < first.invited.until:
            yield Planned(
                key=invitation_key(gathering, user),
                recipient=first.user,
                name=first.contact.name,
                language=first.language,
                text=texts.INVITATION,
                send_at=first.invited.send_at,
                until=first.invited.until,
                why=_("Påmeldingen til %(gathering)s er åpen") % {"gathering": gathering.in_its_cohort},
                values=_invitation_values(first, list(names)),
                about=gathering,
                scope=scope(*(one.contact.participation for one in entries)),
            )


def _answers_for(contact: Contact) -> str:
    return contact.unit.name if contact.unit else contact.participation.municipality.name_told_apart


def _invitation_values(one: InvitedContact, names: list[str]) -> Values:
    facts: dict[str, Any] = {"name": one.contact.name, "answers_for": names, "moved": one.moved}
    return WhenRead(one.language, lambda: texts.invitation(one.gathering, **facts))


def _reminders(
    invited: list[InvitedContact], registered: "RegisteredPlaces", start: datetime, end: datetime
) -> Iterator[DueReminder[MissingRegistration]]:
    """Those between these moments: a contact of thirty units has as many for each morning."""
    for one in invited:
        gathering = one.gathering
        slots = [
            slot
            for slot in schedule.reminders(gathering.closes_on, invited_at=one.invited.send_at)
            if start < slot.send_at <= end
        ]
        if not slots:
            continue
        missing = ((slot, registered.missing_for(one, on=timezone.localdate(slot.send_at))) for slot in slots)
        yield from (_due(one, slot, item) for slot, items in missing for item in items)


def _due(one: InvitedContact, slot: Slot, item: MissingRegistration) -> DueReminder[MissingRegistration]:
    gathering = one.gathering
    why = _("ingen påmeldt til %(gathering)s, frist %(deadline)s")
    return DueReminder(
        recipient=one.user,
        name=one.contact.name,
        language=one.language,
        send_at=slot.send_at,
        until=slot.until,
        version=f"{gathering.pk}@{gathering.closes_on}",
        item=item,
        about=gathering,
        why=why % {"gathering": gathering.in_its_cohort, "deadline": through(gathering.closes_on)},
        scope=scope(one.contact.participation),
    )


class RegisteredPlaces:
    """The units and municipalities that each gathering has an answer from: somebody comes, or they said nobody does."""

    def __init__(self, gatherings: "dict[int, SettledGathering]", *, today: date) -> None:
        self._covered = covering.covered(list(gatherings))
        self._units: dict[int, list[Unit]] = defaultdict(list)
        cohorts = {gathering.cohort_id for gathering in gatherings.values()}
        for unit in Unit.objects.active(today=today).filter(participation__cohort__in=cohorts).order_by("name", "pk"):
            self._units[unit.participation_id].append(unit)

    def missing_for(self, one: InvitedContact, *, on: date) -> list[MissingRegistration]:
        """Each unit that is active that day where units are invited, and the municipality where its own people are.

        A person in a unit answers for that unit alone.
        """
        gathering, contact = one.gathering, one.contact
        if contact.unit:
            return self._without_anybody(gathering, [contact.unit], on=on)
        units = self._units[contact.participation_id] if gathering.invites(IN_A_UNIT) else []
        missing = self._without_anybody(gathering, units, on=on)
        place = (contact.participation_id, None)
        if gathering.invites([*Contact.EDITORS, Function.PPT]) and place not in self._covered[gathering.pk]:
            return [MissingRegistration(gathering, contact.participation.municipality.name_told_apart), *missing]
        return missing

    def _without_anybody(self, gathering: Gathering, units: list[Unit], *, on: date) -> list[MissingRegistration]:
        return [
            MissingRegistration(gathering, unit.name)
            for unit in units
            if unit.is_active(today=on) and (unit.participation_id, unit.pk) not in self._covered[gathering.pk]
        ]


def _to_the_placed(registrations: "list[Participant]") -> Iterator[Planned]:
    """Practical information to everybody with a place, and a reminder to those who have not ordered the journey."""
    for registration in registrations:
        gathering = registration.gathering
        if not _is_placed(registration) or gathering.starts_on is None or registration.placed_at is None:
            continue
        begins = schedule.begins(gathering.starts_on, gathering.starts_at)
        practical = schedule.practical(gathering.starts_on, begins=begins, placed_at=registration.placed_at)
        for slot in _while_active(registration, practical):
            yield _participant(
                registration,
                slot,
                texts.PRACTICAL,
                texts.practical,
                key=f"gatherings.practical:{gathering.pk}:{gathering.starts_on}:{registration.user_id}",
                why=capfirst(
                    _("%(gathering)s begynner %(day)s")
                    % {"gathering": gathering.in_its_cohort, "day": day_in_words(gathering.starts_on)}
                ),
            )
        travel = schedule.travel(gathering.travel_closes_on, begins=begins, placed_at=registration.placed_at)
        yield from _travel(registration, travel)


def _is_placed(registration: "Participant") -> bool:
    return registration.is_active and registration.user.is_active and registration.placed_at is not None


def _travel(registration: "Participant", slots: Iterable[Slot]) -> Iterator[Planned]:
    """To whoever is to order their journey, and has not."""
    if registration.travel != Registration.Travel.ORDERS or registration.travel_ordered_on:
        return
    gathering, closes_on = registration.gathering, registration.gathering.travel_closes_on
    for slot in _while_active(registration, slots):
        morning = timezone.localdate(slot.send_at)
        yield _participant(
            registration,
            slot,
            texts.TRAVEL,
            texts.travel,
            key=f"gatherings.travel:{gathering.pk}:{closes_on}:{morning}:{registration.user_id}",
            why=_("reisen til %(gathering)s er ikke bestilt, frist %(deadline)s")
            % {"gathering": gathering.in_its_cohort, "deadline": through(closes_on)},
        )


def _while_active(registration: Registration, slots: Iterable[Slot]) -> Iterator[Slot]:
    """Nothing goes to somebody whose units are all closed by then. Those of one that is merged come for the other."""
    units = [registration.unit, *(each.unit for each in registration.also)]
    for slot in slots:
        day = timezone.localdate(slot.send_at)
        if any(unit is None or unit.merged_into_id or unit.is_active(today=day) for unit in units):
            yield slot


def _evaluations(registrations: "list[Participant]") -> Iterator[Planned]:
    """Twice to everybody who was there and has not answered."""
    there = [each for each in registrations if each.came and not each.has_answered and each.user.is_active]
    people = {(registration.gathering_id, registration.user_id): registration for registration in there}
    for (pk, user), registration in people.items():
        gathering = registration.gathering
        for turn, slot in enumerate(schedule.evaluation(gathering.last_day), start=1):
            yield _participant(
                registration,
                slot,
                texts.EVALUATION,
                texts.evaluation,
                key=f"gatherings.evaluation:{pk}:{gathering.last_day}:{turn}:{user}",
                why=_("var på %(gathering)s og har ikke evaluert") % {"gathering": gathering.in_its_cohort},
            )


def _participant(
    registration: Registration,
    slot: Slot,
    text: MailText,
    fill: Callable[[Registration], Values],
    *,
    key: str,
    why: str,
) -> Planned:
    language, parts = registration.language, _of(registration)
    return Planned(
        key=key,
        recipient=registration.user,
        name=registration.name,
        language=language,
        text=text,
        send_at=slot.send_at,
        until=slot.until,
        why=why,
        values=WhenRead(language, lambda: fill(registration)),
        about=registration.gathering,
        scope=frozenset().union(*parts),
        parts=parts,
    )


def _of(registration: Registration) -> list[frozenset[str]]:
    """One mail, whatever the person comes for: it is switched off when it is for each of these places."""
    cohort = of_cohort(registration.gathering.cohort)
    places = [registration.participation_id, *(each.participation_id for each in registration.also)]
    return [frozenset({cohort, of_participation(pk)}) for pk in dict.fromkeys(places)]
