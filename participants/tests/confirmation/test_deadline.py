"""A deadline that is moved: what is stored, who is told, and what they are reminded of."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from outbox import plan
from outbox.models import Message
from participants.confirmation import asking, deadline
from participants.mails import notices, planner
from participants.models import Contact, DeadlineChange

ASKED = datetime(2026, 10, 1, 9, tzinfo=UTC)
DUE, NEW = date(2026, 11, 4), date(2026, 11, 29)
MOVED = datetime(2026, 10, 30, 12, tzinfo=UTC)


@pytest.fixture
def asked(participation, contact, staff):
    participation.welcome(by=staff, now=ASKED)
    return asking.ask(participation, due_on=DUE, by=staff, now=ASKED)


def send(moment: datetime) -> list[str]:
    """The keys of the planned mails that go at this moment."""
    known = set(Message.objects.values_list("key", flat=True))
    with time_machine.travel(moment, tick=False):
        plan.send_due(moment)
    return sorted(set(Message.objects.values_list("key", flat=True)) - known)


def test_who_when_and_the_day_it_was_are_kept(asked, staff):
    [change] = deadline.move([asked], due_on=NEW, sentence="Dere får en uke til.", by=staff, now=MOVED)
    asked.refresh_from_db()
    assert asked.due_on == NEW
    assert (change.before, change.after, change.changed_by, change.changed_at) == (DUE, NEW, staff, MOVED)
    assert change.sentence == "Dere får en uke til."


def test_those_who_answer_are_told_at_once_and_nobody_else(asked, head, former_contact, contact, staff):
    inactive = make_user("sluttet@example.no", "Siv Sluttet", is_active=False)
    make_contact(asked.participation, inactive, Contact.Function.OWNER, by=staff)
    make_contact(asked.participation, contact, Contact.Function.AUTHORITY, by=staff)
    deadline.move([asked], due_on=NEW, sentence="Dere får mer tid fordi skolen brant.", by=staff, now=MOVED)
    message = Message.objects.get()
    assert (message.to, message.text_name) == ("kari.kontakt@example.no", "participants.new_deadline")
    assert message.subject == "Ny frist for Indre Fosen: til og med søndag 29. november 2026"
    assert "Dere får mer tid fordi skolen brant." in message.body
    assert "Fristen var onsdag 4. november 2026." in message.body


def test_a_mail_that_was_held_up_does_not_come_after_the_deadline(asked, staff):
    deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
    assert Message.objects.get().expires_at == datetime(2026, 11, 29, 23, tzinfo=UTC)


def test_without_a_sentence(asked, staff):
    deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
    assert "\n\n\n" not in Message.objects.get().body


def test_pressed_twice_is_one_change_and_one_mail(asked, staff):
    deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
    assert deadline.move([asked], due_on=NEW, by=staff, now=MOVED + timedelta(seconds=1)) == []
    assert (DeadlineChange.objects.count(), Message.objects.count()) == (1, 1)


def test_there_and_back_and_there_again_is_told_each_time(asked, staff):
    for number, day in enumerate((NEW, DUE, NEW)):
        deadline.move([asked], due_on=day, by=staff, now=MOVED + timedelta(minutes=number))
    assert Message.objects.count() == 3


def test_a_mail_that_has_not_left_gives_way_to_the_next_deadline(asked, staff):
    later = NEW + timedelta(days=7)
    deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
    deadline.move([asked], due_on=later, by=staff, now=MOVED + timedelta(minutes=1))
    [mail] = Message.objects.alive(MOVED + timedelta(minutes=1))
    assert mail.subject == "Ny frist for Indre Fosen: til og med søndag 6. desember 2026"
    assert "Fristen var onsdag 4. november 2026." in mail.body  # nobody has heard of the one between
    Message.objects.filter(pk=mail.pk).update(sent_at=MOVED)
    deadline.move([asked], due_on=NEW, by=staff, now=MOVED + timedelta(minutes=2))
    [newest] = Message.objects.alive(MOVED + timedelta(minutes=2))
    assert "Fristen var søndag 6. desember 2026." in newest.body


def test_a_day_that_has_passed_is_refused(asked, staff):
    with pytest.raises(ValidationError):
        deadline.move([asked], due_on=date(2026, 10, 29), by=staff, now=MOVED)
    asked.refresh_from_db()
    assert asked.due_on == DUE


def test_who_has_answered_or_withdrawn_meanwhile_is_left_alone(asked, contact, staff, other_participation):
    gone = asking.ask(other_participation, due_on=DUE, by=staff, now=ASKED)
    asked.answer(snapshot={}, changes=[], comment="", by=contact, now=ASKED)
    withdraw(other_participation, by=staff, now=ASKED)
    assert deadline.move([asked, gone], due_on=NEW, by=staff, now=MOVED) == []
    assert not Message.objects.exists()


class TestReminders:
    """Those for the new day go, and those that have gone for the old one don't go again."""

    def test_overdue_for_the_old_day_and_soon_for_the_new(self, asked, staff):
        assert len(send(datetime(2026, 10, 30, 7, tzinfo=UTC))) == 1
        deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
        assert send(datetime(2026, 11, 5, 8, tzinfo=UTC)) == []  # the old deadline is over: nobody is told so
        [key] = send(datetime(2026, 11, 13, 8, tzinfo=UTC))
        assert f"{asked.pk}@2026-11-29" in key
        assert send(datetime(2026, 11, 13, 9, tzinfo=UTC)) == []
        assert len(send(datetime(2026, 11, 26, 8, tzinfo=UTC))) == 1

    def test_a_morning_that_has_reminded_for_the_old_day_reminds_for_the_new_one_too(self, asked, staff):
        """14 days before 18 November is the morning that was the last before the deadline of 5 November."""
        type(asked).objects.update(due_on=date(2026, 11, 7))
        morning = datetime(2026, 11, 4, 8, tzinfo=UTC)
        deadline.move([asked], due_on=date(2026, 11, 18), by=staff, now=morning - timedelta(days=3))
        [key] = send(morning)
        assert "@2026-11-18" in key

    def test_nobody_is_reminded_on_the_heels_of_the_new_deadline(self, asked, staff):
        deadline.move([asked], due_on=date(2026, 11, 3), by=staff, now=MOVED)
        assert send(MOVED + timedelta(minutes=5)) == []
        [overdue] = send(datetime(2026, 11, 4, 8, tzinfo=UTC))
        assert Message.objects.get(key=overdue).text_name == "participants.overdue"

    def test_the_plan_costs_as_many_queries(self, asked, staff, django_assert_num_queries):
        deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
        with django_assert_num_queries(3):
            list(planner(MOVED, MOVED + timedelta(days=60)))


class TestNewRound:
    def test_tells_the_reason_and_the_deadline_once(self, asked, contact, head, staff):
        asked.answer(snapshot={}, changes=[], comment="", by=contact, now=ASKED)
        again = asking.reopen(asked, due_on=NEW, reason="Ny skole fra høsten", by=staff, now=MOVED)
        notices.round_opened(again, now=MOVED)
        notices.round_opened(again, now=MOVED)
        message = Message.objects.get()
        assert message.to == "kari.kontakt@example.no"
        assert "Begrunnelse: Ny skole fra høsten" in message.body
        assert "til og med søndag 29. november 2026" in message.body

    def test_a_round_of_its_own_each_time(self, asked, contact, staff):
        notices.round_opened(asked, now=ASKED)
        asked.answer(snapshot={}, changes=[], comment="", by=contact, now=ASKED)
        notices.round_opened(asking.ask(asked.participation, due_on=NEW, year=2, by=staff, now=MOVED), now=MOVED)
        first, second = Message.objects.order_by("pk")
        assert "spør vi på nytt" not in first.body
        assert "spør vi på nytt" in second.body

    def test_in_nynorsk(self, asked, participation):
        participation.cohort.neutral_language = "nn"
        participation.cohort.save()
        notices.round_opened(type(asked).objects.get(), now=timezone.now())
        assert "De kan svare til og med onsdag 4. november 2026." in Message.objects.get().body


class TestPages:
    def test_the_page_to_answer_tells_the_new_one_the_old_one_and_why(self, client, asked, contact, staff):
        with time_machine.travel(MOVED, tick=False):
            client.force_login(contact)
            page = reverse("participants:confirm", args=[asked.participation.pk])
            assert "Dere har fått ny frist" not in client.get(page).content.decode()
            deadline.move([asked], due_on=NEW, sentence="Skolen brant.", by=staff, now=MOVED)
            html = client.get(page).content.decode()
        assert "søndag 29. november 2026" in html
        assert "Dere har fått ny frist" in html
        assert "Skolen brant. Fristen var onsdag 4. november 2026" in html

    def test_my_page_and_the_municipalitys_say_so(self, client, asked, contact, staff):
        deadline.move([asked], due_on=NEW, by=staff, now=MOVED)
        with time_machine.travel(MOVED, tick=False):
            client.force_login(contact)
            assert "Dere har fått ny frist." in client.get("/").content.decode()
            page = client.get(asked.participation.get_absolute_url()).content.decode()
        assert "Det er en ny frist." in page
        assert "Velkomstbrevet har den gamle." in page

    def test_the_letter_said_nothing_of_a_later_round(self, client, asked, contact, staff):
        asked.answer(snapshot={}, changes=[], comment="", by=contact, now=ASKED)
        again = asking.reopen(asked, due_on=DUE, reason="Ny skole", by=staff, now=ASKED)
        deadline.move([again], due_on=NEW, by=staff, now=MOVED)
        with time_machine.travel(MOVED, tick=False):
            client.force_login(contact)
            page = client.get(asked.participation.get_absolute_url()).content.decode()
        assert "Det er en ny frist." in page
        assert "Velkomstbrevet har den gamle." not in page
