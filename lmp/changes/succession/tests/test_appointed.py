"""A project leader and one of the staff hand over: the rights go, both are told, and it can be ahead."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_user
from gatherings.tests.hall import signed_in
from guidance.models import ProjectLeader
from lmp.changes import tasks
from lmp.changes.succession.tests.test_contact import mails
from outbox.models import Message

LIV = {"name": "Liv Leder", "email": "liv.leder@example.no"}


def address(what: str, pk: int) -> str:
    return reverse(f"changes:replace_{what}", args=[pk])


def send(client, url, **facts):
    return client.post(url, LIV | {"starts_on": timezone.localdate().isoformat(), "_confirmed": "1"} | facts)


def leads(user: User) -> bool:
    return ProjectLeader.objects.current(today=timezone.localdate()).filter(user=user).exists()


def test_a_project_leader_hands_over(client, leader, cohort):
    url = address("leader", leader.project_leader.pk)
    client.force_login(leader)
    assert url in client.get(reverse("changes:leaving")).content.decode()
    page = client.post(url, LIV | {"starts_on": timezone.localdate().isoformat()}).content.decode()
    assert "Dette skjer når en annen overtar etter deg" in page
    assert leads(leader)
    response = send(client, url)
    assert "Liv Leder har overtatt etter deg." in client.get(response.url).content.decode()
    liv = User.objects.get(email=LIV["email"])
    assert (leads(leader), leads(liv)) == (False, True)
    assert mails(leader) == ["participants.access_ended"]
    assert mails(liv) == ["changes.taken_over"]
    assert "prosjektleder ved Læringsmiljøsenteret" in Message.objects.get(to=leader.email).body
    assert client.post(url, LIV).status_code == 404  # leads no more


def test_one_who_has_been_a_leader_becomes_one_again(client, leader):
    liv = make_user(LIV["email"], LIV["name"])
    long_ago = timezone.localdate() - timedelta(days=400)
    ProjectLeader.objects.create(user=liv, name=liv.name, started_on=long_ago, ended_on=long_ago)
    client.force_login(leader)
    send(client, address("leader", leader.project_leader.pk))
    assert leads(liv)
    assert ProjectLeader.objects.get(user=liv).history.count() == 2


def test_staff_hand_over_with_the_ticked_groups(staff):
    needs, other = Group.objects.get(name=settings.NEEDS_GROUP), Group.objects.create(name="Annen")
    staff.groups.add(needs, other)
    client = signed_in(staff)
    url = address("staff", staff.pk)
    assert url in client.get(reverse("changes:leaving")).content.decode()
    assert send(client, url, chosen=[f"accounts.group:{other.pk}"]).status_code == 302
    liv = User.objects.get(email=LIV["email"])
    staff.refresh_from_db()
    assert (liv.is_staff, liv.is_superuser) == (True, True)
    assert set(liv.groups.values_list("name", flat=True)) == {settings.STAFF_GROUP, "Annen"}
    assert (staff.is_staff, staff.is_superuser, staff.groups.count()) == (False, False, 0)
    assert client.get(reverse("home")).status_code == 302  # signed out
    assert mails(staff) == ["participants.access_ended"]


def test_from_a_day_to_come(client, leader):
    day = timezone.localdate() + timedelta(days=3)
    client.force_login(leader)
    send(client, address("leader", leader.project_leader.pk), starts_on=day.isoformat())
    liv = User.objects.get(email=LIV["email"])
    assert (leads(leader), leads(liv)) == (True, False)
    assert mails(leader) == ["changes.hands_over"]
    with time_machine.travel(timezone.make_aware(datetime.combine(day, time(0, 5))), tick=False):
        assert tasks.carry_out_successions() == 1
        assert (leads(leader), leads(liv)) == (False, True)


def test_who_has_it_already_is_refused(client, leader):
    make_user("to@example.no", "To Leder")
    ProjectLeader.objects.create(
        user=User.objects.get(email="to@example.no"), name="To Leder", started_on=timezone.localdate()
    )
    client.force_login(leader)
    response = send(client, address("leader", leader.project_leader.pk), email="to@example.no", name="To Leder")
    assert response.status_code == 422
    assert leads(leader)


def test_anothers_name_is_asked_about(client, leader, contact):
    client.force_login(leader)
    url = address("leader", leader.project_leader.pk)
    response = send(client, url, email=contact.email)
    assert response.status_code == 422
    assert "Adressen tilhører Kari Kontakt." in response.content.decode()
    assert send(client, url, email=contact.email, same_person=str(contact.pk)).status_code == 302


@pytest.mark.parametrize("who", ["contact", "head", "supervisor", "officer", "stranger"])
def test_others_do_not_find_it(client, request, leader, staff, who):
    client.force_login(request.getfixturevalue(who))
    for url in (address("leader", leader.project_leader.pk), address("staff", staff.pk)):
        assert client.get(url).status_code == 404
        assert send(client, url).status_code == 404


def test_staff_who_are_no_superusers_replace_no_staff(staff):
    plain = make_user("ansatt@example.no", "Ansa Tt")
    plain.make_staff()
    client = signed_in(plain)
    assert client.get(address("staff", staff.pk)).status_code == 404
    assert send(client, address("staff", plain.pk)).status_code == 404


def test_the_administration_leads_there(client, staff, leader, contact):
    page = signed_in(staff).get(reverse("admin:accounts_user_change", args=[staff.pk])).content.decode()
    assert f'href="{address("staff", staff.pk)}"' in page
    page = signed_in(staff).get(reverse("admin:accounts_user_change", args=[contact.pk])).content.decode()
    assert address("staff", contact.pk) not in page
    page = signed_in(staff).get(reverse("admin:guidance_projectleader_change", args=[leader.project_leader.pk]))
    assert f'href="{address("leader", leader.project_leader.pk)}"' in page.content.decode()
