"""Nothing but a code goes to an address that does not work, until it is changed or tried on purpose."""

from datetime import timedelta

import pytest

from conftest import make_user
from outbox import delivery
from outbox.admin.health import Health
from outbox.models import Message, MessageState, ReturnReason
from outbox.returns import addresses
from outbox.tests import mails
from outbox.tests.returns.conftest import KARI


@pytest.fixture
def dead(kari, now):
    addresses.bury(KARI, ReturnReason.UNKNOWN, sent_at=now, now=now)


def states(now) -> dict[str, str]:
    return {message.key: message.state_at(now).value for message in Message.objects.all()}


@pytest.mark.usefixtures("dead")
class TestDead:
    def test_what_waits_is_stopped_and_said(self, post, server, kari, now):
        post("reminder", to=kari)
        post("other", to="bo@example.no")
        for _again in range(3):
            delivery.drain(now=now)
        assert server.recipients == ["bo@example.no"]
        assert states(now) == {"reminder": "stopped", "other": "sent"}
        assert list(Message.objects.in_state(MessageState.STOPPED, now)) == [Message.objects.get(key="reminder")]
        # It is not the worker that has stopped.
        health = Health.at(now + timedelta(hours=1))
        assert (health.waiting, health.untouched_since) == (0, None)

    def test_a_code_goes(self, post, server, kari, now):
        post("code", to=kari, text=mails.CODE, values={"kode": "ABC-DEF"})
        delivery.drain(now=now)
        assert server.recipients == [KARI]

    def test_lifted_it_goes(self, post, server, kari, now):
        post("reminder", to=kari)
        delivery.drain(now=now)
        assert addresses.lift(KARI, now=now)
        assert not addresses.lift(KARI, now=now)
        delivery.drain(now=now)
        assert server.recipients == [KARI]

    def test_what_has_run_out_meanwhile_does_not_go(self, post, server, kari, now):
        post("reminder", to=kari, expires_at=now + timedelta(days=1))
        delivery.drain(now=now)
        later = now + timedelta(days=2)
        addresses.lift(KARI, now=later)
        delivery.drain(now=later)
        assert server.recipients == []
        assert states(later) == {"reminder": "expired"}

    def test_another_address_gets_it(self, post, server, kari, staff, now):
        post("reminder", to=kari)
        delivery.drain(now=now)
        kari.change_email("kari.ny@example.no", by=staff, now=now)
        delivery.drain(now=now)
        assert server.recipients == ["kari.ny@example.no"]

    def test_given_the_address_anew_it_is_tried(self, post, server, kari, staff, now):
        kari.change_email("kari.ny@example.no", by=staff, now=now)
        post("reminder", to=kari)
        kari.change_email(KARI, by=staff, now=now)
        delivery.drain(now=now)
        assert server.recipients == [KARI]

    def test_of_several_the_others_get_it(self, post, server, kari, now):
        others = [make_user(f"{name}@example.no", name) for name in ("anne", "bo")]
        post("shared", to=kari, also=others)
        post("shared too", to=others[0], also=[kari, others[1]])
        delivery.drain(now=now)
        assert sorted(server.reached) == ["anne@example.no"] * 2 + ["bo@example.no"] * 2
        stopped = Message.objects.in_state(MessageState.STOPPED, now)
        assert {(message.to, message.attempts) for message in stopped} == {(KARI, 0)}
        addresses.lift(KARI, now=now)
        delivery.drain(now=now)
        assert sorted(server.reached) == ["anne@example.no"] * 2 + ["bo@example.no"] * 2 + [KARI] * 2

    def test_all_of_several_dead(self, post, server, kari, now):
        other = make_user("anne@example.no", "Anne")
        addresses.bury(other.email, ReturnReason.UNKNOWN, sent_at=now, now=now)
        post("shared", to=kari, also=[other])
        delivery.drain(now=now)
        assert server.reached == []
        assert {message.to for message in Message.objects.in_state("stopped", now)} == {KARI, other.email}


def test_an_old_report_does_not_kill_what_was_tried_since(kari, now):
    addresses.bury(KARI, ReturnReason.UNKNOWN, sent_at=now, now=now)
    addresses.lift(KARI, now=now + timedelta(hours=1))
    addresses.bury(KARI, ReturnReason.UNKNOWN, sent_at=now, now=now + timedelta(hours=2))
    assert not addresses.dead_of([KARI])
    addresses.bury(KARI, ReturnReason.UNKNOWN, sent_at=now + timedelta(hours=2), now=now + timedelta(hours=3))
    assert list(addresses.dead_of([KARI])) == [KARI]


def test_refused_at_once_as_unknown_is_the_same(post, server, kari, now):
    server.refuse(KARI, 550, "5.1.1 User unknown")
    post("one", to=kari)
    delivery.drain(now=now)
    post("other", to=kari)
    delivery.drain(now=now)
    assert states(now) == {"one": "given_up", "other": "stopped"}


def test_refused_for_its_text_says_nothing_of_the_address(post, server, kari, now):
    server.refuse(KARI, 550, "5.7.1 Spam")
    post("one", to=kari)
    delivery.drain(now=now)
    assert not addresses.dead_of([KARI])
