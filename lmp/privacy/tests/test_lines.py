"""Each field of each table has one line; each kind is shown, explained, and erased or kept for a reason."""

from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from accounts.models import User
from lmp.privacy import kinds
from lmp.privacy.table import held

WORDS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


def stored() -> list[type[models.Model]]:
    """Every table: the portal's own, Django's and its packages', and those between two; histories go with their own."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if not model._meta.proxy and not hasattr(model, "instance_type")]


def test_every_table_has_one_line():
    lines = [line.model for line in held()]
    assert len(lines) == len(set(lines))
    assert set(lines) == {model._meta.label for model in stored()}
    assert len(lines) > 90


@pytest.mark.parametrize("line", held(), ids=lambda line: line.model)
def test_every_field_stands_in_one_place(line):
    fields = {field.name for field in apps.get_model(line.model)._meta.local_fields}
    assert set(line.fields) == fields
    assert {name: many for name, many in Counter(line.fields).items() if many > 1} == {}
    assert set(line.archive.split()) <= set(line.words)


def test_the_history_holds_no_more_than_its_own_table():
    for line in held():
        own = set(line.fields)
        for table in line.tables[1:]:
            more = {field.name for field in table._meta.local_fields} - own
            assert {name for name in more if not name.startswith("history_")} == set(), line.model


def test_whoever_is_known_by_a_row_is_said():
    """A field that leads to a person is about that person, wherever it stands."""
    for line in held():
        for field in apps.get_model(line.model)._meta.local_fields:
            if field.is_relation and field.related_model is User and line.model != "auth.User":
                assert field.name in line.about.split(), (line.model, field.name)


def test_no_text_is_said_to_be_about_nobody_but_codes_and_places():
    """The columns that hold words and name nobody, counted: one that is added is thought of."""
    plain = {
        f"{line.model}.{field.name}"
        for line in held()
        for field in apps.get_model(line.model)._meta.local_fields
        if isinstance(field, WORDS) and not field.choices and field.name in line.plain.split()
    }
    assert not [
        name
        for name in plain
        if name.rpartition(".")[2] in {"email", "phone", "note", "comment", "reason"}
        and name != "participants.CountyGovernor.email"
    ]
    assert len(plain) < 75


def test_the_kinds_are_whole():
    used = {line.kind.key for line in held()}
    assert used == {kind.key for kind in [*kinds.KINDS, kinds.NOBODY]}
    for kind in kinds.KINDS:
        assert all(str(text) for text in (kind.what, kind.why, kind.kept, kind.seen_by)), kind.key
        assert "%(" not in kind.kept
        assert bool(kind.sections) != bool(kind.not_shown), kind.key


def test_what_names_nobody_has_no_names():
    for line in held():
        if line.kind is kinds.NOBODY:
            assert not line.words, line.model


def test_every_part_of_a_persons_data_is_explained():
    assert {path for kind in kinds.KINDS for path in kind.sections} == set(settings.PERSONAL_DATA)
    for path in settings.PERSONAL_DATA:
        assert kinds.of_section(path)


def test_what_is_not_archived_is_erased_by_a_task_that_runs():
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    for kind in kinds.KINDS:
        assert set(kind.erased_by) <= tasks, kind.key
        lines = [line for line in held() if line.kind is kind]
        if any(set(line.names.split()) - set(line.archive.split()) for line in lines):
            archived = all(
                line.model in {"participants.Participation", "participants.Confirmation"}
                for line in lines
                if set(line.names.split()) - set(line.archive.split())
            )
            assert kind.erased_by or archived, kind.key
