"""From a day to come: until then all is as before, both pages say so, and it can be called off."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user, withdraw
from gatherings.models import Registration
from lmp.changes import merging, tasks
from lmp.changes.models import Succession
from lmp.changes.succession import erasing, succeeding
from lmp.changes.succession.tests.test_contact import NILS, address, mails, replace, typed
from outbox.models import Message
from participants.models import Contact, Unit
from parts.dates import day_in_words

AHEAD = 7


@pytest.fixture
def day(today):
    return today + timedelta(days=AHEAD)


@pytest.fixture
def agreed(client, contact, per, seat, day) -> Succession:
    client.force_login(contact)
    assert replace(client, per, starts_on=day.isoformat()).status_code == 302
    return Succession.objects.get()


def on(day):
    """Right after the midnight that begins the day."""
    return time_machine.travel(timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 0, 1)), tick=False)


def leads(user) -> bool:
    return Unit.objects.editable_by(user).filter(name="Statsbygd skole").exists()


def test_until_then_all_is_as_before(agreed, per, seat, day):
    per.refresh_from_db()
    nils = User.objects.get(email=NILS["email"])
    assert tasks.carry_out_successions() == 0
    with on(day - timedelta(days=1)):
        assert tasks.carry_out_successions() == 0
        assert (leads(per.user), leads(nils)) == (True, False)
    assert list(Contact.objects.current().filter(unit=per.unit)) == [per]
    assert Registration.objects.get().user == per.user
    assert mails(per.user) == ["changes.hands_over"]
    assert mails(nils) == ["changes.takes_over"]
    for mail in Message.objects.all():
        assert day_in_words(day) in mail.body
        assert "Svar på denne e-posten" in mail.body


def test_the_pages_say_what_is_to_come(client, agreed, contact, per, day):
    when = f"fra og med {day_in_words(day)} (rektor ved Statsbygd skole)"
    call_off = reverse("changes:call_off_succession", args=[agreed.pk])
    page = client.get(reverse("participants:contacts", args=[per.participation_id])).content.decode()
    assert f"Nils Nystyrer overtar etter Per Rektor {when}" in page
    assert call_off in page
    client.force_login(User.objects.get(email=NILS["email"]))
    assert f"Du overtar etter Per Rektor {when}" in client.get(reverse("home")).content.decode()
    client.force_login(per.user)
    for page in (reverse("home"), per.unit.get_absolute_url()):
        assert f"Nils Nystyrer overtar etter deg {when}" in client.get(page).content.decode()


def test_on_the_day_it_happens_once(agreed, contact, per, seat, day):
    with on(day):
        assert tasks.carry_out_successions() == 1
        assert tasks.carry_out_successions() == 0
        nils = User.objects.get(email=NILS["email"])
        per.refresh_from_db()
        assert (leads(per.user), leads(nils)) == (False, True)
        assert (timezone.localdate(per.ended_at), per.ended_by) == (day, contact)
        assert Registration.objects.get().user == nils
        assert mails(nils) == ["changes.takes_over", "gatherings.swapped_in", "changes.taken_over"]
        assert mails(per.user) == ["changes.hands_over", "gatherings.swapped_out", "participants.access_ended"]
    agreed.refresh_from_db()
    assert agreed.carried_out_at


def test_it_is_called_off_once(agreed, contact):
    now = timezone.now()
    assert [succeeding.call_off(agreed, by=contact, now=now) for _turn in range(2)] == [True, False]


def test_it_can_be_called_off(client, agreed, per, seat, day):
    url = reverse("changes:call_off_succession", args=[agreed.pk])
    assert "Avlys byttet" in client.get(url).content.decode()
    for _turn in range(2):
        response = client.post(url)
        assert response.url == reverse("participants:contacts", args=[per.participation_id])
    assert mails(per.user) == ["changes.hands_over", "changes.called_off"]
    assert mails(NILS["email"]) == ["changes.takes_over", "changes.called_off"]
    with on(day):
        assert tasks.carry_out_successions() == 0
    assert list(Contact.objects.current().filter(unit=per.unit)) == [per]
    # and then another one can be agreed
    assert replace(client, per, starts_on=day.isoformat()).status_code == 302


def test_only_one_at_a_time(client, agreed, per):
    response = client.post(address(per), typed(per, email="ola@example.no", name="Ola") | {"_confirmed": "1"})
    assert response.status_code == 422
    assert "Det er allerede avtalt at Nils Nystyrer overtar." in response.content.decode()


def test_what_is_done_is_not_called_off(client, agreed, day):
    with on(day):
        tasks.carry_out_successions()
        assert client.get(reverse("changes:call_off_succession", args=[agreed.pk])).status_code in (302, 404)
        client.post(reverse("changes:call_off_succession", args=[agreed.pk]))
    agreed.refresh_from_db()
    assert agreed.called_off_at is None


def test_the_one_who_hands_over_may_call_it_off_and_the_new_one_may_not(client, agreed, per, other_contact):
    url = reverse("changes:call_off_succession", args=[agreed.pk])
    for user in (User.objects.get(email=NILS["email"]), other_contact):
        client.force_login(user)
        assert client.post(url).status_code == 404
    client.force_login(per.user)
    assert client.post(url).status_code == 302
    agreed.refresh_from_db()
    assert agreed.called_off_by == per.user


def test_an_address_that_changes_meanwhile_is_the_persons(agreed, contact, per, day):
    nils = User.objects.get(email=NILS["email"])
    nils.change_email("nils@example.no", by=nils, now=timezone.now())
    with on(day):
        tasks.carry_out_successions()
    assert leads(nils)
    assert User.objects.filter(email=NILS["email"]).count() == 0


def test_who_was_ended_meanwhile_is_still_followed(client, agreed, per, contact, day):
    client.post(address(per, "end_contact"), {"_confirmed": "1"})
    with on(day):
        tasks.carry_out_successions()
    [new] = Contact.objects.current().filter(unit=per.unit)
    assert (new.user.email, new.replaces) == (NILS["email"], per)
    assert mails(per.user).count("participants.access_ended") == 1


def test_a_municipality_that_has_withdrawn_has_no_successors(agreed, per, staff, day):
    withdraw(per.participation, by=staff, now=timezone.now())
    with on(day):
        assert tasks.carry_out_successions() == 0
    assert not Contact.objects.filter(user__email=NILS["email"]).exists()


def test_one_that_fails_keeps_back_no_other(agreed, contact, own, per, day, monkeypatch):
    other = Succession.objects.create(
        contact=own,
        successor=User.objects.for_email("ola@example.no", name="Ola"),
        name="Ola",
        starts_on=day,
        agreed_at=timezone.now(),
        agreed_by=contact,
    )
    carry_out = tasks.due.carry_out

    def fails(succession, *, now):
        if succession == agreed:
            raise RuntimeError
        return carry_out(succession, now=now)

    monkeypatch.setattr(tasks.due, "carry_out", fails)
    with on(day):
        assert tasks.carry_out_successions() == 1
    other.refresh_from_db()
    assert other.carried_out_at


def test_not_after_the_cohort(client, contact, per):
    client.force_login(contact)
    last = per.participation.cohort.ends_on
    assert replace(client, per, starts_on=(last + timedelta(days=1)).isoformat()).status_code == 422


def test_who_turned_out_to_be_another_takes_over_as_that_person(agreed, contact, staff, day):
    nils, other = User.objects.get(email=NILS["email"]), make_user("nils.privat@example.no", NILS["name"])
    User.objects.filter(pk=nils.pk).update(merged_into=other, is_active=False)
    with on(day):
        tasks.carry_out_successions()
    assert leads(other)
    assert "changes.taken_over" in mails(other)


def test_a_unit_that_has_closed_has_no_successors(agreed, per, day):
    Unit.objects.filter(pk=per.unit_id).update(closed_on=day)
    with on(day):
        assert tasks.carry_out_successions() == 0


def test_it_is_erased_with_its_cohort_and_so_is_who_was_to_come(client, agreed, per):
    client.post(reverse("changes:call_off_succession", args=[agreed.pk]))
    ends_on = per.participation.cohort.ends_on
    assert erasing.erase_old(today=ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS)) == 0
    assert erasing.erase_old(today=ends_on + timedelta(days=settings.CONTACTS_KEPT_DAYS + 1)) == 1
    assert not User.objects.filter(email=NILS["email"]).exists()
    assert User.objects.filter(pk=per.user_id).exists()


def test_both_see_it_among_what_is_held_about_them(client, agreed, per, day):
    for user in (per.user, User.objects.get(email=NILS["email"])):
        client.force_login(user)
        page = client.get(reverse("accounts:me")).content.decode()
        assert "Nils Nystyrer overtar etter Per Rektor fra" in page


def test_two_who_turn_out_to_be_one_go_on(agreed, per, staff, day, now):
    merging.merge(per.user, User.objects.get(email=NILS["email"]), by=staff, now=now)
    with on(day):
        tasks.carry_out_successions()
    assert list(Contact.objects.current().filter(unit=per.unit)) == [per]


def test_a_successor_who_is_merged_is_the_one_who_stays(client, agreed, staff, day, now):
    other = make_user("nils.privat@example.no", NILS["name"])
    merging.merge(other, User.objects.get(email=NILS["email"]), by=staff, now=now)
    client.force_login(other)
    assert "overtar etter Per Rektor" in client.get(reverse("home")).content.decode()
    with on(day):
        tasks.carry_out_successions()
    assert leads(other)
