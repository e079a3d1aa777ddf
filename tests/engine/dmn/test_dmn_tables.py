"""Decision tables: what matches, what the hit policies make of it, types, allowed values, defaults."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import dmn
from tests.dmn_xml import decision, input_data, item, model, table


def load(logic: str, *more: str, type_ref: str | None = None) -> dmn.Model:
    """A model with the inputs x and y and the decision d."""
    return dmn.load(model(input_data("x"), input_data("y"), *more, decision("d", logic, "x, y", type_ref=type_ref)))


GRADES = (["< 10", '"low"', "1"], ["[5..20]", '"mid"', "2"], ["> 15", '"high"', "3"], ["-", '"all"', "2"])


def graded(hit: str, rules: Any = GRADES, outputs: tuple[str, ...] = ("grade", "points"), **clauses: str) -> dmn.Model:
    return load(table(["x"], outputs, *rules, hit=hit, **clauses))


def points(hit: str, rules: Any = GRADES, **clauses: str) -> dmn.Model:
    return graded(hit, [[rule[0], rule[2]] for rule in rules], ("",), **clauses)


@pytest.mark.parametrize(
    ("hit", "clauses", "x", "wanted"),
    [
        ("F", {}, 7, 1),
        ("F", {}, 12, 2),
        ("R", {}, 7, [1, 2, 2]),
        ("C", {}, 17, [2, 3, 2]),
        ("C+", {}, 17, 7),
        ("C<", {}, 17, 2),
        ("C>", {}, 17, 3),
        ("C#", {}, 17, 3),
        ("P", {"outputValues1": "3, 2, 1"}, 17, 3),
        ("P", {"outputValues1": "1, 2, 3"}, 17, 2),
        ("O", {"outputValues1": "3, 2, 1"}, 17, [3, 2, 2]),
        ("O", {"outputValues1": "1, 2, 3"}, 7, [1, 2, 2]),
        ("A", {}, 12, 2),
        ("U", {}, 30, None),
        ("A", {}, 7, None),
    ],
)
def test_the_hit_policy_decides(hit: str, clauses: dict[str, str], x: int, wanted: Any) -> None:
    assert points(hit, **clauses).evaluate("d", {"x": x}) == wanted


@pytest.mark.parametrize(("hit", "wanted"), [("C", []), ("R", []), ("O", []), ("C#", 0), ("C+", None), ("F", None)])
def test_without_a_match_lists_are_empty_and_the_rest_is_null(hit: str, wanted: Any) -> None:
    assert points(hit, GRADES[:2]).evaluate("d", {"x": 100}) == wanted


@pytest.mark.parametrize(("hit", "wanted"), [("U", 9), ("F", 9), ("C", [9]), ("C+", 9)])
def test_without_a_match_the_default_stands_in(hit: str, wanted: Any) -> None:
    assert points(hit, GRADES[:1], default1="4 + 5").evaluate("d", {"x": 100}) == wanted


def test_several_outputs_are_a_context() -> None:
    assert graded("F").evaluate("d", {"x": 7}) == {"grade": "low", "points": Decimal(1)}


def test_priority_looks_at_the_first_output_first() -> None:
    found = graded("P", outputValues1='"all", "mid", "low", "high"', outputValues2="3, 2, 1")
    assert found.evaluate("d", {"x": 7}) == {"grade": "all", "points": Decimal(2)}


def test_a_broken_policy_is_told_with_the_rules() -> None:
    outcome = points("U").trace("d", {"x": 7})

    assert outcome.value is None
    assert tuple(map(str, outcome.violations)) == ("“d”的命中策略是唯一（U），却有 3 条规则同时命中：1、2、4。",)


@pytest.mark.parametrize(
    ("cell", "x", "met"),
    [
        ("", 1, True),
        ("-", None, True),
        ("1, 3", Decimal("3.0"), True),
        ("not(1, 3)", 3, False),
        ("null", None, True),
        ("y", 4, True),
        ("< y", 3, True),
        ("? > y", 3, False),
        ("[1..y)", 4, False),
        ('"a"', "a", True),
        ('"a"', "b", False),
        ("true", True, True),
        ("1", True, False),
        ("true", 1, False),
        ("true", None, False),
        ("not(true)", False, True),
        ("y = 4", 1, True),
        ('@"2026-01-01"', "2026-01-01", False),
        ('starts with(?, "a")', "abc", True),
    ],
)
def test_a_cell_tests_the_input(cell: str, x: Any, met: bool) -> None:
    found = load(table(["x"], [""], [cell, '"yes"'], ["-", '"no"'], hit="F"))
    assert found.evaluate("d", {"x": x, "y": 4}) == ("yes" if met else "no")


def test_cells_that_look_alike_in_python_are_different_tests() -> None:
    found = load(table(["x"], [""], ["true", '"yes"'], ["1", '"one"'], hit="R"))
    assert found.evaluate("d", {"x": True}) == ["yes"]


def test_every_input_must_be_met() -> None:
    found = load(table(["x", "y"], [""], ["1", "2", '"a"'], ["1", "3", '"b"'], ["2", "-", '"c"']))

    assert found.evaluate("d", {"x": 1, "y": 3}) == "b"
    assert found.evaluate("d", {"x": 2}) == "c"
    assert found.evaluate("d", {"x": 1, "y": 4}) is None


def test_an_input_may_be_any_expression() -> None:
    assert load(table(["x + y"], [""], ["5", '"five"'])).evaluate("d", {"x": 2, "y": 3}) == "five"


def test_a_value_outside_the_allowed_ones_has_no_result() -> None:
    found = load(table(["x"], [""], ["-", '"any"'], inputValues1="[0..10]"))

    assert found.evaluate("d", {"x": 10}) == "any"
    assert found.evaluate("d", {"x": 11}) is None
    assert "输入值不在决策表列出的允许值之内。" in map(str, found.trace("d", {"x": 11}).notes)


def test_a_result_must_fit_its_type_and_the_output_values() -> None:
    wrong_type = load(table(["x"], [""], ["-", '"a"'], outputType1="number"))
    not_listed = load(table(["x"], [""], ["-", '"c"'], outputValues1='"a", "b"'))

    assert wrong_type.evaluate("d", {"x": 1}) is None
    assert not_listed.evaluate("d", {"x": 1}) is None


def test_priorities_come_from_the_type_where_the_table_lists_none() -> None:
    colours = item("tColour", "string", allowed='"red", "green"')
    logic = table(["x"], [""], ["-", '"green"'], ["-", '"red"'], hit="P", outputType1="tColour")
    assert load(logic, colours).evaluate("d", {"x": 1}) == "red"


def test_outputs_are_expressions_over_the_inputs() -> None:
    assert load(table(["x"], [""], ["-", "x * y"])).evaluate("d", {"x": 6, "y": 7}) == 42


def test_a_table_without_inputs_always_matches() -> None:
    assert load(table([], [""], ["1"])).evaluate("d", {}) == 1


def test_the_trace_names_rules_by_number_and_id() -> None:
    (step,) = points("C").trace("d", {"x": 17}).steps
    (hit,) = step.tables

    assert (step.name, step.id, step.inputs, step.value) == ("d", "d", {"x": 17, "y": None}, [2, 3, 2])
    assert (hit.where, hit.id, hit.hit_policy, hit.inputs, hit.value) == ("d", "table", "C", (17,), [2, 3, 2])
    assert [(rule.number, rule.id) for rule in hit.rules] == [(2, "rule2"), (3, "rule3"), (4, "rule4")]
