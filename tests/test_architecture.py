"""The rules of the house, on every file of the repository: who may import whom, one place that commits, short files.

A rule is a function of a path and a text that yields complaints. Each is first shown a file that breaks it.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAX_LINES = 300
COMMANDS = {
    f"engine.{name}"
    for name in (
        "agendas", "consultations", "definitions", "extensions", "incidents", "instances", "jobs", "joining",
        "ledgers",
        "list_settings", "messages", "notices", "overrides", "returns", "schedules", "substitutions", "tasks",
        "transfers", "urging", "votes", "watching",
    )
}  # fmt: skip

#: (where the rule holds, what may not be imported there, exceptions)
IMPORTS: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
    ("engine/", ("flask", "werkzeug", "jinja2", "waitress", "webapp", "tests", "bench", "tools"), ()),
    ("webapp/", ("engine.tokens", "engine.execution", "sqlalchemy", "tests", "bench", "tools"), ()),
    ("", ("SpiffWorkflow",), ("engine/tokens/", "bench/", "tests/")),
    (
        "engine/",
        ("lxml",),
        ("engine/bpmn/", "engine/dmn/", "engine/tokens/", "engine/history/", "engine/xml_reading.py"),
    ),
    ("engine/xml_reading.py", ("engine",), ("engine.errors",)),
    ("webapp/", ("lxml", "SpiffWorkflow"), ()),
    ("engine/feel/", ("engine",), ("engine.feel",)),
    ("engine/dmn/", ("engine",), ("engine.dmn", "engine.feel", "engine.errors", "engine.xml_reading")),
    (
        "engine/bpmn/",
        ("engine",),
        ("engine.bpmn", "engine.feel", "engine.expressions", "engine.dmn", "engine.errors", "engine.xml_reading"),
    ),
    (
        "engine/model/",
        ("engine",),
        ("engine.model", "engine.errors", "engine.lifecycle", "engine.values", "engine.clock"),
    ),
]
NOT_OUR_WORDS = re.compile(r"(^|/)(utils?|helpers|common|misc|\w+_service|\w+_manager)\.py$")
UPPERCASE_NAMES = {"README", "LICENSE", "CHANGELOG", "THIRD-PARTY-NOTICES", "DEVELOPERS", "Makefile", "README.zh-CN"}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")  # in two parts, so that this line is not one
MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|Users|work|opt)/\w|[A-Z]:\\\\?Users")
REGISTRY = re.compile(r"pypi\.org/simple|pythonhosted\.org|registry\.npmjs\.org|npmmirror\.com|--(extra-)?index-url")
SUPPRESSED = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)")
REASONED = re.compile(r"(: [A-Z]+\d+(, [A-Z]+\d+)*|\[[\w, -]+\]) +\(?\S+ \S+|(: [A-Z]+\d+|\[[\w, -]+\])\s+#\s*\S+ \S+")
SKIPPED = re.compile(r"pytest\.(skip|importorskip|xfail)\b|mark\.(skip|skipif|xfail)\b")

Rule = Callable[[str, str], Iterator[str]]


def follows_the_import_order(path: str, text: str) -> Iterator[str]:
    if not path.endswith(".py"):
        return
    imported = list(_imported(path, ast.parse(text)))
    for where, banned, exceptions in IMPORTS:
        if not path.startswith(where) or any(path.startswith(place) for place in exceptions if "/" in place):
            continue
        for line, module in imported:
            allowed = any(_inside(module, name) for name in exceptions if "/" not in name)
            if any(_inside(module, name) for name in banned) and not allowed:
                yield f"line {line}: {path} may not import {module}"


def keeps_commands_apart(path: str, text: str) -> Iterator[str]:
    own = path.removesuffix(".py").replace("/", ".")
    if own not in COMMANDS:
        return
    for line, module in _imported(path, ast.parse(text)):
        for other in COMMANDS - {own}:
            if _inside(module, other):
                yield f"line {line}: a command module imports another one, {other}: move what they share to execution"


def commits_in_one_place(path: str, text: str) -> Iterator[str]:
    if not path.startswith(("engine/", "webapp/")) or not path.endswith(".py") or path == "engine/database.py":
        return
    for node in _calls(text):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"line {node.lineno}: commits; only engine/database.py does"


def reads_only_in_queries(path: str, text: str) -> Iterator[str]:
    if not path.startswith("engine/queries") or not path.endswith(".py"):
        return
    for node in _calls(text):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        target = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        if name in {"insert", "update", "delete"} and target in {"", "sa", "sqlalchemy"}:
            yield f"line {node.lineno}: the read side writes"
        if target in {"tx", "tx.session", "session"} and name in {"add", "add_all", "delete", "merge", "flush"}:
            yield f"line {node.lineno}: the read side writes"


def rows_never_query(path: str, text: str) -> Iterator[str]:
    if path.startswith("engine/model/"):
        for line, module in _imported(path, ast.parse(text)):
            if module in {"sqlalchemy.select", "sqlalchemy.update", "sqlalchemy.delete", "sqlalchemy.orm.Session"}:
                yield f"line {line}: a row imports {module}; queries belong to commands and to engine.queries"


def stays_short(path: str, text: str) -> Iterator[str]:
    if path.startswith("engine/migrations/versions/"):
        return  # a step of the schema is a list that is written once
    if path.startswith(("engine/", "webapp/", "tests/", "tools/", "bench/")) and path.endswith((".py", ".html", ".js")):
        lines = text.count("\n")
        if lines > MAX_LINES:
            yield f"{lines} lines; the limit is {MAX_LINES}"


def is_named_well(path: str, text: str) -> Iterator[str]:
    if NOT_OUR_WORDS.search(path):
        yield "the name says nothing about what is in it"
    name = Path(path).name
    if Path(path).stem not in UPPERCASE_NAMES and not re.fullmatch(r"[a-z0-9._-]+", name):
        yield "file names are lowercase ASCII letters, digits, point, hyphen and underscore"


def is_finished(path: str, text: str) -> Iterator[str]:
    if found := UNFINISHED.search(text):
        yield f"{found.group()}: finish it, or file an issue"


def catches_with_a_reason(path: str, text: str) -> Iterator[str]:
    if not path.endswith(".py"):
        return
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _commented(lines, node):
            yield f"line {node.lineno}: a broad except without a comment that says why"


def suppresses_with_a_reason(path: str, text: str) -> Iterator[str]:
    if not path.endswith(".py"):
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = SUPPRESSED.search(line)
        if found and not REASONED.match(found["rest"]):
            yield f"line {number}: name the rule and the reason, as in `noqa: S608 (the name is ours)`"


def skips_nothing(path: str, text: str) -> Iterator[str]:
    if path.startswith("tests/") and path.endswith(".py") and (found := SKIPPED.search(text)):
        yield f"{found.group()}: a test that does not run proves nothing"


def knows_no_machine(path: str, text: str) -> Iterator[str]:
    if found := MACHINE_PATH.search(text):
        yield f"a path of one machine: {found.group()}"
    if found := REGISTRY.search(text):
        yield f"a registry: {found.group()}"
    if path.endswith("package-lock.json") and '"resolved"' in text:
        yield "the lock names a registry: install with omit-lockfile-registry-resolved"


def says_what_it_is(path: str, text: str) -> Iterator[str]:
    if path.startswith(("engine/", "webapp/", "tools/")) and path.endswith(".py") and text.strip():
        tree = ast.parse(text)
        if ast.get_docstring(tree) is None:
            yield "the module has no docstring"


def _imported(path: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.split("/")[: -node.level]) + "." if node.level else ""
            module = (package + (node.module or "")).rstrip(".")
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def _inside(module: str, name: str) -> bool:
    return module == name or module.startswith(name + ".")


def _calls(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def _is_broad(type_: ast.expr | None) -> bool:
    return type_ is None or (isinstance(type_, ast.Name) and type_.id in {"Exception", "BaseException"})


def _commented(lines: list[str], handler: ast.ExceptHandler) -> bool:
    return any("#" in line for line in lines[handler.lineno - 1 : handler.body[0].lineno])


BROKEN: list[tuple[Rule, str, str]] = [
    (follows_the_import_order, "engine/tasks.py", "from flask import g"),
    (follows_the_import_order, "engine/tasks.py", "import webapp.auth"),
    (follows_the_import_order, "webapp/inbox/views.py", "from sqlalchemy.orm import Session"),
    (follows_the_import_order, "webapp/inbox/views.py", "from engine import tokens"),
    (follows_the_import_order, "webapp/inbox/views.py", "def f():\n    from engine.execution import advance"),
    (follows_the_import_order, "engine/tasks.py", "import SpiffWorkflow.task"),
    (follows_the_import_order, "engine/forms/fields.py", "from lxml import etree"),
    (follows_the_import_order, "engine/feel/parser.py", "from engine.errors import N_"),
    (follows_the_import_order, "engine/feel/parser.py", "from ..errors import N_"),
    (follows_the_import_order, "engine/model/work.py", "from engine.database import Transaction"),
    (keeps_commands_apart, "engine/tasks.py", "from engine import instances"),
    (commits_in_one_place, "engine/tasks.py", "tx.session.commit()"),
    (reads_only_in_queries, "engine/queries/cases.py", "tx.add(row)"),
    (reads_only_in_queries, "engine/queries/cases.py", "update(UserTask)"),
    (rows_never_query, "engine/model/work.py", "from sqlalchemy import select"),
    (stays_short, "engine/tasks.py", "\n" * 301),
    (stays_short, "webapp/templates/base.html", "\n" * 301),
    (is_named_well, "engine/utils.py", ""),
    (is_named_well, "engine/task_service.py", ""),
    (is_named_well, "docs/说明.md", ""),
    (is_named_well, "docs/Guide.md", ""),
    (is_finished, "engine/tasks.py", "# TO" + "DO: later"),
    (catches_with_a_reason, "engine/tasks.py", "try:\n    x()\nexcept Exception:\n    pass"),
    (catches_with_a_reason, "engine/tasks.py", "try:\n    x()\nexcept:\n    pass"),
    (suppresses_with_a_reason, "engine/tasks.py", "x  # no" + "qa"),
    (suppresses_with_a_reason, "engine/tasks.py", "x  # no" + "qa: S608"),
    (suppresses_with_a_reason, "engine/tasks.py", "x  # type: " + "ignore[arg-type]"),
    (skips_nothing, "tests/test_x.py", "@pytest.mark." + "skip"),
    (knows_no_machine, "docs/operations.md", "see /ho" + "me/me/wuji"),
    (knows_no_machine, "requirements/run.txt", "--index" + "-url x"),
    (knows_no_machine, "webapp/frontend/package-lock.json", '"resolved": "x"'),
    (says_what_it_is, "engine/tasks.py", "x = 1"),
]
SOUND: list[tuple[Rule, str, str]] = [
    (follows_the_import_order, "engine/tokens/run.py", "import SpiffWorkflow.task\nfrom engine.errors import N_"),
    (follows_the_import_order, "engine/feel/parser.py", "from engine.feel.nodes import Name\nfrom .nodes import Node"),
    (keeps_commands_apart, "engine/tasks.py", "from engine.execution import advance"),
    (commits_in_one_place, "engine/database.py", "tx.session.commit()"),
    (reads_only_in_queries, "engine/queries/cases.py", "seen.add(row)\nfound.update(more)"),
    (
        catches_with_a_reason,
        "engine/tasks.py",
        "try:\n    x()\nexcept Exception:  # any bug becomes an incident\n    y()",
    ),
    (suppresses_with_a_reason, "engine/tasks.py", "x  # no" + "qa: S608 (the name is ours)"),
    (suppresses_with_a_reason, "engine/tasks.py", "x  # type: " + "ignore[arg-type]  # the stub is wrong"),
    (knows_no_machine, "tests/postgres.py", "/usr/lib/postgresql and https://example.org/work/x"),
]
RULES = sorted({rule for rule, _path, _text in BROKEN}, key=lambda rule: rule.__name__)


def _files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 (git is where it is)
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [path for path in listed.stdout.decode().split("\0") if path and (ROOT / path).is_file()]


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    """Every text file of the repository that git knows or would add."""
    texts: dict[str, str] = {}
    for path in _files():
        content = (ROOT / path).read_bytes()
        texts[path] = "" if b"\0" in content else content.decode()
    return texts


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_the_rule_finds_what_breaks_it(rule: Rule, path: str, text: str) -> None:
    assert list(rule(path, text))


@pytest.mark.parametrize(("rule", "path", "text"), SOUND)
def test_the_rule_lets_good_code_pass(rule: Rule, path: str, text: str) -> None:
    assert list(rule(path, text)) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_file_keeps_the_rule(rule: Rule, files: dict[str, str]) -> None:
    broken = [f"{path}: {complaint}" for path, text in files.items() for complaint in rule(path, text)]
    assert not broken, "\n" + "\n".join(broken)


def test_the_import_rules_look_at_the_whole_engine(files: dict[str, str]) -> None:
    assert sum(path.startswith("engine/") for path in files) > 30
    assert sum(path.startswith("webapp/") and path.endswith(".py") for path in files) > 10
