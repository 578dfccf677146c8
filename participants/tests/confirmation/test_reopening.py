"""A municipality corrects what it has confirmed: at once until the deadline, and by asking after it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Confirmation, Contact, CorrectionRequest, Unit
from participants.tests.confirmation.test_confirm import answers
from parts.dates import day_in_words


@pytest.fixture
def confirmed(client, contact, participation, asked, url) -> Confirmation:
    client.force_login(contact)
    typed = {"ppt": "undecided", "counted_on-school": (timezone.localdate() - timedelta(days=9)).isoformat()}
    assert client.post(url, answers(participation, client.get(url), **typed)).status_code == 302
    asked.refresh_from_db()
    return asked


@pytest.fixture
def colleague(participation, staff):
    user = make_user("ola.eier@example.no", "Ola Eier")
    make_contact(participation, user, Contact.Function.OWNER, by=staff)
    return user


@pytest.fixture
def rett(participation) -> str:
    return reverse("participants:reopen", args=[participation.pk])


def test_receipt_says_what_happens_now_and_leads_there(client, contact, participation, confirmed, rett):
    html = client.get(f"/kommune/{participation.pk}/kvittering/1/").content.decode()
    assert "Hva skjer nå" in html
    assert f'href="{rett}"' in html
    assert confirmed.reference in html


def test_what_happens_now_is_said_with_what_is_due(client, contact, participation, confirmed):
    """A6: heads have access, groups, gatherings, supervisors; a deadline that has passed is not named."""
    receipt = f"/kommune/{participation.pk}/kvittering/1/"
    starts_on = timezone.localdate() + timedelta(days=40)
    type(participation.cohort).objects.update(starts_on=starts_on)
    now = client.get(receipt).content.decode().partition("Hva skjer nå")[2]
    for said in (
        "Styrere og rektorer har fått tilgang.",
        f"Hver enhet setter sammen prosjektgruppa si.\n      Frist: til og med {day_in_words(starts_on)}.",
        "Dere melder på deltakere til samlingene på Min side, der fristene står.",
        "Dere får en e-post om hvem som er veilederne deres.",
    ):
        assert said in now
    type(participation.cohort).objects.update(starts_on=timezone.localdate())
    assert "Frist:" not in client.get(receipt).content.decode().partition("Hva skjer nå")[2].partition("</ul>")[0]


def test_round_is_opened_at_once_with_the_same_deadline(client, contact, colleague, participation, confirmed, rett):
    answer = client.post(rett, {"reason": "Feil antall ved Statsbygd skole"}, follow=True)
    newest = participation.confirmations.order_by("-round")[0]
    assert (newest.round, newest.year, newest.due_on) == (2, confirmed.year, confirmed.due_on)
    assert (newest.asked_by, newest.reason) == (contact, "Feil antall ved Statsbygd skole")
    assert "Bekreftelsen er åpen igjen." in answer.content.decode()
    told = Message.objects.filter(text_name="participants.round_opened")
    assert {message.to for message in told} == {contact.email, colleague.email}
    assert f"{contact.name} har åpnet bekreftelsen igjen for å rette." in told[0].body


def test_what_was_answered_is_shown_and_one_press_confirms_it_again(client, participation, confirmed, rett, url):
    client.post(rett, {"reason": "Skrivefeil"})
    form = client.get(url).context["form"]
    assert form["ppt"].value() == "undecided"
    assert form["political"].value() == "later"
    for kind, days in (("kindergarten", 0), ("school", 9)):
        assert form[f"counted_on-{kind}"].value() == (timezone.localdate() - timedelta(days=days)).isoformat()
    drawn = client.get(url)
    sent = {name: drawn.context["form"][name].value() or "" for name in form.fields if not name.endswith("-sure")}
    sent |= {"base": answers(participation, drawn)["base"], "action": "confirm"}
    assert client.post(url, sent).url == f"/kommune/{participation.pk}/kvittering/2/"
    assert participation.confirmations.order_by("-round")[0].changes == []


def test_a_figure_that_stands_is_still_the_registers(client, participation, confirmed, rett, url, units):
    Unit.objects.filter(pk=units[0].pk).update(is_registers_figure=True)
    client.post(rett, {"reason": "Skrivefeil"})
    drawn = client.get(url)
    typed = {f"unit-{units[1].pk}-children": "41"}
    sent = answers(participation, drawn, ppt="undecided", **typed) | {
        f"counted_on-{kind}": drawn.context["form"][f"counted_on-{kind}"].value() for kind in ("kindergarten", "school")
    }
    assert client.post(url, sent).status_code == 302
    marked = {unit.pk: unit.is_registers_figure for unit in participation.units.all()}
    assert (marked[units[0].pk], marked[units[1].pk]) == (True, False)


def test_next_years_round_fills_in_no_day(client, staff, participation, confirmed, url):
    due = timezone.localdate() + timedelta(days=300)
    asking.ask(participation, due_on=due, by=staff, now=timezone.now(), year=2)
    form = client.get(url).context["form"]
    assert [day.value() for day in form.days] == [None, None]
    assert form["ppt"].value() in (None, "")


def test_pressing_twice_opens_one_round(client, participation, confirmed, rett, url):
    client.post(rett, {"reason": "Skrivefeil"})
    assert client.post(rett, {"reason": "Skrivefeil"}).url == url
    assert participation.confirmations.count() == 2


@pytest.mark.parametrize(
    ("typed", "said"), [("", "Svar på «"), ("Feil", ""), ("Jonas i 5B er telt to ganger", "navngir et barn")]
)
def test_reason_is_asked_for(client, participation, confirmed, rett, typed, said):
    answer = client.post(rett, {"reason": typed})
    assert answer.status_code == (422 if said else 302)
    assert said in answer.content.decode()
    assert participation.confirmations.count() == (1 if said else 2)


def test_after_the_deadline_it_is_asked_of_staff_once(client, contact, participation, confirmed, rett, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=15))
    client.force_login(contact)
    assert "Be om å få rette" in client.get(rett).content.decode()
    for _press in range(2):
        answer = client.post(rett, {"reason": "Feil antall"}, follow=True)
        assert "Vi har fått ønsket om å få rette." in answer.content.decode()
    [asked] = CorrectionRequest.objects.all()
    assert (asked.reason, asked.asked_by, asked.participation) == ("Feil antall", contact, participation)
    assert participation.confirmations.count() == 1
    assert f"{contact.name} ba om å få rette" in client.get(rett).content.decode()


@pytest.mark.parametrize("who", ["other_contact", "head", "officer", "supervisor", "stranger"])
def test_others_cannot(client, request, confirmed, rett, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(rett).status_code == 404
    assert client.post(rett, {"reason": "x"}).status_code == 404


def test_nothing_to_correct_before_it_is_confirmed(client, contact, asked, rett):
    client.force_login(contact)
    assert client.get(rett).status_code == 404
