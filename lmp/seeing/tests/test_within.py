"""What one of the staff meets while they see the portal as another: pages to read, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import unsent_forms
from accounts.authentication import second_factor
from accounts.models import User
from lmp.seeing.models import LENGTH, Viewing
from lmp.seeing.request.current import KEY, TOKEN
from lmp.seeing.tests.conftest import REASON, see_as

BANNER = "Du ser portalen som Kari Kontakt"


@pytest.fixture
def seeing(as_helper, contact, participation, staff) -> Client:
    participation.welcome(by=staff, now=timezone.now())
    see_as(as_helper, contact)
    return as_helper


def test_the_page_is_the_persons(seeing, participation):
    page = seeing.get(reverse("home")).content.decode()
    assert BANNER in page
    assert "Indre Fosen" in page
    assert "Administrasjon" not in page
    assert page.index(BANNER) < page.index("Hopp til hovedinnhold")


def test_nobody_is_signed_in_as_the_other(seeing, helper, contact):
    before = contact.last_login
    seeing.get(reverse("home"))
    contact.refresh_from_db()
    assert contact.last_login == before
    assert seeing.session["_auth_user_id"] == str(helper.pk)
    assert Session.objects.count() == 1


def test_its_pages_do_not_reach_the_staffs_session(as_helper, contact, participation, staff):
    """Not what they had typed, what they were to be told, or what they proved at sign-in."""
    participation.welcome(by=staff, now=timezone.now())
    as_helper.post(reverse("desk:notes", args=[participation.pk]), {"text": "Ringte tirsdag"})  # not told yet
    session = as_helper.session
    session[unsent_forms._TYPED] = ["/kommuner/", "q=Min+egen", timezone.now().isoformat()]
    session.save()
    see_as(as_helper, contact)
    before = dict(as_helper.session)
    for path in ("/", "/kommuner/", reverse("overview:own_mails"), "/finnes-ikke/"):
        page = as_helper.get(path).content.decode()
        assert "Notatet er lagret" not in page
        assert "Min egen" not in page
    assert dict(as_helper.session) == before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_only_asking_for_a_page_goes_through(seeing, participation, method):
    answer = getattr(seeing, method)(reverse("participants:decisions", args=[participation.pk]))
    assert answer.status_code == 403
    assert "Ingenting er sendt" in answer.content.decode()
    assert "Hadde Kari Kontakt trykket på knappen" in answer.content.decode()
    assert BANNER in answer.content.decode()


def test_the_language_stays_the_persons(seeing, contact):
    answer = seeing.post(reverse("accounts:language"), {"_language": "nn", "csrfmiddlewaretoken": TOKEN})
    contact.refresh_from_db()
    assert (answer.status_code, contact.language, "language" in answer.cookies) == (403, "", False)


def test_the_page_is_in_the_persons_language_and_the_banner_in_the_staffs(as_helper, helper, contact):
    User.objects.filter(pk=contact.pk).update(language="nn")
    User.objects.filter(pk=helper.pk).update(language="nb")
    see_as(as_helper, contact)
    answer = as_helper.get(reverse("home"))
    page = answer.content.decode()
    assert '<html lang="nn"' in page
    assert "Mi side" in page
    assert f"{BANNER}" in page
    assert '<section class="app-seeing" aria-labelledby="seeing" lang="nb">' in page
    assert answer["Content-Language"] == "nn"


@pytest.mark.parametrize(
    ("path", "status"), [("/finnes-ikke/", 404), ("/konto/", 403), ("/admin/", 403), ("/kommune/999999/", 404)]
)
def test_pages_for_errors_say_so_too(seeing, path, status):
    answer = seeing.get(path)
    assert answer.status_code == status
    assert BANNER in answer.content.decode()


def test_also_the_page_of_an_error_of_ours(seeing, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    seeing.raise_request_exception = False
    monkeypatch.setattr("lmp.overview.views.home.functions", fail)
    answer = seeing.get(reverse("home"))
    assert answer.status_code == 500
    assert BANNER in answer.content.decode()


def test_a_page_that_stores_something_is_not_shown(seeing, contact, monkeypatch):
    def store(*args, **kwargs):
        contact.choose_language("nn")

    monkeypatch.setattr("lmp.overview.views.home.functions", store)
    answer = seeing.get(reverse("home"))
    assert answer.status_code == 403
    assert "Siden lagrer noe når den åpnes." in answer.content.decode()
    contact.refresh_from_db()
    assert contact.language == ""


def test_nothing_is_kept_on_the_device(seeing):
    answer = seeing.get(reverse("home"))
    assert "no-store" in answer["Cache-Control"]
    assert "script-src 'none'" in answer["Content-Security-Policy"]
    assert "worker-src 'none'" in answer["Content-Security-Policy"]
    assert "<script" not in answer.content.decode()
    assert "data-person" not in answer.content.decode()


def test_the_remaining_time_is_told(as_helper, contact):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        see_as(as_helper, contact)
        until = timezone.localtime(Viewing.objects.get().until)
        clock.shift(timedelta(minutes=29, seconds=5))
        page = " ".join(as_helper.get("/").content.decode().split())
        assert f"Slutter kl. {until:%H.%M}, om 1 minutt." in page


class TestEnd:
    def test_by_the_button(self, seeing, helper):
        seeing.get("/kommuner/")
        answer = seeing.post(reverse("seeing:end"), follow=True, HTTP_REFERER="http://testserver/kommuner/")
        page = answer.content.decode()
        assert "Du ser portalen som deg selv igjen" in page
        assert "Stine Stab så portalen som Kari Kontakt" in page
        assert BANNER not in page
        assert Viewing.objects.get().ended_how == "button"
        assert seeing.get("/").status_code == 302  # to staff's own first page

    def test_twice(self, seeing):
        seeing.post(reverse("seeing:end"))
        first = Viewing.objects.get().ended_at
        assert seeing.post(reverse("seeing:end")).status_code == 302
        assert Viewing.objects.get().ended_at == first

    def test_its_button_needs_the_token(self, seeing, helper):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["sessionid"] = seeing.cookies["sessionid"].value
        assert strict.post(reverse("seeing:end")).status_code in (302, 403)
        assert Viewing.objects.get().ended_at is None

    def test_the_banners_own_token_holds(self, seeing):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies["sessionid"] = seeing.cookies["sessionid"].value
        page = strict.get("/").content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        assert strict.post(reverse("seeing:end"), {"csrfmiddlewaretoken": token}).status_code == 302
        assert Viewing.objects.get().ended_how == "button"

    def test_by_time(self, seeing):
        viewing = Viewing.objects.get()
        with time_machine.travel(viewing.until + timedelta(seconds=1)):
            answer = seeing.get("/", follow=True)
        page = answer.content.decode()
        assert BANNER not in page
        assert "Tida var ute" in page
        viewing.refresh_from_db()
        assert (viewing.ended_at, viewing.ended_how) == (viewing.until, "time")
        assert viewing.until - viewing.begun_at == LENGTH

    def test_by_signing_out(self, seeing):
        seeing.post(reverse("account_logout"))
        assert Viewing.objects.get().ended_how == "signed_out"
        assert "sign" not in seeing.session

    @pytest.mark.parametrize(
        ("who", "facts"),
        [
            ("contact", {"is_active": False}),
            ("contact", {"is_staff": True}),
            ("contact", {"is_superuser": True}),
            ("staff", {"is_superuser": False, "is_staff": False}),
        ],
    )
    def test_when_one_of_them_is_another_than_before(self, seeing, request, who, facts):
        User.objects.filter(pk=request.getfixturevalue(who).pk).update(**facts)
        answer = seeing.get("/")
        assert BANNER not in answer.content.decode()
        assert answer["Location"] == Viewing.objects.get().get_absolute_url()
        assert Viewing.objects.get().ended_how == "access"
        assert KEY not in seeing.session

    def test_when_the_role_is_taken_away(self, seeing, helper):
        helper.groups.clear()
        assert BANNER not in seeing.get("/").content.decode()
        assert Viewing.objects.get().ended_how == "access"

    def test_when_the_second_factor_of_the_session_is_forgotten(self, seeing):
        session = seeing.session
        second_factor.forget(session)
        session.save()
        assert BANNER not in seeing.get("/").content.decode()
        assert Viewing.objects.get().ended_how == "access"

    def test_when_another_browser_begins(self, seeing, helper, head):
        other = Client()
        other.force_login(helper)
        session = other.session
        second_factor.remember(session, helper, kind="totp")
        session.save()
        see_as(other, head)
        assert Viewing.objects.get(ended_at__isnull=False).ended_how == "another"
        answer = seeing.get("/", follow=True)
        assert "Begynte på nytt" in answer.content.decode()

    def test_when_the_person_is_no_longer_in_the_function(self, seeing, contact, staff):
        """They can sign in all the same: it goes on, and shows what they see now."""
        contact.contacts.update(ended_at=timezone.now(), ended_by=staff)
        page = seeing.get("/").content.decode()
        assert BANNER in page
        assert "Indre Fosen" not in page


class TestAnotherTab:
    def test_hears_that_it_is_over_once(self, seeing, participation):
        path = reverse("overview:participation", args=[participation.pk])
        seeing.get(path)
        seeing.post(reverse("seeing:end"))
        heard = "Du ser ikke lenger portalen som Kari Kontakt, men som deg selv."
        came_from = {"HTTP_REFERER": f"http://testserver{path}"}
        assert heard in seeing.get(path, **came_from).content.decode()
        assert heard not in seeing.get(path, **came_from).content.decode()

    def test_and_who_comes_from_elsewhere_does_not(self, seeing, participation):
        path = reverse("overview:participation", args=[participation.pk])
        seeing.get(path)
        seeing.post(reverse("seeing:end"))
        assert "Du ser ikke lenger" not in seeing.get(path).content.decode()

    def test_and_an_address_that_is_none_is_no_fault(self, seeing):
        seeing.post(reverse("seeing:end"))
        assert seeing.get("/hjelp/", HTTP_REFERER="http://[::1").status_code == 200

    def test_a_form_of_its_page_is_not_sent_as_the_staff_member(self, seeing, participation, contact):
        """Not even one that staff may send: who has it before them believes to be another."""
        own = contact.contacts.get()
        path = reverse("changes:replace_contact", args=[own.pk])
        page = seeing.get(path).content.decode()
        assert f'name="csrfmiddlewaretoken" value="{TOKEN}"' in page
        seeing.post(reverse("seeing:end"))
        answer = seeing.post(path, {"csrfmiddlewaretoken": TOKEN, "name": "Ny", "email": "ny@example.no"})
        assert answer.status_code == 403
        assert "«Se som» er slutt" in answer.content.decode()

    def test_nor_when_nobody_is_signed_in_any_more(self, client, db):
        answer = client.post("/konto/", {"csrfmiddlewaretoken": TOKEN})
        assert (answer.status_code, "er slutt" in answer.content.decode()) == (403, True)

    def test_the_staffs_own_form_is_kept(self, seeing, participation, staff):
        path = reverse("desk:notes", args=[participation.pk])
        sent = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
        answer = seeing.post(path, {"text": "Ringte tirsdag"}, **sent)
        assert "tatt vare på" in answer.content.decode()
        assert not participation.notes.exists()
        ended = seeing.post(reverse("seeing:end"), follow=True)
        assert reverse("accounts:unsent_forms") in ended.content.decode()
        said = seeing.get(reverse("accounts:unsent_forms")).content.decode()
        assert "Ringte tirsdag" in said
        assert f"Til siden {path}" in said
        assert "Du var i «Se som», og kunne ikke endre noe." in said
        assert "logget ut." not in said

    def test_what_was_sent_from_its_own_page_is_not(self, seeing, participation):
        sent = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
        path = reverse("participants:decisions", args=[participation.pk])
        seeing.post(path, {"csrfmiddlewaretoken": TOKEN, "ppt": "yes"}, **sent)
        seeing.post(reverse("seeing:end"))
        assert unsent_forms._KEY not in seeing.session


def test_pressed_twice_it_leads_on(seeing, contact):
    answer = seeing.post(reverse("seeing:begin", args=[contact.pk]), {"reason": REASON})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Viewing.objects.count() == 1


def test_one_who_sees_begins_with_no_other(seeing, head):
    answer = seeing.post(reverse("seeing:begin", args=[head.pk]), {"reason": REASON})
    assert answer.status_code == 403
    assert Viewing.objects.count() == 1


def test_which_pages_were_opened_is_kept_without_what_follows_the_question_mark(seeing, participation):
    seeing.get("/kommuner/?q=noe")
    seeing.get("/kommuner/?q=annet")
    seeing.get("/konto/")
    seeing.head("/hjelp/")
    seeing.get("/finnes-ikke/")
    assert [str(page) for page in Viewing.objects.get().pages.all()] == ["/kommuner/"]


def test_it_costs_few_queries(seeing, django_assert_max_num_queries):
    seeing.get("/hjelp/")
    with django_assert_max_num_queries(12):
        seeing.get("/hjelp/")


def test_a_page_for_an_error_has_a_way_back(seeing):
    answer = seeing.get("/konto/", HTTP_REFERER="https://ond.example.no/")
    assert "ond.example.no" not in answer.content.decode()
