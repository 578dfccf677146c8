"""A person asks to be erased: shown first, done whole, told; a name is left only where the archive law keeps it."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from accounts.models import PrivateReading, User
from conftest import make_contact, make_user
from gatherings.models import Needs, Registration
from lmp.changes import mails
from lmp.desk.models import Note
from lmp.privacy import erasing
from outbox.models import Message, ReturnedMail
from participants.confirmation import asking
from participants.models import Contact, Draft, ProjectGroup, ProjectGroupMember

NAME, ADDRESS = "Zqhanne Zqstyrer", "zqhanne@example.no"
# Whole words: two letters turn up in a page's random token now and then.
NAMED = re.compile("zqhanne|zqstyrer|zqgift", re.IGNORECASE)


@pytest.fixture
def gone(participation, units, staff, gathering) -> User:
    """Was head, has stopped, was at a gathering, and is named in what others wrote."""
    now = timezone.now()
    person = make_user("zqfor@example.no", NAME)
    held = make_contact(participation, person, Contact.Function.HEAD, unit=units[0], by=staff, phone="99887766")
    held.correct(name="Zqhanne Zqgift", phone="99887766", by=staff)
    person.change_email(ADDRESS, by=staff, now=now)
    held.end(by=staff, now=now)
    Registration.objects.create(
        gathering=gathering,
        participation=participation,
        unit=units[0],
        user=person,
        name=NAME,
        function=Contact.Function.HEAD,
        registered_at=now,
        registered_by=staff,
        placed_at=now,
        days=[],
        nights=[],
    )
    type(gathering).objects.filter(pk=gathering.pk).update(
        starts_on=timezone.localdate() - timedelta(days=3), opens_on=None, closes_on=None, travel_closes_on=None
    )
    seat = Registration.objects.get(user=person)
    Needs.objects.create(registration=seat, food="Zqhanne tåler ikke melk", saved_at=now)
    Note.objects.create(participation=participation, text=f"Ringte {NAME} i dag.", noted_at=now, noted_by=staff)
    group = ProjectGroup.objects.create(unit=units[0], updated_at=now)
    ProjectGroupMember.objects.create(group=group, name=NAME, part="staff")
    LogEntry.objects.create(
        user=staff,
        action_flag=2,
        object_id=str(person.pk),
        object_repr=NAME,
        change_message=f"Rettet {NAME}",
        content_type_id=LogEntry.objects.model._meta.get_field("content_type")
        .related_model.objects.get_for_model(User)
        .pk,
    )
    Message.objects.create(
        key="other", message_id="other", to="rektor@example.no", language="nb", text_name="-", subject=f"Om {NAME}",
        body=f"{NAME} ({ADDRESS}) tar over.", html=NAME, why=NAME, created_at=now, next_attempt_at=now, sent_at=now,
    )  # fmt: skip
    Message.objects.create(
        key="own", message_id="own", to=ADDRESS, recipient=person, language="nb", text_name="-", subject="Hei",
        body=f"Hei, {NAME}", created_at=now, next_attempt_at=now, sent_at=now,
    )  # fmt: skip
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    return person


def words() -> str:
    """Every text of every table, but the mail that told the person."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            names = [field.attname for field in model._meta.local_fields if not field.is_relation]
            rows = model._base_manager.all()
            if model is Message:
                rows = rows.exclude(text_name=mails.ERASED.name)
            found += [str(row) for row in rows.values_list(*names)] if names else []
    return "\n".join(found).lower()


def test_nothing_says_who_it_was_any_more(gone, staff):
    assert "zq" in words()
    done = erasing.erase(gone, by=staff, now=timezone.now())
    text = words()
    assert [line for line in text.splitlines() if NAME.lower() in line or ADDRESS in line or "zqfor@" in line] == []
    assert not [each for each in ("zqhanne", "zqstyrer", "zqgift", "zqfor", "99887766") if each in text]
    assert not Authenticator.objects.exists()
    assert not Needs.objects.exists()
    assert Message.objects.get(key="other").body == "Slettet person (Slettet person) tar over."
    assert Registration.objects.get().name == "Slettet person"  # that somebody was there
    assert done.is_row_left
    assert User.objects.get(pk=gone.pk).email.endswith("@slettet.invalid")
    assert not any(NAMED.search(line) for line in [*done.gone, *done.left])


def test_what_came_back_and_names_the_address_goes_whole(gone, staff):
    now = timezone.now()
    theirs = b"From: zqfor@example.no\n\nHei"
    for number, (sender, source) in enumerate(
        [
            ("zqfor@example.no", None),
            ("a@example.no", b"Fra ZQHANNE@example.no"),
            ("b@example.no", b"Hei"),
            ("", theirs),
        ]
    ):
        facts = {"kind": "unread", "received_at": now, "sender": sender, "subject": f"Hei {NAME}"}
        ReturnedMail.objects.create(digest=str(number), source=source, **facts)
    erasing.erase(gone, by=staff, now=now)
    left = ReturnedMail.objects.get()
    assert (left.sender, bytes(left.source)) == ("b@example.no", b"Hei")
    assert "Zqhanne" not in left.subject


def test_no_session_of_theirs_goes_on_should_they_be_let_in_again(gone, staff):
    before = gone.get_session_auth_hash()
    erasing.erase(gone, by=staff, now=timezone.now())
    assert User.objects.get(pk=gone.pk).get_session_auth_hash() != before


def test_the_person_is_told_once_and_the_address_goes_with_the_mail(gone, staff):
    now = timezone.now()
    erasing.erase(gone, by=staff, now=now)
    told = Message.objects.get(text_name=mails.ERASED.name)
    assert (told.to, told.recipient) == (ADDRESS, None)
    assert not NAMED.search(told.body)
    assert mails.forget_erased(now=now + timedelta(days=6)) == 0
    assert mails.forget_erased(now=now + timedelta(days=8)) == 1
    assert ADDRESS not in words()
    assert not Message.objects.filter(to=ADDRESS).exists()


def test_a_name_that_two_have_is_left_in_what_others_wrote(gone, staff):
    make_user("annen@example.no", NAME)
    done = erasing.erase(gone, by=staff, now=timezone.now())
    assert Note.objects.get().text == f"Ringte {NAME} i dag."
    assert User.objects.get(email="annen@example.no").name == NAME
    assert any("Andre kan ha samme navn" in line for line in done.left)
    assert ADDRESS not in words()


def test_what_the_archive_law_keeps_is_said_and_stays(gone, participation, staff):
    now = timezone.now()
    answered = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    answered.answer(snapshot={"head": NAME}, changes=[], comment="", by=gone, now=now)
    done = erasing.erase(gone, by=staff, now=timezone.now())
    answered.refresh_from_db()
    assert (answered.snapshot, answered.answered_by.name) == ({"head": NAME}, NAME)
    assert answered.answered_by.email.endswith("@slettet.invalid")
    assert any("Arkivlova krever" in line for line in done.left)
    told = Message.objects.get(text_name=mails.ERASED.name)
    assert "Arkivlova krever" in told.body


def test_staff_see_what_goes_before_anything_does(as_staff, gone):
    page = reverse("changes:erase_person", args=[gone.pk])
    assert "Slett opplysningene om" in as_staff.get(page).text
    before = words()
    shown = as_staff.post(page, {"email": ADDRESS})
    assert shown.status_code == 200
    assert "Dette slettes" in shown.text
    assert "Dette blir igjen" in shown.text
    assert Contact.objects.get(user=gone).name == "Zqhanne Zqgift"
    assert ADDRESS in before
    done = as_staff.post(page, {"email": ADDRESS, "_confirmed": "1"})
    assert "Opplysningene er slettet" in done.text
    assert not NAMED.search(done.text)
    assert ADDRESS not in words()


@pytest.mark.parametrize("typed", ["", "annen@example.no"])
def test_the_address_is_typed_and_right(as_staff, gone, typed):
    page = reverse("changes:erase_person", args=[gone.pk])
    assert as_staff.post(page, {"email": typed, "_confirmed": "1"}).status_code == 422
    assert User.objects.get(pk=gone.pk).email == ADDRESS


def test_whoever_has_a_function_hands_it_over_first(as_staff, head, staff, participation):
    page = reverse("changes:erase_person", args=[head.pk])
    assert "Dette må avsluttes først" in as_staff.get(page).text
    as_staff.post(page, {"email": head.email, "_confirmed": "1"})
    assert User.objects.get(pk=head.pk).name == head.name
    assert Contact.objects.filter(user=head, ended_at=None).exists()


def test_only_staff_who_may_change_people(client, gone, contact, head):
    page = reverse("changes:erase_person", args=[gone.pk])
    for person in (contact, head):
        client.force_login(person)
        assert client.post(page, {"email": ADDRESS, "_confirmed": "1"}).status_code == 404
    assert User.objects.get(pk=gone.pk).email == ADDRESS


def test_a_second_time_finds_a_row_without_a_name(gone, staff):
    erasing.erase(gone, by=staff, now=timezone.now())
    before = words()
    erasing.erase(User.objects.get(pk=gone.pk), by=staff, now=timezone.now() + timedelta(minutes=1))
    assert len(words()) <= len(before) + 400


def test_who_was_only_added_goes_whole(staff):
    person = make_user("zqlagt.inn@example.no", "Zqlagt Zqinn")
    PrivateReading.log(PrivateReading.Kind.NEEDS, what="x", path="/", by=staff, now=timezone.now(), about=[person.pk])
    assert not erasing.erase(person, by=staff, now=timezone.now()).is_row_left
    assert not User.objects.filter(pk=person.pk).exists()
    assert not Draft.objects.exists()
