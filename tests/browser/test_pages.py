"""Every page of the portal in Chromium: both languages, phone and desk; empty, filled, overlong and with errors."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from gatherings.models import Gathering
from lmp.desk.models import Note
from lmp.mailcalendar import pausing
from lmp.mailcalendar.views.calendar import address
from outbox import plan
from outbox.models import Message
from participants.confirmation import asking
from participants.mails import notices
from participants.models import Contact, Participation, ProjectGroup, Unit
from tests.browsing import open_all, send_empty

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3
UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


@pytest.fixture
def filled(participation, contact, head, officer, supervisor, units, staff, former_contact) -> Participation:
    """A municipality that has answered once and is asked again, with something of everything."""
    now = timezone.now()
    today = timezone.localdate(now)
    participation.welcome(by=staff, now=now)
    first = asking.ask(participation, due_on=today, by=staff, now=now)
    group = ProjectGroup.objects.create(unit=units[0], updated_at=now)
    group.members.create(name="Åse Ansatt", part="staff")
    changes = [{"what": "Antall barn, Leksvik barnehage", "before": "", "after": "40"}]
    snapshot = {
        "ppt": "yes",
        "political": {"informed_on": today.isoformat(), "body": "Kommunestyret"},
        "units": [{"name": "Leksvik barnehage", "organisation_number": "975315053", "children": 40}],
        "contacts": [{"name": "Kari", "title": "eier", "unit": "", "email": "kari@example.no", "phone": ""}],
    }
    first.answer(snapshot=snapshot, changes=changes, comment="Hei\nog hå", by=contact, now=now)
    notices.receipt(first, now=now)
    asking.ask(participation, due_on=today - timedelta(days=1), by=staff, now=now, year=2, reason="Nytt skoleår")
    Gathering.objects.create(cohort=participation.cohort, kind="kick_off", starts_on=today, venue="Gardermoen")
    Gathering.objects.create(
        cohort=participation.cohort, semester=1, starts_on=today, ends_on=today + timedelta(days=1), settled="fixed"
    )
    return participation


@pytest.fixture
def overlong(filled, contact, staff) -> Participation:
    """Names nobody has, and a great many of them."""
    for number in range(12):
        unit = Unit.objects.create(
            participation=filled, name=f"{UNBROKEN}{number}", kind="school", children=5000, register_children=0
        )
        person = make_user(f"{'a' * 60}{number}@{'b' * 60}.example.no", f"{LONG}{number}"[:200])
        make_contact(filled, person, Contact.Function.HEAD, unit=unit, by=staff)
    Contact.objects.filter(user=contact).update(name=UNBROKEN, phone="1" * 30)
    return filled


def at(name: str, *args) -> str:
    return reverse(name, args=args)


def test_pages_of_a_contact(walk, filled, contact, units):
    own = Contact.objects.get(user=contact)
    page = walk.as_person(contact)
    walk.see(page, "/")
    walk.see(page, at("overview:participation", filled.pk), act=open_all)
    walk.see(page, at("participants:confirm", filled.pk), act=open_all)
    walk.see(page, at("participants:receipt", filled.pk, 1))
    walk.see(page, at("participants:decisions", filled.pk))
    walk.see(page, at("participants:contacts", filled.pk), act=open_all)
    walk.see(page, at("participants:add_contact", filled.pk), act=send_empty)
    walk.see(page, at("changes:correct_contact", own.pk))
    walk.see(page, at("changes:replace_contact", own.pk), act=send_empty)
    walk.see(page, at("changes:end_contact", own.pk))
    walk.see(page, at("changes:leaving"))
    walk.see(page, at("participants:unit", units[0].pk))
    walk.see(page, at("participants:project_group", units[0].pk))
    walk.see(page, at("accounts:me"))
    walk.see(page, "/finnes-ikke/", status=404)


def test_pages_of_a_head_an_officer_a_supervisor_and_a_stranger(
    walk, filled, head, officer, supervisor, stranger, units
):
    for person, paths in [
        (head, ["/", at("participants:unit", units[0].pk), at("participants:project_group", units[0].pk)]),
        (officer, ["/", at("overview:participations"), at("overview:participations") + "?q=finnes+ikke"]),
        (supervisor, ["/", at("overview:participation", filled.pk)]),
        (stranger, ["/", at("overview:participations")]),
    ]:
        page = walk.as_person(person)
        for path in paths:
            walk.see(page, path)
        page.context.close()


def test_pages_hold_long_names_and_many_rows(walk, overlong, contact):
    page = walk.as_person(contact)
    walk.see(page, "/")
    walk.see(page, at("overview:participation", overlong.pk))
    walk.see(page, at("participants:confirm", overlong.pk), act=open_all)
    walk.see(page, at("participants:contacts", overlong.pk))


def test_nothing_registered(walk, other_participation, other_contact, staff):
    now = timezone.now()
    other_participation.welcome(by=staff, now=now)
    asking.ask(other_participation, due_on=timezone.localdate(now), by=staff, now=now)
    page = walk.as_person(other_contact)
    walk.see(page, "/")
    walk.see(page, at("overview:participation", other_participation.pk))
    walk.see(page, at("participants:confirm", other_participation.pk))
    walk.see(page, at("participants:contacts", other_participation.pk))


def test_pages_of_staff(walk, filled, staff):
    message = Message.objects.latest("pk")
    page = walk.as_person(staff)
    for path in [
        "/",
        at("overview:participations"),
        at("mfa_index"),
        at("mfa_list_webauthn"),
        at("mfa_activate_totp"),
        at("admin:outbox_message_changelist"),
        at("admin:outbox_message_change", message.pk),
        at("admin:outbox_message_resend", message.pk),
        at("admin:outbox_wording_changelist"),
        at("admin:outbox_wording_edit", "participants.reminder", "nb"),
    ]:
        walk.see(page, path)


def test_pages_of_a_days_work(walk, filled, contact, staff):
    answered = filled.confirmations.get(answered_at__isnull=False)
    Note.objects.create(participation=filled, text="Ringte.", noted_at=timezone.now(), noted_by=staff)
    page = walk.as_person(staff)
    for path in [
        at("admin:index"),
        at("desk:cohort", filled.cohort_id),
        at("overview:participation", filled.pk),
        at("desk:municipality_mails", filled.pk),
        at("desk:municipality_history", filled.pk),
        at("desk:message", answered.pk),
        at("search:search") + "?q=kari",
        at("search:search") + "?q=finnes+ikke",
        at("colleagues:list"),
        at("help"),
        at("help_page", "ansatt-e-post"),
    ]:
        walk.see(page, path, act=open_all)
    walk.see(page, at("desk:notes", filled.pk), act=send_empty)
    facts = {"rule": "participants.reminder", "reason": "Ny rektor", "begins_at": timezone.now(), "ends_at": None}
    pause = pausing.pause(filled, **facts, by=staff, now=timezone.now())
    ahead = plan.everything(timezone.now(), timezone.now() + timedelta(days=365))
    for path in [
        at("mailcalendar:calendar"),
        at("mailcalendar:calendar") + f"?dag={timezone.localdate()}&kommune={filled.pk}",
        *(address(mail) for mail in ahead[:1]),
        at("mailcalendar:why", filled.pk),
        at("mailcalendar:two_years", filled.cohort_id),
        at("mailcalendar:pauses"),
        at("mailcalendar:lift", pause.pk),
    ]:
        walk.see(page, path, act=open_all)
    walk.see(page, at("mailcalendar:calendar") + "?dag=31.2.")
    walk.see(page, at("mailcalendar:pause"), act=send_empty)
    walk.see(page, at("colleagues:new"), act=send_empty)
    walk.see(
        page, at("colleagues:leave", make_user("slutter@example.no", "Sara Slutter", is_staff=True).pk), act=send_empty
    )


def test_the_days_work_with_long_names(walk, overlong, staff):
    page = walk.as_person(staff)
    for path in [
        at("admin:index"),
        at("desk:cohort", overlong.cohort_id),
        at("desk:municipality_history", overlong.pk),
    ]:
        walk.see(page, path)
