"""The help: whose pages come first, that what it says of the portal is so, and that each picture is there."""

import json
import re
from pathlib import Path

import polib
import pytest
from allauth.account import app_settings as account_settings
from django.conf import settings
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from lmp.catalogue import CATALOGUE
from lmp.help import places, shelf
from lmp.help.guides import SIZES, Guide
from tests.browsing import LANGUAGES

TASKS = [
    pytest.param(guide, task, id=f"{guide.key}-{task.key}") for guide in shelf.GUIDES.values() for task in guide.tasks
]
PICTURES = Path(settings.BASE_DIR) / "static" / "img" / "help"
pytestmark = pytest.mark.django_db


def keys(guides: list[Guide]) -> list[str]:
    return [guide.key for guide in guides]


def test_a_persons_own_pages(contact, head, officer, supervisor, leader, staff, stranger):
    today = timezone.localdate()
    assert keys(shelf.own(contact, today=today)) == ["kontaktperson"]
    assert keys(shelf.own(head, today=today)) == ["styrer-og-rektor"]
    assert keys(shelf.own(officer, today=today)) == ["statsforvalter"]
    assert keys(shelf.own(supervisor, today=today)) == ["veileder"]
    assert keys(shelf.own(leader, today=today)) == ["prosjektleder"]
    assert keys(shelf.own(staff, today=today)) == keys(shelf.STAFF)
    assert shelf.own(stranger, today=today) == []


def test_own_pages_come_first_on_the_index(client, contact):
    client.force_login(contact)
    page = client.get(reverse("help")).content.decode()
    own, others = page.split("For andre", 1)
    address = reverse("help_page", args=["kontaktperson"])
    assert f'href="{address}#bekrefte"' in own
    assert f'href="{address}"' not in others
    assert f'href="{reverse("help_page", args=["veileder"])}"' in others


@pytest.mark.parametrize("guide", shelf.OPEN, ids=lambda guide: guide.key)
def test_open_before_sign_in(client, guide):
    page = client.get(reverse("help_page", args=[guide.key])).content.decode()
    assert page.count("<h1") == 1
    for task in guide.tasks:
        assert f'id="{task.key}"' in page
    assert f"mailto:{settings.SUPPORT_EMAIL}" in page


def test_staffs_pages_are_for_staff(client, as_staff, contact):
    for guide in shelf.STAFF:
        assert as_staff.get(reverse("help_page", args=[guide.key])).status_code == 200
    client.force_login(contact)
    for guide in shelf.STAFF:
        assert client.get(reverse("help_page", args=[guide.key])).status_code == 404
    assert "ansatt-telefon" not in client.get(reverse("help")).content.decode()


def test_unknown_page(client):
    assert client.get("/hjelp/finnes-ikke/").status_code == 404


@pytest.mark.any_database
@pytest.mark.parametrize(("guide", "task"), TASKS)
def test_a_task_is_short(guide, task):
    assert 3 <= len(task.steps) <= 6
    assert task.wrong
    assert all(len(str(step)) <= 160 for step in task.steps)
    assert str(task.title).startswith("Slik ")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    """What the portal says in bokmål, and in nynorsk; of a text that counts, the one for one."""
    entries = polib.pofile(str(CATALOGUE))
    return {entry.msgid: entry.msgstr or entry.msgstr_plural.get(0, "") for entry in entries}


@pytest.mark.any_database
@pytest.mark.parametrize(("guide", "task"), TASKS)
def test_what_is_quoted_is_on_a_page(guide, task, catalogue):
    """«Velg Meld på»: a button that is called something else by now is a step that nobody can follow."""
    for text in (*task.steps, *task.wrong, guide.lead, guide.ask):
        bokmal = re.findall("«(.+?)»", str(text))
        with translation.override("nn"):
            nynorsk = re.findall("«(.+?)»", str(text))
        assert len(bokmal) == len(nynorsk)
        for label, in_nynorsk in zip(bokmal, nynorsk, strict=True):
            begun = [said for shown, said in catalogue.items() if shown.startswith(label) and "«" not in shown]
            assert any(said.startswith(in_nynorsk) for said in begun), (label, in_nynorsk)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_a_question_that_is_quoted_has_its_mark_with_it(language):
    with translation.override(language):
        said = [str(text) for guide in shelf.GUIDES.values() for task in guide.tasks for text in task.steps]
    assert not [text for text in said if text.endswith("»?")]


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_where_staff_read_why_somebody_gets_no_mail(as_staff, staff, contact, language):
    """The heading is the one of staff's page, not the one that the person has on their own."""
    staff.choose_language(language)
    with translation.override(language):
        [task] = [task for task in shelf.GUIDES["ansatt-telefon"].tasks if task.key == "fikk-ikke"]
        [heading] = re.findall("«(.+?)»", str(task.steps[2]))
    page = as_staff.get(reverse("changes:person_mails", args=[contact.pk])).content.decode()
    assert f"{heading}</h2>" in page


def test_the_code_lasts_as_long_as_it_says():
    minutes = account_settings.LOGIN_BY_CODE_TIMEOUT // 60
    assert f"i {minutes} minutter" in str(shelf.SIGN_IN.tasks[0].steps[-1])


def test_help_about_a_page_is_there():
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    names |= {
        f"{space}:{name}"
        for space, (_prefix, resolver) in get_resolver().namespace_dict.items()
        for name in resolver.reverse_dict
        if isinstance(name, str)
    }
    for view_name, (guide, task) in [*places.FOR_STAFF.items(), *places.FOR_OTHERS.items()]:
        assert view_name in names
        assert task in {each.key for each in guide.tasks}, view_name


def test_a_page_leads_to_its_help(client, contact, participation):
    client.force_login(contact)
    page = client.get(reverse("participants:contacts", args=[participation.pk])).content.decode()
    assert f'href="{reverse("help_page", args=["kontaktperson"])}#kontaktpersoner"' in page
    assert "Hjelp til denne siden" not in client.get("/finnes-ikke/").content.decode()


def test_the_board_leads_staff_to_theirs(as_staff, participation):
    board = as_staff.get(reverse("board:board", args=[participation.cohort_id])).content.decode()
    assert f'href="{reverse("help_page", args=["ansatt-status"])}#lese"' in board


def test_each_picture_is_there_in_both_languages_and_none_is_unused():
    named = [task.picture for guide in shelf.GUIDES.values() for task in guide.tasks if task.picture]
    assert len({picture.name for picture in named}) == len(named)
    wanted = {f"{language}/{picture.name}.webp" for picture in named for language in LANGUAGES}
    assert {str(file.relative_to(PICTURES)) for file in PICTURES.rglob("*.webp")} == wanted
    assert set(json.loads(SIZES.read_text())) == wanted
    assert all(picture.alt for picture in named)


def test_pictures_are_small():
    sizes = [file.stat().st_size for file in PICTURES.rglob("*.webp")]
    assert max(sizes) <= 40_000
    assert sum(sizes) <= 1_500_000


def test_a_picture_is_in_the_readers_language(client):
    page = client.get(reverse("help_page", args=["kontaktperson"])).content.decode()
    assert "img/help/nb/contact-confirm" in page
    page = client.get(reverse("help_page", args=["kontaktperson"]), headers={"accept-language": "nn"}).content.decode()
    assert "img/help/nn/contact-confirm" in page


def test_a_page_of_several_kinds_leads_to_the_index(client, contact, participation, as_staff):
    page = reverse("overview:participation", args=[participation.pk])
    assert f'href="{reverse("help_page", args=["ansatt-telefon"])}#finne"' in as_staff.get(page).content.decode()
    client.force_login(contact)
    assert f'<p class="app-help"><a class="ds-link" href="{reverse("help")}">' in client.get(page).content.decode()
