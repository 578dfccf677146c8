"""The admin of participants in Chromium: both languages, phone and desk; empty, filled, overlong and with errors."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from participants.models import Contact, CountyGovernor, Participation, ProjectGroup, Unit
from participants.tests.conftest import register_server  # noqa: F401 a fixture
from participants.tests.workbooks import CONTACT_ROWS, INDRE_FOSEN, UNIT_ROWS, Formula, workbook
from tests.browser.test_pages import at, filled, overlong  # noqa: F401 fixtures
from tests.browsing import check, new_context, new_page, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LISTS = ["cohort", "participation", "confirmation", "contact", "unit", "projectgroup"]
LISTS += ["municipality", "county", "countygovernor"]


def test_pages_before_there_is_a_cohort(walk, staff):
    page = walk.as_person(staff)
    for name in LISTS:
        walk.see(page, at(f"admin:participants_{name}_changelist"))
    for name in ("cohort", "participation", "contact", "unit"):
        walk.see(page, at(f"admin:participants_{name}_add"))


def test_pages_of_a_cohort(walk, filled, other_participation, register_server, staff):  # noqa: F811
    page = walk.as_person(staff)
    for name in LISTS:
        walk.see(page, at(f"admin:participants_{name}_changelist"))
    rows = [filled, filled.cohort, filled.municipality, CountyGovernor.objects.first()]
    rows += [filled.confirmations.get(round=1), filled.confirmations.get(round=2), ProjectGroup.objects.get()]
    rows += [
        Unit.objects.first(),
        Contact.objects.current().first(),
        Contact.objects.get(ended_at__isnull=False),
    ]
    for row in rows:
        walk.see(page, at(f"admin:participants_{row._meta.model_name}_change", row.pk))
    walk.see(page, at("admin:participants_participation_history", filled.pk))
    walk.see(page, at("admin:participants_participation_registers", filled.pk))
    register_server.misbehave["nsr"] = lambda handler: handler.answer({}, status=500)
    walk.see(page, at("admin:participants_participation_registers", other_participation.pk))


def test_pages_hold_long_names_and_many_rows(walk, overlong, staff):  # noqa: F811
    page = walk.as_person(staff)
    for name in ("participation", "contact", "unit"):
        walk.see(page, at(f"admin:participants_{name}_changelist"))
    walk.see(page, at("admin:participants_participation_change", overlong.pk))


def choose(action: str):
    """Tick every row of a list and choose an action; with a form to fill in, send it empty."""

    def act(page: Page) -> None:
        for box in page.locator("input.action-select").all():
            box.check()
        page.locator("select[name=action]").select_option(action)
        page.locator("button[name=index]").click()
        page.wait_for_load_state()

    return act


def choose_and_send_empty(action: str):
    def act(page: Page) -> None:
        choose(action)(page)
        check(page)
        page.locator("#content-main input[type=submit]").click()
        page.wait_for_load_state()

    return act


def test_pages_of_the_actions(walk, filled, overlong, staff):  # noqa: F811
    filled.open_confirmation.delete()
    page = walk.as_person(staff)
    for action in ("ask", "reopen"):
        walk.see(page, at("admin:participants_participation_changelist"), act=choose_and_send_empty(action))
    walk.see(page, at("admin:participants_participation_changelist"), act=choose("accept"))
    walk.see(page, at("admin:participants_contact_changelist"), act=choose("end"))


def give(name: str, day: str, button: str):
    """Type this day, and go on."""

    def act(page: Page) -> None:
        page.locator(f"#content-main input[name={name}]").fill(day)
        page.locator(button).first.click()
        page.wait_for_load_state()

    return act


def test_pages_of_a_new_deadline(walk, filled, staff):  # noqa: F811
    page = walk.as_person(staff)
    address, send = at("admin:participants_cohort_deadline", filled.cohort_id), "#content-main input[type=submit]"
    later = timezone.localdate() + timedelta(days=40)
    walk.see(page, address, act=give("due_on", "", send))
    walk.see(page, address, act=give("due_on", later.isoformat(), send))
    assert page.locator("input[name=_confirmed]").count() == 1
    walk.see(page, at("admin:participants_confirmation_deadline", filled.open_confirmation.pk))
    cohort = at("admin:participants_cohort_change", filled.cohort_id)
    walk.see(page, cohort, act=give("confirm_by", later.strftime("%d.%m.%Y"), "input[name=_save]"))
    assert page.locator("input[name=rounds]").count() == 1
    page.locator(send).first.click()
    page.wait_for_load_state()
    check(page)
    page.locator("input[name=_confirmed]").click()
    page.wait_for_load_state()
    filled.cohort.refresh_from_db()
    assert filled.cohort.confirm_by == later
    round_page = at("admin:participants_confirmation_change", filled.open_confirmation.pk)
    walk.see(page, round_page)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contacts = [*CONTACT_ROWS, ("5054", "", "sjef", "", Formula("=1+1"), "a@b", "x" * 400)]
    contents = {
        "no workbook": b"Kommune;Navn",
        "errors": workbook([INDRE_FOSEN, (9, "9999", "", "", "")], UNIT_ROWS, contacts).getvalue(),
        "right": workbook(units=[*UNIT_ROWS, ("5054", "", "", "x" * 200, "skole", "")]).getvalue(),
    }
    for name, content in contents.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    return {name: tmp_path / f"{name}.xlsx" for name in contents}


@pytest.mark.parametrize(
    ("language", "width", "javascript"), [("nb", 1280, True), ("nn", 320, True), ("nb", 320, False)]
)
def test_load_a_cohort(browser: Browser, site, cohort, staff, files, language, width, javascript):
    staff.language = language
    staff.save()
    context = new_context(browser, width=width, language=language, java_script_enabled=javascript)
    sign_in(context, site, staff)
    page = new_page(context)

    def upload(name: str) -> None:
        page.goto(site + at("admin:participants_cohort_load"))
        page.locator("input[type=file]").set_input_files(files[name])
        send()
        check(page, may_refuse=True, javascript=javascript)

    def send() -> None:
        page.locator("#content-main input[type=submit]").click()
        page.wait_for_load_state()

    page.goto(site + at("admin:participants_cohort_load"))
    check(page, javascript=javascript)
    upload("no workbook")
    assert page.locator(".errorlist li").count() == 1
    upload("errors")
    assert page.locator("#content-main input[type=submit]").count() == 0
    upload("right")
    assert not Participation.objects.exists()
    send()
    check(page, javascript=javascript)
    assert page.url.endswith(at("admin:participants_cohort_receipt"))
    assert Unit.objects.count() == 3
    page.goto(site + at("admin:participants_cohort_load"))
    upload("right")  # again: nothing to load
    assert page.locator("#content-main input[type=submit]").count() == 0
