"""Two who write the same at the same moment: none meets a fault, and none loses what was typed."""

from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from lmp import at_once
from participants.models import Contact

NEW = {"name": "Nora Ny", "email": "nora.ny@example.no", "function": "ppt"}
FROM_HERE = {"origin": "http://testserver", "sec-fetch-mode": "navigate"}


@pytest.fixture
def page(participation) -> str:
    return reverse("participants:add_contact", args=[participation.pk])


def test_the_second_is_asked_again_and_meets_the_first(client, contact, participation, page):
    """The other one's row is stored between this one's look and its writing."""
    client.force_login(contact)
    stored = Contact.save
    rows = []

    def save(row, *args, **kwargs):
        if not rows:
            rows.append(row)
            raise IntegrityError
        return stored(row, *args, **kwargs)

    with patch.object(Contact, "save", save):
        answer = client.post(page, NEW, headers=FROM_HERE)
    assert answer.status_code == 302
    assert answer.url != reverse("accounts:unsent_forms")
    assert Contact.objects.filter(name="Nora Ny").count() == 1


def refusing(*_args, **_kwargs):
    with transaction.atomic():
        raise IntegrityError("Key (email)=(hemmelig@example.no) already exists")


def test_what_no_form_knows_keeps_what_was_typed_and_tells_no_names(client, contact, page, caplog):
    client.force_login(contact)
    with patch.object(Contact, "save", refusing):
        answer = client.post(page, NEW, headers=FROM_HERE)
    assert (answer.status_code, answer.url) == (302, reverse("accounts:unsent_forms"))
    kept = client.get(answer.url).content.decode()
    assert "Det passet ikke med det som er lagret" in kept
    assert "nora.ny@example.no" in kept
    [told] = [record.getMessage() for record in caplog.records if record.name == at_once.__name__]
    assert told == "participants:add_contact: no form knows the constraint (unnamed)"


def test_another_fault_is_still_a_fault(client, contact, page):
    client.force_login(contact)
    client.raise_request_exception = False
    with patch.object(Contact, "save", side_effect=RuntimeError):
        assert client.post(page, NEW, headers=FROM_HERE).status_code == 500


def test_what_another_site_sent_is_kept_nowhere(client, contact, page):
    client.force_login(contact)
    client.raise_request_exception = False
    with patch.object(Contact, "save", refusing):
        answer = client.post(page, NEW, headers={"origin": "http://other.example", "sec-fetch-site": "cross-site"})
    assert answer.status_code == 500
    assert not User.objects.filter(email=NEW["email"]).exists()
