"""What each recipient gets, or why they get nothing: the same for the page that shows it first and for the sending."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from gatherings.models import Registration
from lmp.writing import mails, reminders
from lmp.writing.choosing.roles import RELATED, RoleThere, as_registered, held_now
from lmp.writing.left_out import WhyLeftOut, in_each_language
from lmp.writing.models import Recipient, Writing
from lmp.writing.occasion import Addressee, Occasion
from outbox import markup, texts
from outbox.models import Message
from outbox.plan import Planned
from outbox.texts import MailText, RenderedMail, Values
from participants.models import Confirmation, Participation
from parts import names
from parts.dates import moment_in_words

Wordings = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class ComposedMail:
    """One recipient's mail, or why they get none, with what they are known by."""

    recipient: Recipient
    name: str
    functions: list[str]
    places: str
    language: str
    why: str = ""
    left_out: WhyLeftOut | None = None
    text: MailText = mails.WRITTEN
    # A subject and a body of its own; a reminder has the wording that its kind has.
    wording: tuple[str, str] | None = None
    values: Values = field(default_factory=dict)
    expires_at: datetime | None = None
    # Of an occasion: whichever writing it goes in, it is the same mail.
    key: str = ""

    def rendered(self, wordings: Wordings) -> RenderedMail:
        """As it will be sent. `wordings` keeps what has been read, so that a page asks for each but once."""
        if self.wording:
            return texts.fill(self.text, self.language, *self.wording, self.values)
        return texts.fill(self.text, self.language, *self.source(wordings), self.values)

    def source(self, wordings: Wordings) -> tuple[str, str]:
        """The subject and body that it is filled in from."""
        if self.wording:
            return self.wording
        key = (self.text.name, self.language)
        if key not in wordings:
            subject, body = texts.wording_of(self.text, self.language)
            broken = texts.problems(self.text, subject, subject=True) + texts.problems(self.text, body, subject=False)
            wordings[key] = texts.shipped_wording(self.text, self.language) if broken else (subject, body)
        return wordings[key]


def with_facts(recipients: QuerySet[Recipient]) -> QuerySet[Recipient]:
    related = recipients.select_related("person__merged_into", "gathering__cohort")
    return related.prefetch_related("participations__municipality__county", "participations__cohort")


def compose(writing: Writing, recipients: Collection[Recipient], *, now: datetime) -> list[ComposedMail]:
    """The mail of each of these, loaded `with_facts`, in a fixed number of queries however many they are."""
    if writing.occasion:
        return _about(writing, writing.occasion, recipients, now=now)
    facts = _Facts.load(recipients)
    if not writing.is_reminder:
        return [_compose(writing, recipient, facts) for recipient in recipients]
    due = reminders.due(writing.kind, now=now)
    sent = reminders.sent_today(writing.kind, {recipient.addressee.pk for recipient in recipients}, now=now)
    return [
        _reminding(_compose(writing, recipient, facts), due, sent, by=writing.written_by) for recipient in recipients
    ]


def _compose(writing: Writing, recipient: Recipient, facts: "_Facts") -> ComposedMail:
    """A reminder gets its text afterwards."""
    person, by = recipient.addressee, writing.written_by
    participations = list(recipient.participations.all())
    registration = facts.registration_of(recipient)
    roles = facts.roles_of(recipient)
    held = {role.participation for role in roles}
    there = [each for each in participations if each.pk in held] or participations
    name = roles[0].name if roles else str(person)
    places = names.joined(dict.fromkeys(each.municipality.name_told_apart for each in there))
    functions = list(dict.fromkeys(role.title for role in roles))
    language = next((role.language for role in roles if role.participation == there[0].pk), language_of(recipient))
    known = ComposedMail(recipient, name, functions, places, language)
    if why_not := _why_not(recipient, participations, roles, registration, places=places):
        return replace(known, left_out=why_not)
    if writing.is_reminder:
        return known
    asked = {role.participation for role in roles if role.is_asked}
    deadline = facts.deadline([each for each in there if each.pk in asked])
    with override(language):
        values = mails.values(there, name=name, functions=functions, due=deadline, by=by)
    return _written(known, writing, values)


def _about(
    writing: Writing, occasion: Occasion, recipients: Collection[Recipient], *, now: datetime
) -> list[ComposedMail]:
    """Who concerns it, and has not had a mail of it, in this writing or another."""
    addressees = occasion.addressees({recipient.addressee.pk for recipient in recipients}, now=now)
    keys = {recipient.pk: f"{occasion.key}:{recipient.addressee.pk}" for recipient in recipients}
    sent = dict(Message.objects.filter(key__in=keys.values()).values_list("key", "created_at"))
    values = {language: occasion.values(language) for language, _name in settings.LANGUAGES}
    found = []
    for recipient in recipients:
        person, key = recipient.addressee, keys[recipient.pk]
        one = addressees.get(person.pk) or Addressee()
        language = language_of(recipient)
        left_out = one.left_out if person.is_active else WhyLeftOut("barred")
        if key in sent:
            left_out = WhyLeftOut("told", {"when": in_each_language(partial(moment_in_words, sent[key]))})
        known = ComposedMail(recipient, one.name or str(person), one.functions, one.places, language, key=key)
        if left_out:
            found.append(replace(known, left_out=left_out))
            continue
        filled = {"navn": known.name, "avsender": str(writing.written_by)} | dict(values[language])
        said = _("Sendt av %(name)s: %(title)s") % {"name": writing.written_by, "title": writing.about_label}
        found.append(replace(known, why=said, text=occasion.text, wording=writing.wording(language), values=filled))
    return found


def language_of(recipient: Recipient) -> str:
    """The language that they are written to in: their own, or else that of where they were chosen."""
    person, participations = recipient.addressee, list(recipient.participations.all())
    return participations[0].language_for(person) if participations else person.language or User.Language.NB


def _reminding(
    known: ComposedMail, planned: Mapping[int, Planned], sent: Mapping[int, datetime], *, by: User
) -> ComposedMail:
    """Nobody is reminded of the same twice in a day, whoever or whatever reminded them first."""
    person = known.recipient.addressee.pk
    due, earlier = planned.get(person), sent.get(person)
    if known.left_out:
        return known
    if due is None:
        return replace(known, left_out=WhyLeftOut("nothing"))
    if earlier:
        clock = timezone.localtime(earlier).strftime("%H.%M")
        return replace(known, left_out=WhyLeftOut("reminded", {"clock": clock}))
    said = _("Minnet på av %(name)s: %(why)s") % {"name": by, "why": due.why}
    return replace(known, language=due.language, why=said, text=due.text, values=due.values, expires_at=due.until)


def _written(known: ComposedMail, writing: Writing, values: Values) -> ComposedMail:
    wording = writing.wording(known.language)
    if "frist" in markup.placeholders("\n".join(wording)) and not values["frist"]:
        return replace(known, left_out=WhyLeftOut("no_deadline"))
    said = _("Skrevet av %(name)s") % {"name": writing.written_by}
    why = f"{said}: {writing.reason}" if writing.reason else said
    return replace(known, why=why, wording=wording, values=values)


def _why_not(
    recipient: Recipient,
    participations: list[Participation],
    roles: list[RoleThere],
    registration: Registration | None,
    *,
    places: str,
) -> WhyLeftOut | None:
    """Why this person gets nothing after all; None when they get it."""
    person = recipient.addressee
    if not person.is_active:
        return WhyLeftOut("barred")
    left = [each for each in participations if each.withdrawn_at and each.withdrawn_at > recipient.added_at]
    if left and len(left) == len(participations):
        return WhyLeftOut("withdrawn", {"place": places})
    if recipient.gathering:
        cancelled = registration.cancelled_at if registration else None
        if registration is None or (cancelled and cancelled > recipient.added_at):
            gathering = recipient.gathering
            return WhyLeftOut("signed_off", {"gathering": in_each_language(lambda: gathering.in_a_sentence)})
    elif not roles:
        return WhyLeftOut("no_function", {"place": places})
    return None


@dataclass(frozen=True)
class _Facts:
    """What these recipients are today, by person."""

    held: dict[int, list[RoleThere]]
    registrations: dict[tuple[int, int], Registration]
    deadlines: dict[int, date]

    @classmethod
    def load(cls, recipients: Collection[Recipient]) -> "_Facts":
        people = {recipient.addressee.pk for recipient in recipients}
        participations = {each.pk for recipient in recipients for each in recipient.participations.all()}
        chosen = [(recipient.addressee, recipient.participations.all()) for recipient in recipients]
        gatherings = {recipient.gathering_id for recipient in recipients if recipient.gathering_id}
        there = Registration.objects.filter(gathering__in=gatherings, user__in=people).order_by("pk")
        there = there.select_related(*RELATED)
        deadlines: dict[int, date] = dict(
            Confirmation.objects.open()
            .filter(participation__in=participations, participation__withdrawn_at__isnull=True)
            .values_list("participation", "due_on")
        )
        registrations = {(row.gathering_id, row.user_id): row for row in there}
        return cls(held_now(chosen), registrations, deadlines)

    def roles_of(self, recipient: Recipient) -> list[RoleThere]:
        """What they are where they were chosen. Who has no function there is what they are registered as."""
        chosen_in = {each.pk for each in recipient.participations.all()}
        held = [role for role in self.held.get(recipient.addressee.pk, []) if role.participation in chosen_in]
        registration = self.registration_of(recipient)
        return held or ([as_registered(registration)] if registration else [])

    def registration_of(self, recipient: Recipient) -> Registration | None:
        if recipient.gathering_id is None:
            return None
        return self.registrations.get((recipient.gathering_id, recipient.addressee.pk))

    def deadline(self, participations: list[Participation]) -> date | None:
        return min((self.deadlines[each.pk] for each in participations if each.pk in self.deadlines), default=None)


def languages(composed: Collection[ComposedMail]) -> Iterator[ComposedMail]:
    """One that gets it in each language: what a test copy shows."""
    seen: set[str] = set()
    for mail in composed:
        if not mail.left_out and mail.language not in seen:
            seen.add(mail.language)
            yield mail
