"""Staff's calendar of mails: a day of what went and what comes, one mail with its text, and what it is narrowed to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import make_contact, make_user
from lmp.mailcalendar.tests.conftest import DAY
from outbox import plan
from outbox.models import Message, Wording
from participants.models import Contact

URL = "/e-postkalender/"


def see(client, **query):
    return client.get(URL, query)


def rows(answer) -> list[tuple[str, str]]:
    return [(row["to"], row["state"]) for row in answer.context["rows"]]


def first_day() -> str:
    """The first day on which somebody is reminded."""
    now = timezone.now()
    found = [mail for mail in plan.everything(now, now + 60 * DAY) if mail.text.name == "participants.reminder"]
    return timezone.localdate(found[0].send_at).isoformat()


def test_a_day_to_come_has_what_is_planned(as_staff, asked, contact, other_contact):
    day = first_day()
    page = see(as_staff, dag=day)
    assert rows(page) == [(other_contact.email, "Planlagt"), (contact.email, "Planlagt")]
    assert "mandag 8. mars 2027" in page.content.decode()


def test_a_day_that_is_past_has_what_went_and_what_became_of_it(as_staff, asked, contact, other_contact, clock):
    day = first_day()
    clock.move_to(timezone.now() + 8 * DAY)
    plan.send_due(timezone.now() - DAY)
    Message.objects.filter(to=contact.email, text_name="participants.reminder").update(sent_at=timezone.now())
    clock.move_to(timezone.now() + 3 * DAY)
    page = see(as_staff, dag=day)
    assert sorted(rows(page)) == [(other_contact.email, "Venter"), (contact.email, "Sendt")]


def test_what_was_never_written_is_not_planned_on_a_day_that_is_past(as_staff, asked, clock):
    day = first_day()
    clock.move_to(timezone.now() + 10 * DAY)
    assert rows(see(as_staff, dag=day)) == []


def test_a_day_leads_to_the_nearest_others_that_have_mails(as_staff, asked):
    day = first_day()
    page = see(as_staff, dag=day)
    before, _query = page.context["before"]
    after, query = page.context["after"]
    assert before == timezone.localdate()  # they were asked that day
    assert after.isoformat() > day
    assert rows(as_staff.get(f"{URL}?{query}"))


def test_each_day_of_a_span_has_its_number(as_staff, asked):
    page = see(as_staff)
    days = {each.day.isoformat(): (each.written, each.planned) for each, _query in page.context["days"]}
    assert days[first_day()] == (0, 2)
    assert days[timezone.localdate().isoformat()] == (Message.objects.count(), 0)
    assert page.context["total"] == sum(map(sum, days.values()))


def test_it_is_narrowed(as_staff, asked, contact, other_contact, participation, cohort):
    day = first_day()
    both = {contact.email, other_contact.email}

    def to(**query) -> set[str]:
        return {address for address, _state in rows(see(as_staff, dag=day, **query))}

    assert to(kommune=participation.pk) == {contact.email}
    assert to(pulje=cohort.pk) == both
    assert to(person=contact.pk) == {contact.email}
    assert to(q="kari KONTAKT") == to(q="Indre Fosen") == {contact.email}
    assert to(post="participants.reminder") == both
    assert to(post="gatherings.reminder") == set()
    today = timezone.localdate().isoformat()
    assert rows(see(as_staff, dag=today, kommune=participation.pk))
    assert {address for address, _state in rows(see(as_staff, dag=today, kommune=participation.pk))} == {contact.email}


@pytest.mark.parametrize(
    "query",
    [
        {"dag": "31.2."},
        {"dag": "2027-02-31"},
        {"dag": "99999-01-01"},
        {"dag": "1066-10-14"},
        {"dag": "\0"},
        {"fra": "2027-05-03", "til": "2027-05-02"},
        {"fra": "2027-05-03", "til": "2031-05-02"},
        {"pulje": "9" * 40},
        {"kommune": "\0"},
        {"q": "x" * 300},
        {"person": "1" * 30},
    ],
)
def test_nonsense_is_explained_and_kept(as_staff, asked, query):
    page = see(as_staff, **query)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert "rows" not in page.context
    assert "Feil:" in page.content.decode()


def test_a_person_who_is_nobody_is_no_choice(as_staff, asked):
    assert see(as_staff, person="999999").status_code == 200
    assert see(as_staff, person="æ").status_code == 200


def planned(participation_name: str = "Indre Fosen"):
    now = timezone.now()
    return next(mail for mail in plan.everything(now, now + 60 * DAY) if participation_name in mail.why)


def address(mail) -> str:
    return reverse("mailcalendar:planned", args=[timezone.localdate(mail.send_at).isoformat(), mail.key])


def test_a_mail_is_shown_as_it_would_be_today_in_its_readers_language(as_staff, asked, contact):
    contact.language = "nn"
    contact.save()
    mail = planned()
    Wording.objects.create(name=mail.text.name, language="nn", subject="Hugs {kommune}", body="Frist: {frist}")
    page = as_staff.get(address(mail)).content.decode()
    assert "Hugs Indre Fosen" in page
    assert "Frist: måndag 22. mars 2027" in page
    assert "Den faller bort når kommunen har bekreftet." in page
    assert reverse("changes:person_mails", args=[contact.pk]) in page
    assert "Indre Fosen (Pulje 9) har ikke bekreftet" in page


def test_one_that_is_written_is_its_own_page(as_staff, asked, clock):
    mail = planned()
    clock.move_to(mail.send_at)
    plan.send_due(mail.send_at)
    message = Message.objects.get(key=mail.key)
    assert as_staff.get(address(mail)).url == reverse("admin:outbox_message_change", args=[message.pk])


@pytest.mark.parametrize("key", ["finnes-ikke", "æ" * 200])
def test_one_that_is_not_planned_leads_to_its_day(as_staff, asked, key):
    answer = as_staff.get(f"/e-postkalender/2027-05-03/{key}/", follow=True)
    assert "ikke planlagt lenger" in answer.content.decode()


@pytest.mark.parametrize("day", ["2027-02-31", "99999-01-01", "i dag", "%00"])
def test_a_day_that_is_none(as_staff, day):
    assert as_staff.get(f"/e-postkalender/{day}/finnes/").status_code == 404


def test_it_asks_the_same_however_much_there_is(as_staff, asked, participation, staff):
    day = first_day()

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert as_staff.get(url).status_code == 200
        return len(found)

    see(as_staff)
    urls = [f"{URL}?dag={day}", f"{URL}?fra=2027-03-01&til=2027-05-01", address(planned())]
    few = [queries(url) for url in urls]
    for number in range(20):
        person = make_user(f"k{number}@example.no", f"Kari {number}")
        make_contact(participation, person, Contact.Function.SCHOOL_LEAD, by=staff)
        Message.objects.create(
            key=f"x{number}",
            message_id=f"x{number}",
            to=person.email,
            recipient=person,
            subject="-",
            created_at=timezone.now(),
            next_attempt_at=timezone.now() + timedelta(hours=1),
        )
    assert [queries(url) for url in urls] == few
