"""The no of a nominated municipality: neither counted nor reminded, shown as declined, and taken back by staff."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact
from guidance.tests.conftest import sign_in, text_of
from lmp.board import reading
from lmp.desk import standing, work
from lmp.governor import mails, todos
from lmp.governor.tests.test_acceptance import answer
from participants import states
from participants.models import Contact, Participation

REASON = {"reason": "Kommunen har ikke kapasitet."}
CONFIRMED = {"_confirmed": "1"}


@pytest.fixture
def page(client, levanger, officer) -> str:
    client.force_login(officer)
    return reverse("governor:decline", args=[levanger.pk])


@pytest.fixture
def declined(levanger, officer) -> Participation:
    now = timezone.now()
    levanger.decline(on=timezone.localdate(now), said_by="Kari", reason="Nei", by=officer, now=now)
    return levanger


def test_it_is_seen_and_then_stored(client, page, levanger, officer):
    assert "Levanger takket nei" in text_of(client.post(page, answer(3) | REASON))
    levanger.refresh_from_db()
    assert levanger.declined_at is None
    assert client.post(page, answer(3) | REASON | CONFIRMED).url == levanger.get_absolute_url()
    levanger.refresh_from_db()
    assert levanger.declined_on == timezone.localdate() - timedelta(days=3)
    assert (levanger.declined_by, levanger.declined_said_by) == (officer, "Kari Nordmann, kommunalsjef")
    assert levanger.history.first().history_user == officer
    text = text_of(client.get(levanger.get_absolute_url()))
    assert "Takket nei" in text
    assert "Kommunen har ikke kapasitet." in text
    assert "Angre" not in text  # that is staff's


def test_one_that_has_answered_answers_no_more(declined, staff):
    now = timezone.now()
    again = {"on": timezone.localdate(now), "said_by": "En annen", "by": staff, "now": now}
    assert declined.decline(**again) is False
    declined.refresh_from_db()
    assert declined.declined_said_by == "Kari"


def test_a_reason_may_be_left_out(client, page, levanger):
    client.post(page, answer() | CONFIRMED)
    levanger.refresh_from_db()
    assert levanger.declined_at
    assert levanger.declined_reason == ""


@pytest.mark.any_database
@pytest.mark.parametrize("wrong", [{"on": "2099-01-01"}, {"on": "\x00"}, {"said_by": ""}, {"reason": "x" * 1001}])
def test_bad_input_loses_nothing(client, page, levanger, wrong):
    refused = client.post(page, answer() | REASON | wrong | CONFIRMED)
    assert refused.status_code == 422
    assert wrong.get("reason", REASON["reason"]) in refused.content.decode()
    levanger.refresh_from_db()
    assert levanger.declined_at is None


def test_only_the_first_answer_counts(client, page, declined, officer):
    again = client.post(page, answer(1) | CONFIRMED, follow=True)
    assert "takket nei" in text_of(again)
    yes = client.post(reverse("governor:accept", args=[declined.pk]), answer(1) | CONFIRMED, follow=True)
    assert "Ingenting er endret." in text_of(yes)
    assert not declined.accept(by=officer, now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=declined.pk).update(accepted_at=timezone.now(), accepted_by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=declined.pk).update(declined_by=None)


def test_it_is_not_counted(declined, later):
    today = timezone.localdate()
    [row] = states.with_state(Participation.objects.filter(pk=declined.pk), today=today)
    assert states.state(row) == "declined"
    [figures] = standing.of([later], today=today)
    assert figures.municipalities == 0
    facts = reading.read(later, None, today=today)
    assert facts.rows == []
    assert [each.pk for each in facts.declined] == [declined.pk]


def test_nobody_is_reminded_of_it(declined, stranger):
    today = timezone.localdate()
    make_contact(declined, stranger, Contact.Function.OWNER, by=stranger)
    assert not todos.unanswered(today=today).exists()
    assert not work._nominated(today).items
    start = timezone.now() - timedelta(days=1)
    assert list(mails.planner(start, start + timedelta(days=400))) == []
    assert not Participation.objects.editable_by(stranger).exists()


def test_it_is_in_the_lists_as_declined(client, declined, officer, as_staff, later):
    listed = text_of(as_staff.get(reverse("overview:participations") + "?status=declined"))
    assert "Levanger" in listed
    assert "Takket nei" in listed
    board = text_of(as_staff.get(reverse("board:board", args=[later.pk])))
    assert "1 kommune har takket nei og er ikke regnet med: Levanger." in board
    client.force_login(officer)
    assert "Takket nei" in text_of(client.get(reverse("governor:counties")))


def test_staff_take_it_back(as_staff, staff, declined):
    address = reverse("governor:take_back", args=[declined.pk])
    assert "Angre at Levanger takket nei?" in text_of(as_staff.get(address))
    declined.refresh_from_db()
    assert declined.declined_at
    as_staff.post(address)
    as_staff.post(address)
    declined.refresh_from_db()
    assert (declined.declined_at, declined.declined_by, declined.declined_on) == (None, None, None)
    assert (declined.declined_said_by, declined.declined_reason) == ("", "")
    assert declined.history.first().history_user == staff
    assert todos.unanswered(today=timezone.localdate()).get() == declined


def test_others_do_not_take_it_back(client, declined, officer, contact):
    for person in (officer, contact):
        sign_in(client, person)
        assert client.post(reverse("governor:take_back", args=[declined.pk])).status_code == 404
    declined.refresh_from_db()
    assert declined.declined_at


def test_not_another_countys(client, page, other_officer, contact):
    for person in (other_officer, contact):
        client.force_login(person)
        assert client.post(page, answer() | CONFIRMED).status_code == 404


def test_it_is_nominated_once(client, declined, officer, later):
    client.force_login(officer)
    address = reverse("governor:nominate", args=[later.pk, declined.municipality_id])
    assert "har takket nei til pulje 10" in text_of(client.get(address, follow=True))
