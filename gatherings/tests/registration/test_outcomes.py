"""What is said of each row is what happened to it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from gatherings import places
from gatherings.models import Gathering, Registration
from gatherings.registration import registering
from gatherings.registration.registering import RegistrationRefused
from gatherings.registration.registrar import Place
from gatherings.tests.conftest import entry
from gatherings.tests.registration.test_register import sent
from outbox.models import Message
from participants.models import Contact


@pytest.fixture
def url(gathering, welcomed) -> str:
    return reverse("gatherings:register", args=[gathering.pk])


@pytest.fixture
def post(client, url, gathering, contact):
    """Send the form as the municipality's contact, and go on to where it leads."""

    def post(*people: dict):
        client.force_login(contact)
        return client.post(url, sent(gathering, *people), follow=True)

    return post


@pytest.fixture
def ola(gathering, welcomed, units, contact) -> Registration:
    facts = {"name": "Ola Nordmann", "email": "post@skole.example.no", "function": "head", "unit": units[2]}
    [made] = places.register(
        gathering, [entry(gathering=gathering, **facts)], participation=welcomed, by=contact, now=timezone.now()
    )
    return made


def mails() -> list[tuple[str, str]]:
    found = Message.objects.order_by("pk").values_list("to", "text_name")
    return [(to.partition("@")[0], name.removeprefix("gatherings.")) for to, name in found]


class TestSaid:
    def test_a_place_a_turn_in_line_and_who_was_there(self, post, gathering, ola, welcomed, units):
        Gathering.objects.update(capacity=2)
        unit = {"place": f"e{units[2].pk}", "function": "head"}
        answer = post(
            {"place": f"k{welcomed.pk}", "name": "Anne", "email": "anne@example.no"},
            {"place": f"k{welcomed.pk}", "name": "Berit", "email": "berit@example.no"},
            unit | {"name": "ola  NORDMANN", "email": "Post@Skole.example.no"},
        )
        page = answer.content.decode()
        assert "Påmeldingen er mottatt" in page
        assert "Anne, Indre Fosen: har plass" in page
        assert "Berit, Indre Fosen: står på venteliste som nummer 1" in page
        assert f"Ola Nordmann, {units[2].name}: var påmeldt fra før, har plass" in page
        assert mails() == [("anne", "registered"), ("berit", "waiting"), ("kari.kontakt", "receipt")]
        body = Message.objects.get(text_name="gatherings.receipt").body
        assert "- Berit, Indre Fosen: står på venteliste som nummer 1" in body
        assert f"- Ola Nordmann, {units[2].name}: var påmeldt fra før, har plass" in body

    def test_nothing_new_is_no_receipt_and_no_mail(self, post, ola, units):
        row = {"place": f"e{units[2].pk}", "function": "head", "name": "Ola Nordmann", "email": "post@skole.example.no"}
        page = post(row).content.decode()
        assert "Påmeldingen er mottatt" not in page
        assert "e-post." not in page.partition("app-messages")[2].partition("<h1")[0]
        assert "Ingenting er endret" in page
        assert f"Ola Nordmann, {units[2].name}: var påmeldt fra før, har plass" in page
        assert 'data-color="success"' not in page.partition("app-messages")[2].partition("<h1")[0]
        assert mails() == []
        assert Registration.objects.count() == 1

    def test_sent_again_after_back_with_other_facts_says_that_nothing_changed(self, post, ola, units):
        page = post(
            {
                "place": f"e{units[2].pk}",
                "function": "staff",
                "travel": "own_car",
                "name": "Ola Nordmann",
                "email": "post@skole.example.no",
            }
        ).content.decode()
        assert "Ingenting er endret. Skal noe være annerledes, åpner du påmeldingen." in page
        ola.refresh_from_db()
        assert (ola.function, ola.travel) == ("head", "orders")

    def test_pressing_twice_says_first_that_it_is_stored_then_that_it_was(
        self, client, url, gathering, welcomed, contact
    ):
        client.force_login(contact)
        data = sent(gathering, {"place": f"k{welcomed.pk}", "name": "Anne", "email": "anne@example.no"})
        client.post(url, data)
        page = client.post(url, data, follow=True).content.decode()
        assert page.index("Anne, Indre Fosen: har plass") < page.index("Anne, Indre Fosen: var påmeldt fra før")
        assert mails() == [("anne", "registered"), ("kari.kontakt", "receipt")]


class TestAnotherName:
    """An address is one person's. Nobody is lost at one that is taken."""

    ROW = {"name": "Kari Nordmann", "email": "post@skole.example.no", "function": "head"}

    def test_at_the_gathering(self, post, ola, units):
        answer = post(
            self.ROW | {"place": f"e{units[2].pk}"}, {"name": "Anne", "email": "anne@example.no", "place": "x"}
        )
        assert answer.status_code == 422
        answer = post(
            self.ROW | {"place": f"e{units[2].pk}"},
            {"name": "Anne", "email": "anne@example.no", "place": f"e{units[1].pk}"},
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Adressen tilhører Ola Nordmann." in page
        assert "trenger hver av dem sin egen" in page
        assert 'value="Kari Nordmann"' in page
        assert 'value="Anne"' in page
        assert Registration.objects.count() == 1
        assert mails() == []

    def test_registered_from_another_municipality(
        self, client, gathering, ola, other_participation, other_contact, staff
    ):
        other_participation.welcome(by=staff, now=timezone.now())
        client.force_login(other_contact)
        row = self.ROW | {"place": f"k{other_participation.pk}", "function": "owner"}
        answer = client.post(reverse("gatherings:register", args=[gathering.pk]), sent(gathering, row))
        assert answer.status_code == 422
        assert "Adressen tilhører Ola Nordmann." in answer.content.decode()

    def test_the_same_person_from_another_municipality_is_no_receipt(
        self, client, gathering, ola, other_participation, other_contact, staff
    ):
        """As with a PPT for several: it is asked whether the seat is for both, and nothing is said to be stored."""
        other_participation.welcome(by=staff, now=timezone.now())
        client.force_login(other_contact)
        url = reverse("gatherings:register", args=[gathering.pk])
        place = f"k{other_participation.pk}"
        row = self.ROW | {"name": "Ola Nordmann", "place": place, "function": "owner"}
        answer = client.post(url, sent(gathering, row), follow=True)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Ola Nordmann er allerede påmeldt" in page
        assert "Påmeldingen er mottatt" not in page
        assert mails() == []
        done = client.post(url, sent(gathering, row | {"also": f"{ola.user.email} {place}"}), follow=True)
        assert "på samme plass som før: har plass" in done.content.decode()
        assert "Ola Nordmann" in client.get(gathering.get_absolute_url()).content.decode()
        assert mails() == [("post", "changed"), ("birger.bergen", "receipt")]

    def test_known_in_the_portal_and_not_at_the_gathering(self, post, head, units, welcomed):
        row = {"name": "Camilla Aa", "email": head.email, "place": f"k{welcomed.pk}"}
        answer = post(row)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Adressen tilhører Hanne Styrer." in page
        assert not Registration.objects.exists()
        assert "Det er samme person" in page
        stored = post(row | {"same_person": head.email})
        assert "Camilla Aa, Indre Fosen: har plass" in stored.content.decode()
        head.refresh_from_db()
        assert head.name == "Hanne Styrer"

    def test_that_it_is_the_same_person_lets_it_through(self, post, ola, units):
        row = self.ROW | {"place": f"e{units[2].pk}", "same_person": "post@skole.example.no"}
        page = post(row).content.decode()
        assert f"Ola Nordmann, {units[2].name}: var påmeldt fra før" in page

    def test_a_tick_holds_for_the_address_it_was_asked_about(self, post, ola, head, units):
        row = self.ROW | {"email": head.email, "place": f"e{units[2].pk}", "same_person": "post@skole.example.no"}
        assert post(row).status_code == 422
        assert Registration.objects.count() == 1

    @pytest.mark.parametrize(
        "typed", ["Hanne Styrer", "hanne  styrer", "HANNE STYRER", "Styrer, Hanne", "Hanne\u00a0Styrer", "Hanne Stýrer"]
    )
    def test_the_same_name_however_it_is_typed(self, post, head, welcomed, typed):
        assert "har plass" in post({"name": typed, "email": head.email, "place": f"k{welcomed.pk}"}).content.decode()

    @pytest.mark.parametrize("typed", ["Hanne", "Hanne Styrersen", "Hans Styrer", "Styrer"])
    def test_another_name_is_asked_about(self, post, head, welcomed, typed):
        assert post({"name": typed, "email": head.email, "place": f"k{welcomed.pk}"}).status_code == 422

    def test_a_name_that_the_person_has_as_a_contact_is_theirs(self, post, head, welcomed):
        Contact.objects.filter(user=head).update(name="Hanne Styrersen")
        row = {"name": "Hanne Styrersen", "email": head.email, "place": f"k{welcomed.pk}"}
        assert "har plass" in post(row).content.decode()

    def test_an_address_from_before_two_were_found_to_be_one(self, post, head, welcomed, staff):
        old = make_user("hanne.gammel@example.no", "Hanne Styrer", is_active=False, merged_into=head)
        row = {"name": "Hanne Styrer", "place": f"k{welcomed.pk}"}
        answer = post(row | {"email": head.email}, row | {"email": old.email})
        assert answer.status_code == 422
        assert "har samme adresse" in answer.content.decode()
        post(row | {"email": old.email})
        assert [each.user for each in Registration.objects.all()] == [head]


class TestAnotherPlace:
    def test_a_head_of_two_units_is_asked_about_the_second(self, client, url, gathering, head, units, welcomed, staff):
        make_contact(welcomed, head, Contact.Function.HEAD, unit=units[1], by=staff)
        client.force_login(head)
        row = {"name": head.name, "email": head.email, "function": "head", "place": f"e{units[0].pk}"}
        client.post(url, sent(gathering, row))
        Message.objects.all().delete()
        answer = client.post(url, sent(gathering, row | {"place": f"e{units[1].pk}"}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"Hanne Styrer er allerede påmeldt for {units[0].name}." in page
        assert f"Skal plassen gjelde {units[1].name} også" in page
        about = f"{head.email} e{units[1].pk}"
        assert f'value="{about}"' in page
        answer = client.post(url, sent(gathering, row | {"place": f"e{units[1].pk}", "also": about}), follow=True)
        said = f"Hanne Styrer kommer nå for {units[0].name} og {units[1].name}, på samme plass som før: har plass"
        assert said in answer.content.decode()
        assert Registration.objects.count() == 1
        assert mails() == [("hanne.styrer", "changed")]
        assert f"styrer, {units[0].name} og {units[1].name}" in Message.objects.get().body

    def test_the_municipality_and_a_unit_are_two(self, post, ola, welcomed):
        row = {"name": "Ola Nordmann", "email": "post@skole.example.no", "place": f"k{welcomed.pk}"}
        assert post(row).status_code == 422
        post(row | {"also": f"post@skole.example.no k{welcomed.pk}"})
        [also] = ola.also_for.all()
        assert (also.participation, also.unit) == (welcomed, None)
        assert mails() == [("post", "changed"), ("kari.kontakt", "receipt")]

    def test_a_shared_ppt_comes_for_both_municipalities(
        self, client, url, gathering, welcomed, other_participation, staff
    ):
        other_participation.welcome(by=staff, now=timezone.now())
        person = make_user("petra.ppt@example.no", "Petra PPT")
        for participation in (welcomed, other_participation):
            make_contact(participation, person, Contact.Function.PPT, by=staff)
        client.force_login(person)
        row = {"come": "on", "name": "Petra PPT", "email": "", "function": "ppt"}
        client.post(url, sent(gathering, row | {"place": f"k{welcomed.pk}"}, suggested=1))
        second = row | {"place": f"k{other_participation.pk}"}
        assert client.post(url, sent(gathering, second)).status_code == 422
        client.post(url, sent(gathering, second | {"also": f"{person.email} k{other_participation.pk}"}))
        [registration] = Registration.objects.all()
        assert registration.represents == "Indre Fosen og Bergen"


def test_both_are_asked_about_one_person_at_once(gathering, welcomed, units, ola, contact):
    row = (Place(welcomed, units[1]), entry(gathering=gathering, email=ola.user.email, name="En Annen"))
    with pytest.raises(RegistrationRefused) as refused:
        registering.register(gathering, [row], by=contact, now=timezone.now())
    assert [problem.question for problem in refused.value.problems] == ["same_person", "also"]


def test_a_tick_is_kept_when_more_rows_are_drawn(client, url, gathering, welcomed, contact, ola):
    client.force_login(contact)
    about = "post@skole.example.no"
    page = client.post(url, sent(gathering, {"email": about, "same_person": about}, action="more")).content.decode()
    assert f'name="person-0-same_person" value="{about}"' in page.replace(' type="checkbox"', "") or "checked" in page


def test_a_unit_that_closed_while_the_form_was_open_is_refused(gathering, welcomed, contact, units, today):
    entries = [(Place(welcomed, units[0]), entry(1, gathering=gathering, unit=units[0]))]
    units[0].close(on=today, into=None, by=contact)
    with pytest.raises(ValidationError, match="er lagt ned"):
        registering.register(gathering, entries, by=contact, now=timezone.now())
    assert not gathering.registrations.exists()


def test_nobody_who_waits_is_told_in_green(client, url, gathering, welcomed, contact):
    Gathering.objects.update(capacity=1)
    client.force_login(contact)
    place = f"k{welcomed.pk}"
    people = [{"place": place, "email": f"person.{number}@example.no"} for number in (1, 2)]
    for person, said, level in (
        (people, "1 har fått plass, og 1 står på venteliste.", "success"),
        (
            [{"place": place, "email": "ny@example.no"}],
            "ingen av dem har fått plass ennå: 1 står på venteliste.",
            "warning",
        ),
    ):
        answer = client.post(url, sent(gathering, *person), follow=True)
        [message] = list(answer.context["messages"])
        assert said in message.message
        assert message.level_tag == level
