"""Item definitions: what fits them, what is made to fit, and what becomes null with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine import dmn
from tests.dmn_xml import component, decision, function, input_data, item, literal, model, tag

TYPES = (
    item("tAge", "number", allowed="[0..150]"),
    item("tColour", "string", allowed='"red", "green"'),
    item("tColours", "tColour", many=True),
    item("tNumbers", "number", many=True, whole="count(?) < 3"),
    item(
        "tPerson",
        "",
        component("full name", "string"),
        component("age", "tAge"),
        component("children", "tPerson", many=True),
    ),
    item("tPeople", "tPerson", many=True),
    item("tMatrix", "tNumbers", many=True),
    item("tAlias", "tAge"),
)


def through(type_ref: str, value: Any) -> Any:
    """What becomes of an input of this type."""
    found = dmn.load(model(*TYPES, input_data("x", type_ref), decision("d", literal("x"), "x")))
    assert not found.problems, found.problems
    return found.evaluate("d", {"x": value})


@pytest.mark.parametrize(
    ("type_ref", "value", "wanted"),
    [
        ("number", 5, 5),
        ("number", "5", None),
        ("number", True, None),
        ("number", [5], 5),
        ("number", [5, 6], None),
        ("Any", [5], [5]),
        ("date and time", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        ("date", datetime(2026, 1, 2, tzinfo=UTC), None),
        ("tAge", 150, 150),
        ("tAge", 151, None),
        ("tAge", None, None),
        ("tAlias", -1, None),
        ("tColour", "red", "red"),
        ("tColour", "blue", None),
        ("tColours", "red", ["red"]),
        ("tColours", ["red", "green"], ["red", "green"]),
        ("tColours", ["red", "blue"], None),
        ("tNumbers", [1, 2], [1, 2]),
        ("tNumbers", [1, 2, 3], None),
        ("tMatrix", [[1], 2], [[1], [2]]),
        ("tPerson", "somebody", None),
    ],
)
def test_a_value_is_made_to_fit_or_is_null(type_ref: str, value: Any, wanted: Any) -> None:
    assert through(type_ref, value) == wanted


def test_components_are_checked_inside_and_others_are_kept() -> None:
    child = {"full name": "b", "age": 3, "children": [], "x": 1}
    assert through("tPerson", {"full name": "a", "age": 40, "children": [child]})["children"] == [child]
    assert through("tPerson", {"full name": "a", "age": 40, "children": [{**child, "age": 151}]}) is None


def test_what_callers_leave_out_is_null() -> None:
    assert through("tPeople", [{"full name": "a"}]) == [{"full name": "a", "age": None, "children": None}]


def test_a_context_of_the_model_must_have_every_component() -> None:
    found = dmn.load(model(*TYPES, decision("d", literal('{full name: "a"}'), type_ref="tPerson")))
    outcome = found.trace("d", {})

    assert outcome.value is None
    assert tuple(map(str, outcome.notes)) == ("“d”应为“tPerson”，得到的上下文不符，按空值处理。",)


def test_components_of_several_words_are_read_without_quotes() -> None:
    found = dmn.load(model(*TYPES, input_data("p", "tPerson"), decision("d", literal("p.full name"), "p")))
    assert found.evaluate("d", {"p": {"full name": "a"}}) == "a"


def test_instance_of_knows_the_types_of_the_model() -> None:
    found = dmn.load(model(*TYPES, input_data("x"), decision("d", literal("x instance of tNumbers"), "x")))

    assert found.evaluate("d", {"x": [1, 2]}) is True
    assert found.evaluate("d", {"x": ["a"]}) is False


def test_functions_fit_by_the_number_of_their_parameters() -> None:
    signature = tag("functionItem", tag("parameters", name="a", typeRef="number"), outputTypeRef="number")
    taking = function("use", "f: tF", literal("f(2)"))
    kinds = tag("itemDefinition", signature, name="tF")
    found = dmn.load(
        model(
            kinds,
            taking,
            decision("one", literal("use(function(a) a + 1)"), knows="use"),
            decision("two", literal("use(function(a, b) a)"), knows="use"),
        )
    )
    assert found.evaluate("one", {}) == 3
    assert found.evaluate("two", {}) is None


@pytest.mark.parametrize(
    ("definitions", "sentence"),
    [
        ([item("a", "b"), item("b", "a")], "由它自己定义，没有尽头"),
        ([item("a", "a", many=True)], "由它自己定义，没有尽头"),
        ([item("a", "nothing")], "没有定义的类型“nothing”"),
        ([item("a", "", component("b", "nothing"))], "没有定义的类型“nothing”"),
        ([item("a", "string", allowed='"x')], "有错"),
    ],
)
def test_a_definition_at_fault_is_told(definitions: list[str], sentence: str) -> None:
    problems = dmn.load(model(*definitions, decision("d", literal("1")))).problems
    assert problems
    assert all(sentence in str(problem) for problem in problems)


def test_a_decision_of_an_unknown_type_is_at_fault_and_others_are_not() -> None:
    found = dmn.load(model(decision("bad", literal("1"), type_ref="tNone"), decision("good", literal("2"))))

    assert found.evaluate("good", {}) == 2
    with pytest.raises(dmn.DmnModelError, match="“bad”用了没有定义的类型“tNone”"):
        found.evaluate("bad", {})
