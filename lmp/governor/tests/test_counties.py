"""A county governor's people follow their counties' municipalities on one page, in every cohort that goes on."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from guidance.models import GroupMember
from guidance.tests.conftest import a_measure, held_session, noon
from participants.models import GovernorContact, Municipality, Participation
from parts.tests.reading import table_in

__all__ = ["noon"]
pytestmark = pytest.mark.usefixtures("noon")
PAGE = "/statsforvalter/"


def said(answer) -> str:
    text = html.unescape(re.sub("<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", text)


def names(answer) -> list[str]:
    return [row.participation.municipality.name for row in answer.context["page"].object_list]


def test_the_counties_municipalities_in_every_cohort_and_no_other(client, officer, levanger, other_participation):
    client.force_login(officer)
    answer = client.get(PAGE)
    assert names(answer) == ["Levanger", "Indre Fosen"]
    assert "Bergen" not in said(answer)
    assert [figures.cohort.number for figures in answer.context["cohorts"]] == [10, 9]
    assert "Pulje 10 1 kommune Nominert , Pulje 10 : 1" in said(answer)


def test_one_who_has_left_the_office_has_no_page(client, officer):
    client.force_login(officer)
    assert client.get(PAGE).status_code == 200
    GovernorContact.objects.update(ended_on=timezone.localdate())
    assert client.get(PAGE).status_code == 404


def test_sessions_involvement_and_measures(client, officer, participation, supervisor, units, head):
    GroupMember.objects.update(started_on=timezone.localdate() - timedelta(days=400))
    held_session(participation, supervisor, units, days=-200, worked_on="Hemmelig.", agreed="Også det.")
    a_measure(units[0], head, ends_on=timezone.localdate() - timedelta(days=3))
    client.force_login(officer)
    answer = client.get(PAGE)
    text = said(answer)
    [row] = answer.context["page"].object_list
    assert row.continuity.is_silent
    assert "200 dager uten møte" in text
    assert "Holdt: 1, ventet:" in text
    assert "PP-tjenesten: Ikke nevnt ennå" in text
    assert row.overdue == 1
    assert "Hemmelig" not in text
    assert "Også det" not in text


def test_one_that_has_withdrawn_is_not_asked_about_sessions(client, officer, participation, supervisor, staff):
    withdraw(participation, by=staff, now=timezone.now())
    client.force_login(officer)
    [row] = client.get(PAGE).context["page"].object_list
    assert (row.state, row.continuity) == ("withdrawn", None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=leva", ["Levanger"]),
        ("q=trøndelag", ["Levanger", "Indre Fosen"]),
        ("pulje=9", ["Indre Fosen"]),
        ("status=nominated", ["Levanger"]),
        ("vis=tause", []),
        ("sorter=navn", ["Indre Fosen", "Levanger"]),
        ("sorter=-navn", ["Levanger", "Indre Fosen"]),
        ("pulje=99999&status=x&vis=y&sorter=z&page=w", ["Levanger", "Indre Fosen"]),
    ],
)
def test_filters_and_order_in_the_address(client, officer, participation, levanger, query, found):
    client.force_login(officer)
    assert names(client.get(f"{PAGE}?{query}")) == found


def test_the_workbook_has_the_same_rows(client, officer, participation, levanger):
    client.force_login(officer)
    heading, *rows = table_in(client.get(f"{PAGE}?pulje=10&fil=xlsx"))
    assert heading[:3] == ("Kommune", "Fylke", "Status")
    assert heading[-3:] == ("Kommunenummer", "Kommunens organisasjonsnummer", "Pulje")
    assert [row[:3] for row in rows] == [("Levanger", "Trøndelag", "Nominert")]
    assert rows[0][-3::2] == ("5037", "10")


def test_an_office_without_municipalities_is_told_so(client, officer, participation):
    Participation.objects.filter(pk=participation.pk).update(municipality=Municipality.objects.get(number="4601"))
    client.force_login(officer)
    assert "Ingen kommuner i fylket er med i en pulje som pågår." in said(client.get(PAGE))
    assert reverse("governor:counties") in client.get("/").content.decode()
