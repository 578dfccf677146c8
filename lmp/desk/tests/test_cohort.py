"""The page of a pulje: one address, where each sees what is theirs."""

import re

import pytest
from django.urls import reverse

from gatherings.models import Gathering


@pytest.fixture
def url(participation, other_participation, officer, other_officer) -> str:
    Gathering.objects.create(cohort=participation.cohort, kind="kick_off")
    return reverse("desk:cohort", args=[participation.cohort_id])


def test_staff_see_all_of_it(as_staff, url):
    page = as_staff.get(url)
    assert page.context["standing"].municipalities == 2
    assert [each.kind for each in page.context["works"]] == ["brev"]
    assert "Velkomstbrevene" in page.content.decode()


@pytest.mark.parametrize("who", ["contact", "head", "officer", "supervisor"])
def test_the_others_see_their_own_municipality(client, request, url, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(url)
    assert [each.municipality.name for each in page.context["own"]] == ["Indre Fosen"]
    text = page.content.decode()
    assert "Bergen" not in text
    assert "Oppstartssamling" in text
    assert "standing" not in page.context


def test_the_project_leader_sees_the_guidance(client, url, leader):
    client.force_login(leader)
    assert "Belastning" in client.get(url).content.decode()


def test_others_find_nothing(client, url, stranger):
    client.force_login(stranger)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("who", ["contact", "head", "officer", "supervisor", "leader"])
def test_no_link_leads_to_a_page_that_is_not_theirs(client, request, url, who):
    client.force_login(request.getfixturevalue(who))
    page = client.get(url).content.decode()
    main = page.split("<main")[1].split("</main>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)"', main)):
        assert client.get(address).status_code == 200, address
