"""Every table of the guidance as a workbook: the page's filter, and nothing that is taken for a formula."""

from datetime import timedelta

import pytest
from django.urls import reverse

from conftest import make_supervisor
from guidance.models import Leave, Supervisor
from guidance.tests.conftest import a_measure, held_session, sign_in
from parts.tests.reading import dicts_in

pytestmark = pytest.mark.usefixtures("noon")


def rows(client, name: str, key: int, query: str = "") -> list[dict[str, object]]:
    response = client.get(reverse(f"guidance:{name}", args=[key]) + f"?fil=xlsx{query}")
    assert response.status_code == 200
    assert 'filename="' in response["Content-Disposition"] or "filename*=" in response["Content-Disposition"]
    return dicts_in(response)


@pytest.fixture
def guided(participation, other_participation, supervisor, units):
    make_supervisor(other_participation, supervisor)
    return held_session(participation, supervisor, units[:2], days=-1, minutes=90)


@pytest.fixture(autouse=True)
def _signed_in(client, leader):
    client.force_login(leader)


def test_continuity_with_the_filter_of_the_page(client, guided, cohort):
    everybody = rows(client, "continuity", cohort.pk)
    assert [row["Kommune"] for row in everybody] == ["Bergen", "Indre Fosen"]
    assert everybody[1]["Holdt"] == 1
    assert everybody[1]["Siste møte"].date() == guided.held_on
    assert [row["Kommune"] for row in rows(client, "continuity", cohort.pk, "&q=bergen")] == ["Bergen"]


def test_load(client, guided, cohort, supervisor):
    Supervisor.objects.filter(user=supervisor).update(name="=HYPERLINK(1)")
    [row] = rows(client, "workload", cohort.pk)
    assert row["Veileder"] == "'=HYPERLINK(1)"
    assert (row["Kommuner"], row["Minutter"]) == (2, 90)


def test_load_says_who_has_leave_as_the_page_does(client, guided, cohort, supervisor, today):
    Leave.objects.create(supervisor=supervisor.supervisor, first_on=today, last_on=today + timedelta(days=9))
    [row] = rows(client, "workload", cohort.pk)
    assert row["Permisjon"].startswith("permisjon til og med")
    page = client.get(reverse("guidance:workload", args=[cohort.pk])).content.decode()
    assert row["Permisjon"][1:] in page


def test_themes(client, guided, cohort):
    found = {(row["Gjelder"], row["Hva"]): row for row in rows(client, "content", cohort.pk)}
    assert sum(found["Tema", "Overganger"][f"{number}. semester"] for number in range(1, 5)) == 1


def test_measures(client, guided, participation, units, head):
    a_measure(units[0], head, what="+47 flere vakter")
    [row] = rows(client, "municipality_measures", participation.pk)
    assert (row["Tiltak"], row["Enhet"]) == ("+47 flere vakter", units[0].name)
    assert str(row["Delmål"]).startswith("Delmål 4: ")


def test_sessions_and_never_what_was_written(client, guided, participation):
    [row] = rows(client, "sessions", participation.pk)
    assert (row["Minutter"], row["Tilstand"]) == (90, "Holdt")
    assert "Vi gikk gjennom kartleggingen." not in str(row)


def test_the_units_of_a_session_are_not_for_everybody(client, guided, participation, staff):
    sign_in(client, staff)
    [row] = rows(client, "sessions", participation.pk)
    assert not row["Enheter"]
