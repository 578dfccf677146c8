"""A no in the calendar is a question to the person, and never signs anybody off."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gatherings import places, todos
from gatherings.mails import answered_in_calendar, calendar_entries
from gatherings.models import Registration
from gatherings.tests.conftest import entry
from outbox.models import ReturnedMail
from outbox.returns.taking import take
from outbox.tests.returns.conftest import sample

ASKED = "Du har svart nei i kalenderen. Vil du melde deg av?"


@pytest.fixture
def mine(gathering, welcomed, contact) -> Registration:
    person = entry(1, gathering=gathering)
    return places.register(gathering, [person], participation=welcomed, by=contact, now=timezone.now())[0]


def declined(registration, answer="DECLINED", uid=""):
    uid = uid or calendar_entries.uid(registration)
    answered_in_calendar(uid, attendee="", answer=answer, now=timezone.now())
    registration.refresh_from_db()
    return registration


def page(client, registration, person):
    client.force_login(person)
    return client.get(registration.get_absolute_url()).content.decode()


def asked(registration) -> list[str]:
    found, _own = todos.todos(registration.user, timezone.now(), units=[])
    return [todo.title for todo in found if "melde deg av" in todo.title]


def test_the_mail_from_the_calendar_asks(client, mine):
    source = sample("calendar_declined", CALENDAR_UID=calendar_entries.uid(mine))
    assert take(source, now=timezone.now()) == ReturnedMail.Kind.CALENDAR
    mine.refresh_from_db()
    assert mine.is_active
    assert len(asked(mine)) == 1
    assert ASKED in page(client, mine, mine.user)


def test_others_are_not_asked(client, mine, contact):
    declined(mine)
    said = page(client, mine, contact)
    assert mine.name in said
    assert ASKED not in said


def test_i_come(client, mine):
    declined(mine)
    client.force_login(mine.user)
    said = client.post(reverse("gatherings:still_coming", args=[mine.pk]), follow=True).content.decode()
    assert "Du er fortsatt påmeldt" in said
    assert ASKED not in said
    mine.refresh_from_db()
    assert mine.is_active
    assert asked(mine) == []


def test_somebody_else_cannot_answer_it(client, mine, contact):
    declined(mine)
    client.force_login(contact)
    assert client.post(reverse("gatherings:still_coming", args=[mine.pk])).status_code == 404
    mine.refresh_from_db()
    assert mine.calendar_declined_at


def test_a_yes_takes_the_question_away(mine):
    declined(mine)
    assert declined(mine, "ACCEPTED").calendar_declined_at is None


def test_signed_off_there_is_nothing_to_ask(client, mine):
    declined(mine)
    client.force_login(mine.user)
    client.post(reverse("gatherings:cancel", args=[mine.pk]))
    assert asked(mine) == []
    assert ASKED not in page(client, mine, mine.user)


def test_when_it_is_over_there_is_nothing_to_ask(mine, today):
    declined(mine)
    mine.gathering.starts_on = mine.gathering.ends_on = today - timedelta(days=3)
    assert not mine.asks_about_calendar(today=today)


@pytest.mark.parametrize("name", ["guessed", "another's", "of nothing"])
def test_what_does_not_prove_whose_it_is_does_nothing(mine, head, name):
    uid = {
        "guessed": f"samling-{mine.gathering_id}-{mine.user_id}-abcdefghijkmnpqr@localhost",
        "another's": f"samling-{mine.gathering_id}-{mine.user_id}-{head.calendar_tag}@localhost",
        "of nothing": "veiledning-1@localhost",
    }[name]
    assert declined(mine, uid=uid).calendar_declined_at is None


def test_whoever_gets_the_seat_is_not_asked(mine, head, contact):
    declined(mine)
    mine.pass_to(head, name="Hanne", function=mine.function, by=contact)
    mine.refresh_from_db()
    assert mine.calendar_declined_at is None


def test_the_answer_goes_to_the_return_mailbox(mine, settings):
    settings.RETURN_ADDRESS = "retur@example.no"
    entry = calendar_entries.invitation(mine, language="nb", now=timezone.now()).content.decode().replace("\r\n ", "")
    organizer = next(line for line in entry.splitlines() if line.startswith("ORGANIZER"))
    assert organizer.endswith("mailto:retur@example.no")
