"""The gatherings in the admin: the list, the form, and the page between a change and its saving."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gatherings import places
from gatherings.admin.gathering import GatheringForm
from gatherings.changing import fingerprint
from gatherings.mails import notices
from gatherings.models import Gathering
from gatherings.tests.conftest import entry
from participants.models import Cohort

pytestmark = pytest.mark.usefixtures("told")

LIST = reverse("admin:gatherings_gathering_changelist")
ADD = reverse("admin:gatherings_gathering_add")


@pytest.fixture
def told(monkeypatch) -> list[str]:
    asked: list[str] = []
    for kind in ("moved", "called_off", "reinstated", "passed"):
        monkeypatch.setattr(notices, kind, lambda about, *, now, kind=kind: asked.append(kind))
    return asked


def address(gathering) -> str:
    return reverse("admin:gatherings_gathering_change", args=[gathering.pk])


def typed(gathering, **changes) -> dict:
    """What the page posts when only these fields are typed anew."""
    fields = model_to_dict(gathering, GatheringForm.Meta.fields) | changes
    kept = {name: value for name, value in fields.items() if value is not None}
    return kept | {"seen": fingerprint(Gathering.objects.get(pk=gathering.pk)), "_save": "Lagre"}


def days(gathering, number) -> dict[str, date]:
    return {name: getattr(gathering, name) + timedelta(days=number) for name in ("starts_on", "ends_on")}


def now_is(gathering) -> Gathering:
    return Gathering.objects.select_related("cohort").get(pk=gathering.pk)


class TestAsking:
    def test_a_move_is_shown_first_and_saves_nothing(self, staff_client, gathering, registration, told):
        page = staff_client.post(address(gathering), typed(gathering, **days(gathering, 7)))
        assert page.status_code == 200
        assert "Dette skjer når du lagrer" in page.content.decode()
        assert registration.name in page.content.decode()
        assert now_is(gathering).starts_on == gathering.starts_on
        assert not gathering.history.exclude(history_type="+").exists()

    def test_the_second_press_saves_and_tells_once(self, staff_client, gathering, registration, told, staff):
        page = staff_client.post(address(gathering), typed(gathering, **days(gathering, 7)))
        told.clear()  # what was only tried out
        answer = staff_client.post(address(gathering), dict(page.context["carried"]) | {"_confirmed": "Lagre"})
        assert answer.status_code == 302
        saved = now_is(gathering)
        assert (saved.starts_on, saved.calendar_version) == (gathering.starts_on + timedelta(days=7), 1)
        assert told == ["moved"]
        assert gathering.history.first().history_user == staff

    def test_pressed_twice_tells_once(self, staff_client, gathering, registration, told):
        page = staff_client.post(address(gathering), typed(gathering, **days(gathering, 7)))
        told.clear()
        carried = dict(page.context["carried"]) | {"_confirmed": "Lagre"}
        staff_client.post(address(gathering), carried)
        again = staff_client.post(address(gathering), carried)
        assert told == ["moved"]
        assert now_is(gathering).calendar_version == 1
        assert again.status_code == 200

    def test_back_shows_the_form_as_typed(self, staff_client, gathering, registration):
        sent = typed(gathering, venue="Et annet hotell", programme="Linje 1\r\nLinje 2", audience=["owner", "head"])
        page = staff_client.post(address(gathering), sent)
        carried: dict = {}
        for name, value in page.context["carried"]:
            carried.setdefault(name, []).append(value)
        form = staff_client.post(address(gathering), carried | {"_back": "Tilbake"})
        html = form.content.decode()
        assert form.status_code == 200
        assert 'value="Et annet hotell"' in html
        assert "Linje 1\r\nLinje 2" in html
        assert form.context["adminform"].form["audience"].value() == ["owner", "head"]
        assert not form.context["errors"]
        assert now_is(gathering).venue == gathering.venue

    def test_what_is_confirmed_is_validated_anew(self, staff_client, gathering, registration):
        sent = typed(gathering, ends_on=gathering.starts_on - timedelta(days=1)) | {"_confirmed": "Lagre"}
        page = staff_client.post(address(gathering), sent)
        assert "Siste dag kan ikke være før første dag." in page.content.decode()
        assert now_is(gathering).ends_on == gathering.ends_on

    def test_line_breaks_as_a_browser_sends_them_are_no_change(self, staff_client, gathering, registration):
        Gathering.objects.filter(pk=gathering.pk).update(programme="Linje 1\nLinje 2")
        gathering.refresh_from_db()
        sent = typed(gathering, venue="Et annet hotell", programme="Linje 1\r\nLinje 2")
        page = staff_client.post(address(gathering), sent).content.decode()
        assert "Et annet hotell" in page
        assert "Linje 2" not in page.partition('id="content"')[2].partition('type="hidden"')[0]
        staff_client.post(address(gathering), sent | {"_confirmed": "Lagre"})
        assert now_is(gathering).programme == "Linje 1\nLinje 2"

    def test_a_typo_in_the_programme_saves_straight_away(self, staff_client, gathering, registration, told):
        answer = staff_client.post(address(gathering), typed(gathering, programme="Rettet"))
        assert answer.status_code == 302
        assert now_is(gathering).programme == "Rettet"
        assert told == []

    def test_a_change_with_nobody_registered_saves_straight_away(self, staff_client, gathering):
        staff_client.post(address(gathering), typed(gathering, venue="Et annet hotell"))
        assert now_is(gathering).venue == "Et annet hotell"

    def test_cancelling_names_those_who_cannot_come(self, staff_client, gathering, registration):
        page = staff_client.post(address(gathering), typed(gathering, settled="cancelled"))
        [one] = page.context["effects"].losing
        assert one.registration == registration
        assert "Kan ikke komme som avtalt" in page.content.decode()
        assert ("Avklart", "avklart", "avlyst") in page.context["changes"]

    def test_a_date_is_shown_with_its_weekday(self, staff_client, gathering, registration):
        page = staff_client.post(address(gathering), typed(gathering, starts_on=date(2099, 5, 4), ends_on=""))
        assert "mandag 4. mai 2099" in page.content.decode()

    def test_a_hostile_name_is_only_text(self, staff_client, gathering, registration):
        type(registration).objects.update(name="<script>alert(1)</script>")
        html = staff_client.post(
            address(gathering), typed(gathering, venue='"><script>alert(2)</script>')
        ).content.decode()
        assert "<script>alert" not in html


class TestColleague:
    def test_is_not_overwritten_and_nothing_typed_is_lost(self, staff_client, gathering, registration, staff):
        sent = typed(gathering, address="Min gate 1")
        gathering.venue = "Kollegaens hotell"
        gathering.save()
        page = staff_client.post(address(gathering), sent)
        html = page.content.decode()
        assert now_is(gathering).address == gathering.address
        assert 'value="Min gate 1"' in html
        assert "har endret samlingen etter at du åpnet siden" in html
        assert "Endret til: Sted: Kollegaens hotell." in html

    def test_between_the_two_presses(self, staff_client, gathering, registration):
        page = staff_client.post(address(gathering), typed(gathering, address="Min gate 1"))
        gathering.venue = "Kollegaens hotell"
        gathering.save()
        again = staff_client.post(address(gathering), dict(page.context["carried"]) | {"_confirmed": "Lagre"})
        assert again.status_code == 200
        assert now_is(gathering).address == gathering.address

    def test_who_has_read_that_may_save(self, staff_client, gathering):
        sent = typed(gathering, venue="Mitt hotell")
        gathering.venue = "Kollegaens hotell"
        gathering.save()
        page = staff_client.post(address(gathering), sent)
        sent["seen"] = page.context["adminform"].form["seen"].value()
        assert staff_client.post(address(gathering), sent).status_code == 302
        assert now_is(gathering).venue == "Mitt hotell"


class TestForm:
    def test_the_page_holds_what_was_seen(self, staff_client, gathering):
        html = staff_client.get(address(gathering)).content.decode()
        assert f'name="seen" value="{fingerprint(gathering)}"' in html

    def test_audience_as_checkboxes(self, staff_client, gathering):
        html = staff_client.get(address(gathering)).content.decode()
        assert html.count('type="checkbox" name="audience"') == len(Gathering.AUDIENCE)

    def test_add(self, staff_client, cohort, told):
        facts = {"cohort": cohort.pk, "kind": "gathering", "semester": 2, "settled": "tentative", "offer_days": 3}
        assert staff_client.post(ADD, facts | {"audience": ["head"]}).status_code == 302
        made = Gathering.objects.get()
        assert (made.semester, made.audience) == (2, ["head"])
        assert told == []

    @pytest.mark.any_database
    @pytest.mark.parametrize(
        ("facts", "message"),
        [
            ({"starts_on": "", "settled": "tentative"}, "Skriv også første dag."),
            ({"closes_on": ""}, "Skriv også påmeldingsfristen."),
            ({"settled": "fixed", "starts_on": "", "ends_on": ""}, "En avklart samling må ha en dato."),
            ({"ends_on": "", "starts_at": "15:00", "ends_at": "09:00"}, "kan ikke slutte før den begynner"),
            ({"travel_closes_on": "2099-01-01"}, "kan ikke være etter første dag."),
            ({"capacity": "0"}, "Må være minst 1."),
            ({"starts_on": "i morgen"}, "Skriv en dato"),
        ],
    )
    def test_bad_input_loses_nothing_typed(self, staff_client, gathering, facts, message):
        page = staff_client.post(address(gathering), typed(gathering, venue="Skrevet sted", **facts))
        html = page.content.decode()
        assert message in html
        assert 'value="Skrevet sted"' in html
        assert now_is(gathering).venue == gathering.venue

    def test_whose_it_is_stays(self, staff_client, gathering):
        other = Cohort.objects.create(
            number=10, first_year=2027, starts_on=date(2027, 9, 1), confirm_by=date(2027, 8, 1)
        )
        staff_client.post(address(gathering), typed(gathering, cohort=other.pk, semester=4, kind="kick_off"))
        assert now_is(gathering).cohort == gathering.cohort
        assert now_is(gathering).semester == 1

    def test_only_a_plan_is_deleted(self, staff_client, gathering):
        delete = reverse("admin:gatherings_gathering_delete", args=[gathering.pk])
        assert staff_client.post(delete, {"post": "yes"}).status_code == 403
        Gathering.objects.update(settled="tentative")
        assert staff_client.post(delete, {"post": "yes"}).status_code == 302
        assert not Gathering.objects.exists()


class TestList:
    def test_days_and_counts(self, staff_client, gathering, welcomed, contact):
        Gathering.objects.update(capacity=2, starts_on=date(2099, 5, 4), ends_on=date(2099, 5, 5))
        people = [entry(number, gathering=gathering) for number in (1, 2, 3)]
        places.register(gathering, people, participation=welcomed, by=contact, now=timezone.now())
        html = staff_client.get(LIST).content.decode()
        assert "1. samling" in html
        assert "mandag 4. mai 2099 – tirsdag 5. mai 2099" in html
        assert "2 av 2" in html
        assert "1 person" in html

    def test_as_many_queries_for_many(self, staff_client, cohort):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                staff_client.get(LIST)
            return len(queries)

        Gathering.objects.create(cohort=cohort, semester=1)
        asked()
        few = asked()
        for semester in (2, 3, 4):
            Gathering.objects.create(cohort=cohort, semester=semester)
        assert asked() == few

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?tid=kommende", {2, 3}),
            ("?tid=holdt", {1}),
            ("?settled__exact=postponed", {3}),
            ("?q=Hamar", {2}),
            ("?q=finnes+ikke", set()),
            ("?o=6", {1, 2, 3}),
            ("?o=7", {1, 2, 3}),
        ],
    )
    def test_filters(self, staff_client, cohort, today, query, found):
        past = today - timedelta(days=9)
        Gathering.objects.create(cohort=cohort, semester=1, starts_on=past)
        Gathering.objects.create(cohort=cohort, semester=2, starts_on=past, ends_on=today, venue="Hamar")
        Gathering.objects.create(cohort=cohort, semester=3, settled="postponed")
        rows = staff_client.get(LIST + query).context["cl"].result_list
        assert {row.semester for row in rows} == found


@pytest.mark.parametrize("person", ["contact", "stranger", "staff_without_factor"])
def test_only_staff_see_and_change_gatherings_in_the_admin(client, request, gathering, person):
    client.force_login(request.getfixturevalue(person))
    for url in (LIST, address(gathering)):
        assert client.post(url, typed(gathering, venue="Tatt over")).status_code in (302, 404)
    assert now_is(gathering).venue == gathering.venue


def test_history_says_who_is_invited_in_words(staff_client, gathering, staff):
    gathering.audience = ["owner", "head"]
    gathering.save_by(staff)
    gathering.audience = ["ppt"]
    gathering.save_by(staff)
    page = staff_client.get(f"/admin/gatherings/gathering/{gathering.pk}/history/").content.decode()
    assert "eier, styrer eller rektor" in page
    assert "PP-tjenesten" in page
    assert "owner" not in page.partition('id="change-history"')[2]
