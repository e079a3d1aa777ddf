"""What was typed into one version of a form, held against another: what still has a place, and what has none."""

from __future__ import annotations

from engine.forms import Form, misfits
from tests.engine.forms.form_builder import ENV, checkbox, choice, form, number, text
from tests.engine.forms.form_builder import component as any_component

Typed = dict[str, list[str]]


def lost(old: Form | None, new: Form, typed: Typed) -> list[str]:
    return misfits(new.bind(typed, {}, {}, ENV), typed, old)


def test_what_is_wrong_stays_in_its_field_as_it_was_typed() -> None:
    assert lost(form(text("数量")), form(number("数量")), {"数量": ["约三件"]}) == []


def test_fields_that_have_gone_and_options_that_have_gone_leave_something_over() -> None:
    old = form(text("旧项"), choice("radio", "结果", "同意", "再议"), text("意见"))
    new = form(choice("radio", "结果", "同意", "不同意"), text("意见"))
    typed = {"旧项": ["以前写的"], "结果": ["再议"], "意见": ["可行"]}
    assert lost(old, new, typed) == ["旧项", "结果"]
    assert lost(None, new, {**typed, "结果": ["同意"], "旧项": [" "]}) == []


def test_several_choices_do_not_fit_where_one_is_asked_for() -> None:
    old, new = form(choice("checklist", "方式", "甲", "乙")), form(choice("select", "方式", "甲", "乙"))
    assert lost(old, new, {"方式": ["甲", "乙"]}) == ["方式"]
    assert lost(new, old, {"方式": ["甲"]}) == []


def test_a_text_is_no_tick_and_no_row() -> None:
    assert lost(form(text("是否")), form(checkbox("是否")), {"是否": ["待定"]}) == ["是否"]
    rows = form(any_component("dynamiclist", "清单", path="清单", components=[text("品名")]))
    assert lost(rows, form(text("清单")), {"清单": ["0"], "清单.0.品名": ["桌子"]}) == ["清单", "清单.0.品名"]
    assert lost(form(text("清单")), rows, {"清单": ["3"]}) == ["清单"]


def test_files_are_not_shown_as_text() -> None:
    files = form(any_component("filepicker", "附件"))
    assert lost(files, form(text("附件")), {"附件": ["0b5ee84c-6d0e-4a5b-8a9f-0d6f4a3b2c1d"]}) == ["附件"]
    assert lost(files, files, {"附件": ["0b5ee84c-6d0e-4a5b-8a9f-0d6f4a3b2c1d"]}) == []


def test_what_only_the_case_may_say_has_no_place_for_what_was_typed() -> None:
    assert lost(form(text("地址")), form(text("地址", disabled=True)), {"地址": ["三号楼"]}) == ["地址"]


def test_a_hidden_choice_carries_along_what_was_chosen() -> None:
    new = form(text("意见"), choice("radio", "结果", "同意", hide='=意见 != "可行"'))
    assert lost(None, new, {"意见": ["不行"], "结果": ["再议"]}) == []
    assert lost(None, new, {"意见": ["可行"], "结果": ["再议"]}) == ["结果"]
