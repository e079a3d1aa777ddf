"""Answers of a form beside the case: read as people say them, personal ones masked."""

from __future__ import annotations

from tests.engine.forms.form_builder import (
    ENV,
    checkbox,
    choice,
    computed,
    file_ref,
    form,
    moment,
    number,
    rows,
    text,
    upload,
)
from tests.webapp.test_forms_view import app
from webapp import forms_view


def test_answers_are_read_as_people_say_them_and_masked_where_personal() -> None:
    compiled = form(
        text("电话", properties={"personal": "true"}),
        choice("checklist", "类型", "甲", "乙"),
        moment("日期"),
        moment("时刻", "datetime"),
        checkbox("同意"),
        number("面积", appearance={"suffixAdorner": "平方米"}),
        text("空"),
        upload("附件"),
    )
    values = compiled.bind(
        {
            "电话": ["13812341234"],
            "类型": ["甲", "乙"],
            "日期": ["2026-11-03"],
            "时刻": ["2026-11-03T09:05"],
            "同意": ["true"],
            "面积": ["280.5"],
        },
        {"附件": [file_ref("图.png", id="f1")]},
        {},
        ENV,
    ).values

    with app().test_request_context():
        found = {fact.label: fact for fact in forms_view.facts(compiled, values, ENV, masked=True)}

    assert {label: fact.text for label, fact in found.items()} == {
        "电话": "138****1234",
        "类型": "甲的、乙的",
        "日期": "2026年11月3日",
        "时刻": "2026年11月3日 09:05",
        "同意": "是",
        "面积": "280.5 平方米",
        "附件": "1 个文件",
    }
    assert found["附件"].files == (("图.png", "/files/f1"),)


def test_rows_are_read_as_a_table_and_only_personal_columns_are_masked() -> None:
    compiled = form(
        rows(
            "成员",
            text("姓名", properties={"personal": "true"}),
            number("年龄", appearance={"suffixAdorner": "岁"}),
            rows("证件", text("名称", id="paper"), number("份数"), id="papers"),
            computed("成年", "=年龄 >= 18", label=""),
            computed("成年吗", "=年龄 >= 18", label="成年吗"),
        )
    )
    members = [
        {"姓名": "王小明", "年龄": 20, "证件": [{"名称": "户口簿", "份数": 2}, {"名称": "照片"}]},
        {"姓名": "李明"},
    ]
    values = compiled.load({"成员": members}, {}, ENV)

    with app().test_request_context():
        [fact] = forms_view.facts(compiled, values, ENV, masked=True)

    assert fact.text == "2 项"
    assert fact.rows is not None
    assert fact.rows.headings == ("姓名", "年龄", "证件", "成年吗")
    assert [[cell.text for cell in row] for row in fact.rows.rows] == [
        ["王**", "20 岁", "户口簿，2；照片", "是"],
        ["李*", "", "", ""],
    ]


def test_a_list_that_is_personal_as_a_whole_is_masked_as_a_whole() -> None:
    compiled = form({**rows("线索", text("内容")), "properties": {"personal": "true"}})

    with app().test_request_context():
        [fact] = forms_view.facts(compiled, {"线索": [{"内容": "有人看见一辆车"}]}, ENV, masked=True)

    assert fact.rows is not None
    assert fact.rows.rows[0][0].text == "有****"
