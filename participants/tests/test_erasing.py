"""Personal data goes when its time is over, and no sooner."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AddressChange, User
from conftest import make_contact, make_user
from outbox.models import Message
from participants import erasing
from participants.confirmation import asking
from participants.mails import notices
from participants.models import Cohort, Confirmation, Contact, Participation, ProjectGroup, ProjectGroupMember, Strike
from participants.striking import row as striking


@pytest.fixture
def over(participation, contact, head, staff, units):
    """A cohort with everything in it, and the first day on which its data must go."""
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    confirmation = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    confirmation.keep_draft(data={"comment": "utkast"}, base={}, by=contact, now=now)
    notices.access_given(Contact.objects.get(user=head), now=now)
    group = ProjectGroup.objects.create(unit=units[0], updated_at=now)
    group.members.create(name="Åse Ansatt", part="staff")
    return participation.cohort.ends_on + timedelta(days=731)


def test_everything_goes(over, head):
    assert erasing.erase_old(today=over) == erasing.ErasedContacts(contacts=2, members=1, people=2)
    assert not Contact.objects.exists()
    assert not Contact.history.exists()
    assert not ProjectGroupMember.history.exists()
    assert not User.objects.filter(email=head.email).exists()
    assert not Message.objects.filter(to=head.email).exists()
    assert Participation.objects.exists()


def test_who_said_yes_for_the_municipality_goes_and_the_day_stays(participation, other_participation, staff):
    Participation.objects.update(accepted_at=None, accepted_by=None)
    for each in Participation.objects.all():
        each.accept(by=staff, now=timezone.now(), said_by="Kari Nordmann")
    newer = Cohort.objects.create(number=12, first_year=2090, starts_on="2090-09-01", confirm_by="2090-09-01")
    Participation.objects.filter(pk=other_participation.pk).update(cohort=newer)
    erasing.erase_old(today=participation.cohort.ends_on + timedelta(days=731))
    participation.refresh_from_db()
    other_participation.refresh_from_db()
    assert (participation.accepted_said_by, participation.accepted_on) == ("", timezone.localdate())
    assert not participation.history.exclude(accepted_said_by="").exists()
    assert other_participation.accepted_said_by == "Kari Nordmann"


def test_not_a_day_too_soon(over):
    assert erasing.erase_old(today=over - timedelta(days=1)) == erasing.ErasedContacts()
    assert Contact.objects.count() == 2


def test_who_is_needed_elsewhere_stays(over, head, participation, staff):
    newer = Cohort.objects.create(number=12, first_year=2090, starts_on="2090-09-01", confirm_by="2090-09-01")
    again = Participation.objects.create(cohort=newer, municipality=participation.municipality)
    make_contact(again, head, Contact.Function.OWNER, by=staff)
    erasing.erase_old(today=over)
    assert User.objects.filter(email=head.email).exists()
    assert Contact.objects.get().participation == again


def test_what_is_archived_keeps_who_answered(over, contact):
    confirmation = Confirmation.objects.get()
    confirmation.answer(snapshot={"ppt": "yes"}, changes=[], comment="", by=contact, now=timezone.now())
    erasing.erase_old(today=over)
    confirmation.refresh_from_db()
    assert confirmation.answered_by == contact


def test_a_second_run_finds_nothing(over):
    erasing.erase_old(today=over)
    assert erasing.erase_old(today=over) == erasing.ErasedContacts()


def test_an_address_before_and_a_row_that_was_merged_go_along(participation, staff):
    person = make_user("ny@example.no", "Ny")
    twice = make_user("to@example.no", "Ny")
    now = timezone.now()
    person.change_email("nyere@example.no", by=person, now=now)
    twice.merge_into(person, by=staff, now=now)
    assert erasing.erase_person(person)
    assert not User.objects.filter(name="Ny").exists()
    assert not AddressChange.objects.exists()


def test_who_got_a_mail_once_more_is_erased_with_both(over, head):
    first = Message.objects.filter(to=head.email).earliest("pk")
    now = timezone.now()
    Message.objects.create(
        key="again",
        message_id="again",
        to=head.email,
        language="nb",
        text_name="-",
        subject="-",
        created_at=now,
        next_attempt_at=now,
        resend_of=first,
        resend_reason="-",
    )
    erasing.erase_old(today=over)
    assert not Message.objects.filter(to=head.email).exists()


@pytest.mark.parametrize("who", ["Ny", "Ada"])
def test_who_is_erased_is_taken_out_of_the_mails_that_others_got_too(db, who):
    gone, other = make_user("ny@example.no", "Ny"), make_user("ada@example.no", "Ada")
    first, second = (gone, other) if who == "Ny" else (other, gone)
    now = timezone.now()
    message = Message.objects.create(
        key="-", message_id="-", to=first.email, recipient=first, created_at=now, next_attempt_at=now
    )
    message.further.create(person=second, to=second.email)
    own = Message.objects.create(
        key="own", message_id="own", to=gone.email, recipient=gone, created_at=now, next_attempt_at=now
    )
    parted = Message.objects.create(
        key="parted", message_id="parted", to="b@example.no", parted_from=own, created_at=now, next_attempt_at=now
    )
    assert erasing.erase_person(gone)
    message.refresh_from_db()
    assert (message.recipient, message.addresses) == (other, [other.email])
    assert set(Message.objects.all()) == {message, parted}


def test_who_struck_a_text_is_erased_too(over, head, staff):
    now = timezone.now()
    member = ProjectGroupMember.objects.get()
    unit, confirmation = member.group.unit, Confirmation.objects.get()
    for row in (member, unit, confirmation):
        striking.remember(row, ["name"], reason="other", by=head, now=now)
    erasing.erase_old(today=over)
    assert not Strike.objects.exists()
    assert not User.objects.filter(email=head.email).exists()
