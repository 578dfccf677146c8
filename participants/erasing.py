"""Personal data is erased a set time after its cohort has ended; what must be archived stays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q, QuerySet

from accounts.models import User
from outbox import posting, striking
from outbox.models import Message
from participants.models import (
    Cohort,
    Confirmation,
    Contact,
    CorrectionRequest,
    DeadlineChange,
    Draft,
    GovernorContact,
    Participation,
    ProjectGroupMember,
    Strike,
    Unit,
    Withdrawal,
)
from parts.dates import midnight

# Whoever did something that the archive law keeps, and is named there.
ARCHIVED = (
    "participants.Confirmation",
    "participants.Participation",
    "participants.Withdrawal",
    "welcome.Letter",
    "welcome.Sending",
)
ERASED_NAME = "Slettet person"
ERASED_ADDRESS = "slettet-%s@slettet.invalid"
# What leads to a person, and goes with them or says nothing of them. Any other named relation means that they are here.
_GOES_ALONG = {
    "added",
    "address_changes",
    "authenticator_set",
    "calendar_feed",
    "emailaddress_set",
    "logentry_set",
    "merged_from",
    "messages",
    "messages_with_others",
    "private_readings",
    "read_about_them",
    "socialaccount_set",
    "viewings",
}


@dataclass(frozen=True)
class ErasedContacts:
    """How much was erased, for the log: numbers only."""

    contacts: int = 0
    members: int = 0
    people: int = 0
    others: int = 0


def erase_old(*, today: date) -> ErasedContacts:
    """Erase contacts, project groups' members, drafts, requests and mails of cohorts that ended CONTACTS_KEPT_DAYS ago.

    A person who is needed elsewhere stays: in a newer cohort, as a supervisor, or as the one who did something that
    is archived. Confirmations and letters are archive material (arkivlova) and stay as they are.
    """
    cohorts = ended(today=today)
    with transaction.atomic():
        contacts = Contact.objects.filter(participation__cohort__in=cohorts)
        people = list(User.objects.filter(pk__in=contacts.values("user")))
        CorrectionRequest.objects.filter(participation__cohort__in=cohorts).delete()
        Draft.objects.filter(confirmation__participation__cohort__in=cohorts).delete()
        Strike.objects.about_rows(Unit.objects.filter(participation__cohort__in=cohorts)).delete()
        Strike.objects.about_rows(Confirmation.objects.filter(participation__cohort__in=cohorts)).delete()
        for rows in (Participation.objects, Participation.history):  # who answered was written down by name
            said = rows.filter(cohort__in=cohorts)
            said.update(accepted_said_by="", declined_said_by="", declined_reason="")
        _blank_reasons(cohorts)
        members = ProjectGroupMember.objects.filter(group__unit__participation__cohort__in=cohorts)
        member_ids = list(members.values_list("pk", flat=True))
        members_gone, _each = members.delete()
        contacts_gone, _each = contacts.delete()
        # Deleting a row writes history too, so history goes last.
        ProjectGroupMember.history.filter(id__in=member_ids).delete()
        Contact.history.filter(participation__cohort__in=cohorts).delete()
        people += _governor_people(today=today)
        people_gone = sum(erase_person(person) for person in people)
        others_gone = sum(erase_person(person) for person in without_function(today=today))
        LogEntry.objects.filter(action_time__lt=_limit(today)).delete()
    return ErasedContacts(contacts_gone, members_gone, people_gone, others_gone)


def _limit(today: date) -> datetime:
    return midnight(today) - timedelta(days=settings.CONTACTS_KEPT_DAYS)


def _blank_reasons(cohorts: list[int]) -> None:
    """What staff wrote as they changed something: anybody may be named in it."""
    withdrawals = Withdrawal.objects.filter(participation__cohort__in=cohorts)
    Strike.objects.about_rows(withdrawals).delete()
    withdrawals.exclude(reason="").update(reason="–")
    withdrawals.exclude(return_reason="").update(return_reason="–")
    moved = DeadlineChange.objects.filter(confirmation__participation__cohort__in=cohorts)
    moved.exclude(sentence="").update(sentence="")


def _governor_people(*, today: date) -> list[User]:
    """Erase who left a governor's office long ago. Return them."""
    old = GovernorContact.objects.filter(ended_on__lt=_limit(today))
    people = list(User.objects.filter(pk__in=old.values("user")))
    keys = list(old.values_list("pk", flat=True))
    old.delete()
    GovernorContact.history.filter(id__in=keys).delete()
    return people


def without_function(*, today: date) -> QuerySet[User]:
    """People who have been here so long, and are nothing here: added and never used, or left by a changed address."""
    limit = _limit(today)
    found = User.objects.filter(is_staff=False, is_superuser=False, merged_into__isnull=True, date_joined__lt=limit)
    found = found.exclude(email__endswith=ERASED_ADDRESS[-16:]).exclude(last_login__gte=limit)
    for relation in _subject_relations():
        rows = relation.field.model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
        if relation.name == "supervisor":
            rows = rows.exclude(name=ERASED_NAME)
        found = found.filter(~Exists(rows))
    return found


def _subject_relations() -> list[models.ForeignObjectRel]:
    return [each for each in User._meta.related_objects if not each.hidden and each.name not in _GOES_ALONG]


def is_over(person: User) -> bool:
    """Whether nothing leads to this person but what they have done."""
    mine = User.objects.filter(pk=person.pk)
    for relation in _subject_relations():
        rows = relation.field.model._base_manager.filter(**{relation.field.name: person.pk})
        if relation.name == "supervisor":
            rows = rows.exclude(name=ERASED_NAME)
        if rows.exists():
            return False
    return mine.filter(is_staff=False, is_superuser=False).exists()


def ended(*, today: date) -> list[int]:
    """The keys of the cohorts whose personal data must go."""
    return [
        cohort.pk
        for cohort in Cohort.objects.all()
        if cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS) < today
    ]


def erase_person(person: User) -> bool:
    """Erase the person and the mails to them, unless they are needed elsewhere. Return whether they were erased.

    Whoever is over, but has done something that is kept, stays as a row without an address: `reduce`.
    """
    if person.is_staff or person.contacts.exists() or person.governor_contacts.exists():
        return False
    addresses = addresses_of(person)
    try:
        with transaction.atomic():
            posting.let_go(person)
            mails = list(Message.objects.to_person(person).values_list("pk", flat=True))
            _forget_in_log(person)
            # Also the rows that turned out to be the same person, and the addresses before: they are about nobody else.
            for row in [*person.merged_from.all(), person]:
                row.address_changes.all().delete()
                row.delete()
    except ProtectedError:
        if is_over(person):
            reduce(person)
        return False
    striking.delete(Message.objects.filter(Q(pk__in=mails) | Q(to__in=addresses)))
    return True


def reduce(person: User) -> None:
    """Leave a row without an address, for what the person has done. Their name stays where the archive law keeps it."""
    addresses = addresses_of(person)
    posting.let_go(person)
    mails = list(Message.objects.to_person(person).values_list("pk", flat=True))
    striking.delete(Message.objects.filter(Q(pk__in=mails) | Q(to__in=addresses)))
    _forget_in_log(person)
    for row in [*person.merged_from.all(), person]:
        for relation in _relations():
            # What they did in the administration goes with the log's own time.
            if relation.on_delete is models.CASCADE and relation.field.model is not LogEntry:
                relation.field.model._base_manager.filter(**{relation.field.name: row.pk}).delete()
        row.email, row.last_login, row.language, row.is_active = ERASED_ADDRESS % row.pk, None, "", False
        if not is_archived(row):
            row.name = ERASED_NAME
        row.set_unusable_password()  # signed out everywhere
        row.save()


def is_archived(person: User) -> bool:
    """Whether something that the archive law keeps says that this person did it."""
    return any(
        each.field.model._base_manager.filter(**{each.field.name: person.pk}).exists()
        for each in _relations()
        if each.field.model._meta.label in ARCHIVED
    )


def _relations() -> list[models.ManyToOneRel]:
    """Each that leads to a person, from every table."""
    return [each for each in User._meta.get_fields(include_hidden=True) if isinstance(each, models.ManyToOneRel)]


def addresses_of(person: User) -> list[str]:
    """Each that the person has or has had."""
    found = [person.email]
    for row in [*person.merged_from.all(), person]:
        found += [row.email, *(each for change in row.address_changes.all() for each in (change.before, change.after))]
    return found


def _forget_in_log(person: User) -> None:
    """What the administration's own log calls this person."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    about.update(object_repr="", change_message="")
