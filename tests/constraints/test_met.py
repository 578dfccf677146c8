"""What the database refuses is refused by the form first, in words: each such form is sent what it would refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.forms import BaseForm
from django.template.context import BaseContext
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from lmp.at_once import AtOnceMiddleware
from outbox.models import Message
from tests.access_lines import LINES
from tests.constraints.cases import BY, CASES, TOLD, Case
from tests.hostile.drawn import Drawn, forms_on
from tests.test_access import admin_url, visit
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import world as world  # noqa: PLC0414 – the fixture


def texts_of(answer) -> str:
    """What a page says in its main part."""
    html = answer.content.decode()
    main = html[max(html.find("<main"), 0) :].partition("<footer")[0]
    return " ".join(unescape(strip_tags(main)).split())


@contextmanager
def refused_by_the_database() -> Iterator[list[Exception]]:
    met: list[Exception] = []
    own = AtOnceMiddleware.process_exception

    def noting(self, request, exception):
        met.append(exception)
        return own(self, request, exception)

    with patch.object(AtOnceMiddleware, "process_exception", noting):
        yield met


def errors_in(answer) -> dict[str, str]:
    """What the forms of a page say is wrong, by field."""
    layers = [layer if isinstance(layer, BaseContext) else [layer] for layer in answer.context or []]
    values = [value for layer in layers for part in layer for value in part.values()]
    forms = [getattr(value, "form", value) for value in values]
    return {
        name: " ".join(errors)
        for form in forms
        if isinstance(form, BaseForm) and form.is_bound
        for name, errors in form.errors.items()
    }


def url_of(case: Case, world: dict) -> str:
    if case.page.startswith("admin:"):
        return admin_url(case.page, world[case.of])
    kwargs = LINES[case.page].kwargs | case.keys
    address = reverse(case.page, kwargs={key: world.get(value, value) for key, value in kwargs.items()})
    return address + case.query.format(**world)


def drawn(client: Client, url: str, case: Case) -> Drawn:
    """The form that has most of what is to be typed."""
    if not case.is_drawn:
        return Drawn(url)
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    forms = forms_on(url, answer.content.decode())
    names = case.typed.keys()
    found = max(forms, key=lambda form: len(names & {*form.values, *(name for name, _value in form.buttons)}))
    assert names - {*found.values, *(name for name, _value in found.buttons)} <= {"_confirmed", "sure"}, (
        url,
        found,
    )  # those of the page after it
    return found


def filled(form: Drawn, typed: dict[str, Any], world: dict) -> dict[str, Any]:
    known = {name: value.format(**world) if isinstance(value, str) else value for name, value in typed.items()}
    return form.values | known


@pytest.fixture
def everything(world, leader, staff_without_factor, other_supervisor, contact) -> dict[str, Any]:
    """The walk's world, and what it lacks."""
    now = timezone.now()
    facts = {"to": contact.email, "recipient": contact, "subject": "-", "body": "-", "created_at": now}
    lost = Message.objects.create(key="lost", message_id="lost", next_attempt_at=now, given_up_at=now, **facts)
    return world | {
        "leaders_person": leader.pk,
        "colleague": staff_without_factor.pk,
        "other_supervisor": other_supervisor.supervisor.pk,
        "undelivered": lost.pk,
    }


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("name", CASES)
def test_the_form_says_so(sessions, everything, name, language):
    """In the reader's language, and by the field that it is about."""
    world = everything
    User.objects.update(language=language)
    model = apps.get_model(*name.split(".")[:2])
    for case in CASES[name]:
        url = url_of(case, world)
        with visit(sessions, case.who) as client:
            form = drawn(client, url, case)
            if case.twice:
                first = client.post(form.action, filled(form, case.typed, world))
                assert first.status_code == 302, (url, texts_of(first)[-600:])
            rows = model._base_manager.count()
            with refused_by_the_database() as met:
                answer = client.post(form.action, filled(form, case.typed, world), follow=True)
            assert met == [], (url, met)
            assert answer.status_code in {200, 409, 422}, (url, answer.status_code)
            assert answer.request["PATH_INFO"] != reverse("accounts:unsent_forms")
            by, in_nynorsk = TOLD[case.said] if case.said else ("", "")
            expected, said = in_nynorsk if language == "nn" else case.said, texts_of(answer)
            assert expected in said, (url, expected, said)
            told = [field for field, errors in errors_in(answer).items() if expected in errors] if case.said else []
            assert told == [BY.get(name, by)] * bool(by), (url, expected, errors_in(answer))
            assert model._base_manager.count() == rows, url
