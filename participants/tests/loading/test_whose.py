"""Whose the addresses in a workbook are, told row by row in the dry run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from participants.models import Contact
from participants.tests.loading.test_load_cohort import checked, errors, loaded, results
from participants.tests.workbooks import CONTACT_ROWS, workbook


def row(function: str, name: str, email: str, unit: str = "") -> tuple:
    return ("5054", "", function, unit, name, email, "")


def test_somebody_elses_address_says_what_to_write(cohort, staff):
    make_user("magnus@example.no", "Magnus Fjellheim")
    [error] = errors(checked(workbook(contacts=[row("eier", "Nora Lunde", "magnus@example.no")])))
    assert error[:3] == ("Kontakter", 2, "E-post")
    assert error[3].startswith("Adressen tilhører Magnus Fjellheim. Er det samme person, skriver du navnet slik.")


def test_the_same_first_name_is_a_warning(cohort, staff):
    """Most likely it is a person who has married, so the file is not stopped, and whoever loads it is told."""
    make_user("kari@example.no", "Kari Hansen")
    plan = checked(workbook(contacts=CONTACT_ROWS[:1]))
    assert not errors(plan)
    assert any("Adressen tilhører Kari Hansen." in note for line in plan.lines for note in line.notes)


def test_two_rows_of_the_file(cohort, staff):
    rows = [row("eier", "Kari Nordmann", "post@example.no"), row("PPT", "Ola Nordmann", "post@example.no")]
    [error] = errors(checked(workbook(contacts=rows)))
    assert error[:3] == ("Kontakter", 3, "E-post")
    assert "Adressen tilhører Kari Nordmann." in error[3]


@pytest.mark.parametrize("name", ["Kari Nordmann", "kari  NORDMANN"])
def test_the_same_person_with_several_functions(cohort, staff, name):
    rows = [row("eier", "Kari Nordmann", "kari@example.no"), row("rektor", name, "Kari@Example.no", "Leksvik skole")]
    loaded(workbook(contacts=rows), staff)
    assert Contact.objects.count() == 2
    assert User.objects.filter(email="kari@example.no", contacts__isnull=False).distinct().count() == 1


def test_a_contacts_new_name_is_a_correction_that_is_named(cohort, staff):
    loaded(workbook(contacts=CONTACT_ROWS[:1]), staff)
    plan = checked(workbook(contacts=[row("eier", "Kari Hansen", "kari@example.no")]))
    assert not errors(plan)
    [line] = [line for line in plan.lines if line.changes]
    assert line.changes == [("Navn", "Kari Nordmann", "Kari Hansen")]
    assert "Adressen tilhører Kari Nordmann." in line.notes[0]


def test_the_address_a_person_had_before(participation, cohort, staff):
    kari = make_user("kari@example.no", "Kari Nordmann")
    make_contact(participation, kari, "owner", by=staff)
    kari.change_email("kari@ny.example.no", by=kari, now=timezone.now())
    [error] = errors(checked(workbook(contacts=CONTACT_ROWS[:1])))
    assert error[2:] == ("E-post", "Kari Nordmann har endret adressen til kari@ny.example.no. Skriv den.")
    assert not errors(checked(workbook(contacts=[row("eier", "Per Nordmann", "kari@example.no")])))


def test_an_address_that_was_merged_is_its_persons(participation, cohort, staff):
    kari, twice = make_user("k.nordmann@example.no", "Kari Nordmann"), make_user("kari@example.no", "Kari Nordmann")
    twice.merge_into(kari, by=staff, now=timezone.now())
    make_contact(participation, kari, "owner", by=staff)
    plan = checked(workbook(contacts=CONTACT_ROWS[:1]))
    assert not errors(plan)
    assert [result for result in results(plan) if result[0] == "Kontakter"] == [
        ("Kontakter", 2, "changed")
    ]  # her telephone


def test_however_it_is_spelt(cohort, staff):
    loaded(workbook(contacts=[row("eier", "Kari", "kari@blåbær.example.no")]), staff)
    for email in ("kari@xn--blbr-roah.example.no", "KARI@bla\u030abær.example.no", "kari@blåbær.example.no\u200b"):
        loaded(workbook(contacts=[row("eier", "Kari", email)]), staff)
    assert Contact.objects.get().user.email == "kari@blåbær.example.no"


def test_as_many_queries_for_many(cohort, staff):
    few = workbook(contacts=[row("eier", "A", "a@example.no")])
    many = workbook(contacts=[row("eier", f"Person {n}", f"p{n}@example.no") for n in range(30)])
    counts = []
    for file in (few, many):
        with CaptureQueriesContext(connection) as found:
            checked(file)
        counts.append(len(found))
    assert counts[0] == counts[1]
