"""What an expression and a decision table cost, beside the same thing written in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import repeat
from typing import Any

from bench.measure import Step, interleave
from engine import dmn, feel
from engine.feel.expression import forget_compiled

Figures = dict[str, Any]

CONDITION = '金额 > 5000 and 类型 = "维修"'
RULES = 200
_CASE = {"金额": 6000, "类型": "维修"}
#: How many evaluations one measurement repeats: a single one is shorter than the clock's own noise.
_BATCH = 1_000
_TABLES = 50
_CHOICES = ("甲", "乙", "丙")
_KINDS = {
    "condition": (_BATCH, "evaluate the condition"),
    "Python condition": (_BATCH, "the same in Python"),
    "compile": (1, "compile it, not seen before"),
    "table": (_TABLES, f"evaluate a table of {RULES} rules"),
    "Python rules": (_TABLES, "the same rules in Python"),
}


def measure(rounds: int, warm_up: int) -> Figures:
    """Microseconds for one evaluation or compilation each, taken in turns."""
    steps = {
        "condition": partial(_times, _BATCH, partial(feel.compile(CONDITION).evaluate, _CASE)),
        "Python condition": partial(_times, _BATCH, partial(_plainly, _CASE)),
        "compile": _compile,
        "table": partial(_times, _TABLES, _table()),
        "Python rules": partial(_times, _TABLES, partial(_rules, _given())),
    }
    found = interleave({name: repeat(step) for name, step in steps.items()}, rounds, warm_up)
    return {name: {"what": _KINDS[name][1], **_per_one(one.summary(), _KINDS[name][0])} for name, one in found.items()}


def _per_one(summary: Mapping[str, float], batch: int) -> dict[str, float]:
    return {key: round(value * 1000 / batch, 3) for key, value in summary.items()}


def _times(count: int, act: Callable[[], object]) -> None:
    for _ in range(count):
        act()


def _compile() -> None:
    forget_compiled()
    feel.compile(CONDITION)


def _plainly(case: Mapping[str, Any]) -> bool:
    return bool(case["金额"] > 5000 and case["类型"] == "维修")


def _given() -> dict[str, Any]:
    """Values that only the last rule matches."""
    return {"x": RULES * 10 - 5, "y": _CHOICES[(RULES - 1) % 3], "z": 1}


def _rules(given: Mapping[str, Any]) -> int | None:
    for number in range(RULES):
        if number * 10 <= given["x"] < number * 10 + 10 and given["y"] == _CHOICES[number % 3]:
            return number
    return None


def _table() -> Step:
    model = dmn.load(table_model())
    given = _given()
    if model.evaluate("d", given) != _rules(given):
        raise RuntimeError("the table and the rules in Python do not agree")
    return partial(model.evaluate, "d", given)


def table_model() -> str:
    """A model with one table: three inputs, ``RULES`` rules, hit policy UNIQUE."""
    names = "xyz"
    inputs = "".join(f'<inputData id="{name}" name="{name}"/>' for name in names)
    needed = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in names
    )
    columns = "".join(f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in names)
    rules = "".join(_rule(number) for number in range(RULES))
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="bench" namespace="bench" id="bench">'
        f'{inputs}<decision id="d" name="d">{needed}<decisionTable id="t">{columns}<output id="o"/>{rules}'
        "</decisionTable></decision></definitions>"
    )


def _rule(number: int) -> str:
    cells = (f"[{number * 10}..{number * 10 + 10})", f'"{_CHOICES[number % 3]}"', "-")
    tests = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells)
    return f'<rule id="r{number}">{tests}<outputEntry><text>{number}</text></outputEntry></rule>'
