"""Everything in a chosen number: municipalities, units, contacts, rounds, drafts, groups, supervisors, mails, keys."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from accounts.authentication import second_factor
from accounts.models import User
from conftest import make_contact, make_user
from gatherings.models import Gathering
from guidance.models import GroupMember, GuidanceGroup, Supervisor
from lmp.changes.models import Succession
from lmp.demo.data.units import organisation_numbers
from lmp.desk.models import Note
from lmp.mailcalendar.models import MailPause
from lmp.welcome.load_facts import letter_facts
from lmp.welcome.mails import WELCOME
from lmp.welcome.models import CohortLetters, Letter, LetterCopy, LetterText, Sending, SendingItem
from outbox.models import Message, ReturnedMail
from outbox.posting import post
from participants.confirmation import asking
from participants.confirmation.values import StoredFacts
from participants.mails import notices, texts
from participants.models import (
    Cohort,
    Contact,
    CorrectionRequest,
    GovernorContact,
    Municipality,
    Participation,
    ProjectGroup,
    ProjectGroupMember,
    Unit,
)
from participants.striking import row as striking
from parts.files import File
from parts.typesetting import Pdf
from tests.crowd import at_gatherings, at_guidance, away, seen, shared, written

Function = Contact.Function
COUNTY = "18"  # Nordland: one county governor follows enough municipalities
NAMES = ["contact", "head", "officer", "supervisor", "leader", "staff"]


@dataclass
class Crowd:
    """The people who sign in, and the ones whose pages hold many rows."""

    people: dict[str, User]
    shown: dict[type[Model] | str, Model]
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, person: str) -> Client:
        """A browser of this person's, who signed in once."""
        client = Client()
        if person != "nobody":
            client.cookies["sessionid"] = self.sessions.get(person) or self._sign_in(person)
        return client

    def _sign_in(self, person: str) -> str:
        client, user = Client(), self.people[person]
        client.force_login(user)
        session = client.session
        if user.is_staff:
            second_factor.remember(session, user, kind="totp")
            session.save()
        self.sessions[person] = session.session_key
        return session.session_key

    def key(self, of: object) -> object:
        """The key of the row that a page is opened for: the one with many rows of its own, else any. Else `of`."""
        if of in self.shown:
            return self.shown[of].pk
        return of._default_manager.all()[0].pk if isinstance(of, type) else of


def gather(size: int) -> Crowd:
    """The person called contact answers for `size` municipalities; the first has `size` of all that one can have."""
    now = timezone.now()
    people = {name: make_user(f"{name}@example.no", name.title(), is_staff=name == "staff") for name in NAMES}
    User.objects.filter(pk=people["staff"].pk).update(is_superuser=True)
    staff, supervisors = people["staff"], _supervisors(size, people["supervisor"])
    cohort = _cohorts(size, today=timezone.localdate(now))
    municipalities = Municipality.objects.filter(county__number=COUNTY)[:size]
    GovernorContact.objects.create(
        governor=municipalities[0].county.governor, user=people["officer"], started_on=cohort.starts_on
    )
    numbers = organisation_numbers()
    participations = []
    for municipality in municipalities:
        participation = Participation.objects.create(
            cohort=cohort, municipality=municipality, accepted_at=now, accepted_by=staff
        )
        make_contact(participation, people["contact"], Function.OWNER, by=staff)
        [unit] = _units(participation, 1, numbers)
        make_contact(participation, people["head"], Function.HEAD, unit=unit, by=staff)
        group = GuidanceGroup.objects.create(participation=participation)
        GroupMember.objects.create(group=group, supervisor=supervisors[0], leads=True, started_on=cohort.starts_on)
        participation.welcome(by=staff, now=now)
        participations.append(participation)
    main = participations[0]
    for other in supervisors[1:]:
        GroupMember.objects.create(group=main.guidance_group, supervisor=other, started_on=cohort.starts_on)
    unit = _fill(main, size, numbers, people=people, now=now)
    for participation in participations:
        CorrectionRequest.objects.create(
            participation=participation, reason="Feil antall", asked_at=now, asked_by=people["contact"]
        )
        _rounds(participation, size if participation == main else 1, people=people, now=now)
    _drafts(main, size, own=people["contact"], now=now)
    message = _mails(main, size, now=now)
    own = main.contacts.get(user=people["contact"])
    _accounts(size, staff, about=main, now=now)
    sending = _letters(participations, by=staff, now=now)
    unsent = Cohort.objects.get(number=1)
    for municipality in municipalities:
        participation = Participation.objects.create(
            cohort=unsent, municipality=municipality, accepted_at=now, accepted_by=staff
        )
        _units(participation, 1, numbers)
        make_contact(participation, people["contact"], Function.OWNER, by=staff)
    rows = [main, cohort, people["contact"], main.guidance_group, unit, own, message, sending]
    lost = Message.objects.get(key="lost")
    shown = at_gatherings.gather(participations, size, unit, people=people, now=now)
    shown |= at_guidance.gather(participations, size, unit, people=people, now=now)
    notes = [Note(participation=main, text=str(number), noted_at=now, noted_by=staff) for number in range(size)]
    shown |= {Note: Note.objects.bulk_create(notes)[0]}
    paused = {"rule": "guidance.measures", "reason": "-", "begins_at": now, "paused_at": now, "paused_by": staff}
    shown |= {
        MailPause: MailPause.objects.bulk_create(MailPause(participation=main, **paused) for _turn in range(size))[0]
    }
    shown |= {
        "unsent": unsent,
        "lost": lost,
        "unread_mail": _unread_mails(size, now=now),
        CohortLetters: cohort,
        "employee": staff,
    }
    shown |= {"away": away.gather(cohort, size, by=staff, now=now), Succession: _successions(main, by=staff, now=now)}
    shown |= {"answered": main.confirmations.filter(answered_at__isnull=False)[0]}
    shown |= _own_mails(people["contact"], size, now=now)
    shown |= _office(municipalities[0], size, people=people, now=now)
    shown |= written.gather(participations, size, by=staff, now=now)
    shown |= seen.gather(people, size, now=now)
    shown |= shared.gather(cohort, size, people=people, now=now)
    shown |= {ProjectGroupMember: unit.project_group.members.all()[0]}
    return Crowd(people, {type(row): row for row in rows} | shown)


def _office(main: Municipality, size: int, *, people: dict[str, User], now: datetime) -> dict[type[Model] | str, Model]:
    """The county governor's people, and their nominations to a cohort that has not begun."""
    office, year = main.county.governor, now.year + 1
    for number in range(1, size):
        colleague = make_user(f"embete.{number}@example.no", f"Embete {number}")
        GovernorContact.objects.create(governor=office, user=colleague, started_on=timezone.localdate(now))
    cohort = Cohort.objects.create(
        number=90, first_year=year, starts_on=date(year, 9, 1), confirm_by=timezone.localdate(now) + timedelta(days=99)
    )
    facts = {"cohort": cohort, "nominated_at": now, "nominated_by": people["officer"]}
    others = Municipality.objects.filter(county__number=COUNTY)[size : 2 * size]
    nominated = [Participation.objects.create(municipality=municipality, **facts) for municipality in others]
    shown: dict[type[Model] | str, Model] = {"municipality": main, "office": office, "open cohort": cohort}
    said_no = Participation.objects.create(municipality=Municipality.objects.get(number="1103"), **facts)
    said_no.decline(on=timezone.localdate(now), said_by="Kari", reason="-", by=people["officer"], now=now)
    return shown | {
        "nominated": nominated[0],
        "declined": said_no,
        GovernorContact: people["officer"].governor_contacts.get(),
    }


def _supervisors(size: int, first: User) -> list[Supervisor]:
    others = [make_user(f"veileder.{number}@example.no", f"Veileder {number}") for number in range(1, size)]
    return [
        Supervisor.objects.create(user=user, name=user.name, employer=Supervisor.Employer.CENTRE)
        for user in [first, *others]
    ]


def _cohorts(size: int, *, today: date) -> Cohort:
    """The last one is the current one, with as many gatherings as a cohort can have."""
    for number in range(1, size + 1):
        cohort = Cohort.objects.create(
            number=number, first_year=today.year, starts_on=today.replace(month=9, day=1), confirm_by=today
        )
    Gathering.objects.create(cohort=cohort, kind="kick_off")
    for semester in range(1, min(size, 4) + 1):
        Gathering.objects.create(cohort=cohort, semester=semester)
    return cohort


def _units(participation: Participation, count: int, numbers, **facts) -> list[Unit]:
    return [
        Unit.objects.create(
            participation=participation,
            name=f"Skole {number}",
            kind="school",
            organisation_number=number,
            register_children=120,
            register_on=date(2027, 1, 15),
            **facts,
        )
        for number in islice(numbers, count)
    ]


def _fill(participation: Participation, size: int, numbers, *, people: dict[str, User], now: datetime) -> Unit:
    """Units with heads, units without, closed ones, contacts and former contacts; gives a unit with a large group."""
    staff, today = people["staff"], timezone.localdate(now)
    units = _units(participation, size, numbers)
    _units(participation, size, numbers)
    _units(participation, size, numbers, closed_on=today, merged_into=units[0])
    make_contact(participation, people["head"], Function.HEAD, unit=units[0], by=staff)
    for turn, unit in enumerate(units):
        head = make_user(f"rektor.{turn}@example.no", f"Rektor {turn}")
        make_contact(participation, head, Function.HEAD, unit=unit, by=staff)
        person = make_user(f"kontakt.{turn}@example.no", f"Kontakt {turn}")
        make_contact(participation, person, Function.SCHOOL_LEAD, by=staff)
        former = make_contact(participation, person, Function.AUTHORITY, by=staff)
        former.end(by=staff, now=now)
        group = ProjectGroup.objects.create(unit=unit, updated_at=now)
        for number in range(size if turn == 0 else 1):
            member = ProjectGroupMember.objects.create(group=group, name=f"Medlem {number}", part="staff")
            striking.remember(member, ["name"], reason="other", by=staff, now=now)
    return units[0]


def _rounds(participation: Participation, answered: int, *, people: dict[str, User], now: datetime) -> None:
    for turn in range(answered):
        asked = asking.ask(participation, due_on=timezone.localdate(now), by=people["staff"], now=now)
        asked.participation = participation
        changes = [{"what": str(number), "before": "1", "after": "2"} for number in range(answered)]
        snapshot = StoredFacts.load(participation).snapshot()
        asked.answer(snapshot=snapshot, changes=changes, comment="-", by=people["contact"], now=now)
        if turn == 0:
            notices.receipt(asked, now=now)
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=people["staff"], now=now)


def _drafts(participation: Participation, size: int, *, own: User, now: datetime) -> None:
    confirmation = participation.open_confirmation
    base = StoredFacts.load(participation).values()
    for user in [own, *User.objects.filter(email__startswith="kontakt.")[: size - 1]]:
        confirmation.keep_draft(data=base, base=base, by=user, now=now)


def _mails(participation: Participation, size: int, *, now: datetime) -> Message:
    """Mails about the municipality, and one with as many attachments that was sent again as often."""
    files = [File(f"{number}.txt", "text/plain", b"-") for number in range(size)]
    values = dict.fromkeys(texts.REMINDER.placeholders, "-")
    post_one = {"to": "kontakt.0@example.no", "language": "nb", "values": values, "why": "-", "now": now}
    for number in range(size):
        post(texts.REMINDER, key=f"crowd:{number}", about=participation, **post_one)
    message = post(texts.REMINDER, key="crowd", attachments=files, about=participation, **post_one)
    Message.objects.filter(pk=message.pk).update(sent_at=now, attempts=1)
    lost = post(texts.REMINDER, key="lost", **post_one)
    Message.objects.filter(pk=lost.pk).update(given_up_at=now, failed_at=now, attempts=1)
    for again in Message.objects.filter(key__startswith="crowd:"):
        again.resend_of, again.resend_reason = message, "-"
        again.save()
    return message


def _unread_mails(size: int, *, now: datetime) -> ReturnedMail:
    facts: dict[str, Any] = {"kind": "unread", "why": "person", "received_at": now, "sender": "kari@example.no"}
    return ReturnedMail.objects.bulk_create(
        ReturnedMail(digest=str(number), subject="-", source=b"\n\nHei", **facts) for number in range(size)
    )[0]


def _own_mails(person: User, size: int, *, now: datetime) -> dict[type[Model] | str, Model]:
    """As many as can be, each with as many files."""
    files = [File(f"{number}.txt", "text/plain", b"-") for number in range(size)]
    values = dict.fromkeys(texts.REMINDER.placeholders, "-")
    for number in range(size):
        facts = {"language": "nb", "values": values, "why": "-", "now": now, "attachments": files}
        mail = post(texts.REMINDER, key=f"own:{number}", to=person, **facts)
    return {"own mail": mail, "own file": mail.attachments.all()[0]}


def _successions(participation: Participation, *, by: User, now: datetime) -> Succession:
    """Every contact of it is followed by one of the staff."""
    starts_on = timezone.localdate(now) + timedelta(days=30)
    for contact in participation.contacts.current():
        agreed = Succession.objects.create(
            contact=contact, successor=by, name=by.name, starts_on=starts_on, agreed_at=now, agreed_by=by
        )
    return agreed


def _letters(participations: list[Participation], *, by: User, now: datetime) -> Sending:
    """A sent letter and its mail to each municipality, all in one sending, and texts for every cohort."""
    sending = Sending.objects.create(cohort=participations[0].cohort, ordered_at=now, ordered_by=by)
    values = dict.fromkeys(WELCOME.placeholders, "-")
    for turn, participation in enumerate(participations):
        pdf = Pdf(b"-")
        facts = letter_facts(participation, today=timezone.localdate(now), language="nb")
        letter = Letter.of(pdf, facts, participation=participation, by=by, now=now)
        letter.save()
        governor = participation.municipality.county.governor
        copy, _made = LetterCopy.objects.get_or_create(sending=sending, governor=governor)
        SendingItem.objects.create(
            sending=sending, participation=participation, copy=copy, approved="-", done_at=now, letter=letter
        )
        to = f"kontakt.{turn}@example.no"
        post(WELCOME, key=f"letter:{turn}", to=to, language="nb", values=values, why="-", now=now, about=letter)
    for cohort in Cohort.objects.all():
        LetterText.objects.create(cohort=cohort, language="nb", senders="Stine Stab, direktør")
        Sending.objects.create(cohort=sending.cohort, ordered_at=now, ordered_by=by)
    return sending


def _accounts(size: int, staff: User, *, about: Participation, now: datetime) -> None:
    for number in range(size):
        Group.objects.create(name=f"Gruppe {number}")
        data = {"name": f"Nøkkel {number}", "credential": {}}
        Authenticator.objects.create(user=staff, type=Authenticator.Type.WEBAUTHN, data=data)
        LogEntry.objects.log_actions(staff.pk, [about], CHANGE, change_message="-")
        about.history.create(**_as_it_is(about), history_date=now, history_type="~", history_user=staff)


def _as_it_is(participation: Participation) -> dict:
    return {field.attname: getattr(participation, field.attname) for field in Participation._meta.concrete_fields}
