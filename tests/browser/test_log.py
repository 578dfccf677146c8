"""The log of a guidance session in Chromium: on a phone, with one hand, and with the network gone in the middle."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from accounts.models import User
from conftest import make_supervisor, make_user
from guidance.models import GroupMember, GuidanceGroup, GuidanceSession, GuidanceSettings, Handover, LogDraft
from guidance.tests.held_sessions import going_on, held, planned
from participants.models import Unit
from tests.browsing import WIDTHS, Walk, check, new_context, new_page, open_all, send_empty, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

PHONE = 360
LONG = "Ålesund og omland åpne oppvekst- og læringssenter " * 3
UNBROKEN = "Rindfleischetikettierungsüberwachung" * 4
NOTES = "Gikk gjennom rutinene for tilsyn.\nØvde på å spørre åpent."


@pytest.fixture
def group(participation, supervisor, units) -> GuidanceGroup:
    return going_on(participation)


@pytest.fixture
def filled(group, supervisor, units, staff) -> GuidanceGroup:
    """Something of everything."""
    facts = {"took_part": {"head": 2, "ppt": 1}, "involved": {"parents": ["asked", "chose"]}, "sub_goals": [1, 4, 5]}
    session = held(group, supervisor, day=-9, units=units, **facts)
    colleague = make_user("kollega@example.no", "Kolle Ga")
    member = make_supervisor(group.participation, colleague)
    facts = {"agreed": "Ny avtale.", "took_part": {"head": 3}}
    session.correct(facts=facts, units=units[:2], supervisors=[], by=supervisor, now=timezone.now())
    planned(group, supervisor, day=-2, units=units)
    planned(group, supervisor, day=9, units=units, planned_in=session)
    planned(group, supervisor, day=20).cancel(by=supervisor, now=timezone.now())
    for token_of in (None, group.sessions.planned().first()):
        data = {"worked_on": ["Begynt"]}
        LogDraft.objects.create(user=supervisor, group=group, session=token_of, data=data, saved_at=timezone.now())
    left = make_supervisor(group.participation, make_user("forrige@example.no", "Forrige Veileder"))
    GroupMember.objects.filter(pk=left.pk).update(ended_on=timezone.localdate())
    own = GroupMember.objects.get(supervisor__user=supervisor)
    note = {"note": LONG, "handed_over_at": timezone.now(), "handed_over_by": staff}
    Handover.objects.create(ended=left, started=own, **note)
    assert member.pk != own.pk
    return group


@pytest.fixture
def overlong(filled, supervisor) -> GuidanceGroup:
    """Names nobody has, and texts without an end."""
    for number in range(8):
        Unit.objects.create(participation=filled.participation, name=f"{UNBROKEN}{number}", kind="school")
        made = make_supervisor(
            filled.participation, make_user(f"{'a' * 60}{number}@example.no", f"{LONG}{number}"[:200])
        )
        made.supervisor.name = UNBROKEN
        made.supervisor.save()
    GuidanceSettings.objects.create(cohort=filled.participation.cohort, own_themes=f"{UNBROKEN}\n{LONG}")
    units = list(filled.participation.units.all())
    texts = {"worked_on": UNBROKEN * 9, "agreed": f"{LONG}\n{UNBROKEN}", "themes": [UNBROKEN, LONG.strip()]}
    session = held(filled, supervisor, day=-1, units=units, took_part={"children": 500}, **texts)
    session.correct(facts={"agreed": "-"}, units=[], supervisors=[], by=supervisor, now=timezone.now())
    return filled


def at(name: str, *args) -> str:
    return reverse(f"guidance:{name}", args=args)


def name_a_child(page: Page) -> None:
    page.locator("[name=themes]").first.check()
    page.locator("[name=worked_on]").fill("Vi snakket om eleven Leander.")
    page.locator("button[value=send]").click()
    expect(page.locator("[name=no_children]")).to_be_visible()


def send_badly(page: Page) -> None:
    open_all(page)
    page.locator("[name=took_head]").fill("501")
    page.locator("[name=held_on]").fill("2013-01-01")
    page.locator("[name=minutes][value=other]").check()
    page.locator("button[value=send]").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()


def of_supervisor(walk: Walk, group: GuidanceGroup, supervisor: User) -> None:
    page = walk.as_person(supervisor)
    key = group.participation_id
    walk.see(page, at("supervisor"), act=open_all)
    walk.see(page, at("sessions", key))
    walk.see(page, at("plan_session", key), act=send_empty)
    walk.see(page, at("log", key), act=open_all)
    walk.see(page, at("log", key), act=send_badly)
    walk.see(page, at("log", key), act=name_a_child)
    for session in group.sessions.all():
        walk.see(page, session.get_absolute_url(), act=open_all)
        if not session.cancelled_at:
            walk.see(page, at("log_planned", session.pk), act=open_all)
    for session in group.sessions.held():
        walk.see(page, at("correct_log", session.pk), act=open_all)
    for session in group.sessions.planned()[:1]:
        walk.see(page, at("move_session", session.pk))
        walk.see(page, at("cancel_session", session.pk))


def test_supervisor_with_nothing_yet(walk, group, supervisor):
    of_supervisor(walk, group, supervisor)


def test_pages_of_a_supervisor(walk, filled, supervisor):
    of_supervisor(walk, filled, supervisor)


def test_pages_hold_long_names_and_texts(walk, overlong, supervisor):
    of_supervisor(walk, overlong, supervisor)


def test_pages_of_the_other_readers(walk, filled, contact, head, officer, leader, stranger):
    for person in (contact, head, officer, leader):
        page = walk.as_person(person)
        walk.see(page, at("sessions", filled.participation_id))
        for session in GuidanceSession.objects.visible_to(person, today=timezone.localdate()):
            walk.see(page, session.get_absolute_url(), act=open_all)
        page.context.close()
    walk.see(walk.as_person(stranger), at("supervisor"))


@pytest.fixture
def phone(browser_type: BrowserType, browser_type_launch_args: dict, browser, tmp_path, site, supervisor):
    """Opens the same phone again, with what its browser holds on to when it is closed."""
    opened: list[BrowserContext] = []

    def open_phone(person: User = supervisor) -> Page:
        size = {"viewport": {"width": PHONE, "height": 740}, "has_touch": True, "is_mobile": True, "locale": "nb-NO"}
        context = browser_type.launch_persistent_context(
            tmp_path, **browser_type_launch_args, **size, reduced_motion="reduce"
        )
        opened.append(context)
        sign_in(context, site, person)
        return new_page(context)

    yield open_phone
    for context in opened:
        context.close()


def count_taps(page: Page) -> Callable[[], int]:
    """Every press of a finger on the pages of this phone, from now on."""
    page.context.add_init_script("addEventListener('pointerdown', () => localStorage.taps = +localStorage.taps + 1)")
    page.evaluate("localStorage.taps = 0")
    page.reload()
    return lambda: page.evaluate("+localStorage.taps")


def within_reach(page: Page, button) -> bool:
    box = button.bounding_box()
    return bool(box and box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"])


@pytest.mark.parametrize(("begins", "day"), [("home", -1), ("guidance:supervisor", 0), ("guidance:supervisor", None)])
def test_from_my_page_to_a_saved_log_in_six_taps(phone, site, group, supervisor, units, begins, day):
    held(group, supervisor, day=-30, units=units[:2], took_part={"head": 2})
    if day is not None:
        planned(group, supervisor, day=day)
    page = phone()
    page.goto(site + reverse(begins))
    taps = count_taps(page)
    page.get_by_role("link", name=re.compile("Skriv logg – .*Indre Fosen")).tap()
    send = page.locator("button[value=send]")
    assert within_reach(page, send)
    page.get_by_text("Mobbing", exact=True).tap()
    page.locator("[name=worked_on]").tap()
    page.keyboard.type(NOTES)
    assert within_reach(page, send)
    send.tap()
    page.get_by_role("button", name="Som sist (styrer og rektor: 2)").tap()
    send.tap()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    assert taps() <= 6
    session = GuidanceSession.objects.held().first()
    assert (session.worked_on, session.themes, session.took_part) == (NOTES, ["bullying"], {"head": 2})
    assert set(session.units.all()) == set(units[:2])


def test_a_log_that_counts_nobody_is_one_press_more(phone, site, group, supervisor):
    page = phone()
    page.goto(site + at("log", group.participation_id))
    page.locator("[name=themes]").first.check()
    page.locator("[name=worked_on]").fill(NOTES)
    page.locator("button[value=send]").tap()
    page.get_by_role("button", name="Ja, det ble holdt").tap()
    page.wait_for_url("**/veiledning/moter/*/")
    session = GuidanceSession.objects.get()
    assert (session.took_part, session.held_without_count) == ({}, True)


def test_who_took_part_is_counted_while_it_is_typed_and_no_wheel_changes_it(phone, site, group, supervisor, units):
    held(group, supervisor, day=-30, units=units[:2], took_part={"head": 2, "staff": 5, "children": 7})
    page = phone()
    page.goto(site + at("log", group.participation_id))
    page.context.set_offline(True)
    summary = page.locator("[data-who]")
    expect(summary).to_have_text("Hvem var med: 2 enheter, ingen personer ført opp")
    open_all(page)
    page.get_by_role("button", name="Som sist").tap()
    expect(summary).to_have_text("Hvem var med: 2 enheter, 7 personer")
    staff = page.locator("[name=took_staff]")
    staff.fill("12")
    staff.focus()
    staff.hover()
    for _notch in range(4):
        page.mouse.wheel(0, 120)
        page.keyboard.press("ArrowDown")
    expect(staff).to_have_value("12")
    page.locator("[name=units]").nth(0).uncheck()
    page.locator("[data-step='1']").first.tap()
    expect(summary).to_have_text("Hvem var med: 1 enhet, 15 personer")
    expect(page.locator("[name=took_children]")).to_have_value("")


def test_the_network_is_cut_and_the_browser_closed(phone, site, group, supervisor, units):
    session = planned(group, supervisor, units=units[:1])
    address = site + at("log_planned", session.pk)
    page = phone()
    page.goto(address)
    page.locator("[name=themes][value=change]").check()
    page.locator("[name=worked_on]").fill("Det vi rakk")
    page.context.set_offline(True)
    open_all(page)
    page.locator("[name=worked_on]").fill(NOTES)
    page.locator("[name=agreed]").fill("Møtes igjen. Æøå.")
    page.locator("[name=took_parents]").fill("3")
    page.locator("[data-step='1']").first.tap()
    page.locator("[name=minutes][value='90']").check()
    page.locator("[name=units]").nth(2).check()
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_have_text(
        "Ikke sendt, men lagret på telefonen eller PC-en. "
        "Den sendes av seg selv når nettet er tilbake og siden er åpen."
    )
    page.complaints.clear()
    check(page)
    assert not GuidanceSession.objects.held().exists()
    page.context.close()

    page = phone()
    page.goto(address)
    expect(page.locator("[data-restored]")).to_contain_text(
        "Dette er det du skrev sist på telefonen eller PC-en du bruker"
    )
    check(page)
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    expect(page.locator("[name=agreed]")).to_have_value("Møtes igjen. Æøå.")
    expect(page.locator("[name=took_parents]")).to_have_value("3")
    expect(page.locator("[name=took_owner]")).to_have_value("1")
    expect(page.locator("[name=minutes][value='90']")).to_be_checked()
    expect(page.locator("[name=themes][value=change]")).to_be_checked()
    page.locator("button[value=send]").dblclick()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    sent = GuidanceSession.objects.get()
    assert (sent.pk, sent.worked_on, sent.agreed, sent.minutes) == (session.pk, NOTES, "Møtes igjen. Æøå.", 90)
    assert (sent.took_part, sent.themes) == ({"owner": 1, "parents": 3}, ["change"])
    assert set(sent.units.all()) == {units[0], units[2]}
    assert not LogDraft.objects.exists()
    assert kept_on(page) == []


def fill_in(page: Page) -> None:
    """All that a log must say."""
    page.locator("[name=themes]").first.check()
    page.locator("[name=worked_on]").fill(NOTES)
    open_all(page)
    page.locator("[name=took_head]").fill("2")


def kept_on(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('lmp-log:'))")


def test_sent_by_itself_when_the_network_comes_back(phone, site, group, supervisor):
    page = phone()
    page.goto(site + at("log", group.participation_id))
    fill_in(page)
    page.context.set_offline(True)
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Ikke sendt")
    page.context.set_offline(False)
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    assert GuidanceSession.objects.get().worked_on == NOTES


def test_an_answer_that_was_lost(phone, site, group, supervisor):
    """The log arrived, but the phone never heard of it: the same text leads to its log, and is forgotten here."""
    session = planned(group, supervisor)
    page = phone()
    page.goto(site + at("log_planned", session.pk))
    fill_in(page)

    def lose(route) -> None:
        route.fetch()
        route.abort()

    page.route("**/logg/mote/*/", lose, times=1)
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Ikke sendt")
    assert GuidanceSession.objects.held().count() == 1
    page.context.close()

    page = phone()
    page.goto(site + at("log_planned", session.pk))
    check(page)
    page.get_by_role("button", name="Send den inn").tap()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    assert kept_on(page) == []
    assert GuidanceSession.objects.get().worked_on == NOTES


def test_what_is_typed_is_saved_as_a_draft_meanwhile(phone, site, group, supervisor):
    page = phone()
    page.goto(site + at("log", group.participation_id))
    page.locator("[name=worked_on]").fill(NOTES)
    expect(page.locator("[data-kept-status]")).to_have_text("Utkastet er lagret.")
    assert LogDraft.objects.get().data["worked_on"] == [NOTES.replace("\n", "\r\n")]
    page.reload()
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    expect(page.locator("[data-restored]")).to_be_hidden()


def test_signed_out_meanwhile(phone, site, group, supervisor):
    page = phone()
    address = site + at("log", group.participation_id)
    page.goto(address)
    page.context.clear_cookies(name="sessionid")
    fill_in(page)
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Logg inn og åpne loggen igjen")
    expect(page.locator("[data-sign-in]")).to_be_visible()
    sign_in(page.context, site, supervisor)
    page.goto(address)
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    page.locator("button[value=send]").tap()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    assert GuidanceSession.objects.get().worked_on == NOTES


def type_offline(page: Page, address: str) -> None:
    page.goto(address)
    page.context.set_offline(True)
    page.locator("[name=worked_on]").fill(NOTES)
    page.context.set_offline(False)


def test_thrown_away_when_the_person_says_so(phone, site, group, supervisor):
    page = phone()
    address = site + at("log", group.participation_id)
    type_offline(page, address)
    page.goto(address)
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("[data-throw]").tap()
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("[data-throw]").tap()
    expect(page.locator("[name=worked_on]")).to_have_value("")
    assert kept_on(page) == []


def test_forgotten_at_sign_out(phone, site, group, supervisor):
    page = phone()
    type_offline(page, site + at("log", group.participation_id))
    assert kept_on(page)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    with page.expect_navigation():
        page.locator("[data-sign-out] button").tap()
    assert len(asked) == 1
    assert kept_on(page) == []


def test_forgotten_when_somebody_else_uses_the_device(phone, site, group, supervisor, contact):
    page = phone()
    type_offline(page, site + at("log", group.participation_id))
    sign_in(page.context, site, contact)
    page.goto(site + "/")
    assert kept_on(page) == []


def test_the_second_of_two_supervisors_keeps_the_text(phone, site, group, supervisor, units):
    colleague = make_user("kollega@example.no", "Kolle Ga")
    make_supervisor(group.participation, colleague)
    session = planned(group, supervisor)
    page = phone()
    page.goto(site + at("log_planned", session.pk))
    page.locator("[name=themes]").first.check()
    page.locator("[name=worked_on]").fill(NOTES)
    open_all(page)
    page.locator("[name=took_head]").fill("2")
    session.submit(token=None, facts={"worked_on": "-"}, units=[], supervisors=[], by=colleague, now=timezone.now())
    page.locator("button[value=send]").tap()
    expect(page.locator("#conflict")).to_have_text("Kolle Ga har allerede sendt inn logg for dette møtet")
    check(page, may_refuse=True)
    page.locator("button[value=correct]").tap()
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    check(page, may_refuse=True)
    page.locator("button[value=send]").tap()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er rettet.")
    session.refresh_from_db()
    assert session.worked_on == NOTES
    assert kept_on(page) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_script(browser, site, group, supervisor, width):
    session = planned(group, supervisor)
    context = new_context(browser, width=width, java_script_enabled=False)
    sign_in(context, site, supervisor)
    page = new_page(context)
    page.goto(site + at("supervisor"))
    page.get_by_role("link", name="Skriv logg – Indre Fosen").click()
    page.locator("[name=worked_on]").fill(NOTES)
    page.locator("button[value=draft]:visible").last.click()
    page.wait_for_url("**/logg/mote/*/?lagret*")
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    check(page, javascript=False)
    page.locator("button[value=send]").click()
    expect(page.locator(".ds-error-summary")).to_be_focused()
    check(page, may_refuse=True, javascript=False)
    page.locator("[name=themes]").first.check()
    page.locator("[name=took_head]").fill("2")
    page.locator("button[value=send]").click()
    page.wait_for_url("**/veiledning/moter/*/")
    expect(page.locator(".app-messages")).to_contain_text("Loggen er sendt inn.")
    check(page, javascript=False)
    session.refresh_from_db()
    assert session.worked_on == NOTES
    assert not LogDraft.objects.exists()
