"""Conditions, options and limits that depend on other fields and on the case."""

from __future__ import annotations

from decimal import Decimal

from tests.engine.forms.form_builder import area, bind, choice, form, group, moment, number, text


def test_conditions_see_typed_values_and_not_texts() -> None:
    compiled = form(number("天数"), area("事由", hide="=not(天数 > 3)", required=True))

    assert bind(compiled, 天数="10").errors == {"事由": ["请填写“事由”。"]}
    assert bind(compiled, 天数="2").errors == {}


def test_a_hidden_field_has_no_value_and_no_errors_but_keeps_what_was_typed() -> None:
    compiled = form(number("天数"), number("金额", hide="=not(天数 > 3)", max=5))

    bound = bind(compiled, 天数="2", 金额="千")

    assert bound.values == {"天数": Decimal(2)}
    assert bound.errors == {}
    assert bound.raw["金额"] == ["千"]
    assert bound.visible == {"天数"}


def test_a_hidden_value_cannot_keep_another_field_alive() -> None:
    compiled = form(text("a"), text("b", hide="=a = null"), text("c", hide="=b = null"), text("d", hide="=c = null"))

    bound = bind(compiled, a="", b="1", c="2", d="3")

    assert bound.values == {"a": None}
    assert bound.visible == {"a"}


def test_order_of_conditions_does_not_matter() -> None:
    compiled = form(text("d", hide="=c = null"), text("c", hide="=b = null"), text("b", hide="=a = null"), text("a"))

    assert bind(compiled, a="", b="1", c="2", d="3").values == {"a": None}
    assert bind(compiled, a="0", b="1", c="2", d="3").values == {"a": "0", "b": "1", "c": "2", "d": "3"}


def test_a_hidden_group_hides_all_that_is_inside() -> None:
    inner = group("内", text("b", required=True), path="x")
    compiled = form(text("a"), group("外", inner, hide='=a = "无"'))

    assert bind(compiled, a="无", **{"x.b": "1"}).values == {"a": "无"}
    assert bind(compiled, a="有").errors == {"x.b": ["请填写“b”。"]}


def test_fields_that_hide_each_other_settle_all_the_same() -> None:
    compiled = form(
        text("a", hide="=b != null"), text("b", hide="=a != null"), text("c", hide="=a = null and b = null")
    )

    bound = bind(compiled, a="1", b="2", c="3")

    assert bound.values == {}


def test_the_case_cannot_speak_for_a_field_that_was_left_empty() -> None:
    compiled = form(text("a"), text("b", hide="=a = null"))

    assert bind(compiled, {"a": "旧"}, a="", b="1").values == {"a": None}


def test_options_are_worked_out_again_from_what_was_chosen() -> None:
    towns = '=if 区 = "甲" then ["一", "二"] else [{label: "三街", value: 3}]'
    compiled = form(choice("select", "区", "甲", "乙"), choice("radio", "街", valuesExpression=towns))

    assert bind(compiled, 区="甲", 街="二").values == {"区": "甲", "街": "二"}
    assert bind(compiled, 区="乙", 街="3").values == {"区": "乙", "街": Decimal(3)}
    assert list(bind(compiled, 区="乙", 街="二").errors) == ["街"]


def test_options_come_from_a_variable_of_the_case() -> None:
    compiled = form(choice("checklist", "a", valuesKey="参会.人员"))
    people = {"参会": {"人员": ["组长", {"value": 2, "label": "书记"}, None, {"label": "无值"}]}}

    bound = bind(compiled, people, a=["2", "组长"])

    assert bound.values == {"a": ["组长", 2]}
    assert [option.label for option in bound.options(compiled.inputs[0])] == ["组长", "书记"]


def test_limits_may_be_expressions() -> None:
    compiled = form(number("a"), number("b", min="=a", max="=policy.上限"), text("c", maxLength="=a"))

    bound = bind(compiled, {"policy": {"上限": 9}}, a="5", b="4", c="一二三四五六")

    assert bound.errors == {"b": ["b不能小于 5。"], "c": ["c不能超过 5 字，现在是 6 字。"]}
    assert bind(compiled, {"policy": {"上限": 9}}, a="5", b="10").errors == {"b": ["b不能大于 9。"]}


def test_a_value_that_breaks_a_rule_still_decides_what_is_shown() -> None:
    compiled = form(number("天数", max=30), area("事由", hide="=not(天数 > 3)"))

    assert bind(compiled, 天数="400").visible == {"天数", "事由"}


def test_labels_and_texts_speak_of_values() -> None:
    compiled = form(
        moment("日期"),
        text("a", label="{{编号}}的事由", required=True),
        text("b", label='=if 日期 = null then "说明" else "补充"'),
    )

    bound = bind(compiled, {"编号": "SQ-1"}, 日期="2026-11-23", b="x")

    assert bound.errors == {"a": ["请填写“SQ-1的事由”。"]}
    assert bound.label(compiled.inputs[2]) == "补充"


def test_a_length_that_cannot_be_worked_out_leaves_the_usual_one() -> None:
    compiled = form(text("a", maxLength="=没有"), text("b", maxLength="=999999"))

    bound = bind(compiled, a="长" * 4001, b="长" * 20001)

    assert bound.errors["a"] == ["a不能超过 4000 字，现在是 4001 字。"]
    assert bound.errors["b"] == ["b不能超过 20000 字，现在是 20001 字。"]


def test_options_that_chase_each_other_end() -> None:
    one = choice("radio", "a", valuesExpression='=if b = "1" then ["2"] else ["1"]')
    other = choice("radio", "b", valuesExpression='=if a = "1" then ["1"] else ["2"]')

    bound = bind(form(one, other), a="1", b="1")

    assert bound.visible == {"a", "b"}
