import pytest
from django.utils import timezone

from participants import reference
from participants.models import CountyGovernor, GovernorContact, Municipality


@pytest.fixture
def governor(db) -> CountyGovernor:
    return CountyGovernor.objects.get(counties__municipalities__number="5054")


def page(governor: CountyGovernor) -> str:
    return f"/admin/participants/countygovernor/{governor.pk}/change/"


def test_its_people_are_named_with_a_way_to_their_page(staff_client, governor, officer):
    text = staff_client.get(page(governor)).content.decode()
    assert "Olav Embete" in text
    assert governor.get_people_url() in text
    GovernorContact.objects.update(ended_on=timezone.localdate())
    assert "Olav Embete" not in staff_client.get(page(governor)).content.decode()


def test_the_office_itself_is_not_changed(staff_client, governor):
    name = governor.name
    staff_client.post(page(governor), {"name": "Fylkesmannen", "organisation_number": "1"})
    governor.refresh_from_db()
    assert governor.name == name


def test_the_office_is_given_an_address_of_its_own(staff_client, governor):
    assert staff_client.post(page(governor), {"email": " Post@Example.no "}).status_code == 302
    governor.refresh_from_db()
    assert governor.email == "post@example.no"
    page_again = staff_client.post(page(governor), {"email": "post@"}).content.decode()
    assert 'value="post@"' in page_again
    staff_client.post(page(governor), {"email": ""})
    governor.refresh_from_db()
    assert governor.email == ""


def test_the_reference_data_leaves_the_offices_address_alone(governor):
    CountyGovernor.objects.filter(pk=governor.pk).update(email="post@example.no")
    reference.load_after_migrate("default")
    governor.refresh_from_db()
    assert governor.email == "post@example.no"


def test_offices_that_no_copy_can_be_sent_to_are_found(staff_client, governor, officer, other_officer):
    CountyGovernor.objects.exclude(pk=governor.pk).filter(contacts=None).update(email="post@example.no")

    def found() -> list[CountyGovernor]:
        return list(staff_client.get("/admin/participants/countygovernor/?kopi=mangler").context["cl"].result_list)

    assert found() == []
    GovernorContact.objects.filter(user=officer).update(ended_on=timezone.localdate())
    assert found() == [governor]
    other_officer.is_active = False
    other_officer.save()
    assert len(found()) == 2


@pytest.mark.parametrize("model", ["municipality", "county"])
def test_the_lists_are_read_and_not_changed(staff_client, db, model):
    row = Municipality.objects.get(number="0301") if model == "municipality" else Municipality.objects.first().county
    address = f"/admin/participants/{model}/"
    assert staff_client.get(f"{address}{row.pk}/change/").status_code == 200
    assert staff_client.post(f"{address}{row.pk}/change/", {"name": "x"}).status_code == 403
    assert staff_client.get(f"{address}add/").status_code == 403
    assert staff_client.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("words", "found"), [("0301", "Oslo"), ("kárášjohka", "Karasjok"), ("indre fosen", "Indre Fosen")]
)
def test_municipalities_are_searched(staff_client, db, words, found):
    response = staff_client.get("/admin/participants/municipality/", {"q": words})
    assert [row.name for row in response.context["cl"].result_list] == [found]


@pytest.mark.parametrize(("model", "questions"), [("municipality", 5), ("county", 4), ("countygovernor", 6)])
def test_questions_are_few(staff_client, officer, other_officer, model, questions, django_assert_num_queries):
    with django_assert_num_queries(questions):
        assert len(staff_client.get(f"/admin/participants/{model}/").context["cl"].result_list) >= 10
