"""Boxed expressions: each kind of them, with names of several words, scopes and types."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine import dmn
from tests.dmn_xml import context, decision, formal, function, input_data, literal, model, table, tag, text


def value(logic: str, *more: str, knows: str = "", **inputs: Any) -> Any:
    """The value of a decision with this logic, for these inputs."""
    data = [input_data(name) for name in inputs]
    found = dmn.load(model(*data, *more, decision("d", logic, ", ".join(inputs), knows)))
    assert not found.problems, found.problems
    return found.evaluate("d", inputs)


def wrapped(kind: str, logic: str) -> str:
    return tag(kind, literal(logic))


def test_a_context_sees_its_earlier_entries() -> None:
    logic = context(("first part", literal("2")), ("b", literal("first part * 3")))
    assert value(logic) == {"first part": Decimal(2), "b": Decimal(6)}


def test_a_context_with_a_result_is_that_result() -> None:
    assert value(context(("a", literal("2")), result=literal("a + x")), x=5) == 7


def test_an_entry_hides_an_input_only_after_itself() -> None:
    assert value(context(("x", literal("x + 1")), ("y", literal("x"))), x=1) == {"x": Decimal(2), "y": Decimal(2)}


def test_an_entry_that_does_not_fit_its_type_is_null() -> None:
    assert value(context(("a", literal('"text"'), "number"))) == {"a": None}


def test_entries_of_several_words_are_read_by_other_decisions() -> None:
    found = dmn.load(
        model(
            decision("home", context(("post code", literal('"371600"')))),
            decision("d", literal("home.post code"), "home"),
        )
    )
    assert found.evaluate("d", {}) == "371600"


def test_a_function_may_call_itself() -> None:
    body = formal("n: number") + literal("if n <= 1 then 1 else n * fac(n - 1)")
    assert value(context(("fac", tag("functionDefinition", body)), result=literal("fac(5)"))) == 120


def test_an_argument_that_does_not_fit_makes_the_call_null() -> None:
    logic = context(("f", tag("functionDefinition", formal("n: number") + literal("1"))), result=literal('f("a")'))
    assert value(logic) is None


def test_an_invocation_binds_by_name() -> None:
    bindings = tag("binding", tag("parameter", name="b") + literal("x")) + tag(
        "binding", tag("parameter", name="the a") + literal("10")
    )
    rest = function("minus it", "the a: number, b: number", literal("the a - b"))
    assert value(tag("invocation", literal("minus it") + bindings), rest, knows="minus it", x=3) == 7


def test_a_relation_is_a_list_of_contexts_whose_cells_do_not_see_each_other() -> None:
    rows = "".join(tag("row", literal(a) + literal(b)) for a, b in (("1", "x"), ("2", "x + 1")))
    logic = tag("relation", tag("column", name="x") + tag("column", name="y") + rows)
    assert value(logic, x=5) == [{"x": 1, "y": 5}, {"x": 2, "y": 6}]


def test_a_list_holds_its_items() -> None:
    assert value(tag("list", literal("1") + tag("list", literal('"a"')))) == [1, ["a"]]


@pytest.mark.parametrize(("x", "wanted"), [(True, 1), (False, 2), (None, 2), ("true", None)])
def test_a_conditional_needs_a_boolean(x: Any, wanted: Any) -> None:
    logic = tag("conditional", wrapped("if", "x") + wrapped("then", "1") + wrapped("else", "2"))
    assert value(logic, x=x) == wanted


def test_a_filter_sees_the_entries_of_the_items() -> None:
    logic = tag("filter", wrapped("in", "x") + wrapped("match", "age > 3 and item.name != y"))
    people = [{"age": 1, "name": "a"}, {"age": 5, "name": "b"}, {"age": 6, "name": "c"}]
    assert value(logic, x=people, y="c") == [people[1]]


@pytest.mark.parametrize(
    ("match", "wanted"),
    [("item > 1", [2, 3]), ("2", 2), ("null", []), ('"text"', None), ('if item = 3 then "x" else true', None)],
)
def test_a_filter_needs_a_condition(match: str, wanted: Any) -> None:
    assert value(tag("filter", wrapped("in", "x") + wrapped("match", match)), x=[1, 2, 3]) == wanted


@pytest.mark.parametrize(
    ("kind", "inside", "body", "wanted"),
    [
        ("for", "return", "one item * 2", [2, 4, 6]),
        ("for", "return", "count(partial)", [0, 1, 2]),
        ("some", "satisfies", "one item > 2", True),
        ("every", "satisfies", "one item > 2", False),
    ],
)
def test_loops_run_over_lists(kind: str, inside: str, body: str, wanted: Any) -> None:
    logic = tag(kind, wrapped("in", "x") + wrapped(inside, body), iteratorVariable="one item")
    assert value(logic, x=[1, 2, 3]) == wanted


def test_a_table_may_stand_inside() -> None:
    logic = context(("n", table(["x"], [""], ["< 0", '"minus"'], [">= 0", '"plus"'])), result=literal('n + "!"'))
    assert value(logic, x=-1) == "minus!"


def test_a_variable_may_have_the_name_of_a_function() -> None:
    assert value(literal('date("2026-11-28") = date'), date=date(2026, 11, 28)) is True


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_functions_in_other_languages_are_refused(kind: str) -> None:
    logic = tag("functionDefinition", context(("class", literal('"java.lang.Math"'))), kind=kind)
    (problem,) = dmn.load(model(decision("d", logic))).problems
    assert f"“d”的函数用 {kind} 写成，不能运行" in str(problem)


def test_other_expression_languages_are_refused() -> None:
    logic = tag("literalExpression", text("1"), expressionLanguage="http://www.w3.org/1999/XPath")
    (problem,) = dmn.load(model(decision("d", logic))).problems
    assert "XPath" in str(problem)


def test_a_cell_in_another_language_is_refused() -> None:
    logic = table(["x"], [""], ["1", "2"]).replace("<inputEntry>", '<inputEntry expressionLanguage="juel">')
    (problem,) = dmn.load(model(decision("d", logic), decision("good", literal("1")))).problems
    assert str(problem) == "第 3 行：表达式语言“juel”不能运行，只支持 FEEL。"


def test_a_part_without_its_expression_is_refused_by_name() -> None:
    (problem,) = dmn.load(model(decision("d", tag("conditional", wrapped("if", "true"))))).problems
    assert "缺少表达式" in str(problem)
