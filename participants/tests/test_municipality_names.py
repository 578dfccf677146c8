from datetime import timedelta

import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from outbox import plan
from participants.confirmation import asking
from participants.models import Municipality
from participants.models.geography import SHARED_NAMES


def test_those_with_one_name_are_told_apart(db):
    twice = Municipality.objects.values("name").annotate(count=Count("pk")).filter(count__gt=1)
    assert set(twice.values_list("name", flat=True)) == SHARED_NAMES
    assert Municipality.objects.get(number="1515").name_told_apart == "Herøy (Møre og Romsdal)"
    assert Municipality.objects.get(number="4601").name_told_apart == "Bergen"


@pytest.mark.parametrize(("number", "said"), [("1818", "Herøy (Nordland)"), ("4601", "Bergen")])
def test_whatever_names_a_municipality_says_which(client, db, participation, contact, staff, number, said):
    """There are two Herøy: in what waits, on its pages and in its mails."""
    participation.municipality = Municipality.objects.get(number=number)
    participation.save()
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=20), by=staff, now=now)
    client.force_login(contact)
    assert f"Bekreft opplysningene for {said}" in client.get("/").content.decode()
    for address in (
        participation.get_absolute_url(),
        reverse("participants:confirm", args=[participation.pk]),
        reverse("participants:contacts", args=[participation.pk]),
    ):
        page = client.get(address).content.decode()
        assert f"{said}</h1>" in page.replace("\n</h1>", "</h1>")
    mails = [mail for mail in plan.everything(now, now + timedelta(days=40)) if mail.recipient == contact]
    assert mails
    assert {dict(mail.values).get("kommune", said) for mail in mails} == {said}
    assert all(said in mail.why for mail in mails)
