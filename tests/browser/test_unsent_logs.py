"""Logs in a car park: the form opens on a phone without a network, and what is not sent is shown until it is."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from guidance.models import GroupMember, GuidanceSession, LogDraft
from guidance.tests.held_sessions import going_on, held, planned
from tests.browser.test_log import NOTES, at, fill_in, kept_on, phone
from tests.browsing import check, sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

__all__ = ["phone"]
TITLE = "Usendt logg fra Indre Fosen (Trøndelag)"


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


def until(page: Page, script: str, arg=None) -> None:
    """The script's answer is a promise, which Playwright's own waiting takes for a yes."""
    for _attempt in range(100):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def put_by(page: Page, site: str, page_name: str = "home", *, forms: int = 1) -> None:
    """Opens my page, and waits until the phone has the forms and the worker that shows them."""
    page.goto(site + reverse(page_name))
    until(
        page,
        """async forms => {
            const names = (await caches.keys()).filter(name => name.startsWith("lmp-logs:"))
            const kept = names.length ? await (await caches.open(names[0])).keys() : []
            const [worker] = await navigator.serviceWorker.getRegistrations()
            return worker?.active && kept.filter(one => /logg\\/(kommune|mote)/.test(one.url)).length === forms
        }""",
        forms,
    )


def kept_forms(page: Page) -> list[str]:
    return page.evaluate(
        """async () => {
            const names = (await caches.keys()).filter(name => name.startsWith("lmp-logs:"))
            const found = []
            for (const name of names) found.push(...await (await caches.open(name)).keys())
            return found.map(one => new URL(one.url).pathname).filter(path => !/^\\/static\\/|[.](png|svg)$/.test(path))
        }"""
    )


def type_and_lose(page: Page, address: str) -> None:
    page.goto(address)
    page.context.set_offline(True)
    fill_in(page)
    page.locator("[name=agreed]").fill("Møtes igjen.")
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Ikke sendt, men lagret")


@pytest.mark.parametrize("is_planned", [True, False], ids=["planned", "new"])
def test_opened_without_a_network_typed_closed_and_sent_later(phone, site, group, supervisor, is_planned):
    session = planned(group, supervisor, day=-1) if is_planned else None
    address = at("log_planned", session.pk) if session else at("log", group.participation_id)
    page = phone()
    put_by(page, site, forms=2 if session else 1)
    page.context.set_offline(True)
    page.goto(site + reverse("guidance:logs"))
    page.locator(f"[data-log-form][href='{address}']").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Du er uten nett.")
    check(page)
    fill_in(page)
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("Ikke sendt, men lagret")
    page.context.close()

    page = phone()
    page.context.set_offline(True)
    page.goto(site + address)
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    page.context.set_offline(False)
    page.goto(site + "/")
    expect(page.locator("[data-unsent-logs] li h3")).to_have_text(TITLE)
    check(page)
    page.get_by_role("link", name="Åpne og send").tap()
    expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
    page.locator("button[value=send]").dblclick()
    page.wait_for_url("**/veiledning/moter/*/")
    sent = GuidanceSession.objects.held().get()
    assert (sent.worked_on, sent.took_part, sent.held_on) == (
        NOTES,
        {"head": 2},
        session.held_on if session else timezone.localdate(),
    )
    page.goto(site + "/")
    expect(page.locator("[data-unsent-logs]")).to_be_hidden()


def test_two_logs_from_one_form_that_was_put_by_are_two_logs(phone, site, group, supervisor):
    page = phone()
    put_by(page, site)
    for text in ("Det første møtet.", "Det andre møtet."):
        page.context.set_offline(True)
        page.goto(site + at("log", group.participation_id))
        fill_in(page)
        page.locator("[name=worked_on]").fill(text)
        page.context.set_offline(False)
        page.locator("button[value=send]").tap()
        if text == "Det andre møtet.":
            page.locator("[name=another]").check()
            page.locator("button[value=send]").tap()
        page.wait_for_url("**/veiledning/moter/*/")
    assert {each.worked_on for each in GuidanceSession.objects.held()} == {"Det første møtet.", "Det andre møtet."}


def test_an_unsent_log_is_shown_with_its_age_and_deleted_on_purpose_only(phone, site, group, supervisor):
    page = phone()
    type_and_lose(page, site + at("log", group.participation_id))
    page.goto("about:blank")  # an open page would send it by itself
    page.context.set_offline(False)
    page.goto(site + at("supervisor"))
    card = page.locator("[data-unsent-logs] li")
    expect(card.locator("h3")).to_have_text(TITLE)
    expect(card).to_contain_text("Skrevet nå nettopp.")
    page.evaluate(
        """key => localStorage.setItem(
            key, JSON.stringify({...JSON.parse(localStorage[key]), at: Date.now() - 15 * 864e5})
        )""",
        kept_on(page)[0],
    )
    page.goto(site + "/")
    expect(card).to_contain_text("Skrevet for 15 dager siden.")
    card.get_by_text("Se teksten").tap()
    expect(card).to_contain_text("Møtes igjen.")
    page.complaints.clear()
    check(page)
    page.once("dialog", lambda dialog: dialog.dismiss())
    card.get_by_role("button", name="Slett").tap()
    expect(card).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    card.get_by_role("button", name="Slett").tap()
    expect(page.locator("[data-unsent-logs]")).to_be_hidden()
    assert kept_on(page) == []


def test_a_correction_needs_a_network_and_the_pages_say_so(phone, site, group, supervisor):
    """Its form holds the log, which no device is to keep unasked (decision 0028)."""
    session = held(group, supervisor, day=-1, worked_on="Det som står i loggen.")
    page = phone()
    put_by(page, site)
    page.goto(site + at("correct_log", session.pk))
    page.context.set_offline(True)
    expect(page.locator("[data-kept-status]")).to_contain_text("lukker du den, åpner den seg ikke igjen")
    page.locator("[name=agreed]").fill("Møtes på fredag.")
    check(page)
    page.goto(site + reverse("guidance:logs"))
    row = page.locator("[data-unsent-logs] li")
    expect(row.locator("[data-needs-network]")).to_contain_text("Skjemaet åpner seg bare med nett.")
    expect(row.locator("[data-open]")).to_be_hidden()
    check(page)
    page.context.set_offline(False)
    page.goto(site + "/")
    expect(row.locator("[data-needs-network]")).to_be_hidden()
    row.locator("[data-open]").tap()
    expect(page.locator("[name=agreed]")).to_have_value("Møtes på fredag.")
    assert set(kept_forms(page)) == {reverse("guidance:logs"), at("log", group.participation_id)}


def test_access_that_ends_while_a_log_is_typed(phone, site, group, supervisor):
    page = phone()
    put_by(page, site)
    page.goto(site + at("log", group.participation_id))
    fill_in(page)
    GroupMember.objects.filter(supervisor__user=supervisor).update(ended_on=timezone.localdate())
    page.locator("button[value=send]").tap()
    expect(page.locator("[data-kept-status]")).to_contain_text("du har ikke lenger tilgang til loggen")
    page.locator("[data-my-page]").tap()
    card = page.locator("[data-unsent-logs] li")
    card.get_by_text("Se teksten").tap()
    expect(card).to_contain_text(NOTES.split("\n")[0])
    until(page, "async () => !(await caches.keys()).some(name => name.startsWith('lmp-logs:'))")


def test_what_is_kept_is_the_logs_and_goes_with_the_person(phone, site, group, supervisor, contact):
    planned(group, supervisor)
    page = phone()
    put_by(page, site, forms=2)
    assert all(path.startswith("/veiledning/logg/") for path in kept_forms(page))
    page.goto(site + at("sessions", group.participation_id))
    page.goto(site + at("log", group.participation_id))
    assert len(kept_forms(page)) == 3  # nothing is put by of what is merely opened
    with page.expect_navigation():
        page.locator("[data-sign-out] button").tap()
    assert kept_forms(page) == []
    sign_in(page.context, site, supervisor)
    put_by(page, site, forms=2)
    sign_in(page.context, site, contact)
    page.goto(site + "/")
    until(page, "async () => !(await caches.keys()).some(name => name.startsWith('lmp-logs:'))")


def test_signed_in_again_since_the_form_was_opened(phone, site, group, supervisor):
    """The token against forgery is another after a sign-in; the form fetches the new one and is sent once."""
    page = phone()
    page.goto(site + at("log", group.participation_id))
    fill_in(page)
    page.context.clear_cookies()
    sign_in(page.context, site, supervisor)
    page.locator("button[value=send]").tap()
    page.wait_for_url("**/veiledning/moter/*/")
    assert GuidanceSession.objects.get().worked_on == NOTES
    assert not LogDraft.objects.exists()
