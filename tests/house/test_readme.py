"""The README's commands, variables and links are those of the project."""

import re
import shlex
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from tests.house.repository import ROOT, files, text

README = text(Path("README.md"))
PAPERS = list(files(".md"))


def commands(paper: str = README) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", paper, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def make_targets() -> set[str]:
    return set(re.findall(r"`make ([\w-]+)", README)) | {
        line.split()[1] for line in commands() if line.startswith("make ")
    }


def test_the_two_commands_are_there():
    assert commands()[:2] == ["make demo", "make test"]


def test_make_knows_the_targets():
    command = ["make", "--dry-run", *sorted(make_targets()), "PORT=8765"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_readme_names_every_target_of_the_makefile():
    phony = re.search(r"^\.PHONY: (.+)$", text(Path("Makefile")), re.MULTILINE)[1].split()
    assert make_targets() == set(phony) - {"prepare-dev", "python"}


@pytest.mark.parametrize("line", [line for line in commands() if "manage.py" in line])
def test_django_knows_the_command_and_its_options(line):
    _python, _manage, name, *arguments = shlex.split(line)
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    command.create_parser("manage.py", name).parse_args(arguments)


@pytest.mark.parametrize("line", [line for line in commands() if " -m " in line])
def test_python_has_the_module(line):
    python, _m, module, *_arguments = shlex.split(line)
    assert python == ".venv/bin/python"
    assert find_spec(module)


def test_nothing_else_is_asked_of_the_reader():
    assert not [line for line in commands() if not line.startswith(("make ", ".venv/bin/python "))]


def test_the_table_lists_every_variable_that_the_settings_read():
    settings = text(Path("lmp/settings.py")) + text(Path("lmp/own_folder.py"))
    read = set(re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings)) | set(
        re.findall(r"\"([A-Z_]+)\" in env\.ENVIRON", settings)
    )
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE))

    assert len(read) > 10
    assert listed == read


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_links_lead_somewhere(paper):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", text(paper))
    assert not [link for link in links if not (ROOT / paper.parent / link).exists()]


@pytest.mark.parametrize("paper", PAPERS, ids=str)
def test_files_that_are_named_exist(paper):
    """Paths in backquotes that begin with one of the project's folders."""
    named = re.findall(
        r"`((?:lmp|participants|accounts|outbox|gatherings|guidance|scripts|docs|tests)/[\w./-]*)`", text(paper)
    )
    assert not [path for path in named if not (ROOT / path).exists()]


def test_every_picture_is_shown():
    pictures = {path.name for path in files(".png") if path.parts[0] == "docs"}
    assert pictures == set(re.findall(r"docs/pictures/([\w-]+\.png)", README))


def test_no_setting_is_taken_for_a_misspelt_one():
    from lmp.watching.checks import KNOWN

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)) == KNOWN
