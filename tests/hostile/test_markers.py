"""What belongs to a municipality is read by nobody else: each kind of person asks for each object, in every address.

The demo, with a mark of its own in every text that belongs to each municipality: in columns, in what is kept as JSON,
in files and letters, in mails to its contacts, and in what an answer has locked. What is shared with a whole pulje has
the pulje's. Whose answers hold whose mark is then looked for in all that comes back: pages, workbooks, archives, PDF
and calendars. Each file that is marked is asked for by everybody.
"""

import io
import os
import random
import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import ForeignKey, Model, OneToOneField
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pypdf import PdfReader

from accounts.models import User
from gatherings.models import Document, Registration
from guidance.models import GroupMember, ProjectLeader
from lmp.demo.tests.conftest import demo as demo  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import loaded as loaded  # noqa: PLC0414 – the fixture
from lmp.demo.tests.conftest import now as now  # noqa: PLC0414 – the fixture
from lmp.sharing.models import FileContent, FileVersion, Publication
from lmp.welcome.models import Letter
from outbox.models import Attachment, Message
from participants.models import Cohort, Contact, County, GovernorContact, Participation
from tests.access_lines import LINES

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("markers")]
MARK = re.compile(r"zq(c?\d+)qz")
REQUESTS = int(os.environ.get("MARKER_REQUESTS", "1500"))
# What says nothing of a municipality, and what is nobody's text: codes, kinds, addresses.
LEFT_ALONE = {"email", "phone", "token", "key", "language", "employer", "organisation_number"}
# What is a person's own stays theirs.
OWN_DATA = {"accounts:me", "accounts:export", "overview:own_mails", "overview:own_mail", "overview:own_file"}
ROOT = {"participants.participation"}
ROOMS = {"participants", "gatherings", "guidance", "welcome", "changes", "desk"}
FILES = 12  # of each kind, of as many places as there are


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
    planted: Counter = field(default_factory=Counter)  # by what it is: columns, JSON, files, mails
    files: list[tuple[str, str]] = field(default_factory=list)  # the address of each, and its name


def mark_of(participation: int) -> str:
    return f"zq{participation}qz"


def mark_of_cohort(cohort: int) -> str:
    return f"zqc{cohort}qz"


def mark() -> Marked:
    found = Marked()
    with unlocked():
        for model in apps.get_models():
            if model._meta.app_label not in ROOMS or "Historical" in model.__name__:
                continue
            if (way := way_to(model)) is not None:
                found.rows[model._meta.label_lower] = mark_table(model, way, found.planted)
        mark_mails(found)
        mark_what_is_shared(found)
    letters = Letter.objects.exclude(pdf=b"").values_list("participation", flat=True)
    found.files += [("welcome:letter", reverse("welcome:letter", args=[each])) for each in sorted(set(letters))]
    return found


@contextmanager
def unlocked() -> Iterator[None]:
    """What is answered is locked by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE participants_confirmation DISABLE TRIGGER participants_keep_answer")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE participants_confirmation ENABLE TRIGGER participants_keep_answer")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def mark_table(model: type[Model], way: str, planted: Counter) -> dict[int, list[int]]:
    by_place: dict[int, list[int]] = defaultdict(list)
    for pk, participation in model._base_manager.values_list("pk", f"{way}__pk" if way else "pk"):
        if participation and isinstance(pk, int):
            by_place[participation].append(pk)
    kept = [each for each in model._meta.concrete_fields if isinstance(each, models.JSONField)]
    files = [each for each in model._meta.concrete_fields if isinstance(each, models.BinaryField)]
    for participation, keys in by_place.items():
        rows, word = model._base_manager.filter(pk__in=keys), mark_of(participation)
        for each in texts_of(model):
            # What is empty may have to be.
            planted["columns"] += rows.exclude(**{each.name: ""}).update(**{each.name: word})
        for each in files:
            planted["files"] += rows.update(**{each.name: a_file(word)})
        for row in rows if kept else ():
            facts = {each.name: marked_within(getattr(row, each.name), word) for each in kept}
            if any(facts[each.name] != getattr(row, each.name) for each in kept):
                planted["JSON"] += rows.filter(pk=row.pk).update(**facts)
    return dict(by_place)


def marked_within(value: Any, word: str) -> Any:
    """The same with the mark for each text in it. A text has a letter and a space; codes, days and keys have not."""
    if isinstance(value, dict):
        return {name: marked_within(each, word) for name, each in value.items()}
    if isinstance(value, list):
        return [marked_within(each, word) for each in value]
    return word if isinstance(value, str) and " " in value and re.search(r"[a-zæøå]", value) else value


def a_file(word: str) -> bytes:
    """So short that it is read as it is, though it begins as a PDF does."""
    return f"%PDF-1.7 {word}".encode()


def mark_mails(found: Marked) -> None:
    """Of whoever is with one municipality and nobody else."""
    places: dict[int, set[int]] = defaultdict(set)
    for person, participation in Contact.objects.values_list("user", "participation"):
        places[person].add(participation)
    for person, [participation, *others] in places.items():
        if others:
            continue
        word, mails = mark_of(participation), Message.objects.filter(recipient=person)
        found.planted["mails"] += mails.update(subject=word, body=word)
        files = Attachment.objects.filter(message__in=mails)
        found.planted["files"] += files.update(content=a_file(word))
        for mail in mails.filter(secret=False)[:1]:
            found.files.append(("overview:own_mail", reverse("overview:own_mail", args=[mail.pk])))
        for file in files[:1]:
            found.files.append(("overview:own_file", reverse("overview:own_file", args=[file.message_id, file.pk])))


def mark_what_is_shared(found: Marked) -> None:
    """With a pulje, whole or in part: its files and texts, and the documents of its gatherings."""
    for cohort in Cohort.objects.all():
        word = mark_of_cohort(cohort.pk)
        documents = Document.objects.filter(gathering__cohort=cohort)
        versions = FileVersion.objects.filter(file__publication__cohort=cohort)
        found.planted["files"] += documents.update(content=a_file(word), title=word)
        found.planted["files"] += FileContent.objects.filter(version__in=versions).update(content=a_file(word))
        for name in ("title_nb", "text_nb", "title_nn", "text_nn"):
            texts = Publication.objects.filter(cohort=cohort).exclude(**{name: ""})
            found.planted["columns"] += texts.update(**{name: word})
        for document in documents[:FILES]:
            found.files.append(("gatherings:document", reverse("gatherings:document", args=[document.pk])))
        for version in versions[:FILES]:
            found.files.append(("sharing:file", reverse("sharing:file", args=[version.file_id])))
            found.files.append(("sharing:version", reverse("sharing:version", args=[version.file_id, version.pk])))


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


def marks_of(participations: set[int]) -> set[str]:
    """That stand in what belongs to these, and in what is shared with their puljer."""
    cohorts = Participation.objects.filter(pk__in=participations).values_list("cohort", flat=True)
    return {mark_of(each) for each in participations} | {mark_of_cohort(each) for each in set(cohorts)}


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


def readers_of_mails(asked: list[tuple[str, str]]) -> dict[str, User]:
    """Whose first mail, and whose first file in a mail, is asked for."""
    urls = {name: url for name, url in reversed(asked) if name in {"overview:own_mail", "overview:own_file"}}
    return {f"reader, {name}": Message.objects.get(pk=int(url.split("/")[2])).recipient for name, url in urls.items()}


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
        now, ever, client = marks_of(sees(user)), marks_of(has_been_with(user)), Client()
        client.raise_request_exception = False
        client.force_login(user)
        for name, url in urls:
            with transaction.atomic():
                answer = client.get(url)
                texts = "\n".join(unpacked(answer)) if answer.status_code == 200 else answer.get("Location", "")
                transaction.set_rollback(True)
            statuses[answer.status_code] += 1
            allowed = now | ever if name in OWN_DATA else now
            marks = {f"zq{mark}qz" for mark in MARK.findall(texts)}
            own[what] += bool(marks & allowed)
            own[name] += bool(marks & allowed)
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
    print(f"{dict(marked.planted)} marks, {len(people)} kinds, {sum(statuses.values())} requests: {dict(statuses)}")
    assert foreign == []
    assert marked.planted["columns"] > 500
    assert marked.planted["JSON"] > 20
    assert sum(own.values()) > 10


def test_each_file_is_asked_for_by_each_kind_of_person(marked):
    """Every kind of file is somebody's, who reads the mark in it; nobody reads another's."""
    chosen = list(dict.fromkeys(marked.files))
    random.Random(41).shuffle(chosen)
    several = [[each for each in chosen if each[0] == name][:FILES] for name in sorted({name for name, _url in chosen})]
    asked = [each for some in several for each in some]
    people = kinds() | readers_of_mails(asked) | {"leader": ProjectLeader.objects.all()[0].user}
    foreign, statuses, own = ask(people, asked)
    print(f"{dict(marked.planted)} marks, {len(asked)} files, {sum(statuses.values())} requests: {dict(statuses)}")
    assert foreign == []
    assert marked.planted["files"] > 20
    assert {name for name, _url in asked if not own[name]} <= {"sharing:version"}, "staff alone read these"


@pytest.mark.nightly
def test_each_kind_of_person_asks_for_everything(marked):
    foreign, statuses, own = ask(kinds(), addresses(marked) + marked.files)
    print(f"{dict(marked.planted)} marks, {sum(statuses.values())} requests: {dict(statuses)}; own: {dict(own)}")
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
