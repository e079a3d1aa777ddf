"""What docs/dialect.md says about other dialects is what the checker and FEEL do."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.bpmn import check, read
from engine.bpmn.check import RULES
from tests.engine.bpmn.world import WORLD
from tools.what_runs import ROOT

PAGES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("dialect.md", "dialect.en.md")}
_BLOCK = re.compile(r"<!-- (runs|refused: [\w.-]+) -->\n```xml\n(.*?)```", re.DOTALL)
_PAIR = re.compile(r"^\| `(.+?)` \| `(.+?)` \|$", re.MULTILINE)
_FILE = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:d" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"><bpmn:process id="p" name="p" isExecutable="true">'
    '<bpmn:startEvent id="s"/>{}<bpmn:endEvent id="e"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="n"/>'
    '<bpmn:sequenceFlow id="f2" sourceRef="n" targetRef="e"/></bpmn:process></bpmn:definitions>'
)
_ITEMS = [{"name": "a", "price": 8}, {"name": "b", "price": 12}]
_CONTEXT: dict[str, Any] = {
    "amount": 120, "kind": "repair", "nothing": None, "items": _ITEMS, "count_of": 3, "other": date(2026, 3, 9),
    "day": date(2026, 3, 2),
}  # fmt: skip


def blocks(page: str) -> list[tuple[str, str]]:
    return [(verdict, snippet) for verdict, snippet in _BLOCK.findall(PAGES[page])]


def pairs(page: str) -> list[tuple[str, str]]:
    return _PAIR.findall(PAGES[page].partition("| Python | FEEL |")[2])


@pytest.mark.parametrize(("verdict", "snippet"), blocks("dialect.md"))
def test_the_examples_run_or_are_refused_as_the_page_says(verdict: str, snippet: str) -> None:
    found = check(read(_FILE.format(snippet).encode()), WORLD)
    errors = [each.rule for each in found if each.severity == "error"]
    assert errors == ([] if verdict == "runs" else [verdict.removeprefix("refused: ")])


def test_both_languages_show_the_same_examples() -> None:
    def bare(page: str) -> list[tuple[str, str]]:
        return [(verdict, re.sub(r' name="[^"]*"(?=>)', "", snippet)) for verdict, snippet in blocks(page)]

    assert bare("dialect.md") == bare("dialect.en.md")
    assert pairs("dialect.md") == pairs("dialect.en.md")
    counts = [(page.count("\n#"), page.count("\n| "), page.count("\n- ")) for page in PAGES.values()]
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("python", "translated"), pairs("dialect.md"))
def test_an_expression_means_the_same_in_both_languages(python: str, translated: str) -> None:
    expected = eval(python, {"timedelta": timedelta}, dict(_CONTEXT))  # noqa: S307 (the page is ours)
    assert feel.compile(translated).evaluate(_CONTEXT) == _in_feel(expected)


def _in_feel(value: Any) -> Any:
    return Decimal(str(value)) if type(value) in (int, float) else value


@pytest.mark.parametrize("page", PAGES)
def test_the_rules_that_are_named_exist(page: str) -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*)`", PAGES[page])) - {"decision.dmn"}
    named = {each for each in named if not each.endswith((".md", ".dmn", ".bpmn"))}
    assert len(named) > 10
    assert named - RULES.keys() == set()


_FUNCTIONS = {
    "get or else": "get or else(null, 1)", "is empty": "is empty([])", "trim": 'trim(" a")',
    "extract": 'extract("a", "a")', "partition": "partition([1], 1)", "duplicate values": "duplicate values([1])",
    "last day of month": "last day of month(today())", "uuid": "uuid()", "assert": "assert(1, true)",
    "is blank": 'is blank("")', "random number": "random number()", "to base64": 'to base64("")', "fromAi": "fromAi(1)",
}  # fmt: skip


def test_the_functions_of_camunda_that_are_there_are_those_that_the_page_names() -> None:
    page = PAGES["dialect.en.md"]
    there = page.partition("Of Camunda's own functions there are")[2].partition("; not ")[0]
    for name, call in _FUNCTIONS.items():
        try:
            known = not feel.compile(call).functions
        except feel.FeelSyntaxError:
            known = False
        assert known == (f"`{name}`" in there), name
