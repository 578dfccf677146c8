"""A name is planted in every text column of every table, the nights after the keep times run, and a dump is searched.

The tables are filled by the portal's own ways (tests/crowd). What is kept for the archive is what lmp/privacy says.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import PrivateReading, User
from guidance.models import ProjectLeader, Supervisor
from lmp.privacy.table import held
from participants import erasing
from participants.models import Cohort, Contact, GovernorContact
from tests.crowd import everybody

MARK = "zqplantet"
YEARS = timedelta(days=3 * 365)  # beyond each keep time, after the last cohort has ended
# The portal's own wording of mails, and a name that is in the archive anyway: looked at for itself below.
STAYS = {
    "accounts.User.name",
    "outbox.HistoricalWording.body",
    "outbox.HistoricalWording.subject",
    "outbox.Wording.body",
    "outbox.Wording.subject",
}
# Of a fact that is kept as it was, the only parts in which words stand.
WORDS_IN = {"guidance.SessionChange.before": ("place", "video_link")}

pytestmark = pytest.mark.django_db


def marked(field: models.Field, value: Any) -> Any:
    if parts := WORDS_IN.get(f"{field.model._meta.label}.{field.name}"):
        return value | dict.fromkeys(parts, MARK)
    if isinstance(field, models.JSONField):
        return [*value, MARK] if isinstance(value, list) else {**(value or {}), MARK: MARK}
    if isinstance(field, models.BinaryField):
        return bytes(value) + MARK.encode()
    if isinstance(field, models.URLField):
        return f"https://{MARK}.example.no/"
    text = str(value)
    if "@" in text and " " not in text:
        return f"{MARK}.{text}"
    limit = field.max_length or len(text) + 11
    return f"{text[: limit - 11]} {MARK}".strip()


def plant() -> int:
    """Mark every word that is to be erased, in the tables and in their history. Return how many columns."""
    columns = 0
    staff = User.objects.filter(is_staff=True)
    staff_keys = set(staff.values_list("pk", flat=True))
    for line in held():
        for table in line.tables:
            of = [
                field.name for field in table._meta.local_fields if field.related_model is User and field.name == "user"
            ]
            names = [field for field in table._meta.local_fields if field.name in line.erased and not field.choices]
            for field in names:
                rows = table._base_manager.all()
                if line.model == "accounts.User":
                    rows = rows.exclude(pk__in=staff_keys)
                if of:
                    rows = rows.exclude(user__in=staff_keys)
                found = 0
                for pk, value in list(rows.values_list("pk", field.name)):
                    if value or (isinstance(field, models.JSONField) and value is not None):
                        table._base_manager.filter(pk=pk).update(**{field.name: marked(field, value)})
                        found += 1
                columns += bool(found)
    return columns


def found() -> Iterator[str]:
    """Each column of each table, whatever lmp/privacy says of it, that holds the mark."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, (models.CharField, models.TextField, models.JSONField, models.BinaryField)):
                for (value,) in model._base_manager.values_list(field.name):
                    text = (
                        bytes(value).decode("utf-8", "replace")
                        if isinstance(value, (bytes, memoryview))
                        else str(value)
                    )
                    if MARK in text:
                        yield f"{model._meta.label}.{field.name}"
                        break


def left_over() -> str:
    return "\n".join(name for name in found() if name not in STAYS)


def nights() -> list[str]:
    """The tasks that run at night, in their order, and those that forget what waits."""
    timed = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if isinstance(entry["schedule"], crontab)]
    minute = {id(entry): min(entry["schedule"].minute) for entry in timed}
    tasks = [entry["task"] for entry in sorted(timed, key=lambda entry: minute[id(entry)])]
    return [*tasks, "accounts.tasks.forget_sessions", "participants.tasks.forget_uploads"]


@pytest.fixture
def planted():
    crowd = everybody.gather(2)
    now = timezone.now()
    reader = crowd.people["staff"]
    PrivateReading.log(PrivateReading.Kind.NEEDS, what="Samling", path="/", by=reader, now=now, about=[1])
    left = User.objects.create_user("lagt.inn@example.no", name="Lagt inn uten funksjon")
    last = max(cohort.ends_on for cohort in Cohort.objects.all())
    for kind in (GovernorContact, Supervisor, ProjectLeader):
        kind._base_manager.update(ended_on=last)
    assert plant() > 60
    then = max(now, timezone.now().replace(year=last.year)) + YEARS
    return crowd, left, then


def run_nights(then) -> None:
    with time_machine.travel(then, tick=False):
        for task in nights():
            import_string(task)()


def test_no_name_is_left_after_the_keep_times(planted):
    _crowd, left, then = planted
    assert set(found()) > {"accounts.User.email", "outbox.Message.body", "participants.Contact.name"}
    run_nights(then)
    assert left_over() == ""
    assert not User.objects.filter(pk=left.pk).exists()
    assert not Contact.objects.exists()
    # Who is named by what is archived stays as a name without an address; nobody else does.
    stayed = User.objects.filter(is_staff=False)
    assert all(person.email.endswith("@slettet.invalid") and not person.is_active for person in stayed)
    named = [person for person in stayed if person.name != erasing.ERASED_NAME]
    assert all(erasing.is_archived(person) for person in named)
    if connection.vendor == "postgresql":
        dump = dumped()
        for person in named:
            dump = dump.replace(person.name, "")
        assert MARK not in dump
    run_nights(then + timedelta(days=1))  # a second night finds nothing to do, and does no harm
    assert left_over() == ""


def dumped() -> str:
    """What pg_dump writes of this transaction's tables: they are copied out, for a dump sees only what is committed."""
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            written = io.BytesIO()
            with transaction.atomic():
                cursor.cursor.copy_expert(f'COPY "{table}" TO STDOUT', written)
            parts.append(written.getvalue().decode("utf-8", "replace"))
    return "\n".join(parts)
