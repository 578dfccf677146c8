import pytest
from django.utils import timezone

from accounts.models import User
from participants import reference
from participants.models import CountyGovernor, GovernorContact, Municipality

PREFIX = "contacts"


@pytest.fixture
def governor(db) -> CountyGovernor:
    return CountyGovernor.objects.get(counties__municipalities__number="5054")


def page(governor: CountyGovernor) -> str:
    return f"/admin/participants/countygovernor/{governor.pk}/change/"


def rows(*people: dict, existing: int = 0) -> dict:
    data = {f"{PREFIX}-TOTAL_FORMS": len(people), f"{PREFIX}-INITIAL_FORMS": existing}
    for number, person in enumerate(people):
        data |= {f"{PREFIX}-{number}-{key}": value for key, value in person.items()}
    return data


def test_a_person_is_given_insight(staff_client, governor):
    olav = {"email": "Olav@example.no", "name": "Olav Embete", "started_on": "2027-01-01"}
    assert staff_client.post(page(governor), rows(olav)).status_code == 302
    contact = GovernorContact.objects.get()
    assert (contact.governor, contact.user.email, contact.user.name) == (governor, "olav@example.no", "Olav Embete")


def test_a_known_person_keeps_their_name(staff_client, governor, stranger):
    row = {"email": stranger.email, "name": "Noe annet", "started_on": "2027-01-01"}
    asked = staff_client.post(page(governor), rows(row)).content.decode()
    assert "Adressen tilhører Frem Med. Er det samme person, lar du navnet stå tomt." in asked
    assert not GovernorContact.objects.exists()
    staff_client.post(page(governor), rows(row | {"name": ""}))
    stranger.refresh_from_db()
    assert (stranger.name, GovernorContact.objects.get().user) == ("Frem Med", stranger)


def test_ended_and_the_address_in_its_own_place(staff_client, governor, officer):
    contact = GovernorContact.objects.get()
    today = timezone.localdate()
    assert f"/person/{officer.pk}/" in staff_client.get(page(governor)).content.decode()
    row = {"id": contact.pk, "governor": governor.pk, "email": "ny@example.no", "started_on": today, "ended_on": today}
    assert staff_client.post(page(governor), rows(row, existing=1)).status_code == 302
    contact.refresh_from_db()
    assert (contact.ended_on, contact.user, contact.user.email) == (today, officer, "olav.embete@example.no")


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ([{"email": "a@b", "started_on": "2027-01-01"}], "navn@eksempel.no"),
        ([{"email": "a@example.no", "started_on": ""}], "Må fylles ut."),
        (
            [{"email": "a@example.no", "started_on": "2027-02-01", "ended_on": "2027-01-01"}],
            "Siste dag kan ikke være før første dag.",
        ),
        ([{"email": e, "started_on": "2027-01-01"} for e in ("a@example.no", "A@example.no")], "a@example.no står her"),
    ],
)
def test_bad_input_loses_nothing_typed(staff_client, governor, people, message):
    response = staff_client.post(page(governor), rows(*people))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert f'value="{people[0]["email"]}"' in response.content.decode()
    assert not GovernorContact.objects.exists()
    assert not User.objects.filter(email="a@example.no").exists()


def test_the_office_itself_is_not_changed(staff_client, governor):
    name = governor.name
    staff_client.post(page(governor), rows() | {"name": "Fylkesmannen", "organisation_number": "1"})
    governor.refresh_from_db()
    assert governor.name == name


def test_the_office_is_given_an_address_of_its_own(staff_client, governor):
    assert staff_client.post(page(governor), rows() | {"email": " Post@Example.no "}).status_code == 302
    governor.refresh_from_db()
    assert governor.email == "post@example.no"
    page_again = staff_client.post(page(governor), rows() | {"email": "post@"}).content.decode()
    assert 'value="post@"' in page_again
    staff_client.post(page(governor), rows() | {"email": ""})
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
