"""Lists: rows that people add and take away, and what is made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidDefinition, InvalidVariables
from engine.forms import Bound, Form
from engine.forms.layout import HIGHEST_ROWS
from tests.engine.forms.form_builder import (
    ENV,
    bind,
    checkbox,
    choice,
    computed,
    file_ref,
    form,
    number,
    rows,
    text,
    upload,
)

FAMILY = form(
    rows("家庭成员", text("姓名", required=True), number("年龄", min=0), checkbox("学生"), maxRows=3),
    computed("人数", "=count(家庭成员)", label="人数"),
)


def row(key: str, name: str = "", age: str = "", **more: str) -> dict[str, str]:
    """What a page sends for one row of the family, without its key."""
    return {f"家庭成员.{key}.姓名": name, f"家庭成员.{key}.年龄": age, **more}


def sent(compiled: Form, keys: list[str], **raw: str | list[str]) -> Bound:
    """The form with these rows of its family."""
    return bind(compiled, **{"家庭成员": keys, **raw})


def test_rows_become_a_list_in_the_order_of_the_page() -> None:
    bound = sent(FAMILY, ["4", "0"], **row("0", "乙", "8", **{"家庭成员.0.学生": "true"}), **row("4", "甲", "40"))

    assert bound.errors == {}
    assert bound.values == {
        "家庭成员": [
            {"姓名": "甲", "年龄": Decimal(40), "学生": False},
            {"姓名": "乙", "年龄": Decimal(8), "学生": True},
        ],
        "人数": Decimal(2),
    }


def test_a_row_that_nobody_touched_is_none() -> None:
    bound = sent(FAMILY, ["0", "1"], **row("0", "甲"), **row("1"))

    assert bound.errors == {}
    assert [each["姓名"] for each in bound.values["家庭成员"]] == ["甲"]


def test_a_row_that_was_begun_is_finished() -> None:
    assert sent(FAMILY, ["0", "7"], **row("0", "甲"), **row("7", age="三")).errors == {
        "家庭成员.7.姓名": ["请填写“姓名”。"],
        "家庭成员.7.年龄": ["年龄应为数字，请只填数字，不要带单位。"],
    }


def test_the_rows_that_must_be_there_are_asked_for() -> None:
    compiled = form(rows("家庭成员", text("姓名", required=True), minRows=2))

    assert list(sent(compiled, ["0", "1"], **{"家庭成员.1.姓名": "甲"}).errors) == ["家庭成员.0.姓名"]
    assert sent(compiled, []).errors == {"家庭成员": ["家庭成员至少要 2 项，现在是 0 项。"]}


def test_too_many_rows_are_counted_and_kept() -> None:
    bound = sent(FAMILY, ["0", "1", "2", "3"], **row("3", "丁"))

    assert bound.errors["家庭成员"] == ["家庭成员最多 3 项，现在是 4 项，请删去多出的。"]
    assert bound.raw["家庭成员.3.姓名"] == ["丁"]


@pytest.mark.parametrize("keys", [["99999"], ["-1"], ["x"], ["0.1"], ["٣"], [""]])
def test_keys_that_no_page_sends_are_no_rows(keys: list[str]) -> None:
    assert sent(FAMILY, keys).values == {"家庭成员": [], "人数": Decimal(0)}


def test_ten_thousand_rows_end_in_one_sentence() -> None:
    bound = sent(FAMILY, [str(key) for key in range(10_000)])

    assert bound.errors == {"家庭成员": ["家庭成员最多 3 项，现在是 10000 项，请删去多出的。"]}
    assert len(bound.layout.lists[0].rows) == HIGHEST_ROWS


def test_lists_in_lists_share_a_limit() -> None:
    compiled = form(rows("甲", rows("乙", text("丙"), id="b", maxRows=200), maxRows=200))
    keys = [str(key) for key in range(200)]

    bound = bind(compiled, 甲=keys, **{f"甲.{key}.乙": keys for key in keys})

    assert len(bound.layout.rows) == 500
    assert any("最多" in sentence for found in bound.errors.values() for sentence in found)


def test_the_same_key_twice_is_one_row() -> None:
    assert len(sent(FAMILY, ["0", "0"], **row("0", "甲")).values["家庭成员"]) == 1


def test_conditions_in_a_row_see_the_row_first() -> None:
    compiled = form(
        text("姓名", id="outside"),
        rows(
            "家庭成员",
            text("姓名"),
            text("学校", hide='=姓名 != "乙" or parent.姓名 != "户主"'),
            text("序", hide="=i < 2 or this.姓名 = null"),
        ),
    )
    names = {"家庭成员.0.姓名": "甲", "家庭成员.1.姓名": "乙"}

    bound = sent(compiled, ["0", "1"], 姓名="户主", **names, **{"家庭成员.1.学校": "一小", "家庭成员.0.学校": "藏"})

    assert bound.values["家庭成员"] == [{"姓名": "甲"}, {"姓名": "乙", "学校": "一小", "序": None}]


def test_a_value_of_every_row_is_computed_and_never_taken() -> None:
    compiled = form(
        rows("家庭成员", number("单价"), number("数量"), computed("小计", "=单价 * 数量")),
        computed("合计", "=sum(家庭成员.小计)"),
    )
    first = {"家庭成员.0.单价": "2.5", "家庭成员.0.数量": "4", "家庭成员.0.小计": "1"}

    bound = sent(compiled, ["0", "1"], **first, **{"家庭成员.1.单价": "1", "家庭成员.1.数量": "1"}, 合计="0")

    assert [each["小计"] for each in bound.values["家庭成员"]] == [Decimal("10.0"), Decimal(1)]
    assert bound.values["合计"] == Decimal("11.0")
    assert compiled.load({**bound.values, "合计": 5}, {}, ENV)["合计"] == Decimal("11.0")


def test_what_an_expression_gives_that_no_variable_may_hold_is_nothing() -> None:
    assert bind(form(computed("区间", "=[1..3]"), computed("错", "=1 + null"))).values == {"区间": None, "错": None}


def test_expressions_that_chase_each_other_end() -> None:
    assert set(bind(form(computed("a", "=b + 1"), computed("b", "=if a = null then 1 else a + 1"))).values) == {
        "a",
        "b",
    }


def test_the_rows_of_the_case_come_back() -> None:
    members = [{"姓名": "甲", "年龄": Decimal(3), "学生": True}, {"姓名": "乙"}]

    bound = FAMILY.initial({"家庭成员": members}, ENV)

    assert [row.key for row in bound.layout.lists[0].rows] == ["0", "1"]
    assert bound.raw["家庭成员.0.年龄"] == ["3"]
    assert bound.raw["家庭成员.0.学生"] == ["true"]
    assert bound.raw["家庭成员.1.姓名"] == ["乙"]


@pytest.mark.parametrize("stored", ["文字", {"姓名": "甲"}, ["甲"], 3, []])
def test_a_case_that_has_something_else_there_shows_an_empty_row(stored: Any) -> None:
    assert [row.key for row in FAMILY.initial({"家庭成员": stored}, ENV).layout.lists[0].rows] == ["0"]


def test_a_list_that_stays_as_it_is_keeps_what_may_not_be_changed() -> None:
    compiled = form(rows("意见", text("条款", readonly=True), text("答复"), allowAddRemove=False))
    case = {"意见": [{"条款": "一"}, {"条款": "二"}, {"条款": "三"}]}

    bound = bind(compiled, case, 意见=["0"], **{"意见.0.条款": "假", "意见.1.答复": "同意"})

    expected = [{"条款": "一", "答复": None}, {"条款": "二", "答复": "同意"}, {"条款": "三", "答复": None}]
    assert bound.values == {"意见": expected}
    assert compiled.load(bound.values, case, ENV) == bound.values


def test_a_hidden_list_has_no_values_and_keeps_what_was_typed() -> None:
    compiled = form(checkbox("有"), rows("家庭成员", text("姓名", required=True), hide="=not(有)"))

    bound = sent(compiled, ["0"], **{"家庭成员.0.姓名": "甲"})

    assert bound.values == {"有": False}
    assert bound.raw["家庭成员.0.姓名"] == ["甲"]


def test_files_may_stand_in_rows() -> None:
    compiled = form(rows("照片", text("说明"), upload("文件")))
    picture = file_ref()

    bound = compiled.bind({"照片": ["3"]}, {"照片.3.文件": [picture]}, {}, ENV)

    assert bound.values == {"照片": [{"说明": None, "文件": [picture]}]}


def test_a_program_gives_rows_as_contexts() -> None:
    given = {"家庭成员": [{"姓名": "甲", "年龄": 3}, {"姓名": "乙"}]}
    assert [each["年龄"] for each in FAMILY.load(given, {}, ENV)["家庭成员"]] == [Decimal(3), None]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"家庭成员": "甲"}, "家庭成员"),
        ({"家庭成员": ["甲"]}, "家庭成员"),
        ({"家庭成员": [{"姓名": "甲", "名": "乙"}]}, "家庭成员.0.名"),
        ({"家庭成员": [{"姓名": "甲"}, {"年龄": 3}]}, "家庭成员.1.姓名"),
        ({"家庭成员": [{"姓名": str(number)} for number in range(9)]}, "家庭成员"),
    ],
)
def test_a_program_is_told_what_does_not_fit(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidVariables) as caught:
        FAMILY.load(given, {}, ENV)
    assert list(caught.value.errors) == [path]


def test_a_list_is_personal_when_one_of_its_fields_is() -> None:
    compiled = form(rows("家庭成员", text("姓名", properties={"personal": "true"})), rows("物品", text("名称")))
    assert compiled.personal == {"家庭成员"}


def test_what_can_be_searched_is_chosen_by_what_it_is_called() -> None:
    compiled = form(choice("select", "单位", "甲", "乙", searchable=True))

    assert bind(compiled, 单位="乙的").values == bind(compiled, 单位="乙").values == {"单位": "乙"}
    assert bind(compiled, 单位="丙").errors == {"单位": ["单位里没有“丙”，请从列出的项里选择。"]}


def test_a_column_says_nothing_twice() -> None:
    guests = form(rows("客人", text("姓名"), text("座位", properties={"unique": "true"})))
    sent_rows = {
        "客人": ["4", "0", "7", "9"],
        **{"客人.4.座位": "A1", "客人.0.座位": "", "客人.7.座位": " A1 ", "客人.9.座位": ""},
        **{"客人.4.姓名": "甲", "客人.0.姓名": "甲", "客人.7.姓名": "甲", "客人.9.姓名": "甲"},
    }
    found = bind(guests, **sent_rows).errors
    assert {path: [str(each) for each in each_path] for path, each_path in found.items()} == {
        "客人.7.座位": ["座位与第 1 项重复，请核对。"]
    }
    assert bind(guests, **{**sent_rows, "客人.7.座位": "A2"}).errors == {}
    with pytest.raises(InvalidVariables, match="座位与第 1 项重复"):
        guests.load({"客人": [{"座位": "A1"}, {"座位": "A1"}]}, {}, ENV)


def test_columns_of_different_rows_around_may_say_the_same() -> None:
    tables = form(rows("桌", rows("客人", text("座位", properties={"unique": "true"}))))
    found = bind(
        tables,
        **{"桌": ["0", "1"], "桌.0.客人": ["0", "1"], "桌.1.客人": ["0"]},
        **{"桌.0.客人.0.座位": "A", "桌.0.客人.1.座位": "A", "桌.1.客人.0.座位": "A"},
    )
    assert list(found.errors) == ["桌.0.客人.1.座位"]


@pytest.mark.parametrize("component", [text("甲", properties={"unique": "true"}),
                                       rows("甲", checkbox("乙", properties={"unique": True}))])  # fmt: skip
def test_only_columns_that_can_be_compared_are_unique(component: dict[str, Any]) -> None:
    with pytest.raises(InvalidDefinition, match="不得重复"):
        form(component)
