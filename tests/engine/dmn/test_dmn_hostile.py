"""Files that are no models, and models that mean harm: each ends with a sentence of ours."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn
from tests.dmn_xml import (
    DMN,
    component,
    context,
    decision,
    function,
    input_data,
    item,
    literal,
    model,
    service,
    table,
    tag,
)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "第 1 行：文件里没有 XML 内容"),
        ("<definitions", "第 1 行"),
        ("<definitions/>", "这不是 DMN 1.1 至 1.5 的决策文件（根元素是“definitions”）"),
        ('<bpmn xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "根元素是“bpmn”"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "DOCTYPE"),
        (b"<a>" * 100 + b"</a>" * 100, "嵌套超过"),
        (b" " * 3_000_000, "超过上限 2 MB"),
        (f'<definitions xmlns="{DMN}" expressionLanguage="Python"/>', "表达式语言“Python”不能运行"),
        (model(tag("decision")), "第 3 行：“decision”没有名称"),
        (model(*(input_data(f"x{n}") for n in range(1_001))), "决策、输入和函数超过 1000 个"),
    ],
)
def test_what_is_no_model_is_refused(source: str | bytes, sentence: str) -> None:
    with pytest.raises(dmn.DmnModelError) as caught:
        dmn.load(source)
    assert sentence in str(caught.value)


WRONG_TABLES = [
    (tag("decisionTable", hitPolicy="BEST"), "命中策略“BEST”不存在"),
    (tag("decisionTable", hitPolicy="COLLECT", aggregation="AVERAGE"), "汇总方式“AVERAGE”不存在"),
    (tag("decisionTable"), "没有输出列"),
    (table(["x"], [""], ["1"]), "第 1 条规则和决策表的列数不同"),
    (table(["x"], ["a", "a"], ["1", "2", "3"]), "每列都要有不同的名称"),
    (table(["x"], ["a", "b"], ["1", "2", "3"], hit="C+"), "只能有一个输出列"),
    (table([""], [""], ["1", "2"]), "第 1 个输入列没有表达式"),
    (table(["x"], [""], ["< ", "2"]), "“<”有错"),
    (table(["x"], [""], ["-", "1 +"]), "“1 +”有错"),
    (table(["x"], [""], *[["-", "1"]] * 5_001), "超过 5000 条规则"),
]


@pytest.mark.parametrize(("logic", "sentence"), WRONG_TABLES)
def test_a_table_at_fault_is_told_and_others_go_on(logic: str, sentence: str) -> None:
    found = dmn.load(model(decision("bad", logic), decision("good", literal("1"))))

    assert found.evaluate("good", {}) == 1
    assert [problem.node for problem in found.problems] == ["bad"]
    assert sentence in str(found.problems[0])


def test_the_line_of_a_fault_is_that_of_the_expression() -> None:
    (problem,) = dmn.load(model(decision("d", literal("\n1 +\n2 +")))).problems
    assert problem.line == 5


@pytest.mark.parametrize(
    "logic",
    [
        literal("for i in 1..10000, j in 1..10000 return i * j"),
        literal('for i in 1..1000 return string join(for j in 1..1000 return "aaaaaaaaaaaaaaaa")'),
        literal("f(1)"),
        tag(
            "for",
            tag("in", literal("[1..1000]")) + tag("return", literal("count(for j in 1..1000 return j)")),
            iteratorVariable="i",
        ),
    ],
)
def test_what_never_ends_is_ended(logic: str) -> None:
    endless = function("f", "n", tag("list", literal("f(n + 1)") + literal("f(n + 2)")))
    found = dmn.load(model(endless, decision("d", logic, knows="f")))
    with pytest.raises(dmn.DmnEvaluationError, match="“d”"):
        found.evaluate("d", {})


def test_types_that_nest_too_deep_are_refused() -> None:
    chain = [item(f"t{n}", "", component("a", f"t{n + 1}")) for n in range(2_000)]
    with pytest.raises(dmn.DmnModelError, match="太深"):
        dmn.load(model(*chain, item("t2000", "number"), decision("d", literal("1"), type_ref="t0")))


def test_types_that_double_at_each_level_stay_small() -> None:
    chain = [item(f"t{n}", "", component("a", f"t{n + 1}"), component("b", f"t{n + 1}")) for n in range(60)]
    logic = table(["x"], [""], ["? instance of t0", "1"], ["-", "2"], hit="F")
    found = dmn.load(model(*chain, item("t60", "number"), input_data("x", "t0"), decision("d", logic, "x")))

    assert found.evaluate("d", {"x": None}) == 2
    assert dmn.analyse(found.tables[0]).not_analysed


def test_a_value_that_nests_too_deep_is_refused() -> None:
    value: list[object] = []
    for _ in range(5_000):
        value = [value]
    with pytest.raises(dmn.DmnEvaluationError, match="“d”的计算嵌套过深"):
        dmn.load(model(input_data("x"), decision("d", literal("x"), "x"))).evaluate("d", {"x": value})


def test_services_that_call_each_other_for_ever_are_ended() -> None:
    parts = (decision("a", literal("s()"), knows="s"), service("s", "a"))
    with pytest.raises(dmn.DmnEvaluationError, match="“a”"):
        dmn.load(model(*parts)).evaluate("a", {})


def test_a_value_that_doubles_at_each_decision_is_ended() -> None:
    layers = [decision("d0", literal("[1]"))]
    layers += [decision(f"d{n}", literal(f"[d{n - 1}, d{n - 1}]"), f"d{n - 1}") for n in range(1, 40)]
    with pytest.raises(dmn.DmnEvaluationError, match="“d39”"):
        dmn.load(model(*layers)).evaluate("d39", {})


SEED = model(
    item("tX", "number", allowed="> 0"),
    input_data("x", "tX"),
    decision("t", table(["x"], ["a", "b"], ["< 5", "1", '"x"'], [">= 5", "2", '"y"'], hit="F"), "x"),
    decision("c", context(("k", literal("t.a")), result=literal("f(k)")), "t", "f"),
    function("f", "n: number", literal("n + 1")),
    service("s", "c", inputs="x"),
)
PIECES = re.findall(r"<[^>]+>|[^<]+", SEED)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(PIECES) - 1), st.sampled_from(["drop", "double", "swap", "cut"])), max_size=4)
)
def test_a_damaged_file_ends_with_our_error_or_none(damages: list[tuple[int, str]]) -> None:
    pieces = list(PIECES)
    for place, damage in damages:
        other = pieces[(place * 7 + 3) % len(pieces)]
        pieces[place] = {"drop": "", "double": pieces[place] * 2, "swap": other, "cut": pieces[place][:-2]}[damage]
    _evaluate_everything("".join(pieces))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="x?-<>=.,[]()\"'1 aintfor{}:\n", max_size=25), st.sampled_from(["t", "l", "type", "attr"]))
def test_damaged_expressions_end_with_our_error_or_none(text: str, where: str) -> None:
    logic = table(["x"], [""], [text, "1"]) if where == "t" else literal(text)
    parts = [input_data("x", text if where == "attr" else None), decision("d", logic, "x")]
    parts += [item("tY", "number", allowed=text), input_data("y", "tY")] if where == "type" else []
    _evaluate_everything(model(*parts))


def _evaluate_everything(source: str) -> None:
    try:
        found = dmn.load(source)
    except dmn.DmnModelError:
        return
    for each in found.tables:
        dmn.analyse(each)
    for name in found.decisions:
        with suppress(dmn.DmnError):
            found.trace(name, {"x": 3, "y": 1})
