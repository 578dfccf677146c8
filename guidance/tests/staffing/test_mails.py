"""All project leaders are told when somebody gets access to notes (S10), and whom a change concerns is told of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_supervisor, make_user
from guidance.mails import planner, staffing
from guidance.models import ProjectLeader, Supervisor
from guidance.staffing import changing
from guidance.tests.conftest import sign_in, text_of
from outbox import plan
from participants.models import Cohort, Participation

NEW = {"name": "Siri Ny", "employer": "practice", "phone": "", "workplace": ""}


@pytest.fixture
def second_leader(leader):
    user = make_user("lars.leder@example.no", "Lars Leder")
    ProjectLeader.objects.create(user=user, name=user.name, started_on=timezone.localdate())
    return user


def mails(name: str) -> list:
    now = timezone.now()
    found = planner(now - timedelta(hours=1), now + timedelta(minutes=1))
    return [mail for mail in found if mail.text.name == name]


def test_all_leaders_are_told_when_a_supervisor_is_added(leader, second_leader, db):
    changing.add(email="siri.ny@example.no", facts=NEW, by=leader, now=timezone.now())
    told = mails("guidance.access_given")
    assert {mail.recipient for mail in told} == {second_leader}  # who did it knows
    assert dict(told[0].values)["hvem"] == ["Siri Ny, veileder"]
    assert dict(told[0].values)["av"] == "Pia Prosjektleder"
    assert [mail.to for mail in mails("guidance.supervisor_added")] == ["siri.ny@example.no"]


def test_those_added_together_are_in_one_mail(leader, second_leader):
    now = timezone.now()
    for number in range(5):
        changing.add(email=f"ny{number}@example.no", facts=NEW | {"name": f"Ny {number}"}, by=leader, now=now)
    told = mails("guidance.access_given")
    assert len(told) == 1
    assert len(dict(told[0].values)["hvem"]) == 5


def test_staff_who_let_themselves_in_are_told_of(client, staff, leader, second_leader):
    """Signe added herself in the administration, and nobody at the centre was told."""
    sign_in(client, staff)
    today = timezone.localdate()
    client.post(
        reverse("admin:guidance_projectleader_add"),
        {"user": staff.pk, "name": "Stine Stab", "started_on": today.isoformat(), "ended_on": ""},
    )
    told = mails("guidance.access_given")
    assert {mail.recipient for mail in told} == {leader, second_leader}
    assert dict(told[0].values)["av"] == "Stine Stab"
    assert "Stine Stab, prosjektleder fra" in dict(told[0].values)["hvem"][0]
    # A name that is corrected lets nobody in
    made = staff.project_leader
    client.post(
        reverse("admin:guidance_projectleader_change", args=[made.pk]),
        {"user": staff.pk, "name": "Stine S. Stab", "started_on": today.isoformat(), "ended_on": ""},
    )
    assert ProjectLeader.objects.get(pk=made.pk).added_at == made.added_at


def test_one_who_is_let_in_again_is_told_of(client, staff, leader):
    today = timezone.localdate()
    gone = ProjectLeader.objects.create(
        user=make_user("gro@example.no", "Gro Gått"), name="Gro Gått", started_on=today, ended_on=today
    )
    sign_in(client, staff)
    client.post(
        reverse("admin:guidance_projectleader_change", args=[gone.pk]),
        {"user": gone.user.pk, "name": "Gro Gått", "started_on": today.isoformat(), "ended_on": ""},
    )
    assert len(mails("guidance.access_given")) == 2  # her, and the leader


def test_the_page_says_who_has_access_and_who_gave_it(client, leader, supervisor, former_supervisor):
    changing.begin_to_lead(leader.project_leader, by=leader, now=timezone.now())
    client.force_login(leader)
    page = text_of(client.get(reverse("guidance:who_has_access")))
    assert "Pia Prosjektleder, pia.prosjektleder@example.no." in page
    assert "Lagt til av Pia Prosjektleder" in page
    assert "Vera Veileder</a>: Indre Fosen (Pulje 9)." in page
    assert "Tora Tidligere" not in page


def test_a_municipality_in_two_puljer_is_told_apart(client, leader, supervisor, participation, staff):
    cohort = participation.cohort
    first = Cohort.objects.create(
        number=8, first_year=cohort.first_year - 1, starts_on=cohort.starts_on, confirm_by=cohort.confirm_by
    )
    earlier = Participation.objects.create(cohort=first, municipality=participation.municipality)
    make_supervisor(earlier, supervisor)
    client.force_login(leader)
    page = text_of(client.get(reverse("guidance:who_has_access")))
    assert "Vera Veileder</a>: Indre Fosen (Pulje 8), Indre Fosen (Pulje 9)." in page


def test_the_supervisor_is_told_what_a_leader_changed(leader, vera):
    changing.change(vera, facts={"phone": "91 00 00 00"}, by=leader, now=timezone.now())
    [mail] = mails("guidance.profile_changed")
    assert mail.recipient == vera.user
    assert dict(mail.values)["endringer"] == ["Telefon: 91 00 00 00 (før: ikke oppgitt)"]
    assert mails("guidance.profile_changed_by_supervisor") == []


def test_who_can_not_sign_in_is_not_told(leader, vera):
    changing.change(vera, facts={"phone": "91 00 00 00"}, by=leader, now=timezone.now())
    vera.user.is_active = False
    vera.user.save()
    assert mails("guidance.profile_changed") == []


def test_the_leaders_are_told_what_a_supervisor_changed(leader, second_leader, vera):
    changing.change(vera, facts={"wished": 1}, by=vera.user, now=timezone.now())
    told = mails("guidance.profile_changed_by_supervisor")
    assert {mail.recipient for mail in told} == {leader, second_leader}
    assert mails("guidance.profile_changed") == []


def test_it_is_sent_once(leader, vera):
    changing.change(vera, facts={"phone": "91 00 00 00"}, by=leader, now=timezone.now())
    now = timezone.now()
    assert plan.send_due(now) == 1
    assert plan.send_due(now + timedelta(minutes=5)) == 0


def test_in_nynorsk(leader, vera):
    vera.user.language = "nn"
    vera.user.save()
    changing.change(vera, facts={"phone": "91 00 00 00"}, by=leader, now=timezone.now())
    [mail] = mails("guidance.profile_changed")
    assert mail.language == "nn"


def test_who_added_one_may_not_be_known(supervisor):
    row = Supervisor.objects.get(user=supervisor)
    row.added_by = None
    assert staffing.added(row, name="Vigdis")["av"] == "Læringsmiljøprosjektet"
    assert staffing.access_given([row], name="Leiv")["av"] == "Læringsmiljøprosjektet"
