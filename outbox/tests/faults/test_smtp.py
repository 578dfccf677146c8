"""A mail server that fails: nothing is lost, the bad one is shown, the others go."""

import pytest
from django.utils import timezone

from conftest import make_user
from outbox.models import Message
from outbox.tests.faults.house import MARKS, all_sent, wait_for

pytestmark = MARKS


def bad() -> Message:
    return Message.objects.get(to="p2@example.no")


def others_sent() -> bool:
    return not Message.objects.exclude(to="p2@example.no").filter(sent_at=None).exists()


def test_a_server_that_is_down_gets_everything_when_it_is_back(house, post_many):
    post_many(5)
    house.start_worker()
    wait_for(lambda: Message.objects.filter(failure="connection").count() >= 2)
    assert "Connection refused" in Message.objects.filter(failure="connection")[0].last_error
    house.start_smtp()
    wait_for(all_sent)
    assert len(house.accepted()) == 5


def test_a_server_that_never_answers_is_left_and_tried_again(house, post_many):
    post_many(3)
    house.start_smtp(hang=True)
    house.start_worker(EMAIL_TIMEOUT=0.5, EMAIL_ANSWER_TIMEOUT=0.5, outbox__lease__LENGTH=5)
    wait_for(lambda: Message.objects.filter(failure="unanswered").exists())
    house.order()
    wait_for(all_sent)
    assert len(house.accepted()) == 3


def test_a_refused_recipient_is_shown_and_the_others_go(house, post_many):
    post_many(5)
    house.start_smtp(refuse="p2@example.no")
    house.start_worker()
    wait_for(lambda: others_sent() and bad().given_up_at)
    assert (bad().failure, bad().last_error) == ("refused", "550 5.1.1 no such mailbox")
    assert len(house.accepted()) == 4


def test_a_recipient_refused_for_now_is_tried_until_taken(house, post_many):
    post_many(5)
    house.start_smtp(defer="p2@example.no")
    house.start_worker()
    wait_for(lambda: others_sent() and bad().attempts >= 2)
    assert (bad().failure, bad().last_error) == ("deferred", "450 4.2.1 try again later")
    house.order()
    wait_for(all_sent)
    assert len(house.accepted()) == 5


def test_a_mail_at_which_the_server_hangs_up_keeps_back_no_other(house, post_many):
    post_many(5)
    house.start_smtp(close="p2@example.no")
    house.start_worker()
    wait_for(lambda: others_sent() and bad().attempts >= 2)
    assert (bad().failure, bad().given_up_at) == ("unanswered", None)
    house.order()
    wait_for(all_sent)
    assert len(house.accepted()) == 5


def test_a_server_that_takes_few_mails_a_connection_gets_them_all_once(house, post_many):
    post_many(20)
    house.start_smtp(close_after=7)
    house.start_worker()
    wait_for(all_sent)
    assert len(house.accepted()) == 20


def test_a_mail_taken_without_an_answer_goes_again_under_the_same_message_id(house, post_many):
    message = post_many(5)[2]
    house.start_smtp(swallow="p2@example.no")
    house.start_worker()
    wait_for(lambda: others_sent() and bad().attempts >= 1)
    house.order()
    wait_for(all_sent)
    assert set(house.sent_twice()) == {message.message_id}


@pytest.mark.alone  # the lease of the one that waits is renewed in time, or the other would take the mail
def test_a_server_that_thinks_about_one_mail_gets_the_others_meanwhile_and_that_one_once(house, post_many):
    post_many(20)
    house.start_smtp(slow="p2@example.no", wait=8)
    patience = {"EMAIL_TIMEOUT": 0.5, "EMAIL_ANSWER_TIMEOUT": 60, "outbox__lease__LENGTH": 5}
    for _worker in range(2):
        house.start_worker(**patience)
    wait_for(others_sent)
    assert bad().sent_at is None
    wait_for(all_sent)
    assert (bad().attempts, len(house.accepted())) == (1, 20)


OFFICE = ["p1@example.no", "p2@example.no", "p3@example.no"]


@pytest.fixture
def to_an_office(house, post):
    """One mail to three people."""
    people = [make_user(address, address) for address in OFFICE]
    return post("office", to=people[0], also=people[1:], now=timezone.now())


def reached(house) -> list[list[str]]:
    """For each transaction with the server that it took: whom it took the mail for."""
    return [line["all"] for line in house.accepted()]


def test_a_mail_to_several_is_one_transaction_and_names_them_all(house, to_an_office):
    house.start_smtp()
    house.start_worker()
    wait_for(all_sent)
    assert reached(house) == [OFFICE]
    assert house.accepted()[0]["header"] == ", ".join(OFFICE)


def test_one_of_several_refused_is_shown_and_the_others_have_it_once(house, to_an_office):
    house.start_smtp(refuse="p2@example.no")
    house.start_worker()
    wait_for(lambda: others_sent() and Message.objects.filter(to="p2@example.no", given_up_at__isnull=False).exists())
    assert (bad().failure, bad().last_error) == ("refused", "550 5.1.1 no such mailbox")
    assert set(Message.objects.undelivered()) == {bad()}
    to_an_office.refresh_from_db()
    assert (to_an_office.addresses, bad().parted_from) == (["p1@example.no", "p3@example.no"], to_an_office)
    assert reached(house) == [["p1@example.no", "p3@example.no"]]


def test_one_of_several_refused_for_now_gets_it_later_and_the_others_not_again(house, to_an_office):
    house.start_smtp(defer="p1@example.no")
    house.start_worker()
    wait_for(lambda: Message.objects.filter(to="p1@example.no", attempts__gte=2).exists())
    house.order()
    wait_for(all_sent)
    assert reached(house) == [["p2@example.no", "p3@example.no"], ["p1@example.no"]]
    assert house.sent_twice().total() == 0
