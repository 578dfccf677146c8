"""Personal data is erased a set time after its cohort has ended; what must be archived stays."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError, Q

from accounts.models import User
from outbox import posting
from outbox.models import Message
from participants.models import (
    Cohort,
    Confirmation,
    Contact,
    CorrectionRequest,
    Draft,
    Participation,
    ProjectGroupMember,
    Strike,
    Unit,
)


@dataclass(frozen=True)
class ErasedContacts:
    """How much was erased, for the log: numbers only."""

    contacts: int = 0
    members: int = 0
    people: int = 0


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
        for rows in (Participation.objects, Participation.history):  # who said yes was written down by name
            rows.filter(cohort__in=cohorts).update(accepted_said_by="")
        members = ProjectGroupMember.objects.filter(group__unit__participation__cohort__in=cohorts)
        member_ids = list(members.values_list("pk", flat=True))
        members_gone, _each = members.delete()
        contacts_gone, _each = contacts.delete()
        # Deleting a row writes history too, so history goes last.
        ProjectGroupMember.history.filter(id__in=member_ids).delete()
        Contact.history.filter(participation__cohort__in=cohorts).delete()
        people_gone = sum(erase_person(person) for person in people)
    return ErasedContacts(contacts_gone, members_gone, people_gone)


def ended(*, today: date) -> list[int]:
    """The keys of the cohorts whose personal data must go."""
    return [
        cohort.pk
        for cohort in Cohort.objects.all()
        if cohort.ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS) < today
    ]


def erase_person(person: User) -> bool:
    """Erase the person and the mails to them, unless they are needed elsewhere. Return whether they were erased."""
    if person.is_staff or person.contacts.exists() or person.governor_contacts.exists():
        return False
    try:
        with transaction.atomic():
            posting.let_go(person)
            mails = list(Message.objects.to_person(person).values_list("pk", flat=True))
            # Also the rows that turned out to be the same person, and the addresses before: they are about nobody else.
            for row in [*person.merged_from.all(), person]:
                row.address_changes.all().delete()
                row.delete()
    except ProtectedError:
        return False
    gone = Message.objects.filter(Q(pk__in=mails) | Q(to=person.email))
    # A mail that was sent once more, or parted, is protected by the one that followed it
    Message.objects.filter(resend_of__in=gone.values("pk")).update(resend_of=None)
    Message.objects.filter(parted_from__in=gone.values("pk")).update(parted_from=None)
    gone.delete()
    return True
