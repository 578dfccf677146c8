"""Staff see who has not answered, answer for those who have said it in another way, and take an answer back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings import places
from gatherings.models import Gathering, NobodyComes
from gatherings.tests.admin.pages import LIST
from gatherings.tests.conftest import entry, sign_in


@pytest.fixture
def url(gathering, welcomed) -> str:
    return reverse("admin:gatherings_registration_answers", args=[gathering.pk])


def lacking(page) -> list[str]:
    return [place.label for place in page.context["lacking"]]


def test_who_lacks_an_answer(staff_client, url, gathering, welcomed, other_participation, units, contact):
    names = [unit.name for unit in units]
    assert lacking(staff_client.get(url)) == ["Indre Fosen", *names], "the other has not had its letter"
    person = entry(gathering=gathering, unit=units[1], function="staff")
    places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())
    assert lacking(staff_client.get(url)) == ["Indre Fosen", names[0], *names[2:]]
    Gathering.objects.update(audience=["head"])
    assert "Indre Fosen" not in lacking(staff_client.get(url))


def test_staff_answer_for_somebody_and_take_it_back(staff_client, url, staff, units):
    data = {"places": [f"e{units[0].pk}"], "note": "Rektor ringte."}
    page = staff_client.post(url, data, follow=True)
    assert f"Svaret er lagret: ingen kommer fra {units[0].name}." in page.text
    assert "Rektor ringte." in page.text
    assert units[0].name not in lacking(page)
    assert "Dette var svart fra før" in staff_client.post(url, data, follow=True).text
    [answer] = NobodyComes.objects.all()
    assert answer.answered_by == staff
    page = staff_client.post(url, {"take_back": answer.pk}, follow=True)
    assert f"Svaret fra {units[0].name} er trukket tilbake." in page.text
    assert units[0].name in lacking(page)
    assert "var trukket tilbake fra før" in staff_client.post(url, {"take_back": answer.pk}, follow=True).text


def test_nothing_chosen_and_somebody_who_comes_are_said(staff_client, url, gathering, welcomed, units, contact):
    assert "Ingenting er lagret" in staff_client.post(url, {}, follow=True).text
    person = entry(gathering=gathering, unit=units[1], function="staff")
    places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())
    page = staff_client.post(url, {"places": [f"e{units[0].pk}", f"e{units[1].pk}"]}, follow=True)
    assert f"Noen er påmeldt for {units[1].name}. Meld dem av først." in page.text
    assert not NobodyComes.objects.exists()


def test_what_was_typed_stays_whole_when_nothing_is_stored(staff_client, url, units):
    """A note above five hundred letters was cut without a word, and one without a choice was gone."""
    note, place = "Rektor ringte. " * 50, f"e{units[0].pk}"
    for sent, said in (({"note": note}, "Kryss av for dem det gjelder"), ({"note": note, "places": [place]}, "500")):
        page = staff_client.post(url, sent)
        assert page.status_code == 422
        assert said in page.text
        assert f'value="{note}"' in page.text
        assert (f'value="{place}" checked' in page.text) == ("places" in sent)
    assert not NobodyComes.objects.exists()


@pytest.mark.parametrize("number", ["x", "999999", "²"])
def test_an_answer_that_is_not_there(staff_client, url, number):
    assert staff_client.post(url, {"take_back": number}).status_code == 404


def test_the_lists_lead_there(staff_client, url, gathering):
    assert url in staff_client.get(f"{LIST}samlinger/").text
    assert url in staff_client.get(reverse("admin:gatherings_gathering_change", args=[gathering.pk])).text


@pytest.mark.any_database
@pytest.mark.parametrize("person", ["contact", "head", "officer", "supervisor", "stranger"])
def test_only_staff(client, request, url, units, person):
    sign_in(client, request.getfixturevalue(person))
    assert client.get(url).status_code in {302, 403, 404}
    assert client.post(url, {"places": [f"e{units[0].pk}"]}).status_code in {302, 403, 404}
    assert not NobodyComes.objects.exists()
