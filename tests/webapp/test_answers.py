"""Answers of a form beside the case: read as people say them, personal ones masked."""

from __future__ import annotations

from tests.engine.forms.form_builder import ENV, checkbox, choice, file_ref, form, moment, number, text, upload
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
