from datetime import timedelta

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from conftest import make_contact, make_user, withdraw
from participants import states
from participants.confirmation import asking
from participants.models import Confirmation, Contact, Municipality, Participation, ProjectGroup, Unit

LIST = "/admin/participants/participation/"


def names(response) -> list[str]:
    return [row.municipality.name for row in response.context["cl"].result_list]


def change(participation) -> str:
    return f"{LIST}{participation.pk}/change/"


@pytest.fixture
def one_of_each(cohort, staff) -> dict[str, Participation]:
    """A municipality in every state."""
    now, today = timezone.now(), timezone.localdate()
    numbers = dict(
        zip(
            [name for name, _label in states.STATES],
            ["5054", "4601", "0301", "1103", "5610", "1804", "5037"],
            strict=True,
        )
    )
    rows = {
        state: Participation.objects.create(cohort=cohort, municipality=Municipality.objects.get(number=number))
        for state, number in numbers.items()
    }
    for state in ("accepted", "waiting", "overdue", "confirmed"):
        rows[state].accept(by=staff, now=now)
    for state in ("waiting", "overdue", "confirmed", "withdrawn"):
        asking.ask(rows[state], due_on=today + timedelta(days=7), by=staff, now=now)
    rows["overdue"].confirmations.update(due_on=today - timedelta(days=1))
    rows["confirmed"].open_confirmation.answer(snapshot={}, changes=[], comment="", by=staff, now=now)
    withdraw(rows["withdrawn"], by=staff, now=now)
    rows["declined"].decline(on=today, said_by="Kari", by=staff, now=now)
    return rows


def test_each_state_is_named(staff_client, one_of_each):
    page = staff_client.get(LIST)
    shown = {row.municipality.name: states.state(row) for row in page.context["cl"].result_list}
    assert shown == {row.municipality.name: state for state, row in one_of_each.items()}
    for label in states.LABELS.values():
        assert f'<td class="field-state">{label}</td>' in page.content.decode()


def test_the_day_is_shown_while_it_waits(staff_client, one_of_each):
    page = staff_client.get(LIST)
    shown = {states.state(row): page.context["cl"].model_admin.due(row) for row in page.context["cl"].result_list}
    assert {state for state, day in shown.items() if day} == {"waiting", "overdue"}


@pytest.mark.parametrize("state", [name for name, _label in states.STATES])
def test_filtered_by_state(staff_client, one_of_each, state):
    assert names(staff_client.get(LIST, {"state": state})) == [one_of_each[state].municipality.name]


def test_sorted_by_state_and_due_date(staff_client, one_of_each):
    in_order = [row.municipality.name for row in one_of_each.values()]
    assert names(staff_client.get(LIST, {"o": "3"})) == in_order
    assert names(staff_client.get(LIST, {"o": "-3"})) == in_order[::-1]
    assert names(staff_client.get(LIST, {"o": "4.1", "state": "overdue"})) == ["Stavanger"]


def test_sorted_by_the_state_of_the_day(staff_client, one_of_each):
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        rows = staff_client.get(LIST, {"o": "3"}).context["cl"].result_list
        shown = [states.state(row) for row in rows]
    assert shown == ["nominated", "accepted", "overdue", "overdue", "confirmed", "withdrawn", "declined"]


def test_an_unknown_state_or_missing_thing_filters_nothing(staff_client, one_of_each):
    assert len(names(staff_client.get(LIST, {"state": "x' OR 1=1", "missing": "x"}))) == 7


def test_filtered_by_what_is_missing(staff_client, participation, other_participation, units, staff):
    def missing(what):
        return names(staff_client.get(LIST, {"missing": what}))

    now = timezone.now()
    assert missing("contact") == ["Bergen", "Indre Fosen"]
    assert missing("unit") == ["Bergen"]
    assert missing("head") == missing("group") == ["Indre Fosen"]
    assert missing("letter") == ["Bergen", "Indre Fosen"]

    make_contact(participation, make_user("a@example.no", "A"), Contact.Function.OWNER, by=staff)
    make_contact(other_participation, make_user("b@example.no", "B"), Contact.Function.PPT, by=staff)
    for unit in units:
        ProjectGroup.objects.create(unit=unit, updated_at=now)
        make_contact(
            participation, make_user(f"h{unit.pk}@example.no", "H"), Contact.Function.HEAD, by=staff, unit=unit
        )
    participation.welcome(by=staff, now=now)
    assert missing("contact") == ["Bergen"]  # PPT doesn't answer for the municipality
    assert missing("head") == missing("group") == []
    assert missing("letter") == ["Bergen"]

    Contact.objects.get(unit=units[0]).end(by=staff, now=now)
    assert missing("head") == ["Indre Fosen"]
    Unit.objects.filter(pk=units[0].pk).update(closed_on=timezone.localdate())
    assert missing("head") == []


def test_filtered_by_cohort_and_county(staff_client, participation, other_participation):
    county = participation.municipality.county
    assert names(staff_client.get(LIST, {"municipality__county__id__exact": county.pk})) == ["Indre Fosen"]
    assert len(names(staff_client.get(LIST, {"cohort__id__exact": participation.cohort_id}))) == 2


@pytest.mark.parametrize(
    "words", ["indre fosen", "5054", "Leksvik barnehage", "Kari Kontakt", "kari.kontakt@example.no", "leksvik kari"]
)
def test_searched_by_municipality_unit_and_contact(staff_client, contact, other_contact, words):
    assert names(staff_client.get(LIST, {"q": words})) == ["Indre Fosen"]


@pytest.mark.parametrize("words", ["finnes ikke", "50", "%", "<script>", "x" * 10_000, "\x00"])
def test_searched_for_nothing_that_is_there(staff_client, contact, words):
    response = staff_client.get(LIST, {"q": words})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().replace("<script ", "")


def test_counts_are_of_what_is_there_now(staff_client, participation, contact, former_contact, head, units):
    Unit.objects.filter(pk=units[0].pk).update(closed_on=timezone.localdate())
    [row] = staff_client.get(LIST).context["cl"].result_list
    assert (row.contact_total, row.unit_total) == (2, 3)


def test_the_list_has_fifty_on_a_page(staff_client, cohort):
    Participation.objects.bulk_create(
        Participation(cohort=cohort, municipality=municipality) for municipality in Municipality.objects.all()[:60]
    )
    assert len(names(staff_client.get(LIST))) == 50
    assert len(names(staff_client.get(LIST, {"p": 2}))) == 10


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_the_rows(staff_client, cohort, staff, size, django_assert_num_queries):
    now = timezone.now()
    for municipality in Municipality.objects.all()[:size]:
        row = Participation.objects.create(cohort=cohort, municipality=municipality)
        Unit.objects.create(participation=row, name="Skole", kind="school")
        make_contact(row, make_user(f"{municipality.number}@example.no", "A"), Contact.Function.OWNER, by=staff)
        asking.ask(row, due_on=timezone.localdate(now), by=staff, now=now)
    with django_assert_num_queries(6):
        assert len(names(staff_client.get(LIST))) == size


def test_the_page_of_one_shows_what_belongs_to_it(
    staff_client, participation, contact, head, former_contact, units, staff
):
    now = timezone.now()
    confirmation = asking.ask(participation, due_on=timezone.localdate(now) + timedelta(days=3), by=staff, now=now)
    changes = [{"what": "Antall barn", "before": "40", "after": "<b>42</b>"}]
    confirmation.answer(snapshot={}, changes=changes, comment="Hei", by=contact, now=now)
    page = staff_client.get(change(participation)).content.decode()
    for text in (
        "Leksvik barnehage",
        "Kari Kontakt",
        "Hanne Styrer",
        "styrer",
        "Finn Forrige",
        "Runde 1, prosjektår 1",
    ):
        assert text in page
    assert "Antall barn: 40 → &lt;b&gt;42&lt;/b&gt;" in page
    assert f"/admin/participants/unit/{units[0].pk}/change/" in page
    assert f"/kommune/{participation.pk}/ny-enhet/" in page


@pytest.mark.parametrize("size", [2, 20])
def test_questions_do_not_grow_with_what_belongs_to_it(
    staff_client, participation, staff, size, django_assert_num_queries
):
    now = timezone.now()
    for number in range(size):
        unit = Unit.objects.create(participation=participation, name=f"Skole {number}", kind="school")
        ProjectGroup.objects.create(unit=unit, updated_at=now)
        user = make_user(f"h{number}@example.no", "H")
        make_contact(participation, user, Contact.Function.HEAD, by=staff, unit=unit)
        asking.ask(participation, due_on=timezone.localdate(now), by=staff, now=now)
        participation.open_confirmation.answer(snapshot={}, changes=[], comment="", by=user, now=now)
    ContentType.objects.get_for_model(Participation)  # asked for once in a process
    with django_assert_num_queries(11):
        staff_client.get(change(participation))


def test_what_the_municipality_decides_can_be_written_by_staff(staff_client, participation, staff):
    data = {
        "case_number": "27/1",
        "ppt": "yes",
        "political_informed_on": "2027-05-03",
        "political_body": "Formannskapet",
    }
    assert staff_client.post(change(participation), data).status_code == 302
    participation.refresh_from_db()
    assert (participation.ppt, participation.political_body, participation.case_number) == (
        "yes",
        "Formannskapet",
        "27/1",
    )
    assert participation.history.first().history_user == staff


def test_the_letters_head_is_written_by_staff(staff_client, participation):
    typed = " Postboks 23 \r\n\r\n 7100  Rissa\r\n"
    data = {"case_number": "", "ppt": "", "their_reference": " 27/55 ", "postal_address": typed}
    assert staff_client.post(change(participation), data).status_code == 302
    participation.refresh_from_db()
    assert (participation.their_reference, participation.postal_address) == ("27/55", "Postboks 23\n7100 Rissa")


def test_an_address_of_more_lines_than_the_letter_has_room_for_is_kept_and_refused(staff_client, participation):
    data = {"ppt": "", "postal_address": "Rådhuset\nPostboks 23\nRissavegen 1\n7100 Rissa"}
    page = staff_client.post(change(participation), data).content.decode()
    assert "Skriv adressen på høyst tre linjer." in page
    assert "Rådhuset\nPostboks 23\nRissavegen 1\n7100 Rissa" in page
    participation.refresh_from_db()
    assert participation.postal_address == ""


def test_bad_input_loses_nothing_typed(staff_client, participation):
    data = {"case_number": "x" * 31, "ppt": "kanskje", "political_informed_on": "2027-05-03", "political_body": ""}
    response = staff_client.post(change(participation), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Skriv hvilket organ som ble informert." in page
    assert f'value="{"x" * 31}"' in page
    participation.refresh_from_db()
    assert participation.political_informed_on is None


def test_what_has_happened_is_not_typed(staff_client, participation, other_participation):
    data = {
        "case_number": "",
        "ppt": "",
        "cohort": "77",
        "municipality": other_participation.municipality_id,
        "withdrawn_at_0": "2027-01-01",
        "withdrawn_at_1": "12:00",
    }
    staff_client.post(change(participation), data)
    participation.refresh_from_db()
    assert participation.municipality.name == "Indre Fosen"
    assert participation.withdrawn_at is None


def test_a_municipality_is_nominated_by_hand(staff_client, cohort, staff):
    municipality = Municipality.objects.get(number="1515")
    page = staff_client.get(LIST + "add/").content.decode()
    assert "Herøy (Møre og Romsdal)" in page
    assert "Herøy (Nordland)" in page
    data = {"cohort": cohort.pk, "municipality": municipality.pk, "case_number": ""}
    assert staff_client.post(LIST + "add/", data).status_code == 302
    participation = Participation.objects.get()
    assert (participation.nominated_by, participation.accepted_at) == (staff, None)
    again = staff_client.post(LIST + "add/", data)
    assert again.status_code == 200
    assert Participation.objects.count() == 1


def test_nothing_is_deleted(staff_client, participation):
    assert staff_client.post(f"{LIST}{participation.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in staff_client.get(LIST).content.decode()


def test_the_history_says_who_changed_what(staff_client, participation):
    data = {"case_number": "27/99", "ppt": "", "political_informed_on": "", "political_body": ""}
    staff_client.post(change(participation), data)
    page = staff_client.get(f"{LIST}{participation.pk}/history/").content.decode()
    assert "27/99" in page
    assert "Stine Stab" in page
    version = participation.history.first().pk
    old = f"{LIST}{participation.pk}/history/{version}/"
    assert staff_client.get(old).status_code == 200
    assert staff_client.post(old, data | {"case_number": "another"}).status_code == 405
    participation.refresh_from_db()
    assert participation.case_number == "27/99"


def test_a_row_that_is_not_there(staff_client):
    assert staff_client.get(f"{LIST}999/change/").status_code == 302
    assert staff_client.get(f"{LIST}abc/change/").status_code == 302
    assert staff_client.get(f"{LIST}²/change/").status_code == 302
    assert staff_client.get(f"{LIST}{'9' * 40}/change/").status_code == 302
    assert not Confirmation.objects.exists()
