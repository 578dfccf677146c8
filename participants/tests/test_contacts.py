"""The contacts: add, replace, end. How one is put right: lmp/changes/tests/people/test_correct_contact.py."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from outbox.models import Message
from participants import personal_data
from participants.confirmation import asking
from participants.models import Contact


@pytest.fixture
def asked(participation, contact, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)


@pytest.fixture
def own(asked, contact) -> Contact:
    return Contact.objects.get(user=contact)


@pytest.fixture
def colleague(asked, participation, staff) -> Contact:
    user = make_user("kollega@example.no", "Kolle Ga")
    return make_contact(participation, user, Contact.Function.SCHOOL_LEAD, by=staff)


def test_a_person_sees_each_function_they_have_and_had(own, contact, participation, staff):
    own.phone = "12 34 56 78"
    own.save()
    past = make_contact(participation, contact, Contact.Function.PPT, by=staff)
    past.end(by=staff, now=timezone.now())
    _title, rows = personal_data.functions(contact)
    place, pulje = participation.municipality.name_told_apart, str(participation.cohort)
    assert rows == [
        (own.name, f"{own.title}, {place}, {pulje}, +47 12 34 56 78"),
        (past.name, f"{past.title}, {place}, {pulje}, avsluttet"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "gives"), [("ppt", "owner", True), ("owner", "ppt", False), ("owner", "school_lead", False)]
)
def test_what_a_second_function_gives(participation, staff, first, second, gives):
    person = make_user("to@example.no", "To Funksjoner")
    make_contact(participation, person, first, by=staff)
    assert make_contact(participation, person, second, by=staff).gives_more is gives


def test_add(client, contact, own, participation):
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    data = {"function": "ppt", "name": "Pål Pedagog", "email": "Pal@Example.no", "phone": "+47 12 34 56 78"}
    page = client.post(url, data, follow=True).content.decode()
    assert "Pål Pedagog er lagt til som PP-tjenesten, og har fått en e-post om tilgangen." in page
    added = Contact.objects.get(function="ppt")
    assert (added.user.email, added.started_by) == ("pal@example.no", contact)
    assert Message.objects.get().to == "pal@example.no"
    # pressed twice: the same person is not added twice, and not mailed twice
    assert client.post(url, data).status_code == 422
    assert Message.objects.count() == 1


def test_a_head_needs_a_unit(client, contact, own, participation):
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    response = client.post(url, {"function": "head", "name": "Hei", "email": "h@example.no"})
    assert list(response.context["form"].errors) == ["unit"]
    assert response.context["form"]["name"].value() == "Hei"


def test_who_has_the_access_already_is_not_told_of_it_again(client, contact, own, participation, units):
    """One person with three functions got as many mails in a minute."""
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    person = {"name": "Pål Pedagog", "email": "pal@example.no"}
    for function in ("school_lead", "authority", "ppt"):
        page = client.post(url, person | {"function": function}, follow=True).content.decode()
        assert ("har fått en e-post om tilgangen" in page) is (function == "school_lead")
    client.post(url, person | {"function": "head", "unit": units[0].pk})
    assert Contact.objects.filter(user__email="pal@example.no").count() == 4
    assert [mail.text_name for mail in Message.objects.filter(to="pal@example.no")] == ["participants.access_given"]


def test_nobody_is_told_before_the_letter(client, contact, participation):
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    page = client.post(url, {"function": "ppt", "name": "Pål", "email": "pal@example.no"}, follow=True)
    assert "Pål er lagt til som PP-tjenesten. Personen får en e-post når velkomstbrevet er sendt." in page.text
    assert not Message.objects.exists()


@pytest.mark.any_database
@pytest.mark.parametrize(
    "email", ["", "ikke en adresse", "a@example.no\r\nBcc: b@example.no", "a" * 300 + "@example.no"]
)
def test_bad_addresses_lose_nothing_typed(client, contact, own, participation, email):
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    response = client.post(url, {"function": "ppt", "name": "Pål <b>", "email": email})
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == "Pål <b>"
    assert not Contact.objects.filter(function="ppt").exists()


@pytest.fixture
def magnus(participation, staff):
    user = make_user("magnus@example.no", "Magnus Fjellheim")
    make_contact(participation, user, Contact.Function.PPT, by=staff)
    return user


def test_somebody_elses_address_is_refused_with_what_to_do(client, contact, own, participation, magnus):
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    data = {"function": "school_lead", "name": "Nora Lunde", "email": magnus.email, "phone": "91234567"}
    asked = client.post(url, data)
    assert asked.status_code == 422
    text = asked.content.decode()
    assert "Adressen tilhører Magnus Fjellheim." in text
    assert "Ja, det er samme person som Magnus Fjellheim" in text
    assert asked.context["form"]["phone"].value() == "91234567"
    assert not Contact.objects.filter(function="school_lead").exists()
    client.post(url, data | {"same_person": magnus.pk})
    assert Contact.objects.get(function="school_lead").user == magnus


@pytest.mark.parametrize("name", ["Magnus Fjellheim", " magnus  FJELLHEIM"])
def test_the_same_name_is_the_same_person(client, contact, own, participation, units, magnus, name):
    """The head of two units is one person."""
    client.force_login(contact)
    url = reverse("participants:add_contact", args=[participation.pk])
    for unit in units[:2]:
        data = {"function": "head", "unit": unit.pk, "name": name, "email": magnus.email, "phone": ""}
        assert client.post(url, data).status_code == 302
    assert Contact.objects.filter(user=magnus, function="head").count() == 2


def test_a_successor_with_somebody_elses_address(client, contact, own, colleague, magnus):
    client.force_login(contact)
    url = reverse("changes:replace_contact", args=[colleague.pk])
    typed = {"name": "Leyla Storhaug", "email": magnus.email, "starts_on": timezone.localdate().isoformat()}
    response = client.post(url, typed | {"_confirmed": "1"})
    assert response.status_code == 422
    assert "Adressen tilhører Magnus" in response.content.decode()
    colleague.refresh_from_db()
    assert colleague.ended_at is None
