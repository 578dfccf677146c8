"""What a person sees of themselves, in two queries; never what they wrote of others."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guidance import personal_data
from guidance.models import Capacity, Leave, LogDraft
from participants.models import County, Municipality

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


def test_two_queries_for_a_supervisor_and_one_for_others(held, supervisor, contact):
    for person, count in ((supervisor, 2), (contact, 1)):
        with CaptureQueriesContext(connection) as queries:
            personal_data.guidance(person)
        assert len(queries) == count


def test_capacity_where_one_is_barred_and_leave_are_personal_data(supervisor, cohort):
    """A supervisor sees all that is held of them (annoying 13)."""
    vera = supervisor.supervisor
    vera.phone, vera.wished = "91 00 00 00", 1
    vera.save()
    vera.not_with.set(Municipality.objects.filter(number__in=["1818", "0301"]))
    vera.preferred_counties.set(County.objects.filter(name="Nordland"))
    Capacity.objects.create(supervisor=vera, cohort=cohort, most=2)
    Leave.objects.create(supervisor=vera, first_on=date(2027, 1, 1), last_on=date(2027, 6, 30))
    found = rows(supervisor)
    assert found["Telefon"] == "+47 910 00 000"
    assert found["Ønsker høyst"] == "1"
    assert found["Fylker"] == "Nordland"
    assert found["Ikke habil i"] == "Herøy (Nordland), Oslo"
    assert found["Flest kommuner i pulje 9"] == "2"
    assert found["Permisjon"] == "fra 1. januar 2027 til og med 30. juni 2027"
