"""What SpiffWorkflow 3.2.0 gets wrong in decision tables: hit policies, lists of tests, tables without a match."""

from __future__ import annotations

from typing import Any

import pytest

from engine import dmn

#: Two rules overlap between 50 and 100, and their outputs differ.
OVERLAPPING = [("&gt; 50", '"高"'), ("&lt;= 100", '"低"')]
SIZES = [("[1..10]", '"小"'), ("(10..20)", '"中"')]


def _table(hit_policy: str, rules: list[tuple[str, str]], more: str = "", values: str = '"高","低"') -> dmn.Model:
    """A decision ``d`` on one input; ``more`` are attributes of the table, ``values`` its outputs by priority."""
    rows = "".join(
        f"<rule><inputEntry><text>{test}</text></inputEntry><outputEntry><text>{output}</text></outputEntry></rule>"
        for test, output in rules
    )
    allowed = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    return dmn.load(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m" namespace="http://wuji.example/m">'
        '<inputData id="i" name="值"><variable name="值" typeRef="Any"/></inputData><decision id="d" name="d">'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        f'<decisionTable hitPolicy="{hit_policy}" {more}><input><inputExpression><text>值</text></inputExpression>'
        f"</input><output>{allowed}</output>{rows}</decisionTable></decision></definitions>"
    )


def _decide(model: dmn.Model, *values: Any) -> list[Any]:
    return [model.evaluate("d", {"值": value}) for value in values]


def test_unique_tells_of_two_matches() -> None:
    model = _table("UNIQUE", OVERLAPPING)
    assert _decide(model, 10, 200) == ["低", "高"]
    outcome = model.trace("d", {"值": 70})
    assert outcome.value is None
    assert outcome.violations


def test_first_takes_the_first_rule() -> None:
    assert _decide(_table("FIRST", OVERLAPPING), 70) == ["高"]
    assert _decide(_table("FIRST", OVERLAPPING[::-1]), 70) == ["低"]


def test_any_wants_the_same_output_of_all_matches() -> None:
    assert _decide(_table("ANY", [("&gt; 50", '"高"'), ("&gt; 10", '"高"')]), 70) == ["高"]
    outcome = _table("ANY", OVERLAPPING).trace("d", {"值": 70})
    assert outcome.value is None
    assert outcome.violations


def test_priority_takes_the_output_that_stands_first_among_the_values() -> None:
    assert _decide(_table("PRIORITY", OVERLAPPING[::-1]), 70) == ["高"]


def test_rule_order_and_output_order_give_all_outputs() -> None:
    assert _decide(_table("RULE ORDER", OVERLAPPING[::-1]), 70) == [["低", "高"]]
    assert _decide(_table("OUTPUT ORDER", OVERLAPPING[::-1]), 70) == [["高", "低"]]


@pytest.mark.parametrize(
    ("aggregation", "result"),
    [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3), ("", [1, 2, 3])],
)
def test_collect_aggregates(aggregation: str, result: Any) -> None:
    rules = [("&gt; 0", "1"), ("&gt; 10", "2"), ("&gt; 20", "3")]
    more = f'aggregation="{aggregation}"' if aggregation else ""
    assert _decide(_table("COLLECT", rules, more, values=""), 70) == [result]


def test_a_list_of_tests_matches_any_of_them() -> None:
    assert _decide(_table("FIRST", [('"A","B"', "1"), ("-", "0")], values=""), "A", "B", "C") == [1, 1, 0]


def test_ranges_are_unary_tests() -> None:
    assert _decide(_table("UNIQUE", SIZES, values=""), 1, 10, 15, 20) == ["小", "小", "中", None]


def test_without_a_match_the_output_is_null() -> None:
    assert _decide(_table("UNIQUE", SIZES, values=""), 99) == [None]
