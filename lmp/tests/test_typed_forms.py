"""Choosing the other language in the middle of a form: the words change, what is typed stays."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gatherings.models import Gathering
from guidance.models import Measure
from guidance.tests.conftest import a_measure
from participants.models import Contact, ProjectGroup
from parts.forms import restoring

CHOOSE = "/konto/sprak/"


def choose(client, page: str, typed: dict, language: str = "nn"):
    """As the browser does it: the button belongs to the page's form, and says which page it stood on."""
    client.get(page)
    return client.post(f"{CHOOSE}?_next={page}", typed | {"_language": language}, follow=True)


def value(page, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page.content.decode()).group()
    return (re.search(r'value="([^"]*)"', found) or ["", ""])[1]


def is_chosen(page, name: str, choice: str) -> bool:
    """Whether this option of a list, or this box, is marked."""
    html = page.content.decode()
    options = html.split(f'name="{name}"', 1)[1].split("</select>")[0]
    return bool(re.search(rf'<option value="{choice}" selected', options))


def test_new_contact_keeps_all_that_was_typed(client, participation, contact):
    client.force_login(contact)
    page = reverse("participants:add_contact", args=[participation.pk])
    drawn = choose(client, page, {"function": "ppt", "name": "Åse Ærlig", "email": "ikke ferdig", "phone": "9"})
    assert drawn.status_code == 200
    assert '<html lang="nn"' in drawn.content.decode()
    assert [value(drawn, name) for name in ("name", "email", "phone")] == ["Åse Ærlig", "ikke ferdig", "9"]
    assert is_chosen(drawn, "function", "ppt")
    assert "ds-validation-message" not in drawn.content.decode(), "nothing was sent in, so nothing is judged"
    assert not Contact.objects.filter(name="Åse Ærlig").exists()


def test_only_the_very_next_page_has_it(client, participation, contact):
    client.force_login(contact)
    page = reverse("participants:add_contact", args=[participation.pk])
    choose(client, page, {"name": "Åse Ærlig"})
    assert value(client.get(page), "name") == ""


def test_another_page_never_has_it(client, participation, contact):
    client.force_login(contact)
    page = reverse("participants:add_contact", args=[participation.pk])
    client.post(f"{CHOOSE}?_next={page}", {"name": "Åse Ærlig", "_language": "nn"})
    assert value(client.get("/konto/"), "name") == contact.name
    assert value(client.get(page), "name") == "", "the page was left: what was typed is not kept for later"


def test_project_group_keeps_its_rows(client, head, units):
    client.force_login(head)
    page = reverse("participants:project_group", args=[units[0].pk])
    rows = {f"medlem-{number}-name": f"Medlem {number}" for number in range(5)}
    typed = {"medlem-TOTAL_FORMS": "5", "medlem-INITIAL_FORMS": "0", **rows}
    drawn = choose(client, page, typed)
    assert [value(drawn, f"medlem-{number}-name") for number in range(5)] == [f"Medlem {n}" for n in range(5)]
    assert not ProjectGroup.objects.filter(unit=units[0]).exists()


@pytest.mark.parametrize("total", ["-1", "x", "99999999999999999999", "9999", "²"])
def test_rows_that_nobody_had_are_not_drawn(client, head, units, total):
    client.force_login(head)
    page = reverse("participants:project_group", args=[units[0].pk])
    drawn = choose(client, page, {"medlem-TOTAL_FORMS": total, "medlem-0-name": "Medlem"})
    assert drawn.status_code == 200
    assert len(set(re.findall(r'name="(medlem-\d+-part)"', drawn.content.decode()))) <= 30


def test_ticks_that_were_taken_away_stay_away():
    """A box that isn't ticked is not sent, and must not come back as it was stored."""

    class Ticks(forms.Form):
        name = forms.CharField()
        kept = forms.BooleanField(initial=True)

    with restoring(QueryDict("name=x")):
        assert "checked" not in str(Ticks()["kept"])
    assert "checked" in str(Ticks()["kept"])


def test_own_page_has_a_field_called_language_too(client, contact):
    """The person's own choice in the form is typed, and is not the button's."""
    client.force_login(contact)
    drawn = choose(client, "/konto/", {"name": "Nytt Navn", "language": "nb"})
    assert '<html lang="nn"' in drawn.content.decode()
    assert value(drawn, "name") == "Nytt Navn"
    assert User.objects.get(pk=contact.pk).name == contact.name


def test_code_is_kept_nowhere(client, contact):
    client.force_login(contact)
    client.post(f"{CHOOSE}?_next=/konto/", {"code": "1234-5678", "_language": "nn"})
    assert "typed_form" not in client.session


def test_form_and_button_belong_together(client, participation, contact):
    """A button whose form is not on the page does nothing."""
    client.force_login(contact)
    for page in (reverse("participants:add_contact", args=[participation.pk]), "/", "/hjelp/"):
        html = client.get(page).content.decode()
        assert ('form="page-form"' in html) == ('id="page-form"' in html), page


def test_what_a_script_asks_for_meanwhile_takes_nothing(client, participation, contact):
    client.force_login(contact)
    page = reverse("participants:add_contact", args=[participation.pk])
    client.post(f"{CHOOSE}?_next={page}", {"name": "Åse Ærlig", "_language": "nn"})
    client.get("/konto/", headers={"Sec-Fetch-Mode": "cors"})
    assert value(client.get(page, headers={"Sec-Fetch-Mode": "navigate"}), "name") == "Åse Ærlig"


@pytest.mark.parametrize(("letters", "stays"), [(100, True), (3000, False)])
def test_a_stranger_keeps_an_address_and_no_more(client, db, letters, stays):
    client.post(f"{CHOOSE}?_next=/konto/logg-inn/", {"email": "a" * letters, "_language": "nn"})
    assert ("typed_form" in client.session) == stays


def test_a_measure_that_is_half_written_stays(client, head, units):
    """A31: it was gone without a word, tried twice. A tick that was taken away stays away."""
    client.force_login(head)
    page = reverse("guidance:add_measure", args=[units[0].pk])
    typed = {
        "what": "Felles rutine",
        "why": "Vi ser at",
        "sub_goal": "4",
        "sources": ["survey"],
        "ends_on": "2027-02-01",
    }
    drawn = choose(client, page, typed)
    html = drawn.content.decode()
    assert '<html lang="nn"' in html
    assert "Vi ser at</textarea>" in html
    assert [value(drawn, name) for name in ("ends_on", "starts_on")] == ["2027-02-01", ""]
    for name, chosen in (("sub_goal", "4"), ("sources", "survey")):
        boxes = re.findall(rf'<input[^>]*name="{name}"[^>]*>', html)
        assert [re.search('value="([^"]*)"', box)[1] for box in boxes if "checked" in box] == [chosen]
    assert "ds-validation-message" not in html
    assert not Measure.objects.exists()


def test_what_is_said_of_a_measure_stays(client, head, units):
    client.force_login(head)
    measure = a_measure(units[0], head, state="underway")
    drawn = choose(
        client, measure.get_absolute_url(), {"state": "finished", "progress": "Halvskrevet"}
    ).content.decode()
    assert "Halvskrevet</textarea>" in drawn
    assert re.search('value="finished"[^>]*checked', drawn)
    measure.refresh_from_db()
    assert measure.progress == ""


def test_a_registration_keeps_its_rows_and_its_ticks(client, participation, contact, head, units, staff):
    """A31: it has no draft either."""
    participation.welcome(by=staff, now=timezone.now())
    today = timezone.localdate()
    gathering = Gathering.objects.create(
        cohort=participation.cohort,
        semester=1,
        starts_on=today + timedelta(days=40),
        settled="fixed",
        opens_on=today,
        closes_on=today + timedelta(days=20),
    )
    client.force_login(contact)
    page = reverse("gatherings:register", args=[gathering.pk])
    typed = {"person-TOTAL_FORMS": "6", "person-INITIAL_FORMS": "2", "person-1-come": "on"}
    typed |= {"person-0-name": "Kari Kontakt", "person-1-name": "Hanne Styrer"}
    typed |= {"person-5-name": "Åse Ærlig", "person-5-email": "uferdig", "person-5-function": "staff"}
    drawn = choose(client, page, typed)
    assert [value(drawn, f"person-5-{name}") for name in ("name", "email")] == ["Åse Ærlig", "uferdig"]
    assert is_chosen(drawn, "person-5-function", "staff")
    ticks = [re.search(rf'<input[^>]*name="person-{number}-come"[^>]*>', drawn.content.decode()) for number in (0, 1)]
    assert ["checked" in tick.group() for tick in ticks] == [False, True]
    assert not gathering.registrations.exists()
