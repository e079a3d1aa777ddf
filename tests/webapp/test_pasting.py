"""Rows of a spreadsheet go into a list as if they had been typed, from the clipboard or through a box for them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.forms import Bound, Form
from tests.engine.forms.form_builder import ENV, checkbox, form, moment, number, text
from tests.engine.forms.form_builder import source as form_source
from webapp import forms_view
from webapp.form_rows import change_rows


def members(most: int = 5, *more: dict[str, Any]) -> Form:
    options = [{"label": "户主", "value": "head"}, {"label": "子女", "value": "child"}]
    relation = {"type": "select", "id": "关系", "key": "关系", "label": "关系", "values": options}
    inside = [text("姓名", required=True), relation, number("收入"), moment("生日"), checkbox("同住"), *more]
    rows = {"type": "dynamiclist", "id": "成员", "path": "成员", "label": "成员", "components": inside}
    return form({**rows, "properties": {"maxRows": str(most)}})


def bound(given: Form, table: str, at: str = "", **sent: list[str]) -> Bound:
    fields = MultiDict([(name, each) for name, texts in sent.items() for each in texts])
    fields.update({"_do": "paste:成员", "paste:成员": table, "paste-at:成员": at})
    return forms_view.read(given, fields, MultiDict()).bind({}, {}, ENV)


def rows(given: Form, table: str, at: str = "", **sent: list[str]) -> list[dict[str, Any]]:
    found = bound(given, table, at, **sent)
    return given.bind(found.raw, {}, {}, ENV).values.get("成员", [])


def test_cells_become_what_the_fields_take() -> None:
    (first, second) = rows(members(), "甲\t户主\t12,500.5\t1980/3/7\t是\r\n乙\tchild\t0\t2010年11月2日\t\r\n")
    assert (first["姓名"], first["关系"], str(first["收入"]), str(first["生日"]), first["同住"]) == (
        "甲", "head", "12500.5", "1980-03-07", True,
    )  # fmt: skip
    assert (second["关系"], str(second["生日"]), second["同住"]) == ("child", "2010-11-02", False)


def test_headings_choose_the_columns() -> None:
    (only,) = rows(members(), "关系\t姓名\n子女\t丙\n")
    assert (only["关系"], only["姓名"]) == ("child", "丙")


def test_the_table_begins_below_what_is_filled_or_at_the_cell() -> None:
    sent = {"成员": ["0", "1"], "成员.0.姓名": ["甲"], "成员.1.姓名": [""]}
    assert [each["姓名"] for each in rows(members(), "乙\n丙", **sent)] == ["甲", "乙", "丙"]
    found = rows(members(), "户主\n子女", "成员.0.关系", **sent | {"成员.1.姓名": ["乙"]})
    assert [(each["姓名"], each["关系"]) for each in found] == [("甲", "head"), ("乙", "child")]


def test_what_has_no_room_is_said() -> None:
    found = bound(members(2), "甲\n乙\n丙")
    assert found.raw["成员"] == ["0", "1"]
    assert [str(each) for each in found.errors["成员"]] == ["只放得下前 2 行，其余 1 行没有放进来。"]


def test_rows_that_were_not_put_in_are_shown_rather_than_lost() -> None:
    fields = MultiDict({"成员": "0", "成员.0.姓名": "甲", "paste:成员": "乙"})
    posted = forms_view.read(members(), fields, MultiDict())
    assert posted.action == forms_view.REFRESH
    assert posted.bind({}, {}, ENV).raw["成员"] == ["0", "1"]


@settings(max_examples=40)
@given(st.text(alphabet="甲\t\n\r\"',1 ", max_size=40), st.sampled_from(["", "成员.0.收入", "成员.9.姓名", "别的"]))
def test_no_table_breaks_the_form(table: str, at: str) -> None:
    given_form = members(3)
    changed = change_rows(given_form, {"成员": ["0"]}, "paste:成员", {}, ENV, (table, at))
    assert len(changed.raw["成员"]) <= 3
    assert given_form.bind(changed.raw, {}, {}, ENV).raw["成员"] == changed.raw["成员"]


def test_a_list_that_may_not_change_takes_nothing() -> None:
    fixed = form({**form_source(text("x"))["components"][0]})
    assert change_rows(fixed, {"x": ["甲"]}, "paste:x", {}, ENV, ("乙", "")).raw == {"x": ["甲"]}


@pytest.mark.parametrize("column", [0, 2])
def test_too_many_cells_are_left_out(column: int) -> None:
    at = f"成员.0.{['姓名', '', '收入'][column]}"
    found = bound(members(), "\t".join("123456789"), at, 成员=["0"])
    assert found.raw["成员"] == ["0"]
