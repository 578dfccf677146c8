"""The mails that follow at once from what somebody did, written in the transaction of the caller.

A key names the fact, so that the same fact never mails twice: the registration's row for what happens to it once, with
the moment for what may happen again, and the gathering's calendar_version for what happens to all.
"""

from collections.abc import Callable, Collection, Sequence
from copy import copy
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from gatherings import places
from gatherings.mails import calendar_entries, values
from gatherings.mails.texts import notices as texts
from gatherings.mails.texts import swaps
from gatherings.models import Gathering, LateRequest, Registration, Swap
from gatherings.registration.registering import RegistrationOutcome
from outbox.models import Message
from outbox.posting import post
from outbox.texts import MailText, Values
from parts.files import File

Entry = Callable[..., File]
Fill = Callable[[Registration, date], Values]


def registered(registrations: Sequence[Registration], *, now: datetime) -> None:
    """To each new one: a place, or a turn in line."""
    if not registrations:
        return
    gathering = registrations[0].gathering
    waits = any(registration.state == Registration.State.WAITING for registration in registrations)
    line = list(gathering.registrations.waiting().values_list("pk", flat=True)) if waits else []
    sequences = calendar_entries.sequences(registrations)
    for registration in registrations:
        if registration.state == Registration.State.PLACED:
            _has_place(registration, now=now, sequence=sequences[registration.pk])
        elif registration.pk in line:
            _mail(
                registration,
                texts.WAITING,
                partial(texts.waiting, number=line.index(registration.pk) + 1),
                key=f"gatherings.waiting:{registration.pk}",
                why=_("%(name)s står på venteliste til %(gathering)s"),
                now=now,
            )


def outcomes(outcomes: Sequence[RegistrationOutcome], *, by: User, now: datetime) -> None:
    """To each person whom the registration changed something for; to who registered others, what became of them all."""
    registered([outcome.registration for outcome in outcomes if outcome.is_new], now=now)
    for outcome in outcomes:
        if outcome.added:
            changed(outcome.registration, by=by, now=now)
    told = [outcome for outcome in outcomes if outcome.is_new or outcome.added]
    if any(outcome.registration.user_id != by.pk for outcome in told):
        _receipt(outcomes, told[0], by=by, now=now)


def _receipt(outcomes: Sequence[RegistrationOutcome], first: RegistrationOutcome, *, by: User, now: datetime) -> None:
    """Its key is the first fact of it: a new row, or a place that one comes for too, which may be again."""
    registration = first.registration
    fact = f"{registration.pk}:{first.place.key}:{now.isoformat()}" if first.added else f"{registration.pk}"
    language = registration.participation.language_for(by)
    gathering = registration.gathering
    with translation.override(language):
        filled = texts.receipt(gathering, outcomes, timezone.localdate(now), name=str(by))
    post(
        texts.RECEIPT,
        key=f"gatherings.receipt:{fact}:{by.pk}",
        to=by,
        language=language,
        values=filled,
        why=_("%(name)s meldte på til %(gathering)s") % {"name": by, "gathering": gathering.in_its_cohort},
        now=now,
        about=gathering,
    )


def placed(registration: Registration, *, now: datetime) -> None:
    """They took the place they were offered, or staff gave them one."""
    _has_place(registration, now=now)


def _has_place(registration: Registration, *, now: datetime, sequence: int | None = None) -> None:
    _mail(
        registration,
        texts.REGISTERED,
        texts.registered,
        key=f"gatherings.registered:{registration.pk}",
        why=_("%(name)s har plass på %(gathering)s"),
        now=now,
        entry=calendar_entries.invitation,
        sequence=sequence,
    )


def passed(passed: places.PlacesPassedOn, *, now: datetime) -> None:
    """What happened in the line: some offers ran out, and others were made."""
    for registration in passed.expired:
        _mail(
            registration,
            texts.EXPIRED,
            texts.offered,
            key=f"gatherings.expired:{registration.pk}",
            why=_("Tilbudet til %(name)s om plass på %(gathering)s er gått ut"),
            now=now,
        )
    for registration in passed.offered:
        _mail(
            registration,
            texts.OFFERED,
            texts.offered,
            key=f"gatherings.offered:{registration.pk}",
            why=_("%(name)s har et tilbud om plass på %(gathering)s"),
            now=now,
            expires_at=registration.offered_until,
        )


def changed(registration: Registration, *, by: User, now: datetime) -> None:
    _mail(
        registration,
        texts.CHANGED,
        partial(texts.changed, by=by),
        key=f"gatherings.changed:{registration.pk}:{now.isoformat()}",
        why=_("Påmeldingen til %(name)s på %(gathering)s er endret"),
        now=now,
        entry=calendar_entries.invitation,
    )


def cancelled(registration: Registration, *, by: User, now: datetime) -> None:
    _mail(
        registration,
        texts.CANCELLED,
        partial(texts.cancelled, by=by),
        key=f"gatherings.cancelled:{registration.pk}",
        why=_("%(name)s er ikke lenger påmeldt til %(gathering)s"),
        now=now,
        entry=calendar_entries.cancellation,
    )


def swapped(registration: Registration, swap: Swap, *, by: User, now: datetime) -> None:
    """To the one who gave the place, offer or turn away, and to the one who got it."""
    gone = copy(registration)
    gone.user, gone.name = swap.before, swap.before_name
    _mail(
        gone,
        swaps.SWAPPED_OUT,
        partial(swaps.swapped_out, by=by, after=registration.name),
        key=f"gatherings.swapped_out:{swap.pk}",
        why=_("%(name)s har gitt fra seg plassen på %(gathering)s"),
        now=now,
        entry=calendar_entries.cancellation,
    )
    _mail(
        registration,
        swaps.SWAPPED_IN,
        partial(swaps.swapped_in, by=by, before=swap.before_name),
        key=f"gatherings.swapped_in:{swap.pk}",
        why=_("%(name)s har overtatt plassen på %(gathering)s"),
        now=now,
        entry=calendar_entries.invitation,
        expires_at=registration.offered_until if registration.state == Registration.State.OFFERED else None,
    )


def signed_off(registration: Registration, *, now: datetime) -> None:
    """The municipality has withdrawn, so they do not come."""
    _mail(
        registration,
        texts.WITHDRAWN,
        texts.withdrawn,
        key=f"gatherings.withdrawn:{registration.pk}",
        why=_("%(name)s er ikke lenger påmeldt til %(gathering)s fordi kommunen har trukket seg"),
        now=now,
        entry=calendar_entries.cancellation,
    )


def moved(gathering: Gathering, *, now: datetime) -> None:
    """To everybody registered: what an earlier mail said is no longer right, and what is."""
    earlier = gathering.history.filter(calendar_version__lt=gathering.calendar_version).first()
    before = earlier.instance if earlier else None
    _mail_all(
        gathering,
        texts.MOVED,
        partial(texts.moved, before=before, sentence=_sentence(gathering)),
        what="moved",
        why=_("%(gathering)s er flyttet"),
        now=now,
        entry=calendar_entries.invitation,
    )


def called_off(gathering: Gathering, *, now: datetime) -> None:
    """It is cancelled, or put off with no date."""
    _mail_all(
        gathering,
        texts.CALLED_OFF,
        partial(texts.called_off, sentence=_sentence(gathering)),
        what="called_off",
        why=_("%(gathering)s er avlyst eller utsatt"),
        now=now,
        entry=calendar_entries.cancellation,
    )


def reinstated(gathering: Gathering, *, now: datetime) -> None:
    _mail_all(
        gathering,
        texts.REINSTATED,
        partial(texts.reinstated, sentence=_sentence(gathering)),
        what="reinstated",
        why=_("%(gathering)s holdes likevel"),
        now=now,
        entry=calendar_entries.invitation,
    )


def late_request(asked: LateRequest, *, now: datetime) -> None:
    """To the project, that somebody asks. What they ask is on the page: it may tell of health."""
    link = values.link(reverse("admin:gatherings_laterequest_change", args=[asked.pk]))
    with translation.override(settings.LANGUAGE_CODE):
        filled = texts.late_request(asked, link=link)
    post(
        texts.LATE_REQUEST,
        key=f"gatherings.late_request:{asked.pk}",
        to=settings.SUPPORT_EMAIL,
        language=settings.LANGUAGE_CODE,
        values=filled,
        why=_("%(name)s har et spørsmål om %(gathering)s, etter fristen")
        % {"name": asked.asked_by, "gathering": asked.gathering.in_its_cohort},
        now=now,
        about=asked,
    )


def late_request_answered(asked: LateRequest, *, now: datetime) -> None:
    language = asked.participation.language_for(asked.asker)
    with translation.override(language):
        filled = texts.late_request_answered(asked)
    post(
        texts.LATE_REQUEST_ANSWERED,
        key=f"gatherings.late_request_answered:{asked.pk}",
        to=asked.asker,
        language=language,
        values=filled,
        why=_("Svar til %(name)s om %(gathering)s") % {"name": asked.asker, "gathering": asked.gathering.in_its_cohort},
        now=now,
        about=asked,
    )


def _sentence(gathering: Gathering) -> str:
    """What staff wrote when they saved it as it is now."""
    newest = gathering.history.first()
    return (newest.history_change_reason or "") if newest else ""


def _mail_all(
    gathering: Gathering,
    text: MailText,
    fill: Fill,
    *,
    what: str,
    why: str,
    now: datetime,
    entry: Entry,
) -> None:
    registrations = list(gathering.registrations.active().with_places().select_related("user"))
    for registration in registrations:
        registration.gathering = gathering
    sequences, had_entry = calendar_entries.sequences(registrations), _had_entry(registrations)
    for registration in registrations:
        _mail(
            registration,
            text,
            fill,
            key=f"gatherings.{what}:{gathering.pk}:{gathering.calendar_version}:{registration.user_id}",
            why=why,
            now=now,
            entry=entry,
            sequence=sequences[registration.pk],
            had_entry=had_entry,
        )


def _had_entry(registrations: Sequence[Registration]) -> set[int]:
    """Those of them who have got a calendar entry for their registration: they have read what a no there does."""
    mails = Message.objects.about_rows(Registration, [registration.pk for registration in registrations])
    with_entry = mails.filter(attachments__content_type__contains="method=REQUEST")
    return set(with_entry.values_list("recipient", flat=True))


def _mail(
    registration: Registration,
    text: MailText,
    fill: Fill,
    *,
    key: str,
    why: str,
    now: datetime,
    entry: Entry | None = None,
    sequence: int | None = None,
    had_entry: Collection[int] | None = None,
    expires_at: datetime | None = None,
) -> None:
    """To the participant, in their language, with the calendar entry if they have or had a place."""
    language = registration.language
    files = []
    # A person who never had a place has nothing in the calendar, and an entry needs a date.
    if entry and registration.placed_at and (registration.gathering.days or entry is calendar_entries.cancellation):
        files.append(entry(registration, language=language, now=now, sequence=sequence))
    with translation.override(language):
        filled = fill(registration, timezone.localdate(now))
    if filled.get(texts.NEW_ENTRY):
        had_entry = _had_entry([registration]) if had_entry is None else had_entry
        filled = {**filled, texts.NEW_ENTRY: "" if registration.user_id in had_entry else filled[texts.NEW_ENTRY]}
    post(
        text,
        key=key,
        to=registration.user,
        language=language,
        values=filled,
        why=capfirst(why % {"name": registration.name, "gathering": registration.gathering.in_its_cohort}),
        now=now,
        about=registration,
        attachments=files,
        expires_at=expires_at,
    )
