"""Why somebody gets no reminder: for each rule and each person of a municipality."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from lmp.mailcalendar import reasons
from lmp.mailcalendar.tests.conftest import CONFIRM, DAY
from outbox import plan
from outbox.pauses import rules
from participants.models import Contact, Participation


def said(participation, rule: str = CONFIRM) -> dict[str, str]:
    """By name: why not, or "" for who gets it."""
    [row] = [row for row in reasons.of(participation, now=timezone.now()) if row.rule.name == rule]
    got = {person.name: "" for _mail, person in row.gets}
    return got | {person.name: why for why, people in row.lacks.items() for person in people}


def test_each_rule_has_its_words():
    assert reasons.AUDIENCES.keys() == rules().keys()


def test_who_gets_it_and_who_does_not(asked, participation, contact, head, supervisor, former_contact, officer):
    assert said(participation) == {
        "Kari Kontakt": "",
        "Hanne Styrer": "Går bare til dem som svarer for kommunen.",
        "Vera Veileder": "Går bare til dem som svarer for kommunen.",
        "Olav Embete": "Går bare til dem som svarer for kommunen.",
        "Finn Forrige": "Har ingen funksjon i Indre Fosen lenger.",
    }


def test_who_has_answered(asked, participation, contact):
    now = timezone.now()
    participation.confirmations.get().answer(snapshot={}, changes=[], comment="", by=contact, now=now)
    assert said(participation)["Kari Kontakt"] == "Kommunen har bekreftet."


def test_who_is_not_asked_or_not_welcomed(participation, contact, staff):
    assert said(participation)["Kari Kontakt"].startswith("Kommunen har ikke fått velkomstbrevet.")
    participation.welcome(by=staff, now=timezone.now())
    assert said(participation)["Kari Kontakt"] == "Kommunen er ikke spurt om å bekrefte."


def test_who_was_reminded_for_the_last_time(asked, participation, contact, clock):
    for _day in range(60):
        clock.shift(DAY)
        plan.send_due(timezone.now())
    assert said(participation)["Kari Kontakt"].startswith("Fikk den sist ")


def test_who_is_barred(asked, participation, contact):
    contact.is_active = False
    contact.save()
    assert said(participation)["Kari Kontakt"] == "Personen er sperret, og får ingen e-poster."


def test_what_is_switched_off(asked, participation, contact, head, pause):
    pause(participation)
    assert said(participation)["Kari Kontakt"] == "Påminnelsen er slått av."
    assert said(participation)["Hanne Styrer"] == "Går bare til dem som svarer for kommunen."


def test_a_municipality_that_has_left(asked, participation, contact, staff):
    withdraw(participation, by=staff, now=timezone.now())
    participation.refresh_from_db()
    assert said(participation)["Kari Kontakt"].startswith("Kommunen har trukket seg")


def test_a_municipality_that_said_no(participation, contact, officer):
    Participation.objects.filter(pk=participation.pk).update(accepted_at=None, accepted_by=None)
    now = timezone.now()
    participation.decline(on=timezone.localdate(now), said_by="Kari", by=officer, now=now)
    participation.refresh_from_db()
    assert said(participation)["Kari Kontakt"].startswith("Kommunen har takket nei")
    assert said(participation, "governor.unanswered")[officer.name].startswith("Kommunen har takket nei")


@pytest.mark.parametrize(
    ("rule", "name", "why"),
    [
        ("gatherings.reminder", "Kari Kontakt", "Ingen samling er åpen for påmelding nå eller senere."),
        ("gatherings.travel", "Kari Kontakt", "Er ikke påmeldt noen samling."),
        ("guidance.session_reminder", "Vera Veileder", "Ingen veiledningsmøter er planlagt."),
        ("guidance.log_missing", "Vera Veileder", "Ingen logger mangler."),
        ("guidance.log_missing", "Kari Kontakt", "Går bare til veilederne."),
        ("guidance.measures", "Hanne Styrer", "Ingen tiltak er i gang."),
        ("governor.unanswered", "Olav Embete", "Kommunen har takket ja."),
    ],
)
def test_the_other_rules(asked, participation, contact, head, supervisor, officer, rule, name, why):
    assert said(participation, rule)[name] == why


def test_the_page_names_each_and_what_is_off(as_staff, asked, participation, contact, head, pause):
    pause(participation, rule="gatherings.reminder", reason="Samlinga flyttes")
    page = as_staff.get(reverse("mailcalendar:why", args=[participation.pk])).content.decode()
    assert "Påminnelser om å melde på til samlinger er slått av for Indre Fosen" in page
    assert "Samlinga flyttes" in page
    assert "mandag 8. mars 2027 kl. 08.00" in page
    assert "Går bare til dem som svarer for kommunen." in page


def test_it_asks_the_same_however_many_they_are(as_staff, asked, participation, contact, staff):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            as_staff.get(reverse("mailcalendar:why", args=[participation.pk]))
        return len(found)

    queries()
    few = queries()
    for number in range(20):
        person = make_user(f"k{number}@example.no", f"Kari {number}")
        make_contact(participation, person, Contact.Function.SCHOOL_LEAD, by=staff)
    assert queries() == few
