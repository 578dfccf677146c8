"""Registering several people in one form."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.registration.forms import MAX_ROWS
from gatherings.tests.conftest import entry
from participants.models import Contact


@pytest.fixture
def url(gathering, welcomed) -> str:
    return reverse("gatherings:register", args=[gathering.pk])


def rows(response) -> list:
    return response.context["formset"].forms


def sent(gathering, *people: dict, suggested: int = 0, action: str = "register") -> dict:
    """The form as a browser sends it: these people, each a dict of what was typed."""
    data = {"person-TOTAL_FORMS": len(people), "person-INITIAL_FORMS": suggested, "action": action}
    for number, person in enumerate(people):
        usual = {
            "name": f"Person {number}",
            "email": f"person.{number}@example.no",
            "function": "owner",
            "place": "",
            "days": [day.isoformat() for day in gathering.days],
            "nights": [],
            "travel": "orders",
        }
        data |= {f"person-{number}-{name}": value for name, value in (usual | person).items() if value is not None}
    return data


def test_the_contacts_who_are_invited_are_suggested(client, url, gathering, contact, head, units):
    client.force_login(contact)
    response = client.get(url)
    suggested = [(row.title, row.place_label) for row in rows(response) if row.suggested]
    assert suggested == [("Kari Kontakt", "Indre Fosen"), ("Hanne Styrer", units[0].name)]
    Gathering.objects.update(audience=["head"])
    assert [row.title for row in rows(client.get(url)) if row.suggested] == ["Hanne Styrer"]


def test_whom_another_came_instead_of_is_not_suggested_again(client, url, gathering, welcomed, contact, head, units):
    own = entry(1, name="Hanne Styrer", email=head.email, unit=units[0])
    [row] = places.register(gathering, [own], participation=welcomed, by=contact, now=timezone.now())
    instead = {"name": "Vikar Viksen", "email": "vikar@example.no", "function": "head"}
    places.swap(row, **instead, by=contact, now=timezone.now())
    client.force_login(contact)
    assert [shown.title for shown in rows(client.get(url)) if shown.suggested] == ["Kari Kontakt"]


def test_those_who_came_last_time_are_suggested_next_time(
    client, url, gathering, welcomed, contact, head, units, today
):
    earlier = Gathering.objects.create(
        cohort=gathering.cohort, kind="kick_off", starts_on=today, settled="fixed", opens_on=today, closes_on=today
    )
    people = [entry(5, function="school_lead"), entry(6, function="staff", unit=units[2])]
    places.register(earlier, people, participation=welcomed, by=contact, now=timezone.now())
    client.force_login(contact)
    suggested = [(row.title, row.place_label) for row in rows(client.get(url)) if row.suggested]
    assert suggested == [
        ("Person 5", "Indre Fosen"),
        ("Hanne Styrer", units[0].name),
        ("Person 6", units[2].name),
    ]


def test_several_people_are_registered_at_once(client, url, gathering, welcomed, contact, head, units):
    client.force_login(contact)
    people = [
        {"come": "on", "place": f"k{welcomed.pk}", "name": "Kari Kontakt", "email": contact.email},
        {"come": None, "place": f"e{units[0].pk}", "function": "head", "name": "Hanne", "email": head.email},
        {"place": f"e{units[1].pk}", "function": "staff", "name": "Åse Ærlig", "email": "ase@example.no"},
        {"name": "", "email": ""},
    ]
    response = client.post(url, sent(gathering, *people, suggested=2))
    assert response.url == gathering.get_absolute_url()
    found = Registration.objects.order_by("pk").values_list("name", "unit__name", "function", "registered_by__email")
    assert list(found) == [
        ("Kari Kontakt", None, "owner", contact.email),
        ("Åse Ærlig", units[1].name, "staff", contact.email),
    ]
    page = client.get(response.url).content.decode()
    assert "Påmeldingen er mottatt" in page
    assert "Åse Ærlig" in page
    assert "Påmeldingen er mottatt" not in client.get(response.url).content.decode()


def test_pressing_twice_registers_once(client, url, gathering, welcomed, contact):
    client.force_login(contact)
    data = sent(gathering, {"place": f"k{welcomed.pk}"})
    for _turn in range(2):
        assert client.post(url, data).status_code == 302
    assert Registration.objects.count() == 1


def test_a_head_registers_people_for_the_unit_alone(client, url, gathering, head, units, welcomed):
    client.force_login(head)
    [row, *spare] = rows(client.get(url))
    assert ["come" in each.fields for each in (row, *spare)] == [True, *(False for _each in spare)]  # written is coming
    assert [key for key, _label in row.fields["place"].choices] == [f"e{units[0].pk}"]
    response = client.post(url, sent(gathering, {"place": f"k{welcomed.pk}"}))
    assert response.status_code == 422
    assert not Registration.objects.exists()


def test_who_is_invited_without_answering_for_anybody_registers_alone(client, url, gathering, welcomed, staff):
    from conftest import make_contact, make_user

    person = make_user("petra.ppt@example.no", "Petra PPT")
    make_contact(welcomed, person, Contact.Function.PPT, by=staff)
    client.force_login(person)
    assert [row.title for row in rows(client.get(url))] == ["Petra PPT"]
    data = sent(
        gathering,
        {"come": "on", "place": f"k{welcomed.pk}", "function": "ppt", "email": "andre@example.no"},
        suggested=1,
    )
    assert client.post(url, data).status_code == 302
    assert [row.user for row in Registration.objects.all()] == [person]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ({"email": "ikke en adresse"}, "navn@eksempel.no"),
        ({"email": ""}, "må fylles ut"),
        ({"function": "konge"}, "ikke blant valgene"),
        ({"days": []}, "må fylles ut"),
        ({"days": ["2001-01-01"]}, "ikke blant valgene"),
        ({"place": "e999999"}, "ikke blant valgene"),
        ({"place": "x"}, "ikke blant valgene"),
        ({"travel": "romskip"}, "ikke blant valgene"),
        ({"function": "head"}, "Velg enheten"),
        ({"name": "x" * 201}, "200 tegn"),
    ],
)
def test_bad_input_keeps_what_was_typed(client, url, gathering, welcomed, contact, typed, text):
    client.force_login(contact)
    person = {"name": "Åse Ærlig", "place": f"k{welcomed.pk}"} | typed
    response = client.post(url, sent(gathering, person))
    page = response.content.decode()
    assert response.status_code == 422
    assert text.lower() in page.lower()
    assert (typed.get("name") or "Åse Ærlig") in page
    assert not Registration.objects.exists()


def test_nobody_chosen_is_an_error(client, url, gathering, contact):
    client.force_login(contact)
    response = client.post(url, sent(gathering, {"name": "", "email": ""}))
    assert "Kryss av for dem som kommer" in response.content.decode()


def test_the_same_address_twice_is_an_error(client, url, gathering, welcomed, contact):
    client.force_login(contact)
    person = {"email": "en@example.no", "place": f"k{welcomed.pk}"}
    response = client.post(url, sent(gathering, person, person))
    assert "har samme adresse" in response.content.decode()
    assert not Registration.objects.exists()


def test_more_rows_keep_what_was_typed_and_judge_nothing(client, url, gathering, welcomed, contact):
    client.force_login(contact)
    people = [{"come": None, "name": "Kari Kontakt"}, {"name": "Åse Ærlig", "email": "uferdig", "days": []}]
    response = client.post(url, sent(gathering, *people, suggested=1, action="more"))
    assert response.status_code == 200
    drawn = rows(response)
    assert [row["name"].value() for row in drawn][:2] == ["Kari Kontakt", "Åse Ærlig"]
    assert len(drawn) == 5
    assert drawn[0].suggested
    assert not drawn[0]["come"].value()
    assert drawn[1]["days"].value() == []
    assert drawn[4]["days"].value() == [day.isoformat() for day in gathering.days]
    assert "uferdig" in response.content.decode()
    assert "Feil:" not in response.content.decode()


def test_more_rows_lead_to_the_first_new_one(client, url, gathering, welcomed, contact):
    """Nine screens back down on a phone otherwise. By the address, so that it needs no script."""
    client.force_login(contact)
    page = client.get(url)
    number = page.context["formset"].total_form_count()
    assert f'formaction="{url}#person-{number}"' in page.content.decode()
    drawn = client.post(url, sent(gathering, *[{"name": str(row)} for row in range(number)], action="more"))
    assert f'id="person-{number}" tabindex="-1"' in drawn.content.decode()
    assert f'formaction="{url}#person-{number + 3}"' in drawn.content.decode()


@pytest.mark.parametrize("total", ["-1", "x", "", "99999999", "²"])
def test_a_broken_form_is_told_so(client, url, gathering, contact, total):
    client.force_login(contact)
    data = sent(gathering, {}) | {"person-TOTAL_FORMS": total}
    assert client.post(url, data).status_code == 422
    assert client.post(url, data | {"action": "more"}).status_code == 200


def test_a_share_that_is_used_up_is_explained(client, url, gathering, welcomed, contact):
    Gathering.objects.update(capacity_a_municipality=1)
    client.force_login(contact)
    people = [{"place": f"k{welcomed.pk}"}, {"place": f"k{welcomed.pk}"}]
    response = client.post(url, sent(gathering, *people))
    page = response.content.decode()
    assert "kan melde på 1 person" in page
    assert "person.1@example.no" in page
    assert not Registration.objects.exists()


def test_after_the_deadline_the_typed_page_comes_back(client, url, gathering, welcomed, contact):
    client.force_login(contact)
    Gathering.objects.update(settled="cancelled")
    response = client.post(url, sent(gathering, {"place": f"k{welcomed.pk}", "name": "Åse Ærlig"}))
    assert response.status_code == 422
    assert "Påmeldingen er stengt" in response.content.decode()
    assert "Åse Ærlig" in response.content.decode()
    assert client.get(url).url == gathering.get_absolute_url()


@pytest.mark.parametrize("person", ["other_contact", "stranger", "former_contact", "officer", "supervisor", "staff"])
def test_only_those_who_answer_for_somebody_register_here(
    client, request, url, gathering, other_participation, staff, person
):
    if person == "other_contact":
        request.getfixturevalue("other_contact")
        # the same cohort, but not welcomed yet
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code in {404, 302}
    assert client.post(url, sent(gathering, {})).status_code in {404, 302}
    assert not Registration.objects.exists()


def test_a_municipality_registers_only_its_own(
    client, url, gathering, other_participation, other_contact, staff, units
):
    other_participation.welcome(by=staff, now=timezone.now())
    client.force_login(other_contact)
    [row, *_spare] = rows(client.get(url))
    assert units[0].name not in str(row.fields["place"].choices)
    response = client.post(url, sent(gathering, {"place": f"e{units[0].pk}", "function": "staff"}))
    assert response.status_code == 422
    assert not Registration.objects.exists()


def test_who_was_cancelled_is_not_suggested_again_but_may_be_written_in(
    client, url, gathering, registration, welcomed, contact
):
    places.cancel(registration, by=contact, now=timezone.now())
    client.force_login(contact)
    assert [row.title for row in rows(client.get(url)) if row.suggested] == []
    person = {"place": f"k{welcomed.pk}", "name": contact.name, "email": contact.email}
    assert client.post(url, sent(gathering, person)).status_code == 302
    assert gathering.registrations.active().count() == 1


def test_a_full_gathering_says_so_before_anybody_registers(client, url, gathering, registration, contact):
    client.force_login(contact)
    for capacity, full in [(None, False), (2, False), (1, True)]:
        Gathering.objects.update(capacity=capacity)
        assert ("Samlingen er full" in client.get(url).content.decode()) is full


def test_those_who_are_registered_are_not_suggested_again(client, url, gathering, registration, contact):
    client.force_login(contact)
    page = client.get(url)
    assert [row.title for row in rows(page) if row.suggested] == []
    assert "er allerede påmeldt" in page.content.decode()


def test_the_largest_form_there_is_can_be_sent(client, url, gathering, contact):
    """With each of its fields in it, ticked or not: more than Django takes by itself."""
    Gathering.objects.update(ends_on=gathering.starts_on + timedelta(days=2))
    gathering.refresh_from_db()
    asked = dict.fromkeys(("place_sure", "name_sure", "address_sure", "take"), "on")
    people = [asked | {"phone": "41234567"} for _row in range(MAX_ROWS)]
    data = sent(gathering, *people, action="more")
    assert len(data) > 1500
    client.force_login(contact)
    answer = client.post(url, data)
    assert answer.status_code in {200, 422}
    assert f"person.{MAX_ROWS - 1}@example.no" in answer.content.decode()
