"""When the political level was informed: a day that may be a typing error is asked about, and a tick settles it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participants.confirmation import political_day
from participants.tests.confirmation.test_confirm import answers
from tests.days_off import nearest


def saturday() -> date:
    today = timezone.localdate()
    return today - timedelta(days=(today.isoweekday() + 1) % 7)


def informed(day: date) -> dict[str, str]:
    return {"political": "now", "political_on": day.isoformat(), "political_body": "Kommunestyret"}


def long_before(participation) -> date:
    return nearest(participation.cohort.starts_on - timedelta(days=366), -1)


@pytest.fixture
def page(client, contact, asked, url):
    client.force_login(contact)
    return client.get(url)


@pytest.mark.parametrize(
    ("day", "said"), [("saturday", "er ikke en arbeidsdag"), ("long before", "er mer enn ett år før pulja begynte")]
)
def test_an_odd_day_is_asked_about_once(client, participation, page, url, day, said):
    odd = saturday() if day == "saturday" else long_before(participation)
    refused = client.post(url, answers(participation, page, **informed(odd)))
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [political_day.ANSWER]
    assert said in refused.content.decode()
    again = answers(participation, refused, **informed(odd), **{political_day.ANSWER: odd.isoformat()})
    assert client.post(url, again).status_code == 302
    participation.refresh_from_db()
    assert participation.political_informed_on == odd


def test_the_tick_holds_for_its_own_day(client, participation, page, url):
    odd = long_before(participation)
    sent = answers(participation, page, **informed(saturday()), **{political_day.ANSWER: odd.isoformat()})
    assert client.post(url, sent).status_code == 422


@pytest.mark.parametrize("facts", [{"political": "later"}, {}])
def test_a_likely_day_and_one_that_is_not_asked_for_are_no_question(client, participation, page, url, facts):
    day = saturday() if facts else nearest(timezone.localdate(), -1)
    assert client.post(url, answers(participation, page, **informed(day) | facts)).status_code == 302


def test_what_is_stored_is_not_asked_about_again(client, contact, participation, asked, url):
    participation.decide(ppt="yes", political_on=saturday(), political_body="Kommunestyret", by=contact)
    client.force_login(contact)
    assert client.post(url, answers(participation, client.get(url), **informed(saturday()))).status_code == 302


def test_the_page_for_the_decisions_asks_too(client, contact, participation, asked):
    client.force_login(contact)
    address = reverse("participants:decisions", args=[participation.pk])
    assert client.get(address).status_code == 200
    typed = informed(saturday()) | {"ppt": "yes"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    fields = list(refused.context["form"].fields)
    assert fields[fields.index("political_on") + 1] == political_day.ANSWER
    assert client.post(address, typed | {political_day.ANSWER: saturday().isoformat()}).status_code == 302


def test_a_day_to_come_is_refused(client, participation, page, url):
    refused = client.post(url, answers(participation, page, **informed(timezone.localdate() + timedelta(days=1))))
    assert list(refused.context["form"].errors) == ["political_on"]
