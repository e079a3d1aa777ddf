"""Typing values into fields of every type: what comes out, and what is said when it does not fit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from engine.clock import TIMEZONE
from engine.errors import InvalidVariables
from tests.engine.forms.form_builder import (
    ENV,
    area,
    bind,
    checkbox,
    choice,
    file_ref,
    form,
    group,
    moment,
    number,
    rows,
    text,
    upload,
)

GOOD = [
    (text("a"), " 张三 ", "张三"),
    (text("a"), "   ", None),
    (area("a"), "一\r\n二\t三", "一\n二\t三"),
    (text("a", maxLength=3), "𠮷𠮷𠮷", "𠮷𠮷𠮷"),
    (text("a", validationType="phone"), "138 1234 5678", "13812345678"),
    (text("a", validationType="phone"), "０543-3188888", "0543-3188888"),
    (text("a", validationType="email"), "a.b@example.com", "a.b@example.com"),
    (text("a", pattern="[A-Z]{2}\\d+"), "AB12", "AB12"),
    (number("a"), "３.50", Decimal("3.50")),
    (number("a"), "-0", Decimal(0)),
    (number("a", min=0, max=5, decimalDigits=1), "4.5", Decimal("4.5")),
    (number("a", decimalDigits=0), "4.0", Decimal("4.0")),
    (moment("a"), "2026-11-23", date(2026, 11, 23)),
    (moment("a"), "2026年1月2日", date(2026, 1, 2)),
    (moment("a", "time"), "9:30", time(9, 30)),
    (moment("a", "datetime"), "2026-11-23T09:30", datetime(2026, 11, 23, 9, 30, tzinfo=TIMEZONE)),
    (moment("a", "datetime"), "2026-11-23T01:30:00Z", datetime(2026, 11, 23, 9, 30, tzinfo=TIMEZONE)),
    (checkbox("a"), "true", True),
    (checkbox("a"), "", False),
    (choice("radio", "a", "甲", "乙"), "乙", "乙"),
    (choice("select", "a", "甲", "乙"), "", None),
    (choice("checklist", "a", "甲", "乙", "丙"), ["丙", "甲", "甲"], ["甲", "丙"]),
    (choice("checklist", "a", "甲"), [], []),
]


@pytest.mark.parametrize(("field", "typed", "value"), GOOD)
def test_what_fits_comes_out_typed(field: dict[str, Any], typed: str | list[str], value: object) -> None:
    bound = bind(form(field), a=typed)

    assert bound.errors == {}
    assert bound.values == {"a": value}
    assert type(bound.values["a"]) is type(value)


BAD = [
    (text("a", required=True), " ", "请填写“a”。"),
    (text("a", maxLength=3), "一二三四", "a不能超过 3 字，现在是 4 字。"),
    (area("a"), "长" * 4001, "a不能超过 4000 字，现在是 4001 字。"),
    (text("a", minLength=3), "一", "a至少要 3 字，现在是 1 字。"),
    (text("a"), "a\x00b", "a里有不能保存的字符（控制字符等），请删除后重新输入。"),
    (text("a"), "a\nb", "a里有不能保存的字符（控制字符等），请删除后重新输入。"),
    (area("a"), "a\ud800b", "a里有不能保存的字符（控制字符等），请删除后重新输入。"),
    (
        text("a", validationType="phone"),
        "1381234567",
        "a不是有效的电话号码，请填写 11 位手机号，或者带区号的固定电话。",
    ),
    (text("a", validationType="email"), "a@b", "a的格式不对，应像 name@example.com 这样。"),
    (text("a", pattern="\\d{2}"), "x12", "a的格式不对，请按说明填写。"),
    (text("a", pattern="\\d{2}", patternErrorMessage="请填写两位数字。"), "123", "请填写两位数字。"),
    (number("a"), "三天", "a应为数字，请只填数字，不要带单位。"),
    (number("a"), "1e9", "a应为数字，请只填数字，不要带单位。"),
    (number("a"), "9" * 30, "a应为数字，请只填数字，不要带单位。"),
    (number("a", required=True), "", "请填写“a”。"),
    (number("a", min=1), "0.9", "a不能小于 1。"),
    (number("a", max=1), "1.1", "a不能大于 1。"),
    (number("a", decimalDigits=0), "1.5", "a应为整数。"),
    (number("a", decimalDigits=2), "1.555", "a最多保留 2 位小数。"),
    (moment("a"), "2026-02-30", "a不是有效的日期，请按“2026-11-23”这样填写。"),
    (moment("a"), "0026-02-03", "a不是有效的日期，请按“2026-11-23”这样填写。"),
    (moment("a", "time"), "25:00", "a不是有效的时间，请按“09:30”这样填写。"),
    (moment("a", "datetime"), "明天", "a不是有效的日期和时间，请按“2026-11-23 09:30”这样填写。"),
    (moment("a", disallowPassedDates=True), "2026-11-23", "a不能早于今天（2026-11-24）。"),
    (checkbox("a", required=True), "", "请勾选“a”。"),
    (checkbox("a"), "maybe", "a只能勾选或者不勾选。"),
    (choice("radio", "a", "甲", required=True), "", "请选择“a”。"),
    (choice("select", "a", "甲"), "乙", "a里没有所选的这一项，请重新选择。"),
    (choice("checklist", "a", "甲"), ["甲", "乙"], "a里没有所选的这一项，请重新选择。"),
    (choice("checklist", "a", "甲", required=True), [], "请选择“a”。"),
    (upload("a", required=True), "", "请上传“a”。"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), BAD)
def test_what_does_not_fit_is_said_and_kept(field: dict[str, Any], typed: str | list[str], sentence: str) -> None:
    bound = bind(form(field), a=typed)

    assert bound.errors == {"a": [sentence]}
    assert "a" not in bound.values
    assert bound.raw["a"] == (typed if isinstance(typed, list) else [typed])


def test_a_sentence_can_be_said_in_another_language() -> None:
    bound = bind(form(text("a", maxLength=3)), a="一二三四")

    [sentence] = bound.errors["a"]

    assert sentence.template == "{label}不能超过 {limit} 字，现在是 {length} 字。"
    assert sentence.params == {"label": "a", "limit": "3", "length": 4}


@pytest.mark.parametrize(
    ("field", "value", "clean"),
    [
        (number("a"), 3, Decimal(3)),
        (number("a"), 0.1, Decimal("0.1")),
        (number("a"), Decimal("2.50"), Decimal("2.50")),
        (moment("a"), date(2026, 11, 23), date(2026, 11, 23)),
        (moment("a", "datetime"), datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=TIMEZONE)),
        (checkbox("a"), True, True),
        (choice("checklist", "a", "甲"), ["甲"], ["甲"]),
    ],
)
def test_typed_values_of_a_program_pass(field: dict[str, Any], value: object, clean: object) -> None:
    assert form(field).load({"a": value}, {}, ENV) == {"a": clean}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (text("a"), 3),
        (text("a"), {"b": 1}),
        (number("a"), True),
        (number("a"), float("nan")),
        (number("a"), Decimal("1E+999999")),
        (number("a"), 10**100),
        (moment("a"), 20261123),
        (moment("a", "time"), datetime(2026, 1, 1, tzinfo=UTC)),
        (checkbox("a"), 1),
        (choice("radio", "a", "甲"), ["甲"]),
        (choice("radio", "a", "甲"), {"甲": 1}),
        (choice("checklist", "a", "甲"), 5),
        (choice("checklist", "a", "甲"), [["甲"]]),
        (upload("a"), ["id"]),
        (upload("a"), [{"id": 1, "name": "x", "size": 1, "type": "image/png"}]),
    ],
)
def test_values_of_the_wrong_kind_are_refused(field: dict[str, Any], value: object) -> None:
    with pytest.raises(InvalidVariables) as caught:
        form(field).load({"a": value}, {}, ENV)

    assert list(caught.value.errors) == ["a"]


def test_a_name_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidVariables) as caught:
        form(text("a")).load({"a": "x", "批准": True}, {}, ENV)

    assert caught.value.errors == {"批准": ["表单里没有“批准”这一项。"]}


def test_a_group_with_a_path_puts_its_values_inside() -> None:
    compiled = form(group("g", text("姓名", properties={"personal": "true"}), path="申请人"), text("b.c"))

    bound = bind(compiled, **{"申请人.姓名": "甲", "b.c": "d"})

    assert bound.values == {"申请人": {"姓名": "甲"}, "b": {"c": "d"}}
    assert compiled.variables == {"申请人", "b"}
    assert compiled.personal == {"申请人"}


def test_uploads_are_counted_and_must_be_of_an_accepted_kind() -> None:
    compiled = form(upload("a", accept=".jpg,application/pdf"), upload("b", multiple=True))
    files = {"a": [file_ref(), file_ref("b.gif", "image/gif")], "b": [file_ref(), file_ref(id="2")]}

    bound = compiled.bind({}, files, {}, ENV)

    assert bound.errors == {
        "a": [
            "a最多上传 1 个文件，现在是 2 个。",
            "a不接受“b.gif”这样的文件，请上传 .jpg、application/pdf 格式的文件。",
        ]
    }
    assert bound.values == {"b": files["b"]}


def test_disabled_and_readonly_values_are_never_taken_from_what_was_sent() -> None:
    compiled = form(text("a", disabled=True), text("b", readonly=True), number("c", readonly="=状态 = 1"), text("d"))

    bound = bind(compiled, {"a": "旧", "b": "旧", "状态": 1, "c": Decimal(7)}, a="新", b="新", c="8", d="x")

    assert bound.values == {"d": "x"}
    assert [bound.value(item) for item in compiled.inputs] == ["旧", "旧", Decimal(7), "x"]


def test_a_read_only_section_locks_all_that_is_inside_it_while_it_says_so() -> None:
    inside = [text("a"), group("里面", text("b", readonly="=状态 = 2")), rows("行", text("条款"))]
    compiled = form({**group("组", *inside), "properties": {"readonly": "true"}}, text("d"))
    case = {"a": "旧", "b": "旧", "行": [{"条款": "旧"}]}
    sent = {"行.0.条款": "新", "行.1.条款": "多"}

    assert bind(compiled, case, a="新", b="新", 行=["0", "1"], d="x", **sent).values == {"d": "x", "行": case["行"]}

    compiled = form({**group("组", *inside[:2]), "properties": {"readonly": "=状态 = 1"}}, text("d"))
    for state, written in ((1, {}), (2, {"a": "新"}), (3, {"a": "新", "b": "新"})):
        assert bind(compiled, {**case, "状态": state}, a="新", b="新", d="x").values == {"d": "x", **written}


def test_a_readonly_default_is_written_until_the_case_has_a_value() -> None:
    compiled = form(text("a", readonly=True, defaultValue="初"))

    assert bind(compiled, a="改").values == {"a": "初"}
    assert bind(compiled, {"a": "旧"}, a="改").values == {}


def test_first_shown_are_the_draft_else_the_variables_else_the_defaults() -> None:
    compiled = form(text("a", defaultValue="甲"), number("b", defaultValue=2), checkbox("c", defaultValue=True))

    assert compiled.initial({"b": Decimal("3.0")}, ENV).raw == {"a": ["甲"], "b": ["3.0"], "c": ["true"]}
    draft = compiled.initial({"b": 3}, ENV, draft={"a": [""], "b": ["三"]})
    assert draft.raw == {"a": [""], "b": ["三"], "c": []}
    assert draft.errors == {}


def test_a_variable_of_another_kind_shows_as_empty() -> None:
    compiled = form(number("a", readonly=True), upload("b", disabled=True), checkbox("c"))

    bound = compiled.initial({"a": "三", "b": 5, "c": {"x": 1}}, ENV)

    assert [bound.value(item) for item in compiled.inputs] == [None, [], False]
