from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from participants.confirmation import asking
from participants.models import Unit
from participants.tests.confirmation.test_confirm import answers


def test_only_a_school_and_its_sfo_may_have_one_number(client, contact, participation, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
    url = reverse("participants:confirm", args=[participation.pk])
    sfo = Unit.objects.create(participation=participation, name="Statsbygd SFO", kind="sfo")
    client.force_login(contact)
    page = client.get(url)
    barnehage, skole = (f"unit-{unit.pk}-organisation_number" for unit in (units[0], sfo))
    response = client.post(url, answers(participation, page, **{barnehage: "974764687", skole: "974 764 687"}))
    assert response.status_code == 422
    assert response.context["form"].errors == {
        f"unit-{units[2].pk}-organisation_number": [
            "Fembøringen barnehage har samme organisasjonsnummer. Rett det ene."
        ],
        skole: ["Fembøringen barnehage har samme organisasjonsnummer. Rett det ene."],
    }
    response = client.post(url, answers(participation, response, **{barnehage: units[0].organisation_number}))
    assert response.status_code == 302
    sfo.refresh_from_db()
    assert sfo.organisation_number == units[2].organisation_number


def test_a_number_that_is_there_is_not_taken_away_but_an_sfos(client, contact, participation, units, staff):
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)
    url = reverse("participants:confirm", args=[participation.pk])
    facts = {"name": "Statsbygd SFO", "kind": "sfo", "organisation_number": units[2].organisation_number}
    sfo = Unit.objects.create(participation=participation, **facts)
    Unit.objects.filter(pk=units[1].pk).update(organisation_number="")
    client.force_login(contact)
    assert not any(row.ask_if_sure for row in client.get(url).context["form"].unit_rows())
    empty = {f"unit-{unit.pk}-organisation_number": "" for unit in (units[0], units[1], sfo)}
    response = client.post(url, answers(participation, client.get(url), **empty))
    assert response.context["form"].errors == {f"unit-{units[0].pk}-organisation_number": ["Må fylles ut."]}
