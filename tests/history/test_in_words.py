"""Every page of history in the administration says it in words: no code, no machine's time, no empty value."""

import re

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from lmp.demo.tests.conftest import demo as demo  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import loaded as loaded  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import now as now  # noqa: PLC0414 – the fixture
from tests.workbooks.test_every_list import signed_in, staff

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("demo")]
ROWS = 8
NOT_WORDS = re.compile(
    r"\+00:00|pk=|\bNone\b|\bTrue\b|\bFalse\b|\b\d{4}-\d\d-\d\d\b|\{'|\[\]|\b(?:Changed|Added|Deleted)\b"
)


def addresses() -> list[str]:
    """The newest rows of each table, and those with the longest history."""
    found = []
    for model in admin.site._registry:
        try:
            reverse(_name(model), args=[1])
        except NoReverseMatch:
            continue
        keys = list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:ROWS])
        history = getattr(model, "history", None)
        keys += [row.pk for row in _longest(model, history)] if history else []
        found += [reverse(_name(model), args=[key]) for key in dict.fromkeys(keys)]
    return found


def _name(model: type[Model]) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_history"


def _longest(model: type[Model], history) -> list[Model]:
    changed = history.filter(history_type="~").order_by("-history_id").values_list(model._meta.pk.name, flat=True)
    return list(model._default_manager.filter(pk__in=list(dict.fromkeys(changed))[:ROWS]))


def test_every_history_is_in_words():
    client, read = signed_in(staff()), 0
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        text = re.sub(r"<[^>]+>", "|", page[page.find("<main") :])
        assert not (found := NOT_WORDS.search(text)), (address, text[max(0, found.start() - 80) : found.end() + 80])
        read += 1
    assert read > 100
