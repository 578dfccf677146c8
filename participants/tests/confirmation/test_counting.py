"""When the children were counted, what the registers say, and how far one has come in a long form."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message
from participants.confirmation import counting
from participants.models import Unit
from participants.tests.confirmation.test_confirm import answers
from parts.forms import CountField


@pytest.fixture
def two_registers(units):
    """The first kindergarten and the first school have a figure; the others have none."""
    units[0].suggest(children=36, on=date(2026, 10, 7))
    units[2].suggest(children=45, on=date(2026, 9, 30))
    return units


def test_each_kind_is_asked_for_a_day_of_its_own_and_none_is_filled_in(client, contact, participation, asked, url):
    client.force_login(contact)
    form = client.get(url).context["form"]
    assert [day.name for day in form.days] == ["counted_on-kindergarten", "counted_on-school"]
    assert [day.value() for day in form.days] == [None, None]
    labels = [str(day.label) for day in form.days]
    assert labels == ["Når ble barna i barnehagene telt?", "Når ble elevene i skolene telt?"]


@time_machine.travel("2026-11-30T12:00+01:00")
def test_example_is_the_last_day_that_the_kind_reports_on():
    today = timezone.localdate()
    assert (
        "15. desember 2025, hvis dere bruker tallene i BASIL"
        in counting.day_field("kindergarten", today=today).help_text
    )
    assert "1. oktober 2026, hvis dere bruker tallene i GSI" in counting.day_field("school", today=today).help_text


def test_each_unit_keeps_its_kinds_day(client, contact, participation, asked, url, units):
    client.force_login(contact)
    today = timezone.localdate()
    days = {"counted_on-kindergarten": today - timedelta(days=40), "counted_on-school": today - timedelta(days=3)}
    typed = {name: day.isoformat() for name, day in days.items()}
    assert client.post(url, answers(participation, client.get(url), **typed)).status_code == 302
    for unit in participation.units.all():
        assert unit.counted_on == days[f"counted_on-{unit.kind}"]
    receipt = client.get(f"/kommune/{participation.pk}/kvittering/1/").content.decode()
    [message] = Message.objects.filter(text_name="participants.receipt")
    for day in days.values():
        assert f"{day.day}. " in receipt
        assert f"telt {day.day}. " in message.body


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "Datoen kan ikke være fram i tid."), (-800, "Datoen er for lenge siden. Bruk et tall som er telt etter")],
)
def test_a_day_that_cannot_be_is_refused(client, contact, participation, asked, url, days, said):
    client.force_login(contact)
    day = (timezone.localdate() + timedelta(days=days)).isoformat()
    page = client.post(url, answers(participation, client.get(url), **{"counted_on-school": day}))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert f'value="{day}"' in page.content.decode()


def test_registers_are_named_with_their_day(client, contact, asked, url, two_registers):
    client.force_login(contact)
    html = client.get(url).content.decode()
    assert "Nasjonalt barnehageregister har 36 (hentet 7. oktober 2026)." in html
    assert "Nasjonalt skoleregister har 45 (hentet 30. september 2026)." in html


def test_registers_figures_fill_empty_fields_when_asked_to(client, contact, participation, asked, url, two_registers):
    client.force_login(contact)
    kindergarten, _other, school, _last = (unit.pk for unit in two_registers)
    page = client.get(url)
    assert page.context["form"][f"unit-{kindergarten}-children"].value() in ("", None)
    sent = answers(participation, page, action="registers", **{f"unit-{school}-children": "44"})
    for unit in two_registers:
        if unit.pk != school:
            sent[f"unit-{unit.pk}-children"] = ""
    filled = client.post(url, sent, follow=True)
    form = filled.context["form"]
    assert form[f"unit-{kindergarten}-children"].value() == "36"
    assert form[f"unit-{school}-children"].value() == "44", "what was typed stays"
    assert "Registerets tall er fylt inn for 1 enhet. Se over det før du bekrefter." in filled.content.decode()
    assert filled.content.decode().count("Tallet fra registeret</span>") == 1
    assert not Unit.objects.filter(participation=participation, children__isnull=False).exists(), "nothing is stored"


def test_what_is_stored_says_whose_figure_it_is(client, contact, participation, asked, url, two_registers):
    client.force_login(contact)
    kindergarten, other, school, _last = two_registers
    empty = {f"unit-{unit.pk}-children": "" for unit in two_registers}
    client.post(url, answers(participation, client.get(url), action="registers", **empty))
    page = client.get(url)
    typed = {f"unit-{other.pk}-children": "20", f"unit-{school.pk}-children": "44"}
    assert client.post(url, answers(participation, page, **typed)).status_code == 302
    marked = {unit.pk: unit.is_registers_figure for unit in participation.units.all()}
    assert marked[kindergarten.pk] is True
    assert marked[school.pk] is False, "it was put right, so it is the municipality's own"
    asked.refresh_from_db()
    said = {unit["id"]: unit["is_registers_figure"] for unit in asked.snapshot["units"]}
    assert (said[kindergarten.pk], said[school.pk], said[other.pk]) == (True, False, False)
    assert "Nasjonalt barnehageregister" in client.get(f"/kommune/{participation.pk}/kvittering/1/").content.decode()


def test_nobody_can_say_that_another_figure_is_the_registers(client, contact, participation, asked, url, two_registers):
    client.force_login(contact)
    unit = two_registers[0]
    typed = {f"unit-{unit.pk}-children": "35", f"unit-{unit.pk}-register": "35"}
    client.post(url, answers(participation, client.get(url), **typed))
    unit.refresh_from_db()
    assert (unit.children, unit.is_registers_figure) == (35, False)


def test_without_a_register_there_is_no_button(client, contact, asked, url):
    client.force_login(contact)
    assert 'value="registers"' not in client.get(url).content.decode()


def test_page_says_how_many_units_have_a_figure(client, contact, participation, asked, url, units):
    client.force_login(contact)
    assert "0 av 4 enheter har tall" in client.get(url).content.decode()
    sent = answers(participation, client.get(url), action="draft")
    sent[f"unit-{units[0].pk}-children"] = ""
    client.post(url, sent)
    assert "3 av 4 enheter har tall" in client.get(url).content.decode()


def test_long_form_leads_to_each_unit(client, contact, participation, asked, url, units):
    client.force_login(contact)
    assert "Gå til en enhet" not in client.get(url).content.decode()
    for number in range(8):
        Unit.objects.create(participation=participation, name=f"Barnehage {number}", kind="kindergarten")
    html = client.get(url).content.decode()
    assert "Gå til en enhet" in html
    for unit in participation.units.all():
        assert f'href="#unit-{unit.pk}"' in html
        assert f'id="unit-{unit.pk}"' in html


@pytest.mark.parametrize(
    ("typed", "number"), [("1 234", 1234), ("1\u00a0234", 1234), (" 36 ", 36), ("12.0", 12), ("0", 0)]
)
def test_number_is_taken_as_people_write_it(typed, number):
    assert CountField().clean(typed) == number


def test_number_is_typed_in_a_field_that_no_wheel_changes():
    assert 'type="text"' in str(CountField().widget.render("n", None))


def test_a_first_figure_is_no_change_and_a_new_one_is(client, contact, participation, url, units, request):
    """A6: the receipt ended with a line from nothing to a number for each unit."""
    Unit.objects.filter(pk=units[0].pk).update(children=30)
    request.getfixturevalue("asked")
    client.force_login(contact)
    typed = {f"unit-{units[0].pk}-children": "31", f"unit-{units[1].pk}-name": "Leksvik barnehåge"}
    receipt = client.post(url, answers(participation, client.get(url), **typed), follow=True).content.decode()
    changed = receipt.partition('id="changed"')[2].partition("</section>")[0]
    assert "Leksvik barnehåge" in changed
    assert "Antall barn, Fembøringen barnehage" in changed
    assert "Antall elever" not in changed
    assert "Antall barn, Leksvik" not in changed
    mail = Message.objects.get(text_name="participants.receipt")
    assert "– → 40" not in mail.body
    assert "Statsbygd skole: 40, telt " in mail.body
