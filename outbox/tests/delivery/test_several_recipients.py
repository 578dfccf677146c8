"""A mail to several people: one transaction with the server, one truth for each of them, and nobody gets it twice."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Event

from conftest import make_user
from outbox import delivery, effects, posting
from outbox.models import FurtherRecipient, Message
from outbox.tests import mails
from outbox.wire import envelope
from parts import ics
from parts.files import File

ANNE, BO, CECILIE = ALL = [f"{name}@example.no" for name in ("anne", "bo", "cecilie")]


@pytest.fixture
def people(db):
    return [make_user(address, address.partition("@")[0].title()) for address in ALL]


@pytest.fixture
def shared(post, people):
    """A letter to three, written now."""
    file = File("brev.pdf", "application/pdf", b"%PDF")
    return post("letter", to=people[0], also=people[1:], now=timezone.now(), attachments=[file])


def drained(**later: int) -> delivery.Outcome:
    return delivery.drain(now=timezone.now() + timedelta(**later))


def states() -> dict[str, tuple[list[str], str]]:
    """What is stored of each mail: the first address → all of them, and what became of it."""
    now = timezone.now()
    return {mail.to: (mail.addresses, str(mail.state_at(now))) for mail in Message.objects.all()}


def undelivered() -> set[str]:
    return {mail.to for mail in Message.objects.undelivered()}


class TestPosting:
    def test_one_mail_names_them_all(self, shared, server):
        assert drained().sent == 1
        [mail] = server.accepted
        assert mail.to == mail.recipients() == ALL
        assert mail.message()["To"] == ", ".join(ALL)
        assert states() == {ANNE: (ALL, "sent")}

    def test_the_same_key_writes_nothing_more(self, shared, post, people):
        assert post("letter", to=people[0], also=people[1:]) == shared
        assert FurtherRecipient.objects.count() == 2

    @pytest.mark.parametrize("what", ["a code", "an address", "a calendar entry"])
    def test_what_is_one_persons_goes_to_no_other(self, post, people, what):
        event = Event()
        event.add("uid", "1@example.no")
        entry = ics.file("samling.ics", event, method="REQUEST", name="Anne", address=ANNE)
        changes = {
            "a code": {"text": mails.CODE, "values": {"kode": "X7K2"}},
            "an address": {"to": "post@example.no"},
            "a calendar entry": {"attachments": [entry]},
        }
        with pytest.raises(ValueError, match="goes to one"):
            post(**{"to": people[0], "also": people[1:]} | changes[what])
        assert not Message.objects.exists()

    def test_a_lease_covers_that_the_server_is_asked_about_each(self, post, people, settings, monkeypatch):
        post("letter", to=people[0], also=people[1:], now=timezone.now())
        lease = delivery.leases.claim(timezone.now())
        [message] = lease.messages()
        for _renewal in range(2):
            now = lease.until - delivery.leases.LENGTH / 2 - timedelta(seconds=1)
            assert lease.covers(message, now)
            assert lease.until - now >= delivery.leases.LENGTH / 2 + timedelta(seconds=2 * settings.EMAIL_TIMEOUT)


class TestRefused:
    @pytest.mark.parametrize("refused", ALL)
    def test_the_others_have_got_it_and_the_refused_one_is_shown(self, shared, server, refused):
        server.refuse(refused, 550, "5.1.1 unknown")
        outcome = drained()
        others = [address for address in ALL if address != refused]
        assert (outcome.sent, outcome.given_up) == (1, 1)
        assert states() == {others[0]: (others, "sent"), refused: ([refused], "given_up")}
        assert undelivered() == {refused}
        own = Message.objects.get(to=refused)
        assert (own.recipient.email, own.last_error, own.attempts) == (refused, "550 5.1.1 unknown", 1)
        assert (own.parted_from, own.body, own.html) == (shared, shared.body, shared.html)
        assert bytes(own.attachments.get().content) == b"%PDF"
        assert Message.objects.get(pk=shared.pk).recipient.email == others[0]
        for days in range(1, 4):
            drained(days=days)
        assert sorted(server.reached) == others

    def test_who_is_refused_for_now_is_tried_again_alone(self, shared, server):
        server.refuse(BO, 450, "try again later")
        assert (drained().sent, states()[BO]) == (1, ([BO], "retrying"))
        server.answers.clear()
        drained(minutes=2)
        assert sorted(server.reached) == ALL
        assert states() == {ANNE: ([ANNE, CECILIE], "sent"), BO: ([BO], "sent")}
        assert not undelivered()

    def test_who_is_refused_for_now_to_the_end_is_given_up_after_as_many_attempts(self, shared, server):
        server.refuse(BO, 450)
        for day in range(20):
            drained(days=day)
        own = Message.objects.get(to=BO)
        assert (own.attempts, undelivered()) == (delivery.MAX_ATTEMPTS, {BO})

    def test_all_refused_is_one_mail_that_did_not_arrive(self, shared, server):
        for address in ALL:
            server.refuse(address, 550, f"no {address}")
        assert drained().given_up == 1
        assert states() == {ANNE: (ALL, "given_up")}
        shared.refresh_from_db()
        assert shared.last_error == "; ".join(f"{address}: 550 no {address}" for address in ALL)

    def test_nobody_taken_and_some_for_good_parts_those_from_what_waits(self, shared, server):
        server.refuse(ANNE, 550)
        server.refuse(BO, 450)
        server.refuse(CECILIE, 451)
        drained()
        assert states() == {BO: ([BO, CECILIE], "retrying"), ANNE: ([ANNE], "given_up")}
        server.answers.clear()
        drained(minutes=2)
        assert server.reached == [BO, CECILIE]

    @pytest.mark.parametrize("code", [550, 450])
    def test_a_refused_text_is_the_same_for_all(self, shared, server, code):
        server.answers[ANNE] = delivery.smtplib.SMTPDataError(code, b"spam")
        drained()
        assert states() == {ANNE: (ALL, "given_up" if code == 550 else "retrying")}

    def test_a_server_that_closes_at_one_of_them_has_taken_nothing(self, shared, server):
        for address in ALL:
            server.refuse(address, 421 if address == BO else 550)
        drained()
        assert states() == {ANNE: (ALL, "retrying")}
        server.answers.clear()
        drained(minutes=2)
        assert server.reached == ALL

    def test_what_another_worker_took_over_meanwhile_is_not_parted(self, shared, server):
        server.refuse(BO, 550)
        server.hears = lambda to: Message.objects.update(claim="1" * 32)
        drained()
        assert Message.objects.count() == 1


class TestAnotherAddress:
    @pytest.mark.parametrize("who", [0, 1, 2])
    def test_what_waits_goes_to_the_new_one(self, shared, server, people, staff, who):
        people[who].change_email("ny@example.no", by=staff, now=timezone.now())
        drained()
        assert server.reached == [*ALL[:who], "ny@example.no", *ALL[who + 1 :]]

    def test_who_was_refused_gets_it_at_the_new_one_and_the_others_not_again(self, shared, server, people, staff):
        server.refuse(BO, 550)
        drained()
        people[1].change_email("bo.ny@example.no", by=staff, now=timezone.now())
        drained()
        assert server.reached == [ANNE, CECILIE, "bo.ny@example.no"]
        assert not undelivered()

    def test_what_did_not_arrive_anywhere_is_open_while_one_has_the_old_address(self, shared, server, people, staff):
        for address in ALL:
            server.refuse(address, 550)
        drained()
        Message.objects.update(created_at=timezone.now() - timedelta(days=61))  # too old to be sent anew
        for number, person in enumerate(people):
            assert undelivered() == {ANNE}
            person.change_email(f"ny{number}@example.no", by=staff, now=timezone.now())
        assert undelivered() == set()

    def test_it_is_among_the_mails_to_each(self, shared, people):
        for person in people:
            assert list(Message.objects.to_person(person)) == [shared]
        assert not Message.objects.to_person(make_user("dag@example.no", "Dag")).exists()


class TestOnePerson:
    @pytest.mark.parametrize(("kept", "gone"), [(0, 1), (1, 0), (1, 2)])
    def test_two_who_are_one_get_it_once(self, shared, server, people, kept, gone):
        waiting = Message.objects.to_person(people[gone])
        posting.readdress(waiting, person=people[gone], to=people[kept].email)
        posting.hand_over(people[gone], to=people[kept])
        drained()
        assert sorted(server.reached) == sorted(set(ALL) - {ALL[gone]})
        assert not Message.objects.to_person(people[gone]).exists()

    def test_two_who_were_found_to_be_one_get_it_once_when_it_is_sent_again(self, shared, server, people, staff):
        drained()
        posting.hand_over(people[1], to=people[0])
        shared.refresh_from_db()
        assert shared.addresses == ALL, "where it went"
        again = posting.resend(shared, reason="-", token="t", by=staff, now=timezone.now())
        assert again.addresses == shared.addresses_now == [ANNE, CECILIE]

    @pytest.mark.parametrize("who", [0, 1, 2])
    def test_who_is_let_go_leaves_it_to_the_others(self, shared, people, who):
        posting.let_go(people[who])
        assert states() == {
            [*ALL[:who], *ALL[who + 1 :]][0]: ([address for address in ALL if address != ALL[who]], "waiting")
        }
        people[who].delete()
        assert Message.objects.get().recipient


def test_sent_again_goes_to_all_of_them_at_the_addresses_of_now(shared, server, people, staff, staff_client):
    drained()
    people[1].change_email("bo.ny@example.no", by=staff, now=timezone.now())
    now_there = [ANNE, "bo.ny@example.no", CECILIE]
    address = reverse("admin:outbox_message_resend", args=[shared.pk])
    page = staff_client.get(address)
    assert ", ".join(now_there) in page.content.decode()
    data = {name: page.context["form"][name].value() for name in ("token", "seen")} | {"reason": "Ble borte."}
    people[2].change_email("cecilie.ny@example.no", by=staff, now=timezone.now())
    page = staff_client.post(address, data)
    assert "Se over en gang til." in page.content.decode()
    data["seen"] = page.context["form"]["seen"].value()
    page = staff_client.post(address, data, follow=True)
    assert "anne@example.no, bo.ny@example.no, cecilie.ny@example.no." in page.content.decode()
    drained()
    assert server.reached == [*ALL, ANNE, "bo.ny@example.no", "cecilie.ny@example.no"]


def test_staffs_pages_name_all_and_what_became_of_each(shared, server, people, staff_client):
    server.refuse(BO, 550, "5.1.1 unknown")
    drained()
    own = Message.objects.get(to=BO)
    page = staff_client.get(reverse("admin:outbox_message_change", args=[shared.pk])).content.decode()
    for text in ("Mottakere", "anne@example.no (Anne)", "cecilie@example.no (Cecilie)", "550 5.1.1 unknown"):
        assert text in page
    assert f'<a href="{reverse("admin:outbox_message_change", args=[own.pk])}">{BO}</a>: Gitt opp' in page
    page = staff_client.get(reverse("admin:outbox_message_change", args=[own.pk])).content.decode()
    assert f'{reverse("admin:outbox_message_change", args=[shared.pk])}">e-posten til de andre mottakerne' in page
    assert reverse("admin:outbox_message_handled", args=[own.pk]) in page

    listed = reverse("admin:outbox_message_changelist")
    assert f"{ANNE}, {CECILIE}" in staff_client.get(listed).content.decode()
    for asked, expected in (
        ({"q": CECILIE}, [shared]),
        ({"person": people[2].pk}, [shared]),
        ({"person": people[1].pk}, [own]),
        ({"person": "x"}, [own, shared]),
        ({"state": "undelivered"}, [own]),
    ):
        assert list(staff_client.get(listed, asked).context["cl"].result_list) == expected, asked


def test_the_effects_of_a_change_name_each_who_is_told(post, people):
    now = timezone.now()
    _message, found = effects.effects(lambda: post("letter", to=people[0], also=people[1:], now=now), now=now)
    assert found.told == set(ALL)
    assert [mail.names for mail in found.mails] == [["Anne", "Bo", "Cecilie"]]
    assert not Message.objects.exists()


def test_a_mail_is_the_same_at_every_attempt(shared, server):
    first = envelope.compose(Message.objects.get(), delivery.get_connection()).message()
    server.down = ConnectionRefusedError("refused")
    drained()
    again = envelope.compose(Message.objects.get(), delivery.get_connection()).message()
    assert [first[name] for name in ("To", "Message-ID", "Date")] == [
        again[name] for name in ("To", "Message-ID", "Date")
    ]
