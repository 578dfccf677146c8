"""The day and what comes after, in Chromium: on a phone, with and without a script, and when the network fails."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gatherings.day import evaluation, needs
from gatherings.models import Answer, Attendance, Needs
from gatherings.tests.hall import mark, move, put_in
from participants.models import Contact
from tests.browsing import LANGUAGES, WIDTHS, check, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4


@pytest.fixture
def hall(gathering, registration, welcomed, units, staff, today):
    """Its last day is today; seventy are registered, one of them with a name nobody has."""
    move(gathering, starts_on=today - timedelta(days=1))
    people = [{"name": f"Person {n:02}", "email": f"p{n}@example.no"} for n in range(68)]
    overlong = {"name": UNBROKEN, "email": "u@example.no", "function": Contact.Function.HEAD, "unit": units[0]}
    put_in(gathering, *people, overlong, participation=welcomed, by=staff)
    mark(registration, day=today, by=staff)
    return gathering


@pytest.fixture
def answered(hall, staff, today):
    """Seven have evaluated, some with a comment."""
    for number, registration in enumerate(hall.registrations.filter(name__startswith="Person")[:7]):
        mark(registration, day=today, by=staff)
        scores = {question.name: 1 + (number + turn) % 5 for turn, question in enumerate(evaluation.QUESTIONS)}
        comment = f"{UNBROKEN}\nMer tid til samtale" if number % 2 else ""
        evaluation.answer(hall, user=registration.user, scores=scores, comment=comment)
    return hall


@pytest.fixture
def door(browser, site, hall, staff):
    def door(*, user=staff, width: int = 320, language: str = "nb", **context):
        user.language = language
        user.save(update_fields=["language"])
        found = new_context(browser, width=width, language=language, **context)
        sign_in(found, site, user)
        return new_page(found)

    return door


def address(site, gathering, name="attendance") -> str:
    return site + reverse(f"gatherings:{name}", args=[gathering.pk])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages(door, site, answered, registration, contact, width, language):
    page = door(width=width, language=language)
    day = f"?dag={answered.starts_on.isoformat()}"
    for path in [
        address(site, answered),
        address(site, answered) + day,
        address(site, answered) + "?sok=rindfleisch",
        address(site, answered) + "?sok=ingen",
        address(site, answered, "by_function"),
        address(site, answered, "results"),
    ]:
        assert page.goto(path).status == 200
        check(page)
    page = door(user=contact, width=width, language=language)
    needs_page = site + reverse("gatherings:needs", args=[registration.pk])
    for path in [address(site, answered, "evaluation"), needs_page]:
        assert page.goto(path).status == 200
        check(page)
    page.fill("[name=food]", "x")
    page.click("main form button[type=submit]")
    expect(page.locator("main .ds-alert").first).to_be_visible()
    check(page)
    page.goto(address(site, answered, "evaluation"))
    page.click("main form button[type=submit]")
    expect(page.locator(".ds-error-summary")).to_be_focused()
    check(page, may_refuse=True)


def test_one_tap_and_undo_without_a_reload(door, site, hall, today):
    page = door()
    page.goto(address(site, hall) + "?sok=person+1")
    page.evaluate("window.sameDocument = true")
    person = hall.registrations.get(name="Person 12")
    row = page.locator(f"#p{person.pk}")
    row.get_by_role("button", name="Møtt Person 12").click()
    expect(row).to_contain_text("Møtt kl.")
    expect(page.locator("[data-said]")).to_have_text("Person 12 er registrert som møtt.")
    expect(page.locator("#counts")).to_contain_text("2 møtt")
    undo = row.get_by_role("button", name="Angre Person 12")
    expect(undo).to_be_focused()
    assert Attendance.objects.filter(registration=person, day=today).count() == 1
    undo.click()
    expect(row.get_by_role("button", name="Møtt Person 12")).to_be_focused()
    expect(page.locator("#counts")).to_contain_text("1 møtt")
    assert not Attendance.objects.filter(registration=person).exists()
    assert page.evaluate("window.sameDocument")
    check(page)


def test_a_network_that_fails_says_so_and_takes_another_tap(door, site, hall):
    page = door()
    page.goto(address(site, hall))
    person = hall.registrations.get(name="Person 12")
    row = page.locator(f"#p{person.pk}")
    page.route("**/oppmote/**", lambda route: route.abort())
    row.get_by_role("button").click()
    expect(row.locator("[data-error]")).to_have_text("Det ble ikke lagret. Sjekk nettet, og trykk en gang til.")
    assert not Attendance.objects.filter(registration=person).exists()
    page.complaints.clear()  # the browser's own, about the network
    check(page)
    page.unroute("**/oppmote/**")
    row.get_by_role("button").click()
    expect(row).to_contain_text("Møtt kl.")
    expect(row.locator("[data-error]")).to_have_count(0)
    assert Attendance.objects.filter(registration=person).count() == 1


def test_a_session_that_has_ended_says_so(door, site, hall):
    page = door()
    page.goto(address(site, hall))
    page.context.clear_cookies()
    person = hall.registrations.get(name="Person 12")
    row = page.locator(f"#p{person.pk}")
    row.get_by_role("button").click()
    expect(row.locator("[data-error]")).to_be_visible()
    assert not Attendance.objects.filter(registration=person).exists()


def test_without_a_script_the_tap_lands_at_the_same_person(door, site, hall):
    page = door(java_script_enabled=False)
    page.goto(address(site, hall) + "?sok=person")
    person = hall.registrations.get(name="Person 48")
    page.locator(f"#p{person.pk}").get_by_role("button").click()
    assert page.url == address(site, hall) + f"?sok=person#p{person.pk}"
    expect(page.locator(f"#p{person.pk}")).to_be_in_viewport()
    expect(page.locator("[name=sok]")).to_have_value("person")
    page.locator(f"#p{person.pk}").get_by_role("button", name="Angre").click()
    expect(page.locator(f"#p{person.pk}").get_by_role("button", name="Møtt")).to_be_visible()


def test_evaluating_without_a_script(door, site, hall, contact):
    page = door(user=contact, java_script_enabled=False)
    page.goto(address(site, hall, "evaluation"))
    for question in evaluation.QUESTIONS:
        page.check(f"[name={question.name}][value='4']")
    page.fill("[name=comment]", "Mer tid til samtale")
    page.click("main form button[type=submit]")
    expect(page.locator("h1")).to_have_text("Takk for svaret")
    assert Answer.objects.get().arranged == 4


def test_needs_without_a_script(door, site, hall, registration, contact):
    page = door(user=contact, java_script_enabled=False)
    page.goto(site + reverse("gatherings:needs", args=[registration.pk]))
    page.fill("[name=food]", "Uten melk")
    page.click("main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("Det du trenger, er lagret.")
    assert Needs.objects.get().food == "Uten melk"
    assert needs.deleted_by(hall)
