"""docs/architecture.md names files, functions and numbers that are there."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.house.repository import files, text

PAPER = text(Path("docs/architecture.md"))
ASSIGNED = r"^ *(?:[A-Z_]+, )*{name}(?:, [A-Z_]+)*(?: *:[^=\n]*)? = "


def numbers() -> list[tuple[str, str]]:
    """(name, file) of each name in the table of numbers."""
    table = PAPER.split("## Where the numbers are")[1].split("\n## ")[0]
    rows = re.findall(r"^\| [^|]+ \| (`[^|]+`) \| \[([\w./]+)\]\(\.\./([\w./]+)\) \|$", table, re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| ", table, re.MULTILINE)) - 2, "a row that is not read"
    assert all(shown == linked for _names, shown, linked in rows)
    return [(name, linked) for names, _shown, linked in rows for name in re.findall(r"`(\w+)`", names)]


def sections() -> set[str]:
    """What the headings are called in a link."""
    return {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", PAPER, re.MULTILINE)}


@pytest.mark.parametrize(("name", "file"), numbers())
def test_a_number_is_where_the_table_says(name, file):
    assert re.search(ASSIGNED.format(name=name), text(Path(file)), re.MULTILINE)


def test_functions_that_are_named_are_there():
    """`places.register`: a module of ours, by its last name, and something that it defines."""
    modules: dict[str, str] = defaultdict(str)  # several may have the same last name
    for path in files(".py"):
        if "tests" not in path.parts:
            modules[path.stem] += text(path)
    named = re.findall(r"`([a-z_]+)\.([a-z_]+)(?:\([^`]*\))?`", PAPER)
    functions = [(module, name) for module, name in named if name not in {"py", "js", "md", "css", "html"}]

    assert len(functions) > 8
    assert not [
        f"{module}.{name}"
        for module, name in functions
        if not re.search(rf"^def {name}\(", modules[module], re.MULTILINE)
    ]


def test_links_to_its_sections_lead_there():
    links = {link for path in files(".md") for link in re.findall(r"architecture\.md#([\w-]+)\)", text(path))}
    links |= set(re.findall(r"\]\(#([\w-]+)\)", PAPER))

    assert links
    assert links <= sections()
