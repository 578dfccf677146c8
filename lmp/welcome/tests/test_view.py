import io

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from lmp.welcome import sending

EVERYBODY = [
    "contact",
    "other_contact",
    "head",
    "former_contact",
    "officer",
    "other_officer",
    "supervisor",
    "stranger",
]


@pytest.fixture
def url(participation, units):
    return reverse("welcome:letter", args=[participation.pk])


def send(participation, staff, letter_for):
    return sending.send(participation.pk, approved=letter_for(participation).fingerprint, by=staff, now=timezone.now())


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_may_open_a_letter_that_was_sent(client, request, url, participation, contact, staff, letter_for, person):
    user = request.getfixturevalue(person)
    send(participation, staff, letter_for)
    client.force_login(user)
    may = person in {"contact", "head", "officer", "supervisor"}
    assert client.get(url).status_code == (200 if may else 404)


@pytest.mark.any_database
@pytest.mark.parametrize("person", EVERYBODY)
def test_nobody_but_staff_sees_it_before(client, request, url, contact, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == 404


def test_not_signed_in(client, url):
    assert client.get(url).url.startswith(reverse("account_login"))


def test_staff_see_it_as_it_would_be_sent(staff_client, url, contact):
    response = staff_client.get(url)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="velkomstbrev-5054-indre-fosen-pulje-9-nb.pdf"'
    assert "no-store" in response["Cache-Control"]
    assert "Indre Fosen kommune" in pypdf.PdfReader(io.BytesIO(response.content)).pages[0].extract_text()


def test_what_was_sent_stays_as_it_was_sent(staff_client, url, participation, units, contact, staff, letter_for):
    letter = send(participation, staff, letter_for)
    units[0].name = "Et nytt navn"
    units[0].save()
    assert staff_client.get(url).content == bytes(letter.pdf)


def test_a_letter_takes_few_queries(staff_client, url, contact, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        staff_client.get(url)
