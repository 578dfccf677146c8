"""What belongs to a municipality is read by nobody else: each kind of person asks for each object, in every address.

The demo, with a mark of its own in every text that belongs to each municipality. Whose answers hold whose mark is then
looked for in all that comes back: pages, workbooks, archives, PDF and calendars.
"""

import io
import os
import random
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ForeignKey, Model, OneToOneField
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from accounts.models import User
from gatherings.models import Registration
from guidance.models import GroupMember, ProjectLeader
from lmp.demo.tests.conftest import demo as demo  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import loaded as loaded  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import now as now  # noqa: PLC0414 – the fixture
from participants.models import Contact, County, GovernorContact, Participation
from tests.access_lines import LINES

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("markers")]
MARK = re.compile(r"zq(\d+)qz")
REQUESTS = int(os.environ.get("MARKER_REQUESTS", "1500"))
# What says nothing of a municipality, and what is nobody's text: codes, kinds, addresses.
LEFT_ALONE = {"email", "phone", "token", "key", "language", "employer", "organisation_number"}
OWN_DATA = {"accounts:me", "accounts:export"}
ROOT = {"participants.participation"}


def way_to(model: type[Model], seen: frozenset = frozenset()) -> str | None:
    """The shortest way from a row to the municipality it belongs to."""
    if model._meta.label_lower in ROOT:
        return ""
    keys = [each for each in model._meta.concrete_fields if isinstance(each, ForeignKey | OneToOneField)]
    found = []
    for key in keys:
        other = key.related_model
        if other._meta.label_lower in seen or other is model:
            continue
        if (rest := way_to(other, seen | {model._meta.label_lower})) is not None:
            found.append(f"{key.name}__{rest}" if rest else key.name)
    return min(found, key=lambda way: way.count("__"), default=None)


def texts_of(model: type[Model]) -> list[models.Field]:
    return [
        each
        for each in model._meta.concrete_fields
        if isinstance(each, models.CharField | models.TextField)
        and not each.choices
        and not each.unique
        and each.name not in LEFT_ALONE
        and (each.max_length or 1000) >= 40
    ]


@dataclass
class Marked:
    rows: dict[str, dict[int, list[int]]] = field(default_factory=dict)  # by table and participation
    planted: int = 0


def mark() -> Marked:
    found = Marked()
    for model in apps.get_models():
        app = model._meta.app_label
        if (
            app not in {"participants", "gatherings", "guidance", "welcome", "changes", "desk"}
            or "Historical" in model.__name__
        ):
            continue
        way, texts = way_to(model), texts_of(model)
        if way is None:
            continue
        by_place: dict[int, list[int]] = defaultdict(list)
        for pk, participation in model._base_manager.values_list("pk", f"{way}__pk" if way else "pk"):
            if participation and isinstance(pk, int):
                by_place[participation].append(pk)
        for participation, keys in by_place.items():
            for each in texts:
                # What is empty may have to be.
                written = model._base_manager.filter(pk__in=keys).exclude(**{each.name: ""})
                with suppress(IntegrityError), transaction.atomic():  # what is answered is locked
                    found.planted += written.update(**{each.name: f"zq{participation}qz"})
        found.rows[model._meta.label_lower] = dict(by_place)
    return found


def sees(user: User) -> set[int]:
    """The municipalities of which this person may read anything: by their functions, and by nothing the portal says."""
    if ProjectLeader.objects.filter(user=user, ended_on=None).exists():
        return set(Participation.objects.values_list("pk", flat=True))
    found = set(Contact.objects.filter(user=user, ended_at=None).values_list("participation", flat=True))
    found |= set(GroupMember.objects.filter(supervisor__user=user).values_list("group__participation", flat=True))
    offices = GovernorContact.objects.filter(user=user, ended_on=None).values("governor")
    counties = County.objects.filter(governor__in=offices)
    found |= set(Participation.objects.filter(municipality__county__in=counties).values_list("pk", flat=True))
    return found | set(Registration.objects.filter(user=user).values_list("participation", flat=True))


def has_been_with(user: User) -> set[int]:
    """What a person may read of themselves, also when it is over."""
    return set(Contact.objects.filter(user=user).values_list("participation", flat=True))


def kinds() -> dict[str, User]:
    """One of each kind, with as little as possible to see."""
    contacts = Contact.objects.select_related("user").order_by("-pk")
    asked = {
        **{f"contact, {each}": contacts.filter(ended_at=None, function=each) for each in Contact.Function.values},
        "former contact": contacts.filter(ended_at__isnull=False),
        "officer": GovernorContact.objects.filter(ended_on=None).select_related("user"),
        "participant": Registration.objects.exclude(user__contacts__ended_at=None).select_related("user"),
    }
    found = {what: row.user for what, rows in asked.items() if (row := rows.filter(user__is_staff=False).first())}
    member = GroupMember.objects.select_related("supervisor__user").order_by("pk").first()
    return found | {
        "supervisor": member.supervisor.user,
        "stranger": User.objects.create_user("fremmed@example.no", name="Frem Med"),
    }


def unpacked(answer) -> Iterator[str]:
    """All that there is to read in an answer, and where it leads."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    yield answer.get("Location", "") + answer.get("Content-Disposition", "")
    yield from _read(content)


def _read(content: bytes) -> Iterator[str]:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from _read(archive.read(name))
    elif content.startswith(b"%PDF-1") and len(content) > 100:
        for page in PdfReader(io.BytesIO(content)).pages:
            yield page.extract_text()
    else:
        yield content.decode("utf-8", "replace").replace("\r\n ", "")  # a calendar's lines are folded


def addresses(marked: Marked) -> list[tuple[str, str]]:
    """Each address that names an object, for each object there is of whatever kind it may be: keys are shared out."""
    keys = sorted({key for by_place in marked.rows.values() for rows in by_place.values() for key in rows[:2]})[:400]
    found = []
    for name, line in LINES.items():
        if not line.kwargs:
            found.append((name, reverse(name)))
            continue
        for key in keys:
            try:
                found.append((name, reverse(name, kwargs=dict.fromkeys(line.kwargs, key))))
            except NoReverseMatch:
                break
    return found


def ask(people: dict[str, User], urls: list[tuple[str, str]]) -> tuple[list[str], Counter, Counter]:
    """What was read that shouldn't be; how often each status came; how often each kind read a mark of their own."""
    foreign, statuses, own = [], Counter(), Counter()
    for what, user in people.items():
        now, ever, client = sees(user), has_been_with(user), Client()
        client.raise_request_exception = False
        client.force_login(user)
        for name, url in urls:
            with transaction.atomic():
                answer = client.get(url)
                texts = "\n".join(unpacked(answer)) if answer.status_code == 200 else answer.get("Location", "")
                transaction.set_rollback(True)
            statuses[answer.status_code] += 1
            allowed = now | ever if name in OWN_DATA else now
            marks = {int(mark) for mark in MARK.findall(texts)}
            own[what] += bool(marks & allowed)
            if answer.status_code >= 500 or marks - allowed:
                foreign.append(f"{what}: {name} {url}: {answer.status_code}, marks of {sorted(marks - allowed)[:5]}")
    return foreign, statuses, own


@pytest.fixture
def marked(demo) -> Marked:
    with transaction.atomic():
        return mark()


def test_each_kind_of_person_asks_for_a_sample(marked):
    urls, people = addresses(marked), kinds()
    chosen = random.Random(41).sample(urls, min(len(urls), REQUESTS // len(people)))
    chosen += [each for each in urls if not LINES[each[0]].kwargs]
    foreign, statuses, own = ask(people, chosen)
    print(f"{marked.planted} marks, {len(people)} kinds, {sum(statuses.values())} requests: {dict(statuses)}")
    assert foreign == []
    assert marked.planted > 500
    assert sum(own.values()) > 10


@pytest.mark.nightly
def test_each_kind_of_person_asks_for_everything(marked):
    foreign, statuses, own = ask(kinds(), addresses(marked))
    print(f"{marked.planted} marks, {sum(statuses.values())} requests: {dict(statuses)}; own: {dict(own)}")
    assert foreign == []


def test_a_leak_would_be_told(marked, monkeypatch):
    """The control: a page of a unit that asks nobody who they are."""
    from participants.models import Unit
    from participants.models.unit import UnitQuerySet

    monkeypatch.setattr(UnitQuerySet, "visible_to", lambda self, _user: self)
    people = {"stranger": User.objects.create_user("fremmed@example.no", name="Frem Med")}
    urls = [("participants:unit", unit.get_absolute_url()) for unit in Unit.objects.all()[:5]]
    foreign, _statuses, _own = ask(people, urls)
    assert len(foreign) == 5
