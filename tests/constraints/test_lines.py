"""Every constraint there is has its line, and every line its constraint; and no button deletes what is protected."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Model
from django.urls import reverse

from tests.access_lines import ADMIN_MODELS
from tests.constraints.cases import CASES
from tests.constraints.lines import BY_RULE, FORM, LINES, PROTECTED
from tests.test_access import sessions as sessions  # noqa: PLC0414 – the fixture
from tests.test_access import visit
from tests.test_access import world as world  # noqa: PLC0414 – the fixture

ROOMS = {"accounts", "gatherings", "guidance", "lmp", "outbox", "participants", "parts"}


def tables() -> Iterator[type[Model]]:
    for model in apps.get_models():
        if model.__module__.partition(".")[0] in ROOMS and not model.__name__.startswith("Historical"):
            yield model


def constraints() -> Iterator[str]:
    for model in tables():
        label = model._meta.label
        yield from (f"{label}.{each.name}" for each in model._meta.total_unique_constraints)
        yield from (f"{label}.{each.name}" for each in model._meta.constraints)
        yield from (
            f"{label}.{each.name}" for each in model._meta.concrete_fields if each.unique and not each.primary_key
        )
        assert not model._meta.unique_together, label


def protected() -> set[str]:
    keys = [each for model in tables() for each in model._meta.concrete_fields if each.remote_field]
    return {
        each.related_model._meta.label
        for each in keys
        if each.remote_field.on_delete in (models.PROTECT, models.RESTRICT)
    }


def test_each_constraint_has_a_line():
    assert {name for name in constraints() if not name.endswith(BY_RULE)} == set(LINES)


def test_who_did_it_is_in_no_form():
    """What is let off by rule is made by `facts.who_and_when`, of fields that are set by acts alone."""
    for model in tables():
        for each in model._meta.constraints:
            if each.name.endswith(BY_RULE):
                what = each.name.removesuffix(BY_RULE).removeprefix(f"{model._meta.model_name}_")
                fields = {field.name for field in model._meta.fields}
                assert any(name.endswith("_by") and what.endswith(name[:-3]) for name in fields), each.name


def test_each_protected_table_has_a_line():
    assert protected() == set(PROTECTED)


def test_each_form_that_may_meet_one_is_tried():
    assert {name for name, line in LINES.items() if line.how == FORM} == set(CASES)


def test_no_page_of_the_administration_deletes_what_is_referred_to(sessions, world):
    """By the page that deletes one, and by the list that deletes several."""
    kept = {label.lower().replace(".", "_") for label in PROTECTED} & ADMIN_MODELS
    assert len(kept) > 10
    for table in sorted(kept):
        model = apps.get_model(*table.split("_"))
        row = model._base_manager.order_by("pk").first()
        if row is None:
            continue
        before = model._base_manager.count()
        with visit(sessions, "staff") as client:
            answer = client.post(f"/admin/{table.replace('_', '/')}/{row.pk}/delete/", {"post": "yes"})
            data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            several = client.post(reverse(f"admin:{table}_changelist"), data)
            assert {answer.status_code, several.status_code} <= {200, 302, 403, 404}, table
            assert model._base_manager.count() == before, table
