"""Follows the links of the demo, as each kind of person and in each language, and reads every kind of page it finds."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation

from accounts.authentication import second_factor
from accounts.models import User
from lmp.demo import load, personas
from tests.norwegian import BOKMAL, ENGLISH, words
from tests.page_text import read

# How many pages of each kind: what stands on them depends on their facts. English is on all of a kind or on none.
PAGES_OF_EACH_KIND = {"nn": 2, "nb": 1}
AT_NIGHT = 4
# Forms that answer an empty one with what is missing, and change nothing
FORMS = re.compile(
    r"account_login|accounts:me|admin:\w+_add|participants:(confirm|decisions|(add|correct|replace)_contact)"
)


def people() -> list[tuple[str, User | None]]:
    found: list[tuple[str, User | None]] = [("nobody", None)]
    return found + [(one.key, User.objects.get(email=one.person.email)) for one in personas.PERSONAS]


def sign_in(client: Client, user: User) -> None:
    client.force_login(user)
    if user.is_staff:
        session = client.session
        second_factor.remember(session, user, kind="totp")
        session.save()


def facts() -> list[str]:
    """Everything that people and registers have written, longest first: it is in whichever language they chose."""
    found: set[str] = set(Group.objects.values_list("name", flat=True))
    ours = {"participants", "gatherings", "guidance", "accounts", "outbox"}
    ours |= {"welcome", "sharing", "seeing", "mailcalendar", "desk"}
    for model in apps.get_models():
        if model._meta.app_label not in ours:
            continue
        for field in model._meta.fields:
            if isinstance(field, CharField | TextField) and not field.choices:
                found.update(str(value).strip() for value in model._base_manager.values_list(field.name, flat=True))
    return sorted((text for text in found if len(text) > 2 and not text.isdigit()), key=len, reverse=True)


def without(written: list[str], text: str) -> str:
    text = re.sub(r"\{\w+\}", " ", text)  # what staff's texts are filled in with has one name in both languages
    for fact in written:
        text = text.replace(fact, " ")
    return text


@cache
def kind_of(path: str) -> str:
    match = resolve(path)
    return f"{match.view_name} {sorted(match.kwargs)}"


def pages(client: Client, language: str, of_each_kind: int):
    """(address, page) of some pages of each kind that links lead to, from my page and from the admin."""
    waiting = deque([reverse("home"), reverse("help"), reverse("account_login"), reverse("admin:index")])
    seen: set[str] = set()
    opened: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        path = urlsplit(address).path
        try:
            kind = kind_of(path)
        except Resolver404:
            continue
        if path.startswith("/admin/auth/"):  # permissions are rows, named in English by Django's migrations
            continue
        if opened[kind] >= of_each_kind:
            continue
        opened[kind] += 1
        response = client.get(address, headers={"accept-language": language})
        if response.status_code == 302:
            waiting.append(urljoin(address, response.url))
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        page = read(response.content.decode(), language)
        waiting += [urljoin(address, link).split("#")[0] for link in page.links if not urlsplit(link).scheme]
        yield address, page
        if FORMS.fullmatch(kind.split(" ")[0]):
            response = client.post(address, headers={"accept-language": language})
            if response.status_code == 200:
                yield address, read(response.content.decode(), language)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Loaded for both languages: what each does to it is rolled back to here, and it all after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override(configured.LANGUAGE_CODE):
            load.load(now=timezone.now())
        yield
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.xdist_group("the demo in both languages")  # or each process would load it
@pytest.mark.parametrize("at_night", [False, pytest.param(True, marks=pytest.mark.nightly)], ids=["by day", "at night"])
@pytest.mark.parametrize(
    ("language", "foreign", "error"), [("nn", BOKMAL | ENGLISH, "Må fyllast ut."), ("nb", ENGLISH, "Må fylles ut.")]
)
def test_no_page_holds_words_of_another_language(demo, db, settings, language, foreign, error, at_night):
    User.objects.update(language=language)
    written = facts()
    found: dict[str, str] = {}
    judged: set[str] = set()  # menus and the like are on every page
    opened, told = set(), 0
    crowded: set[str] = set()
    for who, user in people():
        client = Client()
        if user:
            sign_in(client, user)
        for address, page in pages(client, language, AT_NIGHT if at_night else PAGES_OF_EACH_KIND[language]):
            opened.add(kind_of(urlsplit(address).path))
            if page.main_buttons > 1:  # one main thing a page, and nothing beside it as loud
                crowded.add(f"{page.main_buttons} ({who} {address})")
            told += any(error in text for text in page.texts)
            for text in page.texts:
                if text in judged:
                    continue
                judged.add(text)
                if words(text) & foreign and (suspects := words(without(written, text)) & foreign):
                    found.setdefault(
                        f"{' '.join(sorted(suspects))}: {' '.join(text.split())[:150]}", f"{who} {address}"
                    )
    assert len(opened) > 40
    assert told > 5
    assert not crowded, "more than one main button: " + ", ".join(sorted(crowded))
    assert not found, "\n".join(f"{text} ({place})" for text, place in found.items())
