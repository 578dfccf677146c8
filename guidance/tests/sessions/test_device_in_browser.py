"""What a phone keeps of logs and of their forms: when it goes, what is said of it, and what never lies there."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error, Page, Request, Route, expect

from conftest import make_supervisor
from guidance.models import GroupMember, GuidanceSession, LogDraft
from guidance.sessions.views import log
from guidance.tests.held_sessions import going_on, planned
from tests.browser.test_log import NOTES, at, fill_in, kept_on, phone, type_offline
from tests.browser.test_unsent_logs import kept_forms, put_by, until
from tests.browsing import sign_in

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

__all__ = ["phone"]
STATUS = "[data-kept-status]"
UNSENT = "[data-unsent-logs]"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # milliseconds


@pytest.fixture
def group(participation, supervisor, units):
    return going_on(participation)


@pytest.fixture
def address(site, group) -> str:
    """The form of a session that nobody planned."""
    return site + at("log", group.participation_id)


def keep(page: Page, path: str, **facts) -> None:
    """Another log on the device: the one it holds, but for these facts."""
    page.evaluate(
        """([source, path, facts]) => {
            const key = source.split(":").slice(0, 2).join(":") + ":" + path
            localStorage.setItem(key, JSON.stringify({...JSON.parse(localStorage[source]), ...facts}))
        }""",
        [kept_on(page)[0], path, facts],
    )


def held(page: Page) -> dict:
    """The one log that the device holds."""
    [key] = kept_on(page)
    return json.loads(page.evaluate("key => localStorage[key]", key))


def sent_by(page: Page) -> list[Request]:
    """The presses of "Send inn" that leave the device, from now on."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if "send" in (request.post_data or "")[-400:] else None)
    return found


def lose_texts(page: Page) -> None:
    """As a browser whose storage is full, or shut."""
    page.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('QuotaExceededError') }")


class TestTheText:
    def test_it_lies_there_without_the_token_against_forgery(self, phone, address):
        page = phone()
        type_offline(page, address)
        assert {name for name, _value in held(page)["typed"]} >= {"token", "worked_on", "held_on"}
        assert "csrfmiddlewaretoken" not in json.dumps(held(page))

    def test_what_is_typed_while_a_draft_is_on_its_way_is_unsent(self, phone, address):
        page = phone()
        page.context.add_init_script(
            "const get = fetch; window.fetch = async (...asked) => {"
            " const answer = await get(...asked); await new Promise(done => setTimeout(done, 1500)); return answer }"
        )
        page.goto(address)
        page.locator("[name=worked_on]").fill("Begynt")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            pass
        page.locator("[name=worked_on]").fill(NOTES)
        expect(page.locator(STATUS)).to_have_text("Utkastet er lagret.")
        assert LogDraft.objects.get().data["worked_on"] == ["Begynt"]
        assert held(page)["unsaved"]

    def test_a_press_is_sent_once_however_often(self, phone, address):
        page = phone()
        page.goto(address)
        fill_in(page)
        sent = sent_by(page)
        page.locator("button[value=send]").evaluate("button => { for (let n = 0; n < 5; n++) button.click() }")
        page.wait_for_url("**/veiledning/moter/*/")
        assert len(sent) == 1

    def test_it_goes_wherever_the_log_was_begun(self, phone, site, group, address):
        """The same log at two addresses goes from both when it is sent; another one stays."""
        page = phone()
        page.goto(address)
        fill_in(page)
        keep(page, "/veiledning/logg/mote/7/")
        keep(page, "/veiledning/logg/mote/8/", typed=[["token", "another"], ["worked_on", "Noe annet"]])
        page.locator("button[value=send]").tap()
        page.wait_for_url("**/veiledning/moter/*/")
        assert [key.rpartition(":")[2] for key in kept_on(page)] == ["/veiledning/logg/mote/8/"]

    def test_an_older_text_is_not_put_over_a_newer_draft(self, phone, group, supervisor, address):
        page = phone()
        type_offline(page, address)
        page.goto("about:blank")
        later = timezone.now() + timedelta(minutes=1)
        LogDraft.objects.all().delete()
        LogDraft.objects.create(user=supervisor, group=group, data={"worked_on": ["Utkastet"]}, saved_at=later)
        page.goto(address)
        expect(page.locator("[name=worked_on]")).to_have_value("Utkastet")
        expect(page.locator("[data-restored]")).to_contain_text("Den er eldre enn utkastet du ser.")
        page.get_by_role("button", name="Hent den fram").tap()
        expect(page.locator("[name=worked_on]")).to_have_value(NOTES)

    def test_a_draft_is_thrown_away_on_purpose(self, phone, group, supervisor, address):
        LogDraft.objects.create(user=supervisor, group=group, data={"worked_on": [NOTES]}, saved_at=timezone.now())
        page = phone()
        page.goto(address)
        for answer in ("dismiss", "accept"):
            page.once("dialog", lambda dialog, answer=answer: getattr(dialog, answer)())
            page.get_by_role("button", name="Slett utkastet").tap()
            if answer == "dismiss":
                expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
                assert LogDraft.objects.exists()
        expect(page.locator(".app-messages")).to_contain_text("Utkastet er slettet.")
        assert not LogDraft.objects.exists()
        assert kept_on(page) == []

    def test_in_the_other_language_it_is_still_typed(self, phone, address):
        page = phone()
        page.goto(address)
        page.locator("[name=worked_on]").fill(NOTES)
        page.get_by_role("button", name="Nynorsk").tap()
        expect(page.locator("html")).to_have_attribute("lang", "nn")
        expect(page.locator("[name=worked_on]")).to_have_value(NOTES)


class TestWhatIsSaid:
    def test_as_soon_as_the_network_is_gone(self, phone, address):
        page = phone()
        page.goto(address)
        page.context.set_offline(True)
        expect(page.locator(STATUS)).to_contain_text("Du er uten nett.")

    @pytest.mark.parametrize("status", [500, 503])
    def test_an_error_of_the_portal(self, phone, address, status):
        page = phone()
        page.goto(address)
        fill_in(page)
        page.route(address, lambda route: route.fulfill(status=status, body="-"))
        page.locator("button[value=send]").tap()
        expect(page.locator(STATUS)).to_contain_text("Ikke sendt, men lagret")
        expect(page.locator("[data-my-page]")).to_be_hidden()
        page.unroute(address)
        page.locator("button[value=send]").tap()
        page.wait_for_url("**/veiledning/moter/*/")

    def test_no_answer_at_all(self, phone, address):
        """The patience is twenty seconds; here one."""
        page = phone()
        page.context.add_init_script("const of = AbortSignal.timeout; AbortSignal.timeout = time => of(time / 20)")
        page.goto(address)
        fill_in(page)
        asked: list[Route] = []

        def swallow(route: Route) -> None:
            asked.append(route)

        page.route(address, swallow)
        page.locator("button[value=send]").tap()
        expect(page.locator(STATUS)).to_contain_text("Ikke sendt, men lagret")
        asked[0].abort()

    def test_signed_out_it_leads_to_the_sign_in(self, phone, address):
        page = phone()
        page.goto(address)
        page.context.clear_cookies(name="sessionid")
        fill_in(page)
        page.locator("button[value=send]").tap()
        page.locator("[data-sign-in]").tap()
        page.wait_for_url(re.compile("/konto/logg-inn/.next=/veiledning/logg/"))
        assert held(page)["unsaved"]

    def test_a_browser_that_keeps_nothing_is_not_said_to_have_kept_it(self, phone, address):
        page = phone()
        lose_texts(page)
        page.goto(address)
        page.context.set_offline(True)
        fill_in(page)
        expect(page.locator(STATUS)).to_contain_text("nettleseren får ikke lagret det du skriver")
        page.locator("button[value=send]").tap()
        expect(page.locator(STATUS)).to_have_text(
            "Ikke sendt, og nettleseren får ikke lagret det du skriver. La siden stå åpen til loggen er sendt."
        )
        page.context.set_offline(False)
        page.wait_for_url("**/veiledning/moter/*/")
        assert GuidanceSession.objects.get().worked_on == NOTES


class TestMyPage:
    def test_the_newest_first_and_only_what_is_unsent(self, phone, site, address):
        page = phone()
        type_offline(page, address)
        page.goto("about:blank")
        page.goto(site + "/")
        at_ = held(page)["at"]
        keep(page, "/veiledning/logg/mote/7/", at=at_ + 1, title="Nyere")
        keep(page, "/veiledning/logg/mote/8/", at=at_ - 1, title="Eldre")
        keep(page, "/veiledning/logg/mote/9/", unsaved=False, title="Lagret utkast")
        page.evaluate("localStorage.setItem(`lmp-log:${document.body.dataset.person}:/veiledning/logg/mote/6/`, '{')")
        page.reload()
        expect(page.locator(f"{UNSENT} h3")).to_have_text(["Nyere", "Usendt logg fra Indre Fosen (Trøndelag)", "Eldre"])
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Slett – Nyere").tap()
        expect(page.locator(f"{UNSENT} h2")).to_be_focused()
        other = page.context.new_page()
        other.goto(address)
        other.evaluate("localStorage.clear()")
        expect(page.locator(UNSENT)).to_be_hidden()  # what another window sends goes from here too

    def test_after_the_last_one_the_reader_is_still_on_the_page(self, phone, site, address):
        page = phone()
        type_offline(page, address)
        page.goto("about:blank")
        page.goto(site + "/")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Slett").tap()
        expect(page.locator("main")).to_be_focused()

    def test_how_old_they_are(self, phone, site, address):
        page = phone()
        type_offline(page, address)
        page.goto("about:blank")
        page.goto(site + "/")
        ages = {
            0: "nå nettopp.",
            MINUTE: "for ett minutt siden.",
            HOUR - MINUTE: "for 59 minutter siden.",
            HOUR: "for én time siden.",
            DAY - HOUR: "for 23 timer siden.",
            DAY: "for én dag siden.",
            40 * DAY: "for 40 dager siden.",
        }
        for age, said in ages.items():
            keep(page, held_at(page), at=page.evaluate("Date.now()") - age - 5000)
            page.reload()
            expect(page.locator(f"{UNSENT} [data-when]")).to_contain_text(f"Skrevet {said}")


def held_at(page: Page) -> str:
    return kept_on(page)[0].rpartition(":")[2]


class TestWhoLeaves:
    def test_whoever_is_signed_out_by_time_finds_it_again(self, phone, site, supervisor, address):
        page = phone()
        put_by(page, site)
        type_offline(page, address)
        page.context.clear_cookies(name="sessionid")
        page.goto(site + reverse("account_login"))
        page.wait_for_load_state("networkidle")
        assert len(kept_on(page)) == 1
        assert kept_forms(page) != []
        sign_in(page.context, site, supervisor)
        page.goto(site + "/")
        expect(page.locator(f"{UNSENT} li")).to_have_count(1)

    def test_a_sign_out_that_is_thought_better_of(self, phone, site, address):
        page = phone()
        type_offline(page, address)
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.locator("[data-sign-out] button").tap()
        assert len(kept_on(page)) == 1
        page.goto(site + "/")
        expect(page.locator(f"{UNSENT} li")).to_have_count(1)


class TestTheForms:
    def test_of_a_municipality_that_one_has_left_the_form_goes(
        self, phone, site, group, supervisor, other_participation
    ):
        make_supervisor(other_participation, supervisor)
        page = phone()
        put_by(page, site, forms=2)
        GroupMember.objects.filter(group__participation=other_participation).update(ended_on=timezone.localdate())
        page.goto(site + "/")
        until(page, f"async () => !(await caches.match('{at('log', other_participation.pk)}', {{ignoreVary: true}}))")
        assert at("log", group.participation_id) in kept_forms(page)

    def test_what_is_anothers_is_not_put_by(self, phone, site, group, supervisor):
        """The person at this address has changed since the page was drawn."""
        page = phone()
        put_by(page, site)

        def of_another(route) -> None:
            answer = route.fetch()
            route.fulfill(
                response=answer, body=answer.text().replace(f'data-person="{supervisor.pk}"', 'data-person="0"')
            )

        page.route(site + reverse("guidance:logs"), of_another)
        page.goto(site + "/")
        until(page, "async () => !(await caches.keys()).some(name => name.startsWith('lmp-logs:'))")

    def test_a_page_that_is_refused_is_not_put_by(self, phone, site, group):
        page = phone()
        page.route("**/*?uten-nett", lambda route: route.fulfill(status=500, body="-"))
        put_by(page, site, forms=0)
        page.wait_for_load_state("networkidle")
        assert kept_forms(page) == [reverse("guidance:logs")]

    def test_they_are_fetched_again_after_an_hour_and_not_before(self, phone, site, group):
        page = phone()
        put_by(page, site)
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url) if "uten-nett" in request.url else None)
        page.goto(site + "/")
        page.wait_for_load_state("networkidle")
        assert fetched == []
        page.evaluate(
            """async path => {
                const cache = await caches.open((await caches.keys()).find(name => name.startsWith("lmp-logs:")))
                const kept = await cache.match(path, {ignoreVary: true}), headers = new Headers(kept.headers)
                headers.set("Date", new Date(Date.now() - 61 * 60000).toUTCString())
                await cache.put(path, new Response(await kept.text(), {headers}))
            }""",
            at("log", group.participation_id),
        )
        with page.expect_request("**/*?uten-nett"):
            page.goto(site + "/")

    def test_nothing_that_is_written_is_in_them(self, phone, site, group, supervisor, address):
        LogDraft.objects.create(user=supervisor, group=group, data={"worked_on": [NOTES]}, saved_at=timezone.now())
        page = phone()
        put_by(page, site)
        page.context.set_offline(True)
        page.goto(address)
        expect(page.locator(STATUS)).to_contain_text("Du er uten nett.")
        expect(page.locator("[name=worked_on]")).to_have_value("")

    @pytest.mark.parametrize(("is_planned", "opened", "shown"), [(False, 3, 3), (True, 1, 1), (True, 5, 2)])
    def test_one_that_is_opened_days_later_has_the_day_of_the_session(
        self, phone, site, group, supervisor, is_planned, opened, shown
    ):
        session = planned(group, supervisor, day=2) if is_planned else None
        page = phone()
        put_by(page, site, forms=2 if session else 1)
        page.context.set_offline(True)
        page.clock.set_fixed_time(timezone.now() + timedelta(days=opened))
        page.goto(site + (at("log_planned", session.pk) if session else at("log", group.participation_id)))
        day = timezone.localdate() + timedelta(days=shown)
        expect(page.locator("[name=held_on]")).to_have_value(day.isoformat())


class TestTheWorker:
    def test_it_is_for_the_logs_only(self, phone, site, group):
        page = phone()
        put_by(page, site)
        scopes = page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map(one => one.scope)")
        assert scopes == [site + reverse("guidance:logs")]
        page.context.set_offline(True)
        with pytest.raises(Error):
            page.goto(site + "/")

    def test_the_network_is_asked_first(self, phone, site, group, supervisor, address):
        page = phone()
        put_by(page, site)
        LogDraft.objects.create(user=supervisor, group=group, data={"worked_on": [NOTES]}, saved_at=timezone.now())
        page.goto(address)
        expect(page.locator("[name=worked_on]")).to_have_value(NOTES)
        assert page.locator("html").get_attribute("data-without-network") is None

    def test_the_form_is_drawn_and_guarded_as_with_a_network(self, phone, site, group, address):
        page = phone()
        put_by(page, site)
        online = page.goto(address)
        assert online is not None
        drawn = page.evaluate("document.styleSheets.length")
        page.context.new_cdp_session(page).send(
            "Network.clearBrowserCache"
        )  # the browser's own, of what it has fetched
        page.context.set_offline(True)
        offline = page.goto(f"{address}?utkast=1")
        assert offline is not None
        expect(page.locator(STATUS)).to_contain_text("Du er uten nett.")
        assert page.evaluate("document.styleSheets.length") == drawn
        policy = "content-security-policy"
        assert offline.headers[policy].split("nonce-")[0] == online.headers[policy].split("nonce-")[0]

    @pytest.mark.parametrize(("status", "is_kept"), [(502, True), (503, True), (504, True), (500, False), (404, False)])
    def test_a_portal_that_is_down_is_no_network_and_an_error_is_shown(
        self, phone, site, group, address, monkeypatch, status, is_kept
    ):
        page = phone()
        put_by(page, site)
        monkeypatch.setattr(log, "_show", lambda *_asked: HttpResponse("Noe annet", status=status))
        page.goto(address)
        assert page.locator(STATUS).count() == is_kept

    def test_a_network_that_does_not_answer_is_waited_for_a_moment(self, phone, site, group, address, slow):
        page = phone()
        put_by(page, site)
        slow()
        page.goto(address)
        expect(page.locator(STATUS)).to_contain_text("Du er uten nett.")

    @pytest.fixture
    def slow(self, monkeypatch) -> Iterator:
        """Lets the portal answer no more, until the test is over."""
        over, show = threading.Event(), log._show

        def late(*asked):
            over.wait(60)
            return show(*asked)

        yield lambda: monkeypatch.setattr(log, "_show", late)
        over.set()
