"""What holds of every mail, whatever the calendar says: read from the mail and the rows, not from the plan."""

from datetime import date, datetime, time, timedelta

from django.db.models import Model, Q

from accounts.models import User
from gatherings.models import Gathering
from guidance.models import GuidanceSession, Measure, Supervisor
from lmp.changes.tests.small_pulje import DAY, OSLO
from lmp.tests.two_years import relations
from lmp.tests.two_years.cast import Cast
from lmp.writing.models import Writing
from outbox.models import Message
from outbox.plan import Planned
from participants.models import Confirmation, Contact, GovernorContact, Participation
from tests.days_off import nearest, works

# One of each a person and morning; what comes before a deadline and what comes after it are one kind.
DIGESTS = {name: name for name in ("gatherings.reminder", "guidance.log_missing", "guidance.measures")}
DIGESTS |= dict.fromkeys(relations.CONFIRM, "participants.reminder") | {"governor.unanswered": "governor.unanswered"}
TO_DO = {*relations.CONFIRM, *relations.REGISTER, *relations.COME, *relations.LOG, *relations.OFFICE}
TO_DO |= {"guidance.session", "guidance.session_reminder", "guidance.measures"}
AT_EIGHT = {*DIGESTS, "gatherings.travel", "gatherings.evaluation", "guidance.session_reminder"}


def follows_the_hours(planned: Planned) -> str:
    """A reminder goes at eight on a working day."""
    local = planned.send_at.astimezone(OSLO)
    if planned.text.name in AT_EIGHT and not (works(local.date()) and local.time() == time(8)):
        return f"planned for {local:%A %d.%m.%Y %H.%M}"
    return ""


def wrong_with(message: Message) -> str:
    """What is wrong with a mail that was written now; empty when nothing is."""
    person = message.recipient
    if person is None:
        return ""
    if message.to != person.email:
        return f"the address is {person.email} now"
    if not person.is_active or person.merged_into_id:
        return "the person cannot sign in"
    if message.language not in (expected := _languages(person)):
        return f"in {message.language}, not {expected}"
    return _wrong_with_what_to_do(message, person) if message.text_name in TO_DO else ""


def _wrong_with_what_to_do(message: Message, person: User) -> str:
    if message.about is None or not _has_to_do_with(message.about, person):
        return "the person has left"
    names = [name for name in _withdrawn_names() if name in f"{message.subject}\n{message.body}"]
    return f"it is about {names}, which has withdrawn" if names else ""


def _has_to_do_with(about: Model, person: User) -> bool:
    """Whether this is the person's business now."""
    contacts = Contact.objects.current().filter(user=person, participation__withdrawn_at=None)
    match about:
        case Confirmation():
            return contacts.filter(participation=about.participation_id, function__in=Contact.EDITORS).exists()
        case GuidanceSession():
            in_group = about.group.members.current().filter(supervisor__user=person)
            return in_group.exists() or contacts.filter(participation=about.group.participation_id).exists()
        case Measure():
            return contacts.filter(participation=about.unit.participation_id).exists()
        case Gathering():
            comes = about.registrations.placed().filter(user=person)
            asked = contacts.filter(participation__cohort=about.cohort_id, participation__welcomed_at__isnull=False)
            return comes.exists() or asked.exists()
        case Writing():
            return contacts.exists()
        case Participation():
            offices = GovernorContact.objects.current().filter(user=person)
            return offices.filter(governor=about.municipality.county.governor_id).exists()
    raise TypeError(about)


def _withdrawn_names() -> list[str]:
    found = Participation.objects.withdrawn().prefetch_related("units").select_related("municipality")
    return [name for one in found for name in [one.municipality.name, *(unit.name for unit in one.units.all())]]


def _languages(person: User) -> set[str]:
    """Their own choice, else that of a municipality or an office they have been in, and bokmål for supervisors."""
    if person.is_staff and not person.language:
        return {"nb", "nn"}  # what they do for a municipality is told them in its language
    if person.language:
        return {person.language}
    of = Q(contacts__user=person) | Q(registrations__user=person) | Q(contacts__successions__successor=person)
    found = {
        each.language for each in Participation.objects.filter(of).select_related("cohort", "municipality__county")
    }
    found |= {each.governor.language for each in GovernorContact.objects.filter(user=person)}
    supervises = Supervisor.objects.filter(user=person).exists()
    return found | ({"nb"} if supervises or not found else set())


def not_reminded_to_confirm(cast: Cast, now: datetime) -> list[str]:
    """Those who by the deadline that is stored now should have got a reminder this morning, and did not."""
    morning = datetime.combine(cast.today, time(8), tzinfo=OSLO)
    missing = []
    for confirmation in Confirmation.objects.open().filter(participation__withdrawn_at=None):
        told_at = max([confirmation.asked_at, *confirmation.deadline_changes.values_list("changed_at", flat=True)])
        if cast.today not in _mornings(confirmation.due_on, cast) or told_at + timedelta(days=1) > morning:
            continue
        for contact in confirmation.participation.editors().filter(user__is_active=True):
            mails = Message.objects.filter(recipient=contact.user, text_name__in=relations.CONFIRM)
            if not mails.filter(created_at__gte=morning, created_at__lte=now).exists():
                missing.append(f"{contact.user} of {confirmation.participation}, to answer by {confirmation.due_on}")
    return missing


def _mornings(due_on: date, cast: Cast) -> set[date]:
    before = {nearest(due_on - days * DAY, -1) for days in (14, 3)}
    cohort = cast.cohort
    turns = range(cohort.remind_overdue_times)
    return before | {nearest(due_on + DAY + turn * cohort.remind_overdue_every * DAY, 1) for turn in turns}
