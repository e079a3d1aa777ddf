"""Forms that can't be honoured are refused when they are compiled, each fault with its component, rule and sentence."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from engine import feel, forms
from engine.errors import InvalidDefinition
from engine.expressions import HOST_FUNCTIONS
from engine.forms.patterns import UnsafePattern, compile_pattern
from engine.workdays import Calendar, calendar_functions
from tests.engine.forms.form_builder import (
    choice,
    component,
    computed,
    group,
    number,
    rows,
    source,
    table,
    text,
    upload,
)


def refused(*components: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as caught:
        forms.compile(json.dumps(source(*components, **more), ensure_ascii=False))
    assert all(finding.message and finding.severity == "error" for finding in caught.value.findings)
    return [(finding.element, finding.rule) for finding in caught.value.findings]


@pytest.mark.parametrize("kind", ["iframe", "html", "image", "documentPreview", "新"])
def test_a_type_that_is_not_supported(kind: str) -> None:
    assert refused({"type": kind, "id": "x"}) == [("x", "form.type")]


def test_buttons_are_left_out() -> None:
    assert forms.compile(source({"type": "button", "action": "submit", "label": "提交"})).fields == ()


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        (text("a", hide="=天数 >"), "form.feel"),
        (text("a", hide="=不存在的函数(天数)"), "form.function"),
        (text("a", hide="天数 > 3"), "form.condition"),
        (text("a", label="{{天数 >}}"), "form.feel"),
        (text("a", label="{{#if x}}y{{/if}}"), "form.feel"),
        (text("a", label=""), "form.label"),
        (text("a", pattern="(a+)+"), "form.pattern"),
        (text("a", pattern="("), "form.pattern"),
        (text("a", validationType="url"), "form.validation"),
        (text("a", maxLength=0.5), "form.limits"),
        (text("a", maxLength=99999), "form.limits"),
        (text("a", minLength=5, maxLength=4), "form.limits"),
        (text("a", autocomplete="x", properties={"autocomplete": "no such!"}), "form.autocomplete"),
        (number("a", min=5, max=4), "form.limits"),
        (number("a", min="很小"), "form.limits"),
        (number("a", decimalDigits=99), "form.limits"),
        (number("a", serializeToString=True), "form.number"),
        (number("a", defaultValue="三"), "form.default"),
        (component("datetime", "a", subtype="week"), "form.type"),
        (choice("radio", "a"), "form.options"),
        (choice("radio", "a", "甲", "甲"), "form.options"),
        (choice("select", "a", valuesExpression="人员"), "form.options"),
        (text("a", properties={"format": "bank-card"}), "form.validation"),
        (computed("a", "b + 1"), "form.expression"),
        (computed("a", "=a + 1"), "form.expression"),
        (computed("a", "=b", computeOn="later"), "form.expression"),
        (table("a", "", "甲"), "form.table"),
        (table("a", "=清单"), "form.table"),
        (table("a", "=清单 +", "甲"), "form.feel"),
        (table("a", "=清单", *"甲" * 13), "form.table"),
        (rows("a"), "form.list"),
        (rows("a", {"type": "separator", "id": "s"}), "form.list"),
        (rows("a", text("b"), isRepeating=False), "form.list"),
        (rows("a", text("b"), label=""), "form.label"),
        (rows("a", text("b"), minRows=3, maxRows=2), "form.limits"),
        (rows("a", text("b"), maxRows=1000), "form.limits"),
        (rows("a", text("b"), minRows="几"), "form.limits"),
        (upload("a", properties={"signature": "true"}, multiple=True), "form.signature"),
    ],
)
def test_settings_that_cannot_be_honoured(field: dict[str, Any], rule: str) -> None:
    assert ("a", rule) in refused(field)


@pytest.mark.parametrize("key", ["", "a b", "1a", "_do", "a..b", "csrf_token", "a-b", "x" * 200, "a\u0000"])
def test_keys_that_no_expression_could_name(key: str) -> None:
    assert ("f", "form.key") in refused({"type": "textfield", "id": "f", "key": key, "label": "f"})


def test_keys_and_ids_must_not_collide() -> None:
    found = refused(text("a"), text("a"), text("b.c"), group("g", text("c", id="d"), path="b"), text("b", id="e"))

    assert found.count(("a", "form.id")) == 1
    assert {("a", "form.key"), ("d", "form.key"), ("e", "form.key")} <= set(found)


def test_what_stands_in_rows_that_come_and_go() -> None:
    assert ("b", "form.list") in refused(rows("a", text("b", readonly=True)))
    assert ("b", "form.signature") in refused(rows("a", upload("b", properties={"signature": "true"})))
    assert ("c", "form.key") in refused(rows("a", text("b"), text("b", id="c")), text("a", id="d"))


def test_everything_is_said_at_once() -> None:
    assert len(refused({"type": "iframe", "id": "x"}, text("a", hide="=("), number("b", min="x"))) == 3


def test_a_newer_file_format_and_a_missing_id() -> None:
    assert refused(id="", schemaVersion=20) == [("", "form.id"), ("", "form.version")]


@pytest.mark.parametrize("english", [[], "Title", {"标题": 1}])
def test_english_texts_that_are_no_pairs(english: object) -> None:
    assert refused(text("a"), english=english) == [("", "form.english")]


def test_too_many_components_and_too_deep_groups() -> None:
    deep = text("a")
    for level in range(8):
        deep = group(f"g{level}", deep)

    assert ("", "form.structure") in refused(deep)
    assert ("", "form.structure") in refused(*(text(f"k{index}") for index in range(400)))


@pytest.mark.parametrize("content", ["", "[", "[]", '"x"', "[" * 100_000, "x" * 600_000])
def test_what_is_no_form_at_all(content: str) -> None:
    with pytest.raises(InvalidDefinition):
        forms.compile(content)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", r"(\w+\s?)*", "a?" * 40, ".*.*.*=", r"(a)\1", "(?=a)b"]
)
def test_patterns_that_could_run_away(pattern: str) -> None:
    with pytest.raises(UnsafePattern):
        compile_pattern(pattern, 4000)


@pytest.mark.parametrize(
    "pattern", [r"1[3-9]\d{9}", r"\d{17}[\dXx]", "[A-Z]{2}-[0-9]{4}-[0-9]+", "(甲|乙)方.{1,20}", r"\d{1,3}(\.\d{1,2})?"]
)
def test_patterns_that_people_need(pattern: str) -> None:
    assert compile_pattern(pattern, 200).pattern == pattern


def test_the_worst_accepted_pattern_is_quick() -> None:
    pattern = compile_pattern("a*a*b", 200)

    begin = time.perf_counter()
    assert not pattern.fullmatch("a" * 200)
    assert time.perf_counter() - begin < 1


def test_the_functions_of_the_platform_may_be_called() -> None:
    compiled = forms.compile(source(text("a", hide="=是工作日(today())"), text("b", label="{{工作日数(x, y)}}")))

    assert compiled.is_dynamic
    assert isinstance(compiled.inputs[0].hide, feel.Expression)
    assert calendar_functions(Calendar((), {})).keys() <= HOST_FUNCTIONS
