"""How the house is built: no circle between files, no crowded folder, no name for two things."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.repository import files, text

MAX_IN_A_FOLDER = 15
MAX_TYPE_IGNORES = 15
MAX_TEMPLATE_LINE = 160
ROOMS = {"lmp", "gatherings", "guidance", "participants", "accounts", "outbox", "parts"}
# A municipality is visible to its contacts, and they have their functions in it and in its units: the domain's own.
ALLOWED_CIRCLE = {f"participants.models.{name}" for name in ("participation", "contact", "unit")}
# What Django, Celery or Python itself calls so in every app, and what is private to its file.
SAME_EVERYWHERE = {"Command", "Meta", "Migration"}


def modules() -> dict[str, Path]:
    """The portal's own code, by the names that it is imported by."""
    return {
        ".".join(path.with_suffix("").parts).removesuffix(".__init__"): path
        for path in files(".py")
        if path.parts[0] in ROOMS and not {"tests", "migrations"} & set(path.parts)
    }


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(text(path))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                file = f"{node.module}.{name.name}"  # unless it is a name within the module
                yield from {file if file in known else node.module} & known.keys()
        elif isinstance(node, ast.Import):
            yield from {name.name for name in node.names} & known.keys()


def circles(arrows: dict[str, set[str]]) -> list[set[str]]:
    """The modules that reach each other, by Tarjan's strongly connected components."""
    found: list[set[str]] = []
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> None:
        index[module] = low[module] = len(index)
        stack.append(module)
        for other in arrows[module]:
            if other not in index:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], index[other])
        if low[module] == index[module]:
            ring = set(stack[stack.index(module) :])
            del stack[stack.index(module) :]
            if len(ring) > 1:
                found.append(ring)

    for module in sorted(arrows):
        if module not in index:
            visit(module)
    return found


def test_no_files_import_each_other_in_a_circle():
    known = modules()
    arrows = {name: set(imports(path, known)) - {name} for name, path in known.items()}
    assert len(arrows) > 200
    assert [ring for ring in circles(arrows) if not ring <= ALLOWED_CIRCLE] == []


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_no_folder_is_crowded():
    crowd = Counter(path.parent for path in files(".py"))
    assert {str(folder): count for folder, count in crowd.items() if count > MAX_IN_A_FOLDER} == {}


def test_types_are_ignored_seldom():
    found = [
        f"{path}:{number}"
        for path in modules().values()
        for number, line in enumerate(text(path).splitlines(), start=1)
        if "type: ignore" in line
    ]
    assert len(found) <= MAX_TYPE_IGNORES, found


def test_a_class_name_means_one_thing():
    places: dict[str, set[str]] = defaultdict(set)
    for name, path in modules().items():
        for node in ast.parse(text(path)).body:
            if isinstance(node, ast.ClassDef) and node.name not in SAME_EVERYWHERE:
                places[node.name].add(name)
    assert {name: sorted(where) for name, where in places.items() if len(where) > 1} == {}


def test_lines_of_templates_can_be_read():
    long = [
        f"{path}:{number}"
        for path in files(".html")
        if path.parts[:2] != ("templates", "mails")
        for number, line in enumerate(text(path).splitlines(), start=1)
        if len(line) > MAX_TEMPLATE_LINE
    ]
    assert not long


def test_the_docs_name_what_is_there():
    """Links, and names of files in backticks: `guidance/access.py`, `docs/texts.md`, or a bare `places.py`."""
    names = {path.name for path in files()} | {str(path) for path in files()}
    lost = []
    for path in files(".md"):
        if path.name == "CHANGELOG.md":
            continue
        for link in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text(path)):
            if not exists(path.parent / link):
                lost.append(f"{path}: {link}")
        for name in re.findall(r"`([\w./-]+\.(?:py|html|css|js|toml|typ|md|txt|lock|ini))`", text(path)):
            if name not in names and not any(str(other).endswith("/" + name) for other in names):
                lost.append(f"{path}: {name}")
    assert not lost


def exists(path: Path) -> bool:
    return any(str(other) == str(_flat(path)) or str(other).startswith(f"{_flat(path)}/") for other in files())


def _flat(path: Path) -> Path:
    """Without `..`."""
    flat: list[str] = []
    for part in path.parts:
        if part == "..":
            flat.pop()
        elif part != ".":
            flat.append(part)
    return Path(*flat)


def test_page_with_a_form_keeps_what_is_typed_when_the_language_is_chosen():
    """page_with_form.html gives the choice of language the form; these have nothing that is typed."""
    without = {"gatherings/feed.html", "guidance/sessions/log_sent_already.html", "mfa/webauthn/add_form.html"}
    without |= {"accounts/reauthenticate.html", "gatherings/attendance.html", "changes/contact_end.html", "form.html"}
    without |= {"guidance/staffing/preview.html", "writing/preview.html"}
    for path in files(".html"):
        html, name = text(path), str(path).removeprefix("templates/")
        has_form = 'include "form.html"' in html or re.search(r'<form[^>]*class="app-form[^>]*method="post"', html)
        if has_form and "admin/" not in name and name not in without:
            assert 'extends "page_with_form.html"' in html, name
