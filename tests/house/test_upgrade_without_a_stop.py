"""The version before works with the tables that the next release's migrations leave, so nobody need be stopped.

The rule holds for each migration after MARK. Nothing is released yet: what comes before it is the first release's, and
may still be edited; when it is released, the mark is its last migrations, and stays. What must go, goes in two
releases: the first leaves off using it, the second removes it, and its migration says so by `unused_since`.
"""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OWN = ("accounts", "gatherings", "guidance", "outbox", "participants")
MARK = {
    "accounts": 3,
    "gatherings": 4,
    "guidance": 3,
    "changes": 1,
    "colleagues": 1,
    "desk": 1,
    "mailcalendar": 1,
    "seeing": 1,
    "sharing": 1,
    "welcome": 1,
    "writing": 2,
    "outbox": 3,
    "participants": 4,
}
# Neither the name on a page nor a choice is in a table.
ONLY_IN_PYTHON = {"verbose_name", "help_text", "choices", "validators", "blank", "default", "editable", "related_name"}
# Only how rows are put in order.
ORDER = {"db_collation"}
GONE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
STRICTER = (migrations.AddConstraint, migrations.AlterUniqueTogether, migrations.RunSQL)


def breaks(operation: Operation, before: ProjectState, app: str) -> str:
    """Why the version before would not live with it; empty when it does."""
    if isinstance(operation, GONE):
        return "takes away what the version before reads"
    if isinstance(operation, STRICTER):
        return "may refuse what the version before writes"
    if isinstance(operation, migrations.AddField) and not may_be_left_out(operation.field):
        return "the version before writes rows without it: null=True or a db_default"
    if isinstance(operation, migrations.AlterField):
        old = before.models[app, operation.model_name_lower].fields[operation.name]
        return "" if takes_all_of(operation.field, old) else "refuses what the version before writes"
    return ""


def may_be_left_out(field: models.Field) -> bool:
    return field.null or field.has_db_default() or field.many_to_many


def takes_all_of(new: models.Field, old: models.Field) -> bool:
    if type(new) is not type(old) or (old.null and not new.null):
        return False
    is_longer = (new.max_length or 0) >= (old.max_length or 0) if new.max_length != old.max_length else True
    return is_longer and in_table(new) == in_table(old)


def in_table(field: models.Field) -> dict[str, Any]:
    told = field.deconstruct()[3]
    return {name: told[name] for name in told.keys() - ONLY_IN_PYTHON - ORDER - {"null", "max_length", "db_default"}}


def is_after_the_mark(app: str, name: str, mark: dict[str, int]) -> bool:
    return int(name[:4]) > mark.get(app, 0)


def broken(loader: MigrationLoader, mark: dict[str, int]) -> list[str]:
    found = []
    for app, name in sorted(loader.disk_migrations):
        migration = loader.disk_migrations[app, name]
        if not is_own(app) or not is_after_the_mark(app, name, mark) or hasattr(migration, "unused_since"):
            continue
        state = loader.project_state((app, name), at_end=False)
        for operation in migration.operations:
            if why := breaks(operation, state, app):
                found.append(f"{app}.{name}: {operation.describe()}: {why}")
            operation.state_forwards(app, state)
    return found


def is_own(app: str) -> bool:
    from django.apps import apps

    return apps.get_app_config(app).name.split(".")[0] in {*OWN, "lmp"}


def test_both_versions_live_with_every_migration_after_the_mark():
    assert broken(MigrationLoader(None), MARK) == [], "before the first release MARK may be moved; after it, never"


def test_without_a_mark_the_rule_finds_what_has_been_changed_so_far():
    assert len(broken(MigrationLoader(None), {})) > 10


def state_with(field: models.Field) -> ProjectState:
    state = ProjectState()
    migrations.CreateModel("Thing", [("id", models.AutoField(primary_key=True)), ("name", field)]).state_forwards(
        "accounts", state
    )
    return state


SHORT = models.CharField(max_length=20)


@pytest.mark.parametrize(
    ("operation", "lives"),
    [
        (migrations.AddField("thing", "more", models.IntegerField(null=True)), True),
        (migrations.AddField("thing", "more", models.IntegerField(db_default=0, default=0)), True),
        (migrations.AddField("thing", "more", models.IntegerField(default=0)), False),
        (migrations.AddField("thing", "more", models.ManyToManyField("accounts.Thing")), True),
        (migrations.AlterField("thing", "name", models.CharField("navn", max_length=30, blank=True)), True),
        (migrations.AlterField("thing", "name", models.CharField(max_length=20, null=True)), True),
        (migrations.AlterField("thing", "name", models.CharField(max_length=10)), False),
        (migrations.AlterField("thing", "name", models.CharField(max_length=20, unique=True)), False),
        (migrations.AlterField("thing", "name", models.IntegerField()), False),
        (migrations.RemoveField("thing", "name"), False),
        (migrations.RenameField("thing", "name", "title"), False),
        (migrations.RenameModel("Thing", "Object"), False),
        (migrations.DeleteModel("Thing"), False),
        (migrations.RunSQL("ALTER TABLE x DROP COLUMN y"), False),
        (migrations.RunPython(migrations.RunPython.noop), True),
        (migrations.CreateModel("Other", [("id", models.AutoField(primary_key=True))]), True),
        (migrations.AddIndex("thing", models.Index(fields=["name"], name="thing_name")), True),
    ],
    ids=lambda value: "" if isinstance(value, bool) else value.describe(),
)
def test_the_rule(operation, lives):
    assert (breaks(operation, state_with(SHORT), "accounts") == "") is lives


def test_a_column_that_may_be_empty_stays_so():
    narrowed = migrations.AlterField("thing", "name", models.CharField(max_length=20))
    assert breaks(narrowed, state_with(models.CharField(max_length=20, null=True)), "accounts")
