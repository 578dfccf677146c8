import pytest
from django.utils import timezone

from participants.models import Municipality, Participation, Unit

LIST = "/admin/participants/unit/"


def data(unit: Unit, **other) -> dict:
    return {
        "organisation_number": unit.organisation_number,
        "kind": unit.kind,
        "children": "",
        "counted_on": "",
    } | other


def change(unit: Unit) -> str:
    return f"{LIST}{unit.pk}/change/"


def test_corrected_with_history(staff_client, units, staff):
    unit = units[0]
    sent = data(unit, kind="school", organisation_number="974 760 673", children="40", counted_on="2026-12-15")
    assert staff_client.post(change(unit), sent).status_code == 302
    unit.refresh_from_db()
    assert (unit.kind, unit.organisation_number, unit.children) == ("school", "974760673", 40)
    assert unit.history.first().history_user == staff
    page = staff_client.get(f"{LIST}{unit.pk}/history/").content.decode()
    assert "barnehage" in page
    assert "Stine Stab" in page
    assert "style=" not in page


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"organisation_number": "123456784"}, "123456784 er ikke et gyldig organisasjonsnummer."),
        ({"organisation_number": "975315053"}, "En annen enhet i kommunen har dette organisasjonsnummeret."),
        ({"kind": "ungdomsklubb"}, "Velg noe annet."),
        ({"children": "-1", "counted_on": "2026-12-15"}, "0"),
        ({"children": "5001", "counted_on": "2026-12-15"}, "5000"),
        ({"children": "40"}, "Skriv også hvilken dag barna ble telt."),
        ({"counted_on": "i går"}, "Skriv en dato, for eksempel 03.05.2027."),
    ],
)
def test_bad_input_loses_nothing_typed(staff_client, units, other, message):
    sent = data(units[0], kind="school") | other
    response = staff_client.post(change(units[0]), sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert "kind" in other or '<option value="school" selected>' in page
    units[0].refresh_from_db()
    assert units[0].kind == "kindergarten"


def test_a_unit_stays_in_its_municipality(staff_client, units, other_participation):
    staff_client.post(change(units[0]), data(units[0], participation=other_participation.pk, register_children="7"))
    units[0].refresh_from_db()
    assert units[0].participation != other_participation
    assert units[0].register_children is None


def test_added_from_the_municipality(staff_client, participation):
    page = staff_client.get(LIST + "add/", {"participation": participation.pk}).content.decode()
    assert f'<option value="{participation.pk}" selected>' in page
    sent = {
        "participation": participation.pk,
        "name": "<script>alert(1)</script>",
        "organisation_number": "",
        "kind": "sfo",
        "ownership": "public",
    }
    assert staff_client.post(LIST + "add/", sent).status_code == 302
    assert "<script>alert(1)" not in staff_client.get(LIST).content.decode()
    assert Unit.objects.get().name == "<script>alert(1)</script>"


def test_filters_and_search(staff_client, units):
    Unit.objects.filter(pk=units[3].pk).update(closed_on=timezone.localdate())

    def found(**query):
        return [row.name for row in staff_client.get(LIST, query).context["cl"].result_list]

    assert found(closed="yes") == ["Testmann minne skole"]
    assert len(found(closed="no")) == 3
    assert len(found(closed="x")) == 4
    assert found(q="975315053") == found(q="leksvik") == ["Leksvik barnehage"]
    assert len(found(participation__id__exact=units[0].participation_id)) == 4
    assert found(participation__id__exact=999) == []


def test_nothing_is_deleted(staff_client, units):
    assert staff_client.post(f"{LIST}{units[0].pk}/delete/", {"post": "yes"}).status_code == 403
    assert Unit.objects.count() == 4


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, size, django_assert_num_queries):
    for municipality in Municipality.objects.all()[:size]:
        row = Participation.objects.create(cohort=cohort, municipality=municipality)
        Unit.objects.create(participation=row, name="Skole", kind="school")
    with django_assert_num_queries(5):
        assert len(staff_client.get(LIST).context["cl"].result_list) == size


def test_a_school_and_its_sfo_may_have_one_number(staff_client, units):
    """And a school and a kindergarten may not."""
    sfo = Unit.objects.create(participation=units[0].participation, name="Statsbygd SFO", kind="sfo")
    sent = data(sfo, organisation_number="NO 974 764 687 MVA")
    assert staff_client.post(change(sfo), sent).status_code == 302
    sfo.refresh_from_db()
    assert sfo.organisation_number == units[2].organisation_number
    refused = staff_client.post(change(units[0]), data(units[0], organisation_number="974764687"))
    assert "En annen enhet i kommunen har dette organisasjonsnummeret." in refused.content.decode()
