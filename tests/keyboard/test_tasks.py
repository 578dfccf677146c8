"""What people come to do, by keyboard alone: sign in, confirm, register, log, and remind."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from gatherings.models import Registration
from gatherings.tests.conftest import gathering, today, welcomed  # noqa: F401 fixtures
from guidance.models import GuidanceSession
from guidance.tests.held_sessions import going_on
from outbox.models import Message
from participants.confirmation import asking
from participants.models import Confirmation
from tests.browsing import mailed_code, new_context, new_page, sign_in
from tests.keyboard.hands import Keyboard

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[1280, 360])
def hands(browser, request) -> Iterator[Keyboard]:
    keyboard = Keyboard(new_page(new_context(browser, width=request.param)))
    yield keyboard
    assert keyboard.faults == set()


def open_as(hands: Keyboard, site: str, user, address: str) -> None:
    sign_in(hands.page.context, site, user)
    hands.page.goto(site + address)


def digits(day: date) -> str:
    """As a browser's own field takes a day, in Norwegian."""
    return f"{day:%d%m%Y}"


@pytest.fixture
def asked(participation, contact, head, units, staff) -> Confirmation:
    now = timezone.now()
    participation.welcome(by=staff, now=now)
    return asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=14), by=staff, now=now)


def test_a_contact_signs_in_with_the_code_and_confirms(hands, site, asked, contact, units):
    page = hands.page
    page.goto(site + "/")
    hands.type("[name=email]", contact.email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/konto/logg-inn/kode/**")
    hands.type("[name=code]", mailed_code())
    page.keyboard.press("Enter")
    page.wait_for_url(site + "/")
    hands.press(".app-todo a.ds-button")
    page.wait_for_url("**/bekreft/")
    in_order = sorted(
        units,
        key=lambda unit: page.locator("[name$=-children]").evaluate_all(
            "(all, name) => all.findIndex(one => one.name === name)", f"unit-{unit.pk}-children"
        ),
    )
    for kind in ("kindergarten", "school"):
        hands.type(f"[name=counted_on-{kind}]", digits(timezone.localdate()))
        for unit in [unit for unit in in_order if unit.kind == kind]:
            hands.type(f"[name=unit-{unit.pk}-children]", "36")
    hands.press("[name=ppt]", key="Space")
    hands.press("[name=political]", key="ArrowDown")  # not yet
    hands.press("button[value=confirm]")
    page.wait_for_url("**/kvittering/1/")
    asked.refresh_from_db()
    assert [unit["children"] for unit in asked.snapshot["units"]] == [36] * 4


def test_a_contact_registers_people(hands, site, gathering, welcomed, contact, head):  # noqa: F811
    open_as(hands, site, contact, reverse("gatherings:register", args=[gathering.pk]))
    hands.press("button[value=register]")
    expect(hands.page.locator("main")).to_contain_text("Hanne Styrer")
    assert set(Registration.objects.values_list("user__email", flat=True)) == {contact.email, head.email}


def test_a_supervisor_logs_a_session(hands, site, participation, supervisor, units):
    going_on(participation)
    open_as(hands, site, supervisor, reverse("guidance:log", args=[participation.pk]))
    hands.press("[name=themes]", key="Space")
    hands.to("[name=worked_on]")
    hands.page.keyboard.type("Gikk gjennom rutinene for tilsyn.")
    hands.press("button[value=send]")
    expect(hands.page.locator("#id_was_held")).to_be_visible()
    hands.press("#id_was_held")
    hands.page.wait_for_url("**/veiledning/moter/*/")
    assert GuidanceSession.objects.held().get().worked_on == "Gikk gjennom rutinene for tilsyn."


def test_staff_find_who_has_not_confirmed_and_remind_them(hands, site, asked, staff):
    open_as(hands, site, staff, "/admin/participants/participation/")
    hands.press("input.action-select", key="Space")
    hands.to("select[name=action]", key="Shift+Tab")
    hands.page.keyboard.type("Minn")
    hands.press(".actions button[type=submit]")
    expect(hands.page.locator("button[name=minn]")).to_be_visible()
    hands.press("button[name=minn]")
    hands.page.wait_for_url("**/tekst/")
    hands.press("main form button[type=submit]")
    hands.page.wait_for_url("**/se-over/")
    hands.press("button[name=send]")
    expect(hands.page.locator("main")).to_contain_text("Indre Fosen")
    assert Message.objects.filter(text_name="participants.reminder").count() == 1
