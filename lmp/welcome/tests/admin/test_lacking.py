"""What lacks before a cohort's letters are sent, in one list."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact
from lmp.welcome.models import LetterText
from participants.models import Cohort, Contact, Municipality, Participation, Unit


@pytest.fixture
def rows(staff_client, cohort):
    """What each row of the list says, and where its link leads. None where there is no list."""

    def read(kind: str = ""):
        page = staff_client.get(
            reverse("admin:welcome_cohortletters_change", args=[cohort.pk]), {"mangler": kind} if kind else {}
        ).content.decode()
        if 'id="lacking"' not in page:
            return None
        table = page.partition('id="lacking"')[2].partition('<form method="get" action="/')[0]
        found = []
        for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", table, re.DOTALL):
            [address] = re.findall(r'href="(.*?)"', row)
            visible = re.sub(r"<a.*?</a>|<.*?>", " ", row, flags=re.DOTALL)
            found.append((" ".join(visible.split()), address))
        return found

    return read


def place(participation) -> str:
    return participation.municipality.name_and_county


def change(model: str, row, field: str) -> str:
    return f"{reverse(f'admin:participants_{model}_change', args=[row.pk])}#id_{field}"


def fill_in(participation, cohort, staff) -> None:
    """All that the letter has a place for."""
    Participation.objects.filter(pk=participation.pk).update(
        case_number="27/1", postal_address="Postboks 1\n7100 Rissa"
    )
    for number, unit in enumerate(Unit.objects.filter(participation=participation), start=974760670):
        Unit.objects.filter(pk=unit.pk).update(organisation_number=number)
        make_contact(participation, staff, Contact.Function.HEAD, unit=unit, by=staff)
    for language in ("nb", "nn"):
        LetterText.objects.create(cohort=cohort, language=language, case_worker="Siv Sak")


def test_it_says_of_each_municipality_what_lacks_and_leads_to_where_it_is_filled_in(
    rows, cohort, participation, other_participation, contact
):
    found = dict(rows())
    text = reverse("admin:welcome_lettertext_add")
    assert found["Hele pulja Saksbehandler i brevene på bokmål Kan sendes uten"].startswith(
        f"{text}?cohort={cohort.pk}"
    )
    said = f"{place(participation)} Saksnummer Kan sendes uten"
    assert found[said] == change("participation", participation, "case_number")
    said = f"{place(participation)} Kommunens postadresse Kan sendes uten"
    assert found[said] == change("participation", participation, "postal_address")
    said = (
        f"{place(other_participation)} Kommunen har ingen kontaktperson som brevet kan sendes til. Kan ikke sendes ennå"
    )
    assert found[said] == f"{reverse('admin:participants_contact_add')}?participation={other_participation.pk}"


def test_each_link_leads_to_its_field(rows, staff_client, participation, other_participation, contact):
    Unit.objects.create(participation=participation, name="Ett skole", kind="school")
    for said, address in rows():
        page, _hash, field = html.unescape(address).partition("#")
        shown = staff_client.get(page)
        assert shown.status_code == 200, said
        assert f'id="{field}"' in shown.content.decode() or not field, said
        if "Styrer eller rektor" in said:
            assert shown.context["adminform"].form.initial["function"] == Contact.Function.HEAD
            assert shown.context["adminform"].form["unit"].value()


def test_what_keeps_a_letter_back_comes_before_what_it_goes_without(rows, participation, other_participation, contact):
    places = [said.partition(" (")[0] for said, _address in rows()]
    other, own = (each.municipality.name for each in (other_participation, participation))
    assert places.index(other) < places.index(own)


def test_a_unit_without_number_or_head_is_named_and_an_sfo_may_lack_its_number(rows, participation, contact):
    Unit.objects.filter(participation=participation).delete()
    school = Unit.objects.create(participation=participation, name="Ett skole", kind="school")
    sfo = Unit.objects.create(participation=participation, name="To SFO", kind="sfo")
    found = dict(rows())
    numbers = [said for said in found if "Organisasjonsnummeret" in said]
    assert numbers == [f"{place(participation)} Organisasjonsnummeret til Ett skole Kan sendes uten"]
    assert found[numbers[0]] == change("unit", school, "organisation_number")
    heads = [address for said, address in found.items() if "Styrer eller rektor ved" in said]
    assert [address.partition("&amp;unit=")[2] for address in heads] == [
        f"{unit.pk}&amp;function=head" for unit in (school, sfo)
    ]


def test_a_deadline_that_is_out_is_the_cohorts_and_said_once(rows, cohort, participation, other_participation):
    Cohort.objects.filter(pk=cohort.pk).update(confirm_by=timezone.localdate() - timedelta(days=1))
    outs = [(said, address) for said, address in rows() if "gått ut" in said]
    page = reverse("admin:participants_cohort_change", args=[cohort.pk])
    assert outs == [("Hele pulja Fristen for å bekrefte er gått ut. Kan ikke sendes ennå", page)]


def test_nothing_lacks(rows, staff_client, cohort, participation, contact, staff):
    assert rows()
    fill_in(participation, cohort, staff)
    assert rows() == []
    page = staff_client.get(reverse("admin:welcome_cohortletters_change", args=[cohort.pk])).content.decode()
    assert "Ingenting. Alt som brevene har plass til, er fylt inn." in page


def test_a_letter_that_is_sent_lacks_nothing_any_more(rows, participation, other_participation, staff):
    assert {said.startswith(place(participation)) for said, _address in rows()} == {True, False}
    participation.welcome(by=staff, now=timezone.now())
    assert {said.startswith(place(participation)) for said, _address in rows()} == {False}
    other_participation.welcome(by=staff, now=timezone.now())
    assert rows() is None


def test_a_long_list_is_chosen_from_by_what_lacks(rows, staff_client, cohort, participation):
    page = reverse("admin:welcome_cohortletters_change", args=[cohort.pk])
    assert 'name="mangler"' not in staff_client.get(page).content.decode()
    for municipality in Municipality.objects.exclude(pk=participation.municipality_id).order_by("number")[:6]:
        Participation.objects.create(cohort=cohort, municipality=municipality)
    assert 'name="mangler"' in staff_client.get(page).content.decode()
    assert {said.rpartition(") ")[2] for said, _address in rows("case_number")} == {"Saksnummer Kan sendes uten"}
    assert len(rows("case_number")) == 7
    assert rows("another") == rows()
