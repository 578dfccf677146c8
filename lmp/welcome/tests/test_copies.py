"""What the letter promises, "Kopi til": each county governor's office gets one copy of a sending."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from lmp.welcome import copies, mails, sending, tasks
from lmp.welcome.models import LetterCopy, Sending
from outbox.models import Message
from participants.models import Contact, CountyGovernor, GovernorContact, Municipality, Participation, Unit

MUNICIPALITIES = 39


def sendable(number: str, *, cohort, staff) -> Participation:
    participation = Participation.objects.create(
        cohort=cohort,
        municipality=Municipality.objects.get(number=number),
        accepted_at=timezone.now(),
        accepted_by=staff,
    )
    Unit.objects.create(participation=participation, name="Ett skole", kind="school")
    user = make_user(f"eier.{number}@example.no", f"Eier {number}")
    make_contact(participation, user, Contact.Function.OWNER, by=staff)
    return participation


def ordered(participations, staff, **options) -> Sending:
    cohort = participations[0].cohort
    letters = sending.prepared(cohort, today=timezone.localdate())
    approved = {one.participation.pk: one.fingerprint for one in letters if one.participation in participations}
    return sending.order(cohort, approved=approved, token=uuid.uuid4(), by=staff, now=timezone.now(), **options)


def processed(order: Sending) -> Sending:
    for item in order.items.all():
        assert not sending.process(item.pk, now=timezone.now()).error
    return order


def copies_sent():
    return Message.objects.filter(text_name__startswith="welcome.copy")


def addressed(governor: CountyGovernor, email: str) -> None:
    governor.email = email
    governor.save()


@pytest.fixture
def governor(participation) -> CountyGovernor:
    return participation.municipality.county.governor


def register(governor: CountyGovernor, *names: str, language: str = "") -> list[User]:
    """People who read at this office, by their names' order."""
    users = [make_user(f"{name}.{governor.pk}@example.no".lower(), name, language=language) for name in names]
    for user in users:
        GovernorContact.objects.create(governor=governor, user=user, started_on=timezone.localdate())
    return users


def test_thirty_nine_letters_give_exactly_one_mail_an_office_however_many_read_there(cohort, staff):
    for number, governor in enumerate(CountyGovernor.objects.order_by("pk")):
        addressed(governor, f"embete.{governor.pk}@example.no")
        register(governor, *("Anne", "Bo", "Cecilie")[: number % 4])
    numbers = Municipality.objects.order_by("number").values_list("number", flat=True)[::9][:MUNICIPALITIES]
    found = [sendable(number, cohort=cohort, staff=staff) for number in numbers]
    order = processed(ordered(found, staff))
    copies_of = {message.about_id: message for message in copies_sent()}
    assert len(copies_of) == copies_sent().count() == order.copies.count() == 10
    several = 0
    for copy in order.copies.select_related("governor"):
        readers = [row.user.email for row in copy.governor.contacts.order_by("user__name")]
        assert copies_of[str(copy.pk)].addresses == (readers or [copy.governor.email])
        several += len(readers) > 1
    assert several == 4


def test_thirty_nine_letters_give_one_copy_for_each_office(cohort, staff):
    for governor in CountyGovernor.objects.all():
        addressed(governor, f"embete.{governor.pk}@example.no")
    numbers = Municipality.objects.order_by("number").values_list("number", flat=True)[::9][:MUNICIPALITIES]
    found = [sendable(number, cohort=cohort, staff=staff) for number in numbers]
    order = processed(ordered(found, staff))
    offices = {participation.municipality.county.governor for participation in found}
    assert sorted(copies_sent().values_list("to", flat=True)) == sorted(office.email for office in offices)
    for copy in order.copies.all():
        message = copies_sent().get(to=copy.governor.email)
        theirs = {
            item.letter.file_name: bytes(item.letter.pdf) for item in copy.items.select_related("letter__participation")
        }
        assert {file.name: bytes(file.content) for file in message.attachments.all()} == theirs
        assert copy.sent_by == staff
    assert sum(message.attachments.count() for message in copies_sent()) == MUNICIPALITIES


def test_the_person_registered_there_gets_it_rather_than_the_office(participation, contact, officer, governor, staff):
    addressed(governor, "post@example.no")
    processed(ordered([participation], staff))
    message = copies_sent().get()
    assert message.to == officer.email
    assert "Olav Embete" in message.body
    assert "- Indre Fosen" in message.body
    assert message.about == LetterCopy.objects.get()


def test_everybody_registered_there_gets_the_same_mail_which_greets_the_office(
    participation, contact, officer, governor, staff
):
    [other] = register(governor, "Oda")
    processed(ordered([participation], staff))
    message = copies_sent().get()
    assert message.addresses == [other.email, officer.email]
    assert message.body.startswith(f"Hei, {governor.name}\n")
    assert not {"Oda", "Olav"} & set(message.body.split())


@pytest.mark.parametrize(
    ("number", "own", "expected"),
    [("5054", ("nn", "nn"), "nn"), ("5054", ("nn", ""), "nb"), ("1103", ("", "nb"), "nn")],
)
def test_what_several_read_is_in_their_language_when_they_share_one_else_the_offices(
    cohort, staff, number, own, expected
):
    participation = sendable(number, cohort=cohort, staff=staff)
    governor = participation.municipality.county.governor
    for name, language in zip(("Anne", "Bo"), own, strict=True):
        register(governor, name, language=language)
    processed(ordered([participation], staff))
    assert copies_sent().get().language == expected


@pytest.mark.parametrize("gone", ["ended", "cannot sign in"])
def test_somebody_who_left_the_office_gets_none(participation, contact, officer, governor, staff, gone):
    addressed(governor, "post@example.no")
    if gone == "ended":
        GovernorContact.objects.update(ended_on=timezone.localdate())
    else:
        officer.is_active = False
        officer.save()
    processed(ordered([participation], staff))
    assert copies_sent().get().to == "post@example.no"


@pytest.mark.parametrize(
    ("number", "own", "expected"), [("5054", "", "nb"), ("1103", "", "nn"), ("1103", "nb", "nb"), ("5054", "nn", "nn")]
)
def test_it_is_in_the_offices_language_or_the_readers_own(cohort, staff, number, own, expected):
    participation = sendable(number, cohort=cohort, staff=staff)
    user = make_user("ola@example.no", "Ola", language=own)
    governor = participation.municipality.county.governor
    GovernorContact.objects.create(governor=governor, user=user, started_on=timezone.localdate())
    processed(ordered([participation], staff))
    message = copies_sent().get()
    assert message.language == expected
    assert ("Breva" in message.body or "breva" in message.body) == (expected == "nn")


def test_the_offices_own_address_is_written_to_in_the_language_of_its_name(cohort, staff):
    participation = sendable("1103", cohort=cohort, staff=staff)
    addressed(participation.municipality.county.governor, "post@example.no")
    processed(ordered([participation], staff))
    assert (copies_sent().get().language, copies_sent().get().recipient) == ("nn", None)


def test_an_office_of_several_counties_gets_one(cohort, staff):
    governor = CountyGovernor.objects.get(organisation_number="974761319")
    addressed(governor, "post@example.no")
    two = [
        sendable(
            Municipality.objects.filter(county=county).values_list("number", flat=True)[0], cohort=cohort, staff=staff
        )
        for county in governor.counties.all()[:2]
    ]
    processed(ordered(two, staff))
    assert copies_sent().get().attachments.count() == 2


def test_it_waits_for_the_last_letter_of_the_office(participation, contact, officer, cohort, staff):
    second = sendable("5001", cohort=cohort, staff=staff)
    elsewhere = sendable("4601", cohort=cohort, staff=staff)
    order = ordered([participation, second, elsewhere], staff)
    first, last, _other = (order.items.get(participation=one) for one in (participation, second, elsewhere))
    sending.process(first.pk, now=timezone.now())
    assert copies.send(first.copy_id, by=staff, now=timezone.now()) == []
    assert not copies_sent().exists()
    sending.process(last.pk, now=timezone.now())
    assert copies_sent().get().attachments.count() == 2


def test_a_letter_that_failed_is_not_in_it_and_comes_later_in_a_copy_of_its_own(
    participation, units, contact, officer, cohort, staff
):
    second = sendable("5001", cohort=cohort, staff=staff)
    order = ordered([participation, second], staff)
    units[0].name = "Et helt annet navn"
    units[0].save()
    for item in order.items.all():
        sending.process(item.pk, now=timezone.now())
    [file] = copies_sent().get().attachments.all()
    assert "5001" in file.name
    processed(ordered([participation], staff))
    assert copies_sent().count() == 2
    [file] = copies_sent().first().attachments.all()
    assert "5054" in file.name


def test_an_office_whose_letters_all_failed_gets_none(participation, units, contact, officer, staff):
    order = ordered([participation], staff)
    units[0].name = "Et helt annet navn"
    units[0].save()
    sending.process(order.items.get().pk, now=timezone.now())
    tasks.sweep()
    assert not copies_sent().exists()
    assert not LetterCopy.objects.unsent().exists()


def test_what_a_killed_worker_left_is_swept_up_once(participation, contact, officer, staff, monkeypatch):
    order = ordered([participation], staff)
    with monkeypatch.context() as killed:
        killed.setattr(copies, "send_due", lambda **_options: None)
        sending.process(order.items.get().pk, now=timezone.now())
    assert not copies_sent().exists()
    tasks.sweep()
    tasks.sweep()
    processed(order)
    assert copies_sent().count() == 1


def test_a_copy_that_fails_is_wholly_undone_and_keeps_back_no_letter(
    participation, contact, officer, governor, staff, monkeypatch, caplog
):
    register(governor, "Aa")
    order = ordered([participation], staff)
    real = mails.copy

    def fail_when_it_is_posted(*args, **options):
        return real(*args, **options) and 1 / 0

    with monkeypatch.context() as broken:
        broken.setattr(mails, "copy", fail_when_it_is_posted)
        assert sending.process(order.items.get().pk, now=timezone.now()).letter
    assert not copies_sent().exists()
    assert "could not be sent; the sweep tries again" in caplog.text
    tasks.sweep()
    assert len(copies_sent().get().addresses) == 2


def test_without_anybody_to_send_it_to_it_waits_and_goes_when_there_is(participation, contact, governor, staff):
    processed(ordered([participation], staff))
    assert list(LetterCopy.objects.due()) == list(LetterCopy.objects.unsent()) == [LetterCopy.objects.get()]
    addressed(governor, "post@example.no")
    tasks.sweep()
    assert copies_sent().get().to == "post@example.no"


def test_one_that_staff_did_without_is_stored_so_and_sent_by_a_person_only(participation, contact, governor, staff):
    processed(ordered([participation], staff, waived=[governor.pk]))
    copy = LetterCopy.objects.get()
    assert (copy.waived_by, copy.sent_at) == (staff, None)
    addressed(governor, "post@example.no")
    tasks.sweep()
    assert not copies_sent().exists()
    now = timezone.now() + timedelta(days=3)
    [reader] = copies.send(copy.pk, by=staff, now=now)
    assert reader.email == copies_sent().get().to == "post@example.no"
    assert copies.send(copy.pk, by=staff, now=now) == []
    copy.refresh_from_db()
    assert (copy.sent_at, copy.sent_by) == (now, staff)


def test_an_office_that_can_be_reached_is_not_done_without(participation, contact, officer, governor, staff):
    processed(ordered([participation], staff, waived=[governor.pk]))
    assert LetterCopy.objects.get().waived_at is None
    assert copies_sent().count() == 1


def test_what_is_too_large_to_attach_is_linked_to(participation, contact, officer, staff, monkeypatch):
    monkeypatch.setattr(mails, "MAX_ATTACHED_BYTES", 1000)
    processed(ordered([participation], staff))
    message = copies_sent().get()
    assert message.attachments.count() == 0
    assert f"/kommuner/?pulje={participation.cohort_id}" in message.body
    assert "- Indre Fosen" in message.body


def test_the_copys_key_holds_the_copy_and_no_address(participation, contact, officer, staff):
    processed(ordered([participation], staff))
    assert copies_sent().get().key == f"welcome.copy:{LetterCopy.objects.get().pk}"


@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_workers_who_finish_the_last_letters_at_once_send_one_copy(participation, contact, officer, cohort, staff):
    rest = [sendable(number, cohort=cohort, staff=staff) for number in ("5001", "5006", "5007")]
    order = ordered([participation, *rest], staff)
    keys = list(order.items.values_list("pk", flat=True))
    barrier = threading.Barrier(len(keys) + 1)

    def work(act: Callable[[], object]) -> None:
        barrier.wait()
        act()
        connection.close()

    acts = [partial(sending.process, key, now=timezone.now()) for key in keys]
    threads = [threading.Thread(target=work, args=[act]) for act in [*acts, tasks.sweep]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert copies_sent().get().attachments.count() == len(keys)
