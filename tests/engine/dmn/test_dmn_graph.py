"""Requirement graphs: decisions that use decisions, knowledge models, services, imports, and what is out of sight."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from engine import dmn
from tests.dmn_xml import (
    component,
    context,
    decision,
    function,
    imported,
    input_data,
    item,
    literal,
    model,
    service,
    table,
)

CHAIN = (
    input_data("income", "number"),
    input_data("members", "number"),
    decision("per head", literal("income / members"), "income, members", type_ref="number"),
    decision("poor", literal("per head < 1000"), "per head"),
    decision("help", literal('if poor then "yes" else "no"'), "poor"),
)


def test_required_decisions_are_worked_out_first_and_once() -> None:
    outcome = dmn.load(model(*CHAIN)).trace("help", {"income": 3000, "members": 4})

    assert outcome.value == "yes"
    assert [(step.name, step.value) for step in outcome.steps] == [("per head", 750), ("poor", True), ("help", "yes")]
    assert outcome.steps[1].inputs == {"per head": 750}


def test_decisions_are_described() -> None:
    found = dmn.load(model(*CHAIN)).decisions["help"]

    assert (found.name, found.id, found.kind, found.type) == ("help", "help", "decision", "Any")
    assert found.inputs == (dmn.Input("income", "number"), dmn.Input("members", "number"))
    assert found.reads == frozenset()


def test_what_is_missing_is_null_and_told() -> None:
    outcome = dmn.load(model(*CHAIN)).trace("per head", {"income": 1})

    assert outcome.value is None
    assert "没有给出输入“members”，按空值处理。" in map(str, outcome.notes)


def test_an_element_that_is_not_required_is_out_of_sight() -> None:
    found = dmn.load(model(input_data("a"), input_data("b"), decision("d", literal("b"), "a")))
    assert found.evaluate("d", {"a": 1, "b": 2}) is None


def test_a_name_that_the_model_does_not_declare_comes_from_the_caller() -> None:
    found = dmn.load(model(decision("d", table(["amount"], [""], ["> 5", "rate * 2"]))))

    assert found.evaluate("d", {"amount": 6, "rate": 4}) == 8
    assert found.decisions["d"].reads == {"amount", "rate"}


def test_a_required_decision_is_also_known_by_its_variable_and_its_id() -> None:
    level = decision("the level", literal("2")).replace('<variable name="the level">', '<variable name="level">')
    named = level.replace('id="the level"', 'id="level_1"')
    found = dmn.load(model(named, decision("d", literal("the level + level + level_1"), "level_1")))
    assert found.evaluate("d", {}) == 6


def test_an_id_never_hides_the_name_of_another_element() -> None:
    one, two = decision("a", literal("1")), decision("b", literal("2"))
    swapped = (one.replace('id="a"', 'id="b"'), two.replace('id="b"', 'id="a"'))
    assert dmn.load(model(*swapped, decision("d", literal("[a, b]"), "a, b"))).evaluate("d", {}) == [1, 2]


def test_an_id_never_hides_a_function() -> None:
    level = decision("level", literal("2")).replace('id="level"', 'id="f"')
    twice = function("f", "n", literal("n * 2")).replace('id="f"', 'id="g"')
    assert dmn.load(model(level, twice, decision("d", literal("f(level)"), "f", "g"))).evaluate("d", {}) == 4


def test_a_knowledge_model_may_use_another_and_itself() -> None:
    found = dmn.load(
        model(
            function("twice", "n: number", literal("n * 2")),
            function("power", "n: number", literal("if n = 0 then 1 else twice(power(n - 1))"), "twice", "number"),
            decision("d", literal("power(n: 10)"), knows="power"),
        )
    )
    assert found.evaluate("d", {}) == 1024
    assert found.evaluate("power", {"n": 3}) == 8
    assert found.decisions["power"].kind == "function"


def test_endless_recursion_ends_with_a_sentence() -> None:
    found = dmn.load(model(function("f", "n", literal("f(n) + f(n)")), decision("d", literal("f(1)"), knows="f")))
    with pytest.raises(dmn.DmnEvaluationError, match="“d”"):
        found.evaluate("d", {})


SERVICE = (
    *CHAIN,
    service("judge", "help", inputs="income, members"),
    service("by head", "poor, help", input_decisions="per head"),
    input_data("x"),
    decision("asks", literal("judge(100, 1) + judge(income: 9999, members: x)"), "x", "judge"),
    decision("both", literal("by head(5)"), knows="by head"),
    decision("wrong", literal('judge("much", 1)'), knows="judge"),
)


@pytest.mark.parametrize(
    ("decision_name", "inputs", "wanted"),
    [
        ("judge", {"income": 10, "members": 1}, "yes"),
        ("by head", {"per head": 5000}, {"poor": False, "help": "no"}),
        ("asks", {"x": 1, "income": 1, "members": 1}, "yesno"),
        ("both", {}, {"poor": True, "help": "yes"}),
        ("wrong", {}, None),
    ],
)
def test_a_service_is_a_part_of_the_graph_as_a_function(
    decision_name: str, inputs: dict[str, Any], wanted: Any
) -> None:
    assert dmn.load(model(*SERVICE)).evaluate(decision_name, inputs) == wanted


BASE = model(
    item("tAge", "number", allowed="[0..150]"),
    item("tHome", "", component("post code", "string")),
    input_data("age", "tAge"),
    decision("old enough", literal("age >= 60"), "age"),
    function("plus", "a: tAge, b: number", literal("a + b")),
    namespace="urn:base",
)


def test_an_import_brings_decisions_functions_and_types_under_its_name() -> None:
    text = model(
        imported("the base", "urn:base"),
        input_data("home", "the base.tHome"),
        decision(
            "d",
            literal("if the base.old enough then the base.plus(1, 2) else home.post code"),
            "urn:base#old enough, home",
            "urn:base#plus",
        ),
    )
    found = dmn.load(text, [BASE])

    assert not found.problems
    assert found.evaluate("d", {"age": 60}) == 3
    assert found.evaluate("d", {"{urn:base}age": 59, "age": 60, "home": {"post code": "371600"}}) == "371600"
    assert found.evaluate("d", {"the base": {"age": 60}}) == 3
    assert [step.name for step in found.trace("d", {"age": 60}).steps] == ["old enough", "d"]


def test_an_import_without_a_name_stands_beside_our_own() -> None:
    text = model(imported("", "urn:base"), decision("d", literal("plus(1, 2)"), knows="urn:base#plus", type_ref="tAge"))
    assert dmn.load(text, [BASE]).evaluate("d", {}) == 3


def test_models_may_import_each_other() -> None:
    one = model(imported("two", "urn:2"), decision("a", literal("two.b + 1"), "urn:2#b"), namespace="urn:1")
    two = model(
        imported("one", "urn:1"),
        decision("b", literal("one.c + 1"), "urn:1#c"),
        namespace="urn:2",
    )
    one = one.replace("</definitions>", decision("c", literal("1")) + "</definitions>")
    assert dmn.load(one, [two]).evaluate("a", {}) == 3


def test_a_missing_import_is_told_with_its_namespace() -> None:
    text = model(imported("base", "urn:gone"), decision("d", literal("base.x"), "urn:gone#x"))
    assert [str(each) for each in dmn.load(text).problems] == [
        "第 3 行：找不到被引用的决策模型“urn:gone”。请一并提供那个文件。",
        "第 4 行：“d”需要的元素“urn:gone#x”不存在。",
    ]


def test_a_circle_of_requirements_is_refused_by_name() -> None:
    found = dmn.load(
        model(
            decision("a", literal("b"), "b"),
            decision("b", literal("c"), "c"),
            decision("c", literal("a"), "a"),
            decision("ok", literal("1")),
            decision("above", literal("a"), "a"),
        )
    )
    assert found.evaluate("ok", {}) == 1
    for name in ("a", "b", "c", "above"):
        with pytest.raises(dmn.DmnModelError, match="a → b → c → a"):
            found.evaluate(name, {})


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = [
        decision("d0", literal("0")),
        *(decision(f"d{n}", literal(f"d{n - 1} + 1"), f"d{n - 1}") for n in range(1, 900)),
    ]
    assert dmn.load(model(*chain)).evaluate("d899", {}) == 899


def test_a_diamond_is_worked_out_once_per_decision() -> None:
    layers = [decision("d0", literal("1"))]
    layers += [decision(f"d{n}", literal(f"d{n - 1} + d{n - 1}"), f"d{n - 1}") for n in range(1, 60)]
    outcome = dmn.load(model(*layers)).trace("d59", {})

    assert outcome.value == 2**59
    assert len(outcome.steps) == 60


def test_a_decision_without_logic_is_null() -> None:
    outcome = dmn.load(model(decision("d", ""))).trace("d", {})

    assert outcome.value is None
    assert tuple(map(str, outcome.notes)) == ("“d”没有决策逻辑，按空值处理。",)


def test_a_fault_is_raised_by_whoever_needs_it() -> None:
    found = dmn.load(model(decision("bad", literal("1 +")), decision("d", literal("bad"), "bad")))

    with pytest.raises(dmn.DmnModelError) as caught:
        found.evaluate("d", {})
    assert (caught.value.line, caught.value.node) == (3, "bad")
    assert [problem.node for problem in found.problems] == ["bad"]


def test_an_unknown_decision_is_told_what_there_is() -> None:
    with pytest.raises(dmn.DmnEvaluationError, match="没有决策“x”。可用的有：d。"):
        dmn.load(model(decision("d", literal("1")))).evaluate("x", {})


def test_names_that_are_used_twice_are_told() -> None:
    found = dmn.load(model(decision("d", literal("1")), input_data("d")))
    assert ["“d”用了两次" in str(problem) for problem in found.problems] == [True]


def test_threads_may_share_a_model() -> None:
    found = dmn.load(model(*SERVICE))
    with ThreadPoolExecutor(4) as pool:
        values = list(pool.map(lambda n: found.evaluate("per head", {"income": n, "members": 1}), range(200)))
    assert values == list(range(200))


def test_entries_in_boxed_contexts_call_services() -> None:
    logic = context(("first", literal("judge(1, 1)")), ("second", literal("income")))
    found = dmn.load(
        model(*CHAIN, service("judge", "help", inputs="income, members"), decision("d", logic, "income", "judge"))
    )
    assert found.evaluate("d", {"income": 7}) == {"first": "yes", "second": 7}
