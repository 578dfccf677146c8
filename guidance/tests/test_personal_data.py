"""What a person sees of themselves, in one query; never what they wrote of others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guidance import personal_data
from guidance.models import LogDraft

pytestmark = pytest.mark.usefixtures("noon")


def rows(user) -> dict[str, str]:
    _title, found = personal_data.guidance(user)
    return dict(found)


def test_a_supervisor(held, supervisor):
    LogDraft(user=supervisor, group=held.group).keep(data={"worked_on": "Noe"}, now=timezone.now())
    found = rows(supervisor)
    assert found["Veileder"] == "Vera Veileder, Læringsmiljøsenteret"
    assert found["Veiledergruppa i Indre Fosen"].startswith("fra ")
    assert " til " not in found["Veiledergruppa i Indre Fosen"]
    assert (found["Veiledningslogger du har sendt inn"], found["Utkast til logger"]) == ("1", "1")
    assert held.worked_on not in str(found)


def test_one_who_has_left(former_supervisor):
    assert " til " in rows(former_supervisor)["Veiledergruppa i Indre Fosen"]


def test_a_project_leader(leader):
    assert rows(leader)["Prosjektleder ved Læringsmiljøsenteret"].startswith("Pia Prosjektleder, fra ")


def test_who_has_nothing_to_do_with_it(held, contact):
    assert rows(contact) == {}


def test_one_query(held, supervisor):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        personal_data.guidance(supervisor)
    assert len(queries) == 1
