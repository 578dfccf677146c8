"""Who holds an invitation hears, once, that the gathering is called off, moved or held after all."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from gatherings import changing, places
from gatherings.models import Gathering
from gatherings.tests.conftest import entry
from outbox import plan
from outbox.models import Message
from participants.models import Contact

pytestmark = pytest.mark.usefixtures("noon")

SENTENCE = "Hotellet har brent, og vi leter etter et nytt."


@pytest.fixture
def change(gathering, staff):
    def change(*, sentence="", tell_invited=True, **facts) -> None:
        typed = Gathering.objects.select_related("cohort").get(pk=gathering.pk)
        for name, value in facts.items():
            setattr(typed, name, value)
        changing.save(typed, by=staff, now=timezone.now(), sentence=sentence, tell_invited=tell_invited)

    return change


@pytest.fixture
def invited(gathering, welcomed, contact, head):
    """The contact and the head have got the invitation, and nobody is registered."""
    welcomed.welcomed_at = timezone.now() - timedelta(days=9)
    welcomed.save()
    Contact.objects.update(started_at=timezone.now() - timedelta(days=9))
    gathering.history.update(history_date=timezone.now() - timedelta(days=9))
    plan.send_due(timezone.now())
    assert told("invitation") == ["hanne.styrer@example.no", "kari.kontakt@example.no"]
    yesterday = timezone.now() - timedelta(days=1)
    Message.objects.update(created_at=yesterday, sent_at=yesterday)


@pytest.fixture
def waiting(invited):
    """As `invited`, but the invitations have not left yet."""
    Message.objects.update(sent_at=None)


def alive() -> list[str]:
    return sorted(Message.objects.alive(timezone.now()).values_list("text_name", flat=True))


def told(name: str) -> list[str]:
    return sorted(Message.objects.filter(text_name=f"gatherings.{name}").values_list("to", flat=True))


def later(gathering, days: int = 7) -> dict:
    return {name: getattr(gathering, name) + timedelta(days=days) for name in ("starts_on", "ends_on")}


class TestCalledOff:
    def test_all_who_hold_an_invitation_and_the_sentence(self, change, invited):
        change(settled="cancelled", sentence=SENTENCE)
        assert told("invited_called_off") == ["hanne.styrer@example.no", "kari.kontakt@example.no"]
        message = Message.objects.filter(text_name="gatherings.invited_called_off").first()
        assert message.subject == "1. samling er avlyst"
        assert SENTENCE in message.body

    def test_who_registered_others_though_the_invitation_never_came(self, change, gathering, welcomed, contact, head):
        places.register(
            gathering, [entry(1, gathering=gathering)], participation=welcomed, by=contact, now=timezone.now()
        )
        change(settled="cancelled")
        assert told("invited_called_off") == ["kari.kontakt@example.no"]
        assert told("called_off") == ["person.1@example.no"]

    def test_who_is_registered_gets_the_one_mail_with_the_sentence(self, change, invited, registration):
        change(settled="cancelled", sentence=SENTENCE)
        assert told("called_off") == ["kari.kontakt@example.no"]
        assert told("invited_called_off") == ["hanne.styrer@example.no"]
        assert SENTENCE in Message.objects.get(text_name="gatherings.called_off").body

    def test_who_was_never_invited_is_not_told(self, change, gathering, welcomed, contact, head):
        change(settled="cancelled")
        assert not Message.objects.exists()

    def test_who_has_left_or_withdrawn_is_not_told(self, change, invited, head, contact, participation, staff):
        Contact.objects.filter(user=head).update(ended_at=timezone.now(), ended_by=staff)
        change(settled="postponed")
        assert told("invited_called_off") == ["kari.kontakt@example.no"]
        withdraw(participation, by=staff, now=timezone.now())
        change(settled="cancelled")
        assert len(told("invited_called_off")) == 1

    def test_a_person_with_two_functions_is_told_once(self, change, invited, contact, participation, staff):
        make_contact(participation, contact, Contact.Function.AUTHORITY, by=staff)
        change(settled="cancelled")
        assert told("invited_called_off").count("kari.kontakt@example.no") == 1

    def test_staff_who_register_others_are_not_the_invited(self, change, gathering, welcomed, contact, staff):
        places.register(
            gathering, [entry(1, gathering=gathering)], participation=welcomed, by=staff, now=timezone.now()
        )
        change(settled="cancelled")
        assert told("invited_called_off") == []

    def test_not_when_staff_leave_them_out(self, change, invited, registration):
        change(settled="cancelled", tell_invited=False)
        assert (told("called_off"), told("invited_called_off")) == (["kari.kontakt@example.no"], [])

    def test_the_sentence_is_in_the_history_however_long(self, change, invited, gathering, staff):
        change(settled="cancelled", sentence=SENTENCE * 8)
        newest = gathering.history.first()
        assert (newest.history_change_reason, newest.history_user) == (SENTENCE * 8, staff)

    def test_a_sentence_is_for_its_own_change(self, change, invited, registration):
        change(settled="postponed", sentence=SENTENCE)
        change(settled="cancelled")
        assert [
            SENTENCE in row.body for row in Message.objects.filter(text_name__contains="called_off").order_by("pk")
        ] == [
            True,
            True,
            False,
            False,
        ]


class TestMoved:
    def test_told_once_and_not_invited_once_more_to_the_new_date(self, change, invited, gathering):
        change(**later(gathering), sentence=SENTENCE)
        assert told("invited_moved") == ["hanne.styrer@example.no", "kari.kontakt@example.no"]
        for hours in (0, 20, 24):
            moment = timezone.now() + timedelta(hours=hours)
            with time_machine.travel(moment):
                plan.send_due(moment)
        assert len(told("invitation")) == 2

    def test_who_is_left_out_is_invited_to_the_new_date(self, change, invited, gathering):
        change(**later(gathering), tell_invited=False)
        plan.send_due(timezone.now() + timedelta(minutes=1))
        assert len(told("invitation")) == 4

    def test_registration_that_opens_later_invites_then(self, change, invited, gathering):
        opens = timezone.localdate() + timedelta(days=3)
        change(**later(gathering), opens_on=opens)
        assert len(told("invited_moved")) == 2
        assert "Påmeldingen åpner" in Message.objects.filter(text_name="gatherings.invited_moved").first().body
        plan.send_due(timezone.make_aware(datetime.combine(opens + timedelta(days=4), time(9))))
        assert len(told("invitation")) == 4

    def test_each_move_is_told(self, change, invited, gathering):
        change(venue="Et annet hotell")
        change(venue="Enda et hotell")
        assert len(told("invited_moved")) == 4
        first = Message.objects.filter(text_name="gatherings.invited_moved").order_by("pk").first()
        assert "Clarion Hotel" in first.body

    def test_a_new_programme_is_not_told(self, change, invited):
        change(programme="Nytt", sentence=SENTENCE)
        assert told("invited_moved") == []


class TestNotLeftYet:
    def test_moved_nobody_gets_the_invitation_beside_the_new_time(self, change, waiting, gathering):
        change(**later(gathering))
        assert alive() == ["gatherings.invited_moved"] * 2
        plan.send_due(timezone.now() + timedelta(minutes=1))
        assert alive() == ["gatherings.invited_moved"] * 2

    def test_called_off_nobody_hears_of_it(self, change, waiting):
        change(settled="cancelled")
        assert alive() == []

    def test_held_after_all_they_hear(self, change, waiting):
        change(settled="cancelled")
        change(settled="fixed")
        assert alive() == ["gatherings.invited_reinstated"] * 2


class TestReinstated:
    @pytest.mark.parametrize("moved", [False, True])
    def test_told_once(self, change, invited, gathering, moved):
        change(settled="postponed")
        change(settled="fixed", sentence=SENTENCE, **(later(gathering) if moved else {}))
        plan.send_due(timezone.now() + timedelta(minutes=1))
        assert told("invited_reinstated") == ["hanne.styrer@example.no", "kari.kontakt@example.no"]
        assert len(told("invitation")) == 2
        assert all(SENTENCE in row.body for row in Message.objects.filter(text_name="gatherings.invited_reinstated"))

    def test_the_first_date_of_a_plan_is_told_to_nobody(self, change, gathering, welcomed, contact):
        Gathering.objects.update(settled="tentative")
        change(settled="fixed")
        assert not Message.objects.exists()


def test_in_their_own_language(change, invited, contact, head):
    contact.choose_language("nn")
    change(settled="cancelled")
    languages = dict(Message.objects.filter(text_name="gatherings.invited_called_off").values_list("to", "language"))
    assert languages == {"kari.kontakt@example.no": "nn", "hanne.styrer@example.no": "nb"}


def test_as_many_queries_for_many(change, invited, participation, staff, django_assert_max_num_queries):
    for number in range(20):
        user = make_user(f"k{number}@example.no", f"Kontakt {number}")
        make_contact(participation, user, Contact.Function.SCHOOL_LEAD, by=staff)
    plan.send_due(timezone.now() + timedelta(days=1))
    Message.objects.update(sent_at=timezone.now())
    # three for each mail: is it written, staff's wording, the row
    with django_assert_max_num_queries(40 + 22 * 5):
        change(settled="cancelled")
    assert len(told("invited_called_off")) == 22
