"""The mails that follow at once: to whom, how often, what they say, and with which calendar entry."""

from datetime import time, timedelta

import icalendar
import pytest
from django.core import mail
from django.utils import timezone, translation

from gatherings import places
from gatherings.mails import notices, values
from gatherings.models import Gathering, LateRequest, Needs, Registration
from gatherings.registration import registering
from gatherings.registration.registrar import Place
from gatherings.tests.conftest import entry
from outbox import delivery, texts
from outbox.models import Message
from parts.dates import day_in_words, last_day


def sent(name: str = "") -> list[Message]:
    return list(Message.objects.filter(text_name__startswith=f"gatherings.{name}").order_by("pk"))


def told() -> list[tuple[str, str]]:
    return [(message.to, message.text_name.removeprefix("gatherings.")) for message in sent()]


def entry_of(message: Message) -> tuple[str, icalendar.Event]:
    [attachment] = message.attachments.all()
    found = icalendar.Calendar.from_ical(bytes(attachment.content))
    return str(found["method"]), found.events[0]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def register(gathering, welcomed, contact, now):
    def register(*numbers, by=contact, **facts):
        entries = [entry(number, gathering=gathering, **facts) for number in numbers]
        rows = [(Place(welcomed, each.unit), each) for each in entries]
        outcomes = registering.register(gathering, rows, by=by, now=now)
        notices.outcomes(outcomes, by=by, now=now)
        return [outcome.registration for outcome in outcomes]

    return register


def limit(gathering, **limits) -> None:
    type(gathering).objects.filter(pk=gathering.pk).update(**limits)


def alter(gathering, **facts) -> Gathering:
    """As the staff's page does: the change, and the step that calendars must learn of, saved at once."""
    stored = Gathering.objects.get(pk=gathering.pk)
    for name, value in facts.items():
        setattr(stored, name, value)
    stored.calendar_version += 1
    stored.save()
    return stored


def test_each_gets_their_own_and_who_registered_them_one_for_all(gathering, register):
    limit(gathering, capacity=2)
    register(1, 2, 3)
    assert told() == [
        ("person.1@example.no", "registered"),
        ("person.2@example.no", "registered"),
        ("person.3@example.no", "waiting"),
        ("kari.kontakt@example.no", "receipt"),
    ]
    first, _second, third, receipt = sent()
    assert entry_of(first)[0] == "REQUEST"
    assert entry_of(first)[1]["attendee"] == "mailto:person.1@example.no"
    assert "Kari Kontakt har meldt deg på." in first.body
    assert values.when(gathering) in first.body
    assert "Du er nummer 1 på ventelista" in third.body
    assert not third.attachments.exists()
    assert "Person 1, Indre Fosen: har plass" in receipt.body
    assert "Person 3, Indre Fosen: står på venteliste som nummer 1" in receipt.body


def test_who_registers_nobody_but_themselves_gets_one_mail(registration, contact, now):
    notices.registered([registration], now=now)
    assert told() == [("kari.kontakt@example.no", "registered")]
    assert "har meldt deg på" not in sent()[0].body


def test_who_registers_themselves_and_others_gets_both(register, contact):
    register(1, name=contact.name, email=contact.email)
    assert told() == [("kari.kontakt@example.no", "registered")]
    register(2)
    assert told()[1:] == [("person.2@example.no", "registered"), ("kari.kontakt@example.no", "receipt")]


def test_nobody_new_is_no_mail(gathering, contact, now):
    notices.outcomes([], by=contact, now=now)
    assert told() == []


def test_the_number_in_line_counts_those_before(gathering, register):
    limit(gathering, capacity=1)
    register(1)
    register(2, 3)
    assert ["nummer 1" in sent("waiting")[0].body, "nummer 2" in sent("waiting")[1].body] == [True, True]


def test_the_same_fact_twice_is_one_mail(register, contact, now):
    rows = register(1, 2)
    before = len(sent())
    notices.registered(rows, now=now + timedelta(hours=1))
    notices.placed(rows[0], now=now + timedelta(hours=1))
    assert len(sent()) == before


def test_what_happens_in_the_line(gathering, register, contact, now):
    limit(gathering, capacity=1)
    first, second, third = register(1, 2, 3)
    row, passed = places.cancel(first, by=contact, now=now)
    Message.objects.all().delete()
    notices.cancelled(row, by=contact, now=now)
    notices.passed(passed, now=now)
    assert told() == [("person.1@example.no", "cancelled"), ("person.2@example.no", "offered")]
    offered = sent("offered")[0]
    second.refresh_from_db()
    assert offered.expires_at == second.offered_until
    last = day_in_words(last_day(second.offered_until))
    assert offered.subject == f"Svar til og med {last}: ledig plass på 1. samling"
    assert f"Vi holder den for deg til og med {last}." in offered.body
    assert second.get_absolute_url() in offered.body
    assert not offered.attachments.exists()

    later = second.offered_until
    notices.passed(places.pass_on(gathering, now=later), now=later)
    notices.passed(places.pass_on(gathering, now=later), now=later)
    assert told()[2:] == [("person.2@example.no", "expired"), ("person.3@example.no", "offered")]
    assert third.get_absolute_url() in sent("offered")[1].body

    accepted = places.accept(third, by=third.user, now=later)
    notices.placed(accepted, now=later)
    assert told()[4:] == [("person.3@example.no", "registered")]
    assert entry_of(sent()[-1])[0] == "REQUEST"


def test_a_cancelled_place_leaves_the_calendar_and_who_only_waited_has_nothing_there(gathering, register, now, contact):
    limit(gathering, capacity=1)
    first, second = register(1, 2)
    there = entry_of(sent("registered")[0])[1]
    row, _passed = places.cancel(second, by=second.user, now=now)
    notices.cancelled(row, by=second.user, now=now)
    row, _passed = places.cancel(first, by=contact, now=now)
    notices.cancelled(row, by=contact, now=now)
    waited, placed = sent("cancelled")
    assert not waited.attachments.exists()
    assert "har meldt deg av" not in waited.body
    method, gone = entry_of(placed)
    assert (method, gone["status"], gone["uid"]) == ("CANCEL", "CANCELLED", there["uid"])
    assert gone["sequence"] > there["sequence"]
    assert "Kari Kontakt har meldt deg av." in placed.body
    assert "må du avbestille" in placed.body


def change(row, by, now, **facts):
    kept = {"name": row.name, "function": row.function, "days": row.days, "nights": row.nights, "travel": row.travel}
    return row.change(**kept | facts, by=by, now=now)


def test_each_change_is_a_mail_with_the_entry_as_it_is_now(gathering, register, contact, now):
    [row] = register(1)
    row = Registration.objects.get(pk=row.pk)
    change(row, contact, now, days=[gathering.days[1].isoformat()])
    notices.changed(row, by=contact, now=now)
    notices.changed(row, by=contact, now=now)
    change(row, contact, now, travel="own_car")
    notices.changed(row, by=contact, now=now + timedelta(seconds=5))
    first, second = sent("changed")
    assert entry_of(first)[1]["sequence"] > entry_of(sent("registered")[0])[1]["sequence"]
    assert "Kjører egen bil" in second.body
    assert "Du har plass." in first.body
    assert first.to == "person.1@example.no"


def test_who_waits_and_changes_gets_no_entry(gathering, register, contact, now):
    limit(gathering, capacity=1)
    _first, second = register(1, 2)
    notices.changed(second, by=contact, now=now)
    assert not sent("changed")[0].attachments.exists()
    assert "Du står på venteliste." in sent("changed")[0].body


def test_a_moved_gathering_tells_all_what_no_longer_holds_and_what_does(gathering, register, now):
    limit(gathering, capacity=2)
    register(1, 2, 3, travel="orders")
    was = gathering.starts_on
    moved = alter(gathering, starts_on=was + timedelta(days=14), ends_on=was + timedelta(days=15), venue="Ålesund")
    notices.moved(moved, now=now)
    notices.moved(moved, now=now + timedelta(minutes=1))
    mails = sent("moved")
    assert [message.to for message in mails] == [f"person.{number}@example.no" for number in (1, 2, 3)]
    for message in mails:
        old, new = message.body.split("Dette gjelder nå:")
        assert day_in_words(was) in old
        assert "Clarion Hotel & Congress" in old
        assert day_in_words(moved.starts_on) in new
        assert "Ålesund" in new
    assert ["bestille på nytt" in message.body for message in mails] == [True, True, False], "who waits has no journey"
    assert [message.attachments.count() for message in mails] == [1, 1, 0]
    assert entry_of(mails[0])[1]["dtstart"].dt == moved.starts_on
    assert "Du står på venteliste." in mails[2].body

    notices.moved(alter(moved, venue="Molde"), now=now)
    again = sent("moved")[3:]
    assert len(again) == 3
    assert "bestille på nytt" not in again[0].body, "the dates are the same"


def test_called_off_and_held_after_all(gathering, register, now):
    register(1)
    off = alter(gathering, settled="cancelled")
    notices.called_off(off, now=now)
    notices.called_off(off, now=now)
    on = alter(gathering, settled="fixed")
    notices.reinstated(on, now=now)
    notices.called_off(alter(gathering, settled="cancelled"), now=now)
    assert [name for _to, name in told()[2:]] == ["called_off", "reinstated", "called_off"]
    entries = [entry_of(message) for message in [*sent("registered"), *sent("called_off")[:1], *sent("reinstated")]]
    assert [method for method, _event in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert len({event["uid"] for _method, event in entries}) == 1
    numbers = [event["sequence"] for _method, event in entries]
    assert numbers == sorted(set(numbers))
    assert sent("called_off")[0].subject == "1. samling er avlyst"


def test_put_off_with_no_date(gathering, register, now):
    register(1)
    notices.called_off(
        alter(gathering, settled="postponed", starts_on=None, ends_on=None, opens_on=None, closes_on=None), now=now
    )
    [message] = sent("called_off")
    assert "er utsatt" in message.subject
    assert "når den nye datoen er klar" in message.body
    assert entry_of(message)[1]["dtstart"].dt == gathering.starts_on


def test_who_has_cancelled_is_told_no_more(gathering, register, contact, now):
    first, _second = register(1, 2)
    places.cancel(first, by=contact, now=now)
    notices.moved(alter(gathering, starts_at=time(9)), now=now)
    assert [message.to for message in sent("moved")] == ["person.2@example.no"]


def test_in_the_persons_own_language_else_the_municipalitys(register, now, welcomed):
    welcomed.cohort.neutral_language = "nn"
    [row] = register(1)
    row.user.choose_language("nn")
    notices.changed(row, by=row.user, now=now)
    message = sent("changed")[0]
    assert message.language == "nn"
    assert message.subject.startswith("Påmeldinga di er endra")
    assert "Har du fått" not in message.body
    assert translation.get_language() != "nn", "the page goes on in its own language"


def test_the_question_goes_to_the_project_without_what_is_asked(gathering, welcomed, contact, settings, now):
    settings.SUPPORT_EMAIL = "stotte@example.no"
    late_request = LateRequest.objects.create(
        gathering=gathering, participation=welcomed, text="Jeg tåler ikke nøtter", asked_at=now, asked_by=contact
    )
    notices.late_request(late_request, now=now)
    notices.late_request(late_request, now=now)
    [message] = sent("late_request")
    assert message.to == "stotte@example.no"
    assert "Kari Kontakt i Indre Fosen" in message.body
    assert "nøtter" not in message.body + message.html


def test_the_answer_goes_to_who_asked(gathering, welcomed, contact, staff, now):
    late_request = LateRequest.objects.create(
        gathering=gathering, participation=welcomed, text="En til?", asked_at=now, asked_by=contact
    )
    late_request.reply(answer="Ja, det går fint.", by=staff, now=now)
    notices.late_request_answered(late_request, now=now)
    notices.late_request_answered(late_request, now=now)
    [message] = sent("late_request_answered")
    assert message.to == "kari.kontakt@example.no"
    assert "Ja, det går fint." in message.body
    assert gathering.get_absolute_url() in message.body


def test_needs_are_in_no_mail(register, now, contact, gathering):
    [row] = register(1)
    Needs.objects.create(registration=row, food="pistasjnøtter", access="rullestolrampe", saved_at=now)
    notices.changed(row, by=contact, now=now)
    notices.moved(alter(gathering, venue="Molde"), now=now)
    for message in sent():
        everything = message.body + message.html + message.subject + message.why
        everything += "".join(bytes(file.content).decode() for file in message.attachments.all())
        assert "pistasjnøtter" not in everything
        assert "rullestolrampe" not in everything


@pytest.mark.django_db(transaction=True)
def test_it_reaches_the_person_as_an_invitation(register):
    register(1)
    delivery.drain(now=timezone.now() + timedelta(seconds=1))
    [message] = [found for found in mail.outbox if found.to == ["person.1@example.no"]]
    parts = {part.get_content_type(): part for part in message.message().walk()}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert parts["application/ics"].get_filename() == "samling.ics"
    one = parts["text/calendar"].get_payload(decode=True)
    assert icalendar.Calendar.from_ical(one).events[0]["summary"] == "1. samling, Læringsmiljøprosjektet"


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_staff_preview_with_real_registrations(gathering, register, contact, now, language):
    limit(gathering, capacity=2)
    first, _second, _third, _fourth = register(1, 2, 3, 4)
    places.cancel(first, by=contact, now=now)
    for text in texts.all_texts().values():
        if text.name.startswith("gatherings."):
            for _label, sample in texts.samples(text, language):
                texts.fill(text, language, *texts.shipped_wording(text, language), sample)
    registered = texts.all_texts()["gatherings.registered"].samples(language)
    assert [label for label, _sample in registered] == ["Person 2, 1. samling (Pulje 9)"]


@pytest.mark.parametrize(
    ("language", "said", "first"),
    [
        ("nb", "Du har plass på oppstartssamlingen i", "Oppstartssamlingen i"),
        ("nn", "Du har plass på oppstartssamlinga i", "Oppstartssamlinga i"),
    ],
)
def test_the_kick_off_is_called_as_in_any_sentence(gathering, register, now, language, said, first):
    Gathering.objects.update(kind="kick_off", semester=None)
    [row] = register(1)
    row.user.language = language
    row.user.save()
    row = Registration.objects.select_related("gathering__cohort", "user").get(pk=row.pk)
    Message.objects.all().delete()
    notices.placed(row, now=now)
    notices.called_off(row.gathering, now=now)
    placed, off = sent("registered")[0], sent("called_off")[0]
    assert said in placed.body
    assert placed.subject.split(": ")[1].startswith("oppstartssamling")
    assert off.subject.startswith("Oppstartssamling")
    assert first in off.body
