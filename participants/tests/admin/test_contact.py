import pytest
from django.utils import timezone

from accounts.models import User
from conftest import make_contact, make_user
from outbox.models import Message
from participants.models import Contact, Municipality, Participation

LIST = "/admin/participants/contact/"


def change(contact: Contact) -> str:
    return f"{LIST}{contact.pk}/change/"


@pytest.fixture
def kari(contact) -> Contact:
    return contact.contacts.get()


def test_corrected_with_history(staff_client, kari, staff):
    sent = {"name": "Kari K. Kontakt", "email": "Kari.Kontakt@example.no", "phone": "97001122"}
    assert staff_client.post(change(kari), sent).status_code == 302
    kari.refresh_from_db()
    assert (kari.name, kari.phone, kari.user.email) == ("Kari K. Kontakt", "+47 970 01 122", "kari.kontakt@example.no")
    assert kari.history.first().history_user == staff
    assert kari.user.name == "Kari Kontakt"
    assert "Kari K. Kontakt" in staff_client.get(f"{LIST}{kari.pk}/history/").content.decode()
    assert not Message.objects.exists()


def test_the_address_is_changed_in_its_own_place(staff_client, kari, participation, staff):
    participation.welcome(by=staff, now=timezone.now())
    assert f"/person/{kari.user_id}/adresse/" in staff_client.get(change(kari)).content.decode()
    staff_client.post(change(kari), {"name": "Kari", "email": "kari@ny.example.no", "phone": ""})
    kari.refresh_from_db()
    assert (kari.name, kari.user.email) == ("Kari", "kari.kontakt@example.no")
    assert not Message.objects.exists()


def test_somebody_elses_address(staff_client, participation, kari):
    sent = {"participation": participation.pk, "function": "ppt", "unit": "", "name": "Per", "phone": ""}
    sent["email"] = kari.user.email
    page = staff_client.post(LIST + "add/", sent).content.decode()
    assert "Adressen tilhører Kari Kontakt." in page
    assert "Det er samme person" in page
    assert Contact.objects.get() == kari
    staff_client.post(LIST + "add/", sent | {"same_person": "on"})
    assert Contact.objects.get(function="ppt").user == kari.user


def test_added_for_the_municipality(staff_client, participation, staff):
    sent = {"participation": participation.pk, "function": "owner", "unit": "", "name": "Per", "phone": ""}
    assert staff_client.post(LIST + "add/", sent | {"email": "PER@example.no"}, follow=True).status_code == 200
    new = Contact.objects.get()
    assert (new.user.email, new.started_by) == ("per@example.no", staff)
    assert new.history.count() == 1
    assert not Message.objects.exists()  # the welcome letter tells them


def test_added_as_head_of_a_unit_and_told(staff_client, participation, units, staff):
    participation.welcome(by=staff, now=timezone.now())
    page = staff_client.get(LIST + "add/", {"participation": participation.pk}).content.decode()
    assert "Leksvik barnehage (Indre Fosen (Pulje 9))" in page
    sent = {"participation": participation.pk, "function": "head", "unit": units[1].pk, "name": "Per", "phone": ""}
    staff_client.post(LIST + "add/", sent | {"email": "per@example.no"})
    assert Contact.objects.get().title == "styrer"
    assert Message.objects.get().to == "per@example.no"


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"function": "head", "unit": ""}, "Velg hvilken enhet personen leder."),
        ({"function": "head", "unit": "999"}, "Velg noe annet."),
        ({"function": "owner", "unit": "first"}, "Bare styrer og rektor er for én enhet."),
        ({"function": ""}, "Må fylles ut."),
        ({"function": "sjef"}, "Velg noe annet."),
        ({"email": ""}, "Må fylles ut."),
        ({"email": "a@b"}, "navn@eksempel.no"),
        ({"email": "a@example.no\r\nBcc: b@example.no"}, "navn@eksempel.no"),
        ({"email": "Kari.kontakt@example.no"}, "Personen med denne adressen har allerede denne funksjonen."),
        ({"name": "x" * 10_000}, "Skriv høyst 200 tegn."),
        ({"participation": "999"}, "Velg noe annet."),
        ({"participation": "²"}, "Velg noe annet."),
        ({"participation": "9" * 40}, "Velg noe annet."),
        ({"participation": "x"}, "Velg noe annet."),
    ],
)
def test_bad_input_loses_nothing_typed(staff_client, participation, kari, units, other, message):
    other = {key: units[0].pk if value == "first" else value for key, value in other.items()}
    sent = {"participation": participation.pk, "function": "owner", "unit": "", "name": "Per", "phone": "12345678"}
    response = staff_client.post(LIST + "add/", sent | {"email": "per@example.no"} | other)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert 'value="12345678"' in page
    assert Contact.objects.count() == 1
    assert not User.objects.filter(email="per@example.no").exists()


def test_a_unit_that_is_not_there_gets_one_message(staff_client, participation):
    sent = {"participation": participation.pk, "function": "head", "unit": "999", "name": "Per", "phone": ""}
    form = staff_client.post(LIST + "add/", sent | {"email": "per@example.no"}).context["adminform"].form
    assert form.errors == {"unit": ["Valget finnes ikke lenger. Velg noe annet."]}


def test_a_unit_of_another_municipality(staff_client, participation, other_participation, units):
    sent = {"participation": other_participation.pk, "function": "head", "unit": units[0].pk, "name": "Per"}
    response = staff_client.post(LIST + "add/", sent | {"email": "per@example.no", "phone": ""})
    assert response.status_code == 200
    assert not Contact.objects.exists()


def test_ended_after_being_shown(staff_client, kari, head, staff):
    styrer = head.contacts.get()
    chosen = {"action": "end", "_selected_action": [kari.pk, styrer.pk]}
    page = staff_client.post(LIST, chosen)
    assert "Hanne Styrer, styrer, Indre Fosen (Pulje 9)" in page.content.decode()
    assert Contact.objects.current().count() == 2

    page = staff_client.post(LIST, chosen | {"confirmed": "yes"}, follow=True).content.decode()
    assert "Tilgangen til 1 kontaktperson er avsluttet." in page
    assert "Kommunen må ha minst én kontaktperson." in page  # Kari is the last who answers for it
    styrer.refresh_from_db()
    assert (styrer.ended_by, Contact.objects.current().get()) == (staff, kari)


def test_an_ended_contact_is_only_read(staff_client, former_contact):
    old = former_contact.contacts.get()
    assert staff_client.get(change(old)).status_code == 200
    assert staff_client.post(change(old), {"name": "x", "email": "x@example.no", "phone": ""}).status_code == 403


def test_nothing_is_deleted(staff_client, kari):
    assert staff_client.post(f"{LIST}{kari.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in staff_client.get(LIST).content.decode()


def test_an_old_version_is_read_not_brought_back(staff_client, kari):
    version = kari.history.first().pk
    old = f"{LIST}{kari.pk}/history/{version}/"
    assert staff_client.get(old).status_code == 200
    assert staff_client.post(old, {"name": "Gammel", "email": "gammel@example.no", "phone": ""}).status_code == 405
    kari.refresh_from_db()
    assert kari.name == "Kari Kontakt"


def test_filters_and_search(staff_client, kari, former_contact, head, other_contact):
    def found(**query):
        return [row.name for row in staff_client.get(LIST, query).context["cl"].result_list]

    assert found(ended="yes") == ["Finn Forrige"]
    assert found(ended="no") == ["Birger Bergen", "Hanne Styrer", "Kari Kontakt"]
    assert len(found(ended="x")) == 4
    assert found(q="hanne.styrer@example.no") == found(q="fembøringen") == ["Hanne Styrer"]
    assert found(participation__id__exact=kari.participation_id) == ["Finn Forrige", "Hanne Styrer", "Kari Kontakt"]


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, staff, size, django_assert_num_queries):
    for municipality in Municipality.objects.all()[:size]:
        row = Participation.objects.create(cohort=cohort, municipality=municipality)
        make_contact(row, make_user(f"{municipality.number}@example.no", "A"), Contact.Function.OWNER, by=staff)
    with django_assert_num_queries(5):
        assert len(staff_client.get(LIST).context["cl"].result_list) == size


def test_a_number_in_the_list_can_be_called_and_stays_in_one_piece(staff_client, kari):
    Contact.objects.filter(pk=kari.pk).update(phone="+47 912 34 567")
    page = staff_client.get(LIST).content.decode()
    assert '<a href="tel:+4791234567">+47\N{NO-BREAK SPACE}912\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}567</a>' in page
