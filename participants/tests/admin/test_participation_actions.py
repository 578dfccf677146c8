from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import withdraw
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Municipality, Participation

LIST = "/admin/participants/participation/"


def choose(client, action: str, *participations, **data):
    """Choose an action for these rows in the list; with data, go on to confirm it, also on the page of effects."""
    return look(client, action, *participations, **data | {"_confirmed": "Lagre"} if data else {})


def look(client, action: str, *participations, **data):
    chosen = {"action": action, "_selected_action": [participation.pk for participation in participations]}
    return client.post(LIST, chosen | ({"confirmed": "yes"} | data if data else {}))


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def nominated(cohort) -> Participation:
    return Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number="0301"))


@pytest.fixture
def confirmed(participation, staff) -> Participation:
    now = timezone.now()
    round_one = asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
    round_one.answer(snapshot={}, changes=[], comment="", by=staff, now=now)
    return participation


@pytest.mark.parametrize("action", ["ask", "reopen"])
def test_choosing_shows_first_and_does_nothing(staff_client, nominated, participation, action):
    before = list(Participation.objects.order_by("pk").values())
    page = choose(staff_client, action, nominated, participation)
    assert page.status_code == 200
    assert 'name="confirmed" value="yes"' in page.content.decode()
    assert list(Participation.objects.order_by("pk").values()) == before
    assert not participation.confirmations.exists()


@pytest.mark.parametrize(("action", "page"), [("accept", "governor:accept"), ("decline", "governor:decline")])
def test_an_answer_has_its_day_and_who_gave_it_on_a_page_of_its_own(
    staff_client, nominated, participation, action, page
):
    data = {"action": action, "_selected_action": [nominated.pk]}
    assert staff_client.post(LIST, data).url == reverse(page, args=[nominated.pk])
    both = staff_client.post(LIST, data | {"_selected_action": [nominated.pk, participation.pk]}, follow=True)
    assert "Velg én kommune om gangen." in both.content.decode()
    nominated.refresh_from_db()
    assert (nominated.accepted_at, nominated.declined_at) == (None, None)


def test_ask(staff_client, participation, nominated, staff):
    page = choose(staff_client, "ask", participation, nominated)
    assert page.context["refused"] == [(nominated, "har ikke takket ja")]
    choose(staff_client, "ask", participation, nominated, due_on=day(30), year="1")
    asked = participation.open_confirmation
    assert (asked.due_on.isoformat(), asked.year, asked.asked_by) == (day(30), 1, staff)
    assert nominated.open_confirmation is None


def test_ask_again_in_the_second_year(staff_client, confirmed):
    choose(staff_client, "ask", confirmed, due_on=day(30), year="2")
    assert (confirmed.open_confirmation.round, confirmed.open_confirmation.year) == (2, 2)


def test_nobody_is_asked_twice(staff_client, participation):
    choose(staff_client, "ask", participation, due_on=day(30), year="1")
    page = choose(staff_client, "ask", participation)
    assert page.context["affected"] == []
    assert "har en åpen runde med frist" in page.content.decode()
    choose(staff_client, "ask", participation, due_on=day(60), year="1")
    assert participation.confirmations.get().due_on.isoformat() == day(30)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"due_on": "", "year": "1"}, "Må fylles ut."),
        ({"due_on": "i morgen", "year": "1"}, "Skriv en dato, for eksempel 03.05.2027."),
        ({"due_on": "2020-01-01", "year": "1"}, "Fristen må være i dag eller senere."),
        ({"due_on": "2999-01-01", "year": "1"}, "Fristen kan være høyst ett år fram i tid."),
        ({"due_on": day(9), "year": "3"}, "Velg noe annet."),
    ],
)
def test_ask_with_bad_input_loses_nothing_typed(staff_client, participation, data, message):
    response = choose(staff_client, "ask", participation, **data)
    page = response.content.decode()
    assert response.status_code == 422
    assert message in page
    assert not data["due_on"] or f'value="{data["due_on"]}"' in page
    assert participation.open_confirmation is None


def test_reopen_with_a_reason(staff_client, confirmed, nominated, staff):
    page = choose(staff_client, "reopen", confirmed, nominated)
    assert page.context["refused"] == [(nominated, "har ikke bekreftet")]
    choose(staff_client, "reopen", confirmed, due_on=day(14), reason="Ny skole")
    again = confirmed.open_confirmation
    assert (again.round, again.year, again.reason, again.asked_by) == (2, 1, "Ny skole", staff)
    assert confirmed.confirmations.get(round=1).answered_at


@pytest.mark.parametrize("action", ["ask", "reopen"])
def test_who_has_withdrawn_is_left_alone_with_a_link_to_what_comes_first(staff_client, confirmed, staff, action):
    withdraw(confirmed, by=staff, now=timezone.now())
    page = choose(staff_client, action, confirmed)
    link = f'<a href="{confirmed.get_return_url()}">Registrer at kommunen er med igjen</a>'
    assert page.context["refused"] == [(confirmed, f"har trukket seg. {link}")]
    assert link in page.content.decode()
    choose(staff_client, action, confirmed, due_on=day(14), year="2", reason="Likevel")
    assert confirmed.confirmations.count() == 1


class TestNewRound:
    """It is shown whom a new round concerns, and those who answer for the municipality are told at once."""

    @pytest.mark.parametrize(
        ("action", "facts"), [("ask", {"year": "2"}), ("reopen", {"reason": "Ny skole fra høsten"})]
    )
    def test_shown_first(self, staff_client, confirmed, contact, action, facts):
        page = look(staff_client, action, confirmed, due_on=day(30), **facts)
        assert "Dette skjer når du lagrer" in page.content.decode()
        assert [(row.text, row.names) for row in page.context["mails"].mails] == [
            ("Ny runde: bekreft opplysningene", ["Kari Kontakt"])
        ]
        assert page.context["sections"][0][0] == "Får en ny runde"
        assert (confirmed.open_confirmation, Message.objects.exists()) == (None, False)

    def test_a_reopened_one_tells_its_reason_once(self, staff_client, confirmed, contact):
        for _press in range(2):
            choose(staff_client, "reopen", confirmed, due_on=day(14), reason="Ny skole fra høsten")
        message = Message.objects.get()
        assert message.to == "kari.kontakt@example.no"
        assert "Begrunnelse: Ny skole fra høsten" in message.body

    def test_the_second_year_is_told(self, staff_client, confirmed, contact):
        choose(staff_client, "ask", confirmed, due_on=day(30), year="2")
        assert Message.objects.get().text_name == "participants.round_opened"

    def test_back_keeps_what_was_typed(self, staff_client, confirmed):
        form = look(staff_client, "reopen", confirmed, due_on=day(14), reason="Ny skole", _back="Tilbake")
        assert form.status_code == 200
        assert 'value="Ny skole"' in form.content.decode()


def test_what_was_done_is_told_and_logged(staff_client, nominated, participation):
    facts = {"due_on": day(14), "year": "1", "_confirmed": "1"}
    data = {"action": "ask", "_selected_action": [nominated.pk, participation.pk], "confirmed": "yes"} | facts
    page = staff_client.post(LIST, data, follow=True).content.decode()
    assert "Be kommunen bekrefte opplysningene: 1 kommune." in page
    assert "1 kommune ble ikke endret." in page


def test_a_hostile_reason_is_only_text(staff_client, confirmed):
    response = choose(staff_client, "reopen", confirmed, due_on="", reason="<script>alert(1)</script>")
    assert "<script>alert(1)" not in response.content.decode()


@pytest.mark.parametrize(("action", "kind"), [("remind", "kind=reminder&"), ("write_to", "")])
def test_those_who_are_chosen_are_handed_over_to_be_written_to(staff_client, nominated, participation, action, kind):
    answer = choose(staff_client, action, nominated, participation)
    path, _mark, query = answer["Location"].partition("?")
    assert path == "/skriv/"
    assert query.startswith(f"{kind}participation=")
    keys = set(query.rpartition("participation=")[2].split("%2C"))
    assert keys == {str(nominated.pk), str(participation.pk)}
