""" "Nobody comes for us" is an answer: it ends to-do and reminders, and can be taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import make_contact
from gatherings import erasing, personal_data, places
from gatherings import todos as gatherings_todos
from gatherings.mails import planned
from gatherings.models import Gathering, NobodyComes
from gatherings.registration import nobody
from gatherings.registration.registrar import Place
from gatherings.tests.conftest import entry
from participants import todos as participants_todos
from participants.functions import functions
from participants.models import Contact
from parts.tests.child_names.asked import ticked


@pytest.fixture
def url(gathering, welcomed) -> str:
    return reverse("gatherings:nobody_comes", args=[gathering.pk])


@pytest.fixture
def answered(gathering, welcomed, head, units) -> NobodyComes:
    """By the head, for the head's unit."""
    [made] = nobody.answer(gathering, [Place(welcomed, units[0])], note="", by=head, now=timezone.now())
    return made


def waiting(user) -> list[str]:
    now = timezone.now()
    found, _coming = gatherings_todos.todos(user, now, units=participants_todos.units(functions(user), now))
    return [todo.text for todo in found]


def reminded(user) -> list[str]:
    now = timezone.now()
    mails = planned.planned(now - timedelta(days=1), now + timedelta(days=60))
    return [mail.text.name for mail in mails if mail.to == user.email]


def register(gathering, welcomed, by, number=1, **facts):
    person = entry(number, gathering=gathering, **facts)
    return places.register(gathering, [person], participation=welcomed, by=by, now=timezone.now())[0]


def test_the_heads_answer_ends_to_do_invitation_and_reminders(client, url, gathering, head, units, contact):
    assert waiting(head)
    assert set(reminded(head)) == {"gatherings.invitation", "gatherings.reminder"}
    client.force_login(head)
    page = client.get(url)
    assert page.context["form"]["places"].value() == [f"e{units[0].pk}"]
    answer = client.post(url, {"places": [f"e{units[0].pk}"], "note": "Vi er bare to."}, follow=True)
    said = answer.content.decode()
    assert f"Svaret er lagret: ingen kommer fra {units[0].name}." in said
    assert "Trekk svaret tilbake" in said
    assert waiting(head) == []
    assert reminded(head) == []
    assert units[0].name not in waiting(contact)[0]
    [stored] = NobodyComes.objects.all()
    assert (stored.answered_by, stored.note, stored.unit) == (head, "Vi er bare to.", units[0])


def test_a_contact_answers_for_several_at_once(client, url, gathering, welcomed, contact, units):
    client.force_login(contact)
    chosen = [f"k{welcomed.pk}", *(f"e{unit.pk}" for unit in units)]
    client.post(url, {"places": chosen})
    assert NobodyComes.objects.count() == 5
    assert waiting(contact) == []
    assert reminded(contact) == []


def test_pressing_twice_stores_once_and_says_so(client, url, head, units):
    client.force_login(head)
    data = {"places": [f"e{units[0].pk}"]}
    client.post(url, data)
    page = client.post(url, data, follow=True).content.decode()
    assert "Dette var svart fra før. Ingenting er endret." in page
    assert NobodyComes.objects.count() == 1


def test_nobody_chosen_keeps_the_note(client, url, head, contact):
    client.force_login(contact)
    page = client.post(url, {"note": "Alle er syke."})
    assert page.status_code == 422
    assert "Alle er syke." in page.content.decode()
    assert not NobodyComes.objects.exists()


def test_one_cannot_say_it_of_a_place_that_somebody_comes_for(client, url, gathering, welcomed, head, units):
    register(gathering, welcomed, head, unit=units[0])
    client.force_login(head)
    page = client.post(url, {"places": [f"e{units[0].pk}"]})
    assert page.status_code == 422
    assert f"Noen er påmeldt for {units[0].name}. Meld dem av først." in page.content.decode()
    assert not NobodyComes.objects.exists()


def test_it_can_be_taken_back(client, gathering, answered, head, units):
    client.force_login(head)
    address = reverse("gatherings:take_back_nobody", args=[answered.pk])
    page = client.post(address, follow=True).content.decode()
    assert f"Svaret er trukket tilbake. Nå kan dere melde på fra {units[0].name}." in page
    assert waiting(head)
    assert set(reminded(head)) == {"gatherings.invitation", "gatherings.reminder"}
    again = client.post(address, follow=True).content.decode()
    assert "Svaret var trukket tilbake fra før. Ingenting er endret." in again
    answered.refresh_from_db()
    assert answered.taken_back_by == head


def test_who_is_registered_ends_it(gathering, welcomed, answered, contact, head, units):
    register(gathering, welcomed, contact, unit=units[1])
    assert NobodyComes.objects.standing().exists(), "that was another unit"
    register(gathering, welcomed, contact, 2, unit=units[0])
    answered.refresh_from_db()
    assert answered.taken_back_by == contact
    assert not NobodyComes.objects.standing().exists()


def test_so_does_one_who_comes_for_it_as_well(gathering, welcomed, answered, contact, units):
    from gatherings.registration import registering

    register(gathering, welcomed, contact, unit=units[1], function="head")
    row = entry(1, gathering=gathering, unit=units[0], function="head", also=True)
    registering.register(gathering, [(Place(welcomed, units[0]), row)], by=contact, now=timezone.now())
    assert not NobodyComes.objects.standing().exists()


@pytest.mark.parametrize("person", ["contact", "head"])
def test_the_gathering_and_my_page_show_it(client, request, gathering, answered, person, units):
    client.force_login(request.getfixturevalue(person))
    page = client.get(gathering.get_absolute_url()).content.decode()
    assert "Ingen kommer fra" in page
    assert units[0].name in page
    assert "Dere har svart at ingen kommer" in client.get(reverse("home")).content.decode()


@pytest.mark.parametrize("person", ["other_contact", "former_contact", "officer", "stranger", "supervisor", "staff"])
def test_others_neither_answer_nor_take_back(client, request, url, answered, person, units):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code in {302, 404}
    assert client.post(url, {"places": [f"e{units[1].pk}"]}).status_code in {302, 404}
    assert client.post(reverse("gatherings:take_back_nobody", args=[answered.pk])).status_code in {302, 404}
    assert NobodyComes.objects.standing().count() == 1


def test_a_head_answers_for_the_own_unit_alone(client, url, head, units, welcomed):
    client.force_login(head)
    for place in (f"e{units[1].pk}", f"k{welcomed.pk}", "x"):
        assert client.post(url, {"places": [place]}).status_code == 422
    assert not NobodyComes.objects.exists()


def test_not_before_registration_opens_nor_once_it_has_begun(gathering, welcomed, units, head, today):
    for facts in ({"opens_on": today + timedelta(days=1)}, {"settled": "cancelled"}):
        before = {name: getattr(gathering, name) for name in facts}
        Gathering.objects.update(**facts)
        with pytest.raises(ValidationError):
            nobody.answer(gathering, [Place(welcomed, units[0])], note="", by=head, now=timezone.now())
        Gathering.objects.update(**before)
    late = timezone.now() + timedelta(days=15)  # after the deadline, before the first day
    assert nobody.answer(gathering, [Place(welcomed, units[0])], note="", by=head, now=late)
    with pytest.raises(ValidationError):
        nobody.answer(gathering, [Place(welcomed, units[1])], note="", by=head, now=late + timedelta(days=7))


class TestAfterTheLastCancels:
    def cancel(self, registration) -> str:
        return reverse("gatherings:cancel", args=[registration.pk])

    def test_the_page_offers_it(self, client, gathering, welcomed, head, units):
        mine = register(gathering, welcomed, head, name=head.name, email=head.email, unit=units[0], function="head")
        client.force_login(head)
        assert f"Ingen kommer fra {units[0].name}" in client.get(self.cancel(mine)).content.decode()
        page = client.post(self.cancel(mine), {"nobody": "on"}, follow=True).content.decode()
        assert "Hanne Styrer er meldt av." in page
        assert f"ingen kommer fra {units[0].name}" in page
        assert waiting(head) == []

    def test_and_does_nothing_unasked(self, client, gathering, welcomed, head, units):
        mine = register(gathering, welcomed, head, name=head.name, email=head.email, unit=units[0], function="head")
        client.force_login(head)
        client.post(self.cancel(mine))
        assert not NobodyComes.objects.exists()
        assert waiting(head)

    def test_not_while_another_comes(self, client, gathering, welcomed, head, units):
        mine = register(gathering, welcomed, head, name=head.name, email=head.email, unit=units[0], function="head")
        register(gathering, welcomed, head, 2, unit=units[0])
        client.force_login(head)
        assert "Ingen kommer fra" not in client.get(self.cancel(mine)).content.decode()
        client.post(self.cancel(mine), {"nobody": "on"})
        assert not NobodyComes.objects.exists()

    def test_nor_to_a_participant_who_answers_for_nobody(self, client, gathering, welcomed, contact, units):
        theirs = register(gathering, welcomed, contact, unit=units[0])
        client.force_login(theirs.user)
        assert "Ingen kommer fra" not in client.get(self.cancel(theirs)).content.decode()
        client.post(self.cancel(theirs), {"nobody": "on"})
        assert not NobodyComes.objects.exists()

    def test_for_both_units_of_a_head(self, client, gathering, welcomed, head, staff, units):
        make_contact(welcomed, head, Contact.Function.HEAD, unit=units[1], by=staff)
        mine = register(gathering, welcomed, head, name=head.name, email=head.email, unit=units[0], function="head")
        client.force_login(head)
        client.post(self.cancel(mine), {"nobody": "on"})
        assert {answer.unit for answer in NobodyComes.objects.all()} == {units[0], units[1]}


def test_the_person_who_answered_sees_it_in_their_data_until_it_is_erased(gathering, answered, head, today):
    NobodyComes.objects.update(note="Vi er bare to.")
    _title, rows = personal_data.traces(head)
    assert "Vi er bare to." in rows[0][1]
    Contact.objects.all().delete()
    erasing.erase_old(today=today + timedelta(days=4000))
    assert not NobodyComes.objects.exists()
    assert not User.objects.filter(pk=head.pk).exists()


def test_the_reminder_leads_to_the_answer(gathering, welcomed, head, url):
    now = timezone.now()
    mails = planned.planned(now, now + timedelta(days=60))
    mail = next(mail for mail in mails if mail.text.name == "gatherings.reminder" and mail.to == head.email)
    assert mail.values["ingen_kommer"].endswith(url)


def test_a_note_that_may_name_a_child_is_asked_about(client, url, gathering, head, units):
    client.force_login(head)
    sent = {"places": [f"e{units[0].pk}"], "note": "Saken til Sander i 5B må gå foran."}
    answer = client.post(url, sent)
    assert (answer.status_code, NobodyComes.objects.count()) == (422, 0)
    assert list(answer.context["form"].errors) == ["no_children"]
    assert sent["note"] in answer.content.decode()
    assert client.post(url, sent | ticked(answer)).status_code == 302
    assert NobodyComes.objects.get().note == sent["note"]
