"""Rules about the project's own files, so that nobody has to remember them."""

import re
from pathlib import Path

import crispy_forms
import pytest
from django.apps import apps
from django.conf import settings

from outbox.texts import all_texts
from tests.house.repository import files, text

MAX_LINES = 450
NAMES_THAT_TELL_NOTHING = {
    "util",
    "utils",
    "helper",
    "helpers",
    "service",
    "services",
    "common",
    "misc",
    "base",
    "core",
}
FOR_ERRORS = {"400.html", "403.html", "404.html", "429.html", "500.html"}  # Django and allauth ask for these


def sources() -> str:
    """All code and templates in one text: what is named in it is in use."""
    return "\n".join(text(path) for path in files(".py", ".html", ".txt") if "locale" not in path.parts)


def test_no_python_file_is_too_long():
    long = {
        str(path): lines
        for path in files(".py")
        if "migrations" not in path.parts and (lines := len(text(path).splitlines())) > MAX_LINES
    }
    assert not long, "asking to be two files"


def test_every_file_name_tells_what_is_in_it():
    assert not [str(path) for path in files(".py") if path.stem in NAMES_THAT_TELL_NOTHING]


def test_tests_are_where_pytest_looks_for_them():
    misplaced = [
        str(path)
        for path in files(".py")
        if re.search(r"^\s*def test_", text(path), re.MULTILINE)
        and not (path.stem.startswith("test_") and "tests" in path.parts)
    ]
    assert not misplaced


def test_every_test_module_is_below_a_test_path():
    paths = re.search(r"^testpaths = (.+)$", text(Path("pytest.ini")), re.MULTILINE)[1].split()
    assert not [str(path) for path in files(".py") if path.stem.startswith("test_") and path.parts[0] not in paths]


def test_every_requirement_has_its_reason():
    names = ("requirements.txt", "requirements-dev.txt", "scripts/uv.txt", "scripts/node.txt")
    lines = [line for name in names for line in text(Path(name)).splitlines()]
    packages = [line for line in lines if line and not line.startswith(("#", "-r "))]

    assert len(packages) > 20
    assert not [line for line in packages if not re.match(r"[\w.-]+(\[[\w,]+\])?[=<>]=?\d\S*(; .+?)? +# \S.+", line)]


def test_every_template_is_used():
    everything = sources()
    unused = [
        name
        for path in files(".html", ".txt")
        if path.parts[0] == "templates" and not is_used(name := "/".join(path.parts[1:]), everything)
    ]
    assert not unused


def is_used(name: str, everything: str) -> bool:
    return (
        name in FOR_ERRORS
        or f'"{name}"' in everything
        or f"'{name}'" in everything
        or is_composed(name, everything)
        or is_mail(name)
        or is_in_the_crispy_pack(name)
        or is_an_override(name)
    )


def is_composed(name: str, everything: str) -> bool:
    """f"admin/outbox/message/{name}.html", with the last part quoted somewhere."""
    folder, _slash, last = name.removesuffix(".html").rpartition("/")
    return f"{folder}/{{" in everything and f'"{last}"' in everything


def is_mail(name: str) -> bool:
    """mails/NAME.LANGUAGE.txt, of a mail that the portal sends."""
    match = re.fullmatch(r"mails/(.+)\.(\w\w)\.txt", name)
    if not match:
        return False
    return match[1] in all_texts() and match[2] in dict(settings.LANGUAGES)


def is_in_the_crispy_pack(name: str) -> bool:
    """crispy-forms composes the names of a pack's templates, so they are looked for in its own code."""
    folder = Path(crispy_forms.__file__).parent
    code = "\n".join(path.read_text() for path in folder.rglob("*.py"))
    return name.startswith("ds/") and name.removeprefix("ds/") in code


def is_an_override(name: str) -> bool:
    """A template of an installed package, in our words."""
    own = {path.parts[0] for path in files(".py")}
    others = [Path(app.path) for app in apps.get_app_configs() if app.name.split(".")[0] not in own]
    return any((path / "templates" / name).is_file() for path in others)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"<style\b|<[^>{]*\sstyle\s*="),
        ("an inline handler", r"<[^>{]*\son[a-z]+\s*="),
        ("an inline script", r"<script(?![^>]*\s(?:src=|type=.application/json))"),
        ("a javascript: address", r"javascript:"),
        ("an address on another server", r"<(?:script|img|iframe|link)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//"),
    ],
)
def test_templates_hold_nothing_that_the_content_policy_stops(what, pattern):
    # Mails are not pages: mail programs know no style sheet but the one inside.
    pages = [path for path in files(".html") if path.parts[:2] != ("templates", "mails")]

    assert len(pages) > 20
    assert not [str(path) for path in pages if re.search(pattern, text(path), re.IGNORECASE)], what


def test_no_path_of_a_machine_is_in_the_project():
    pattern = re.compile(r"(?<![\w./<])/(?:work|root|farm|Users|home/\w+)/")
    endings = (".py", ".html", ".md", ".txt", ".toml", ".ini", ".css", ".js", ".json", ".typ", ".csv", "")
    assert not [str(path) for path in files(*endings) if pattern.search(text(path))]


def test_what_is_made_is_not_kept_in_git():
    ignored = text(Path(".gitignore")).splitlines()
    assert {".venv", "node_modules", "var/", "*.mo", "__pycache__/"} <= set(ignored)


def test_a_day_is_counted_in_norway():
    """An aware moment's own day is Greenwich's: from midnight in Norway it is yesterday for an hour or two."""
    pattern = re.compile(r"(?<![\w.])(?:timezone\.)?now(?:\(\))?\.date\(\)")
    assert not [str(path) for path in files(".py") if pattern.search(text(path)) and "house" not in path.parts]
