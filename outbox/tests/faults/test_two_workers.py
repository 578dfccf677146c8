"""Two workers, each with two processes, at the same outbox: no mail goes twice."""

from outbox.tests.faults.house import ALONE, all_sent, wait_for

pytestmark = ALONE
POOL = "--pool=prefork --concurrency=2"


def test_two_workers_share_the_mails_and_send_none_twice(house, post_many):
    house.start_smtp(wait=1)
    for _worker in range(2):
        house.start_worker(pool=POOL, outbox__lease__LENGTH=10)
    post_many(150)
    wait_for(lambda: len(house.accepted()) >= 2)
    house.order(wait=0.002)
    wait_for(all_sent)
    assert len(house.accepted()) == 150
    assert house.sent_twice().total() == 0
    assert len({line["peer"] for line in house.accepted()}) >= 2, "more than one of them was at work"


def test_a_slow_server_does_not_make_a_mail_go_twice(house, post_many):
    post_many(10)
    house.start_smtp(wait=0.4)
    for _worker in range(2):
        house.start_worker(outbox__lease__LENGTH=2)
    wait_for(all_sent)
    assert len(house.accepted()) == 10
    assert house.sent_twice().total() == 0


def test_control_without_claims_they_do(house, post_many):
    post_many(50)
    house.start_smtp(wait=0.1)
    for _worker in range(2):
        house.start_worker(breaks=("claim_for_all",))
    wait_for(lambda: house.sent_twice().total() > 0)


def test_control_without_renewal_a_slow_server_does(house, post_many):
    post_many(8)
    house.start_smtp(wait=0.4)
    for _worker in range(2):
        house.start_worker(breaks=("never_renew",))
    wait_for(lambda: house.sent_twice().total() > 0)
