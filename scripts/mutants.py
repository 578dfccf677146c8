"""Breaks one rule at a time and asks the nearest tests: `make mutants`. Which mutants, the seed says.

A mutant changes one thing in a function's body: a comparison, and/or, a "not", a number, an addition, a yes or no; or
it leaves out a statement. The tests are collected once, and run once unbroken, to see how long each takes and which of
the broken statements it reaches. Then each mutant gets a process of its own, where the function has the changed code,
and the tests that reach it, the nearest and quickest first. It is dead when a test fails. Those that live are listed,
and with them those that no test reaches. One that was looked at and changes nothing that anybody could notice is in
`mutants_equal.txt`, with the reason.

Slow tests are not asked. Each result is written as it comes; `--skip` goes on where a run was ended, with what was seen
of the tests.
"""

import argparse
import ast
import builtins
import copy
import gc
import json
import os
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).resolve().parent.parent
APPS = ["parts", "outbox", "accounts", "participants", "gatherings", "guidance", "lmp"]
# Not rules: what is drawn, worded, listed or invented.
LEFT_OUT = re.compile(
    r"/(tests|migrations|demo|texts|management)/|/(urls|apps|settings|catalogue|celery|wsgi)\.py$|wording"
)
EQUAL = Path(__file__).with_name("mutants_equal.txt")
SECONDS = 60  # of the processor, for the tests of one mutant
MAX_TESTS = 250  # of those that reach a mutant; one that lives through the nearest of so many is alive
SECOND_WEIGHS = 20  # a test that takes a second is as far away as one that is this much less near
ALIVE, DEAD, NOT_RUN, UNDECIDED = 0, 1, 2, 3
OUTCOMES = {ALIVE: "alive", NOT_RUN: "not run", UNDECIDED: "undecided"}
OTHER: dict[type, Any] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    number: int  # of the change in its file
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before}  ->  {self.after}"

    @property
    def name(self) -> str:
        """What it is known by when lines have moved."""
        return f"{self.path} {self.function} | {self.before} | {self.after}"


def changed(node: ast.AST) -> ast.AST | None:
    """Another node in its place, or None where there is nothing to break."""
    new: Any = copy.copy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in OTHER:
        new.ops = [OTHER[type(new.ops[0])](), *new.ops[1:]]
    elif isinstance(new, ast.BoolOp | ast.BinOp) and type(new.op) in OTHER:
        new.op = OTHER[type(new.op)]()
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not):
        return new.operand
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        new.value = not new.value
    elif isinstance(new, ast.Constant) and isinstance(new.value, int):
        new.value += 1
    elif isinstance(new, ast.Raise | ast.Delete) or (
        isinstance(new, ast.Expr) and isinstance(new.value, ast.Call | ast.Yield)
    ):
        return ast.Pass()
    else:
        return None
    return new


class Breaking(ast.NodeTransformer):
    """Counts what can be broken inside functions, and breaks the one that is asked for."""

    def __init__(self, number: int = -1) -> None:
        self.wanted, self.count, self.depth = number, 0, 0
        self.found: list[tuple[int, int, str, str, str]] = []
        self.function = ""
        self.statement: ast.stmt | None = None
        self.statements: dict[int, ast.stmt] = {}  # the innermost around each change

    def visit(self, node: Any) -> Any:
        inside, around = isinstance(node, ast.FunctionDef), self.statement
        self.depth += inside
        if isinstance(node, ast.stmt):
            self.statement = node
        if inside and self.depth == 1:
            self.function = node.name.strip("_")
        new = changed(node) if self.depth and not (inside and self.depth == 1) else None
        if new is not None:
            number, self.count = self.count, self.count + 1
            self.found.append((number, node.lineno, self.function, short(node), short(new)))
            if self.statement:
                self.statements[number] = self.statement
            if number == self.wanted:
                self.depth, self.statement = self.depth - inside, around
                return ast.copy_location(new, node)
        if inside:
            # Decorators and defaults are evaluated on import, before anything is changed.
            node.body = [self.visit(statement) for statement in node.body]
            kept = node
        elif isinstance(node, ast.Subscript):
            # Types, and "the first of": what an index counts is told by every test that looks at the rest.
            node.value = self.visit(node.value)
            kept = node
        else:
            kept = self.generic_visit(node)
        self.depth, self.statement = self.depth - inside, around
        return kept


class Marking(ast.NodeTransformer):
    """Tells, before each of these statements, that a test has come to it."""

    def __init__(self, marks: dict[int, list[int]]) -> None:
        self.marks = marks  # by the statement's id, the mutants in it

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list):
                setattr(node, name, [each for one in statements for each in (*self._told(one), one)])
        return node

    def _told(self, statement: ast.stmt) -> list[ast.stmt]:
        return [
            ast.copy_location(ast.parse(f"__reached__({number})").body[0], statement)
            for number in self.marks.get(id(statement), [])
        ]


def short(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:110]


def mutants_of(path: Path) -> list[Mutant]:
    breaking = Breaking()
    breaking.visit(ast.parse(path.read_text()))
    name = str(path.relative_to(ROOT))
    return [Mutant(name, line, number, *words) for number, line, *words in breaking.found]


def sample(count: int, seed: int) -> list[Mutant]:
    """As many of each app, the large ones lmp, guidance, gatherings and participants twice."""
    chance = random.Random(seed)  # noqa: S311 – a sample, no secret
    of_each = {}
    for app in APPS:
        files = sorted(path for path in (ROOT / app).rglob("*.py") if not LEFT_OUT.search(str(path.relative_to(ROOT))))
        of_each[app] = [mutant for path in files for mutant in mutants_of(path)]
        chance.shuffle(of_each[app])
    turns = [*APPS, *APPS[3:]]
    taken: list[Mutant] = []
    while len(taken) < count and any(of_each.values()):
        taken += [of_each[app].pop() for app in turns if of_each[app]]
    return taken[:count]


def code_objects(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from code_objects(constant)


def break_it(mutant: Mutant) -> int:
    """Give each living function of that file its new code. Returns how many were changed."""
    path = ROOT / mutant.path
    return replace_code(path, Breaking(mutant.number).visit(ast.parse(path.read_text())))


def mark(mutants: list[Mutant], reached: set[int]) -> None:
    """From now on, the number of each mutant in the list is added to `reached` where its statement is run."""
    builtins.__reached__ = reached.add  # type: ignore[attr-defined]
    for name in {mutant.path for mutant in mutants}:
        tree, breaking = ast.parse((ROOT / name).read_text()), Breaking()
        breaking.visit(tree)
        marks: dict[int, list[int]] = {}
        for number, mutant in enumerate(mutants):
            if mutant.path == name:
                marks.setdefault(id(breaking.statements[mutant.number]), []).append(number)
        replace_code(ROOT / name, Marking(marks).visit(tree))


def replace_code(path: Path, tree: Any) -> int:
    code = compile(ast.fix_missing_locations(tree), str(path), "exec")
    whole = compile(path.read_text(), str(path), "exec")
    known = {(one.co_qualname, one.co_firstlineno): one for one in code_objects(whole)}
    new = {(one.co_qualname, one.co_firstlineno): one for one in code_objects(code)}
    differ = {key for key, one in new.items() if known.get(key) != one}
    done = 0
    gc.unfreeze()  # conftest.py freezes what is imported, and what is frozen isn't listed
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename == str(path):
            key = (each.__code__.co_qualname, each.__code__.co_firstlineno)
            if key in differ and new[key].co_freevars == each.__code__.co_freevars:
                each.__code__ = new[key]
                done += 1
    return done


def nearness(mutant: Mutant, test_file: str, text: str) -> int:
    module = mutant.path.removesuffix(".py").replace("/", ".")
    room, _dot, name = module.rpartition(".")
    app = module.partition(".")[0]
    score = 0
    if name in Path(test_file).stem:
        score += 40
    if module in text or re.search(rf"from {re.escape(room)} import [^\n]*\b{name}\b", text):
        score += 50
    rooms = room.split(".")
    if mutant.function and re.search(rf"\b{mutant.function}\b", text):
        score += 30
    shared = [part for part in rooms[1:] if f"/{part}/" in test_file or f"_{part}" in test_file]
    return score + 15 * len(shared) + (10 if test_file.startswith(f"{app}/") else 0)


class Asking:
    """Takes the place of pytest's own loop: each mutant is asked about in a copy of this process."""

    def __init__(self, mutants: list[Mutant], skip: int | None, report: Path) -> None:
        self.mutants, self.skip, self.report = mutants, skip, report
        self.outcomes: Counter = Counter()
        self.alive: list[str] = []
        self.trusted: set[str] = set()  # tests that hold when nothing is broken
        self.distrusted: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if not {"nightly", "services", "alone", "slow"} & set(item.keywords)]
        texts = {str(item.path): item.path.read_text() for item in items}
        with_database = next(item for item in items if "db" in getattr(item, "fixturenames", ()))
        runtestprotocol(with_database, log=False, nextitem=items[0] if items[0] is not with_database else items[1])
        seen = self._seen(session, items)
        equal = [line.rpartition(" | ")[0] for line in EQUAL.read_text().splitlines()] if EQUAL.exists() else []
        for number, mutant in list(enumerate(self.mutants))[self.skip or 0 :]:
            began = time.monotonic()
            scores = {path: nearness(mutant, str(Path(path).relative_to(ROOT)), text) for path, text in texts.items()}
            far = {item: SECOND_WEIGHS * seen[item.nodeid][0] - scores[str(item.path)] for item in items}
            # What is run on import alone is reached by no test: then those that look nearest.
            near = [item for item in items if number in seen[item.nodeid][1]]
            near = sorted(near or [item for item in items if scores[str(item.path)]], key=lambda item: far[item])
            outcome, by = self._outcome(session, mutant, near[:MAX_TESTS])
            if outcome in ("alive", "unreached") and mutant.name in equal:
                outcome = "equal"
            self.outcomes[outcome] += 1
            line = f"{number + 1:4} {outcome:9} {time.monotonic() - began:5.1f} s, {len(near):4} tests  {mutant}"
            with self.report.open("a") as report:
                report.write(f"{line}  {by}\n")
            if outcome in ("alive", "unreached"):
                self.alive.append(line)
            print(line, flush=True)
        return True

    def _seen(self, session: pytest.Session, items: list[pytest.Item]) -> dict[str, tuple[float, set[int]]]:
        """Of each test: the seconds of the processor it takes, and which mutants it reaches."""
        told = self.report.with_suffix(".seen")
        if self.skip is None or not told.exists():
            told.write_text("")
        looked_at = {json.loads(line)[0] for line in told.read_text().splitlines()}
        child = os.fork()
        if not child:
            try:
                self._look(session, [item for item in items if item.nodeid not in looked_at], told)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        lines = map(json.loads, told.read_text().splitlines())
        seen = {name: (seconds, set(reached)) for name, seconds, reached in lines}
        return {item.nodeid: seen.get(item.nodeid, (0.0, set())) for item in items}

    def _look(self, session: pytest.Session, items: list[pytest.Item], told: Path) -> None:
        reached: set[int] = set()
        mark(self.mutants, reached)
        if items:
            session._setupstate.teardown_exact(items[0])
        with told.open("a", buffering=1) as lines:
            for item, following in zip(items, [*items[1:], *items[:1]], strict=True):
                reached.clear()
                began = time.process_time()
                failed = any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))
                seconds = round(time.process_time() - began, 3)
                lines.write(json.dumps([item.nodeid, seconds, [] if failed else sorted(reached)]) + "\n")

    def _outcome(self, session: pytest.Session, mutant: Mutant, near: list[pytest.Item]) -> tuple[str, str]:
        while True:
            tests = [item for item in near if item.nodeid not in self.distrusted]
            if not tests:
                return "unreached", ""
            code, failed = self._ask(session, tests, mutant)
            if code == DEAD and failed and failed not in self.trusted:
                item = next(item for item in tests if item.nodeid == failed)
                alone, _same = self._ask(session, [item], None)
                (self.trusted if alone == ALIVE else self.distrusted).add(failed)
                if alone != ALIVE:
                    continue
            return OUTCOMES.get(code, "dead"), failed

    def _ask(self, session: pytest.Session, tests: list[pytest.Item], mutant: Mutant | None) -> tuple[int, str]:
        told = self.report.with_suffix(".failed")
        told.write_text("")
        child = os.fork()
        if not child:
            code = DEAD
            try:
                os.setsid()
                code = self._answer(session, tests, mutant, told)
            finally:
                os._exit(code)
        end = time.monotonic() + SECONDS * 20
        while time.monotonic() < end:
            found, status = os.waitpid(child, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status), told.read_text()
            time.sleep(0.02)
        os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return DEAD, ""  # a loop without an end

    def _answer(self, session: pytest.Session, tests: list[pytest.Item], mutant: Mutant | None, told: Path) -> int:
        if mutant and not break_it(mutant):
            return NOT_RUN
        session._setupstate.teardown_exact(tests[0])
        end = time.process_time() + SECONDS
        for number, item in enumerate(tests):
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=(tests + tests)[number + 1])):
                told.write_text(item.nodeid)
                return DEAD
            if time.process_time() > end:
                return UNDECIDED  # more tests are near than there was time for
        return ALIVE


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--skip", type=int, help="go on after so many")
    chosen = parser.parse_args()
    mutants = sample(chosen.count, chosen.seed)
    folder = Path(os.environ.get("LMP_VAR_DIR", "var/test"))
    folder.mkdir(parents=True, exist_ok=True)
    asking = Asking(mutants, chosen.skip, folder / f"mutants-{chosen.seed}.txt")
    pytest.main(["-q", "-m", "not services and not nightly", "-p", "no:cacheprovider"], plugins=[asking])
    looked_at = sum(asking.outcomes.values()) - asking.outcomes["undecided"] - asking.outcomes["not run"]
    print(f"\nseed {chosen.seed}: {dict(asking.outcomes)}, {looked_at} looked at")
    print("\n".join(asking.alive))
    return len(asking.alive) > looked_at * 0.05


if __name__ == "__main__":
    sys.exit(main())
