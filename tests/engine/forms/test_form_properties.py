"""What holds for everything that anybody may send, tried with thousands of random inputs."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel, forms
from engine.errors import InvalidVariables
from engine.forms import Choice, look_up
from engine.values import decode, encode
from tests.engine.forms.form_builder import (
    ENV,
    area,
    checkbox,
    choice,
    computed,
    file_ref,
    form,
    group,
    moment,
    number,
    rows,
    text,
    upload,
)

Raw = dict[str, list[str]]
Files = dict[str, list[dict[str, Any]]]
FORM = form(
    text("姓名", required=True, maxLength=20, properties={"personal": "true"}),
    text("电话", validationType="phone", hide="=姓名 = null"),
    text("代码", pattern="[A-Z]{1,3}[0-9]*"),
    area("事由", minLength=2, hide="=not(天数 > 3)"),
    number("天数", min=0, max="=policy.上限", decimalDigits=1),
    number("加倍", hide='=天数 = 7 or 类型 = "丙"'),
    moment("日期", hide="=加倍 = null"),
    moment("时刻", "datetime", hide="=日期 = null"),
    moment("钟点", "time"),
    checkbox("承诺", required=True),
    choice("radio", "类型", "甲", "乙", "丙"),
    choice("select", "街", valuesExpression='=if 类型 = "甲" then ["一", "二"] else [1, 2]'),
    choice("checklist", "抄送", "一", "二", "三", hide="=街 = null"),
    group("组", text("内", hide="=抄送 = null"), checkbox("勾"), path="外", hide="=承诺 = false"),
    upload("附件", multiple=True, hide="=外.勾 = false"),
    text("只读", readonly="=承诺"),
    text("互斥甲", hide="=互斥乙 != null"),
    text("互斥乙", hide="=互斥甲 != null"),
    rows(
        "清单",
        text("名称", id="l1", required=True),
        number("数量", id="l2", min=0, hide='=this.名称 = "乙"'),
        choice("select", "类别", "甲", "乙", id="l3", hide="=天数 = 7"),
        checkbox("急", id="l4"),
        computed("小计", "=数量 * 2", id="l5"),
        rows("明细", text("备注", id="l6", hide="=parent.名称 = null"), id="l7"),
        hide='=类型 = "丙"',
        maxRows=3,
    ),
    computed("总数", "=sum(清单.数量)"),
)
ROWS = ["0", "1", "2", "7"]
PATHS = [item.path for item in FORM.inputs]
IN_ROWS = [f"清单.{key}.{name}" for key in ROWS for name in ("名称", "数量", "类别", "急", "明细", "明细.1.备注")]
CONTEXT = {"policy": {"上限": 9}, "只读": "原值"}
# Most fields get a value that fits, so that conditions and idempotence are tried; up to three get anything at all.
GOOD = {
    "姓名": ["甲", "乙"],
    "电话": ["13812345678", ""],
    "代码": ["AB1", ""],
    "事由": ["很吵", ""],
    "天数": ["1", "7", "3.5", ""],
    "加倍": ["2", ""],
    "日期": ["2026-11-23", ""],
    "时刻": ["2026-11-23T09:30", ""],
    "钟点": ["09:30", ""],
    "承诺": ["true"],
    "类型": ["甲", "乙", "丙", ""],
    "街": ["一", "二", "1", "2", ""],
    "抄送": ["一", "三", ""],
    "外.内": ["x", ""],
    "外.勾": ["true", ""],
    "清单": ROWS,
    **{path: ["甲", "乙", "3", "1", "true", ""] for path in IN_ROWS},
}
WILD = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "No"]))
TEXTS = st.sampled_from([text for texts in GOOD.values() for text in texts]) | WILD
FITTING = st.fixed_dictionaries({path: st.lists(st.sampled_from(texts), max_size=2) for path, texts in GOOD.items()})
RAW = st.builds(
    lambda fitting, wild: {**fitting, **wild},
    FITTING,
    st.dictionaries(st.sampled_from(PATHS), st.lists(TEXTS, max_size=3), max_size=3),
)
REFERENCES = st.sampled_from([file_ref(), file_ref("a.pdf", "application/pdf")])
FILES = st.dictionaries(st.just("附件"), st.lists(REFERENCES, max_size=3))
NUMBERS = st.integers() | st.floats() | st.decimals()
MOMENTS = st.dates() | st.datetimes() | st.times()
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | MOMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def bind(raw: Raw, files: Files | None = None) -> forms.Bound:
    return FORM.bind(raw, files or {}, CONTEXT, ENV)


@settings(max_examples=100, deadline=None)
@given(RAW, FILES)
def test_binding_never_fails_and_loses_nothing(
    raw: dict[str, list[str]], files: dict[str, list[dict[str, Any]]]
) -> None:
    bound = bind(raw, files)

    keys = {item.path: [row.key for row in item.rows] for item in bound.layout.lists}
    assert bound.raw == keys | {item.path: raw.get(item.path, []) for item in bound.layout.inputs}
    assert {item.path for item in FORM.inputs} <= bound.raw.keys()
    assert bound.files == files


@settings(max_examples=100, deadline=None)
@given(RAW, FILES)
def test_values_are_those_of_visible_fields_only(
    raw: dict[str, list[str]], files: dict[str, list[dict[str, Any]]]
) -> None:
    bound = bind(raw, files)

    for item in bound.layout.inputs:
        if item.id not in bound.visible:
            assert bound.value(item) == item.empty
            assert item.path not in bound.errors
            parent, _, name = item.path.rpartition(".")
            assert item.at or name not in (look_up(bound.values, parent) or {} if parent else bound.values)
    for each in bound.layout.lists:
        assert each.id in bound.visible or each.path not in bound.values
        counted = [row for row in each.rows if row.path in bound.settled.rows]
        assert each.at or len(bound.values.get(each.path, [])) == len(counted)


@settings(max_examples=100, deadline=None)
@given(RAW, FILES)
def test_conditions_hold_in_the_end(raw: Raw, files: Files) -> None:
    bound = bind(raw, files)

    for item in bound.layout.inputs:
        if item.id in bound.visible and item.hide is not None and not item.path.startswith("互斥"):
            assert item.hide.evaluate(bound.scope_of(item).context, ENV) is not True


@settings(max_examples=100, deadline=None)
@given(RAW, FILES)
def test_loading_what_was_bound_changes_nothing(
    raw: dict[str, list[str]], files: dict[str, list[dict[str, Any]]]
) -> None:
    bound = bind(raw, files)

    if not bound.errors:
        assert FORM.load(bound.values, CONTEXT, ENV) == bound.values


@settings(max_examples=100, deadline=None)
@given(RAW, FILES)
def test_values_can_be_stored_and_come_back_the_same(raw: Raw, files: Files) -> None:
    values = bind(raw, files).values

    assert decode(json.loads(json.dumps(encode(values)))) == values


@settings(max_examples=100, deadline=None)
@given(RAW)
def test_forged_options_never_pass(raw: Raw) -> None:
    bound = bind(raw)

    for item in bound.layout.inputs:
        if isinstance(item, Choice) and not item.at:
            chosen = look_up(bound.values, item.path)
            allowed = [option.value for option in bound.options(item)]
            assert all(one in allowed for one in (chosen if isinstance(chosen, list) else [chosen]) if one is not None)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*PATHS, "外", "别的"]), JSON))
def test_loading_anything_gives_clean_values_or_sentences(values: dict[str, Any]) -> None:
    try:
        clean = FORM.load(values, CONTEXT, ENV)
    except InvalidVariables:
        return
    assert FORM.load(clean, CONTEXT, ENV) == clean


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*PATHS, "外"]), JSON), RAW)
def test_showing_never_fails(context: dict[str, Any], draft: Raw) -> None:
    assert FORM.initial(context, feel.DEFAULT).errors == {}
    assert FORM.initial(context, ENV, draft=draft).errors == {}
