"""Forms as pages: readable without JavaScript, nothing typed lost, nothing typed executed."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask, render_template_string
from lxml import html
from werkzeug.datastructures import FileStorage, MultiDict

from engine import forms
from engine.database import Engine
from engine.people import Actor
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
    text,
    upload,
)
from webapp import forms_view, i18n

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ATTACK = "\"><script>alert(1)</script>'{{7*7}}"
PAGE = """{% import "macros/form.html" as forms with context %}
{{ forms.error_summary(view) }}{{ forms.form(view, "/do", draft=True, cancel="/back", hidden={"x": "1"}) }}"""


def app() -> Flask:
    made = Flask("webapp")
    i18n.init_app(made)
    made.jinja_env.globals["csrf_token"] = lambda: "token"
    made.add_url_rule("/files/<file_id>", "files.show", lambda file_id: "")
    return made


def page(compiled: forms.Form, bound: forms.Bound) -> Any:
    """The rendered form as a tree."""
    with app().test_request_context():
        return html.fromstring(f"<body>{render_template_string(PAGE, view=forms_view.show(compiled, bound))}</body>")


def one(tree: Any, path: str) -> Any:
    """The only element at an XPath."""
    [found] = tree.xpath(path)
    return found


EVERYTHING = form(
    text("姓名", required=True, properties={"autocomplete": "name"}, description="与身份证一致"),
    area("事由"),
    number("天数", decimalDigits=0, required=True, appearance={"suffixAdorner": "天"}),
    moment("日期"),
    moment("时刻", "datetime"),
    choice("radio", "类型", "甲", "乙", required=True),
    choice("select", "街", "一", "二"),
    choice("checklist", "抄送", "丙", "丁"),
    checkbox("承诺", required=True),
    group("申请人", text("电话", validationType="phone"), path="人"),
    upload("附件", multiple=True, accept=".png"),
    {"type": "text", "id": "t", "text": "**请** 核对 {{姓名}}"},
    {"type": "separator", "id": "s"},
)


def test_every_control_has_a_label_and_the_form_works_without_javascript() -> None:
    tree = page(EVERYTHING, EVERYTHING.initial({}, ENV))

    assert one(tree, "//form").get("method") == "post"
    assert one(tree, "//form").get("enctype") == "multipart/form-data"
    assert one(tree, "//input[@name='csrf_token']").get("value") == "token"
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert tree.xpath("//label[@for=$id]", id=control.get("id")), control.get("id")
    for label in tree.xpath("//label"):
        assert len(tree.xpath("//*[@id=$id]", id=label.get("for"))) == 1
    assert [legend.text_content().strip() for legend in tree.xpath("//fieldset/legend")] == [
        "类型",
        "抄送 （选填）",
        "申请人",
    ]
    assert one(tree, "//noscript//button").get("value") == "refresh"
    assert not tree.xpath("//script | //*[@style] | //@*[starts-with(name(), 'on')]")


def test_controls_fit_their_values() -> None:
    tree = page(EVERYTHING, EVERYTHING.initial({}, ENV))

    assert one(tree, "//input[@name='天数']").get("inputmode") == "numeric"
    assert one(tree, "//input[@name='天数']").get("type") == "text"
    assert one(tree, "//input[@name='日期']").get("type") == "date"
    assert one(tree, "//input[@name='时刻']").get("type") == "datetime-local"
    assert one(tree, "//input[@name='人.电话']").get("inputmode") == "tel"
    assert one(tree, "//input[@name='姓名']").get("autocomplete") == "name"
    assert one(tree, "//input[@name='姓名']").get("aria-describedby") == "f-姓名-hint"
    assert one(tree, "//*[@id='f-姓名-hint']").text == "与身份证一致"
    assert one(tree, "//input[@type='file']").get("accept") == ".png"


def test_conditions_are_refreshed_by_htmx_only_where_there_are_any() -> None:
    plain = form(text("a"))

    dynamic = one(page(EVERYTHING, EVERYTHING.initial({}, ENV)), "//form")
    assert dynamic.get("hx-target") == dynamic.get("hx-select") == "#form-fields"
    assert (dynamic.get("hx-trigger"), dynamic.get("hx-sync")) == ("change", "this:queue last")
    assert one(page(plain, plain.initial({}, ENV)), "//form").get("hx-post") is None


def test_errors_are_summed_up_and_lead_to_their_fields() -> None:
    bound = bind(EVERYTHING, 天数="三", 日期="2026-13-01", 类型="丁")

    tree = page(EVERYTHING, bound)

    summary = one(tree, "//*[@data-error-summary]")
    assert summary.get("tabindex") == "-1"
    assert summary.get("autofocus") is not None
    assert one(summary, ".//h2").text == "提交有误，请改正以下 5 处"
    for link in summary.xpath(".//a"):
        control = one(tree, f"//*[@id='{link.get('href')[1:]}']")
        assert control.tag in ("input", "select", "textarea")
        holder = control.xpath("ancestor-or-self::*[@aria-invalid='true']")[0]
        assert (
            link.text
            in one(tree, f"//*[@id='{holder.get('aria-describedby').split()[-2 if '天数' in link.text else -1]}']").text
        )
    assert one(tree, "//input[@name='_checked']").get("value") == "1"


def test_what_was_typed_comes_back_exactly() -> None:
    typed = {"姓名": " 张 ", "事由": "\n一\n 二", "天数": "三天", "日期": "2026-02-30x", "人.电话": "1"}

    tree = page(EVERYTHING, bind(EVERYTHING, **typed, 类型="乙", 街="二", 抄送=["丁"], 承诺="true"))

    for name in ("姓名", "天数", "日期", "人.电话"):
        assert one(tree, f"//input[@name='{name}']").get("value") == typed[name]
    # A date input would show nothing for a text that is no date.
    assert one(tree, "//input[@name='日期']").get("type") == "text"
    # lxml keeps the first line break, which browsers drop.
    assert one(tree, "//textarea").text == "\n" + typed["事由"]
    assert [node.get("value") for node in tree.xpath("//input[@checked]")] == ["乙", "丁", "true"]
    assert one(tree, "//option[@selected]").get("value") == "二"


def test_what_was_typed_into_a_field_that_is_hidden_now_is_carried_along() -> None:
    compiled = form(number("天数"), area("事由", hide="=not(天数 > 3)"))

    tree = page(compiled, bind(compiled, 天数="2", 事由="很长的理由"))

    assert not tree.xpath("//textarea")
    carried = one(tree, "//input[@name='事由']")
    assert (carried.get("type"), carried.get("value")) == ("hidden", "很长的理由")


def test_a_value_that_cannot_be_changed_is_shown_as_text() -> None:
    compiled = form(text("编号", readonly=True), choice("radio", "a", "甲", disabled=True))

    tree = page(compiled, compiled.initial({"编号": "SQ-1", "a": "甲"}, ENV))

    assert not tree.xpath("//input[@name='编号' or @name='a']")
    assert [node.text for node in tree.xpath("//*[@class='field-value']")] == ["SQ-1", "甲的"]


def test_nothing_that_was_typed_or_stored_becomes_markup() -> None:
    compiled = form(
        text("a", label=f"{{{{x}}}}{ATTACK[:20]}", description="=x", required=True),
        area("b"),
        choice("select", "c", valuesExpression="=[x]"),
        {
            "type": "text",
            "id": "t",
            "text": f"[x](javascript:alert(1)) **{{{{x}}}}** {ATTACK[:27]} [官网](https://example.com/a*b)",
        },
    )

    tree = page(compiled, bind(compiled, {"x": f"**粗** {ATTACK}"}, a="", b=ATTACK, c=ATTACK))

    assert not tree.xpath("//script")
    assert [link.get("href") for link in tree.xpath("//*[@class='field form-text']//a")] == ["https://example.com/a*b"]
    assert one(tree, "//textarea").text.strip() == ATTACK
    assert one(tree, "//*[@class='field form-text']//strong").text == f"**粗** {ATTACK}"


def test_texts_are_a_safe_subset_of_markdown() -> None:
    source = "# 标题\n\n第一行\n第二行 *斜*\n\n- 一\n- **二**\n\n1. 甲\n2. 乙"
    compiled = form({"type": "text", "id": "t", "text": source})

    block = one(page(compiled, compiled.initial({}, ENV)), "//*[@class='field form-text']")

    assert [node.tag for node in block] == ["h3", "p", "ul", "ol"]
    assert html.tostring(block[1], encoding="unicode").strip() == "<p>第一行<br>第二行 <em>斜</em></p>"


def test_kept_files_are_ticked_boxes_beside_the_file_input() -> None:
    bound = EVERYTHING.bind({}, {"附件": [file_ref("图.png", "image/png", 2_000_000, "f1")]}, {}, ENV)

    tree = page(EVERYTHING, bound)

    kept = one(tree, "//input[@name='附件' and @type='checkbox']")
    assert (kept.get("value"), kept.get("checked") is not None) == ("f1", True)
    assert one(tree, f"//label[@for='{kept.get('id')}']").text == "图.png（1.9 MB）"


@pytest.mark.parametrize(("sent", "action"), [({}, "submit"), ({"_do": "draft"}, "draft"), ({"_do": "x"}, "submit")])
def test_the_buttons_say_what_is_wanted(sent: dict[str, str], action: str) -> None:
    assert forms_view.read(form(text("a")), MultiDict(sent), MultiDict()).action == action


def test_while_conditions_are_refreshed_nobody_is_told_off() -> None:
    compiled = form(text("a", required=True))

    fresh = forms_view.read(compiled, MultiDict({"_do": "refresh"}), MultiDict()).bind({}, {}, ENV)
    checked = forms_view.read(compiled, MultiDict({"_do": "refresh", "_checked": "1"}), MultiDict()).bind({}, {}, ENV)

    assert fresh.errors == {}
    assert list(checked.errors) == ["a"]


def sent_file(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_form_with_errors_keeps_its_uploads(engine: Engine) -> None:
    compiled = form(text("a", required=True), upload("b", multiple=True))
    resident = Actor(None, "居民")
    linked = file_ref("旧.png", "image/png", id=str(uuid4()))
    sent = [sent_file("一.png", PNG), sent_file("病毒.exe", b"MZ\0"), sent_file("", b"")]
    files = MultiDict(("b", each) for each in sent)

    first = forms_view.read(compiled, MultiDict({"b": linked["id"]}), files)
    kept = forms_view.keep_uploads(engine, resident, first, {"b": [linked]}, "s1")
    bound = first.bind(kept, {}, ENV)

    assert [ref["name"] for ref in kept["b"]] == ["旧.png", "一.png"]
    assert list(bound.errors) == ["a", "b"]
    assert "病毒.exe" in bound.errors["b"][0]

    # The second time, only ids come: the new one is found for this session alone, a forged one never.
    again = forms_view.read(compiled, MultiDict({"a": "x", "b": first.draft(kept)["b"][1]}), MultiDict())
    forged = MultiDict([("a", "x"), ("b", linked["id"])])

    def keep(posted: forms_view.Posted, session: str) -> dict[str, list[dict[str, object]]]:
        return forms_view.keep_uploads(engine, resident, posted, {}, session)

    assert again.bind(keep(again, "s1"), {}, ENV).values["b"] == kept["b"][1:]
    assert keep(again, "s2") == {"b": []}
    assert keep(forms_view.read(compiled, forged, MultiDict()), "s1") == {"b": []}


def test_sentences_are_said_in_english_too() -> None:
    sentence = bind(form(text("a", maxLength=3)), a="一二三四").errors["a"][0]

    with i18n.speaking("en"):
        assert not re.search("[一-鿿]", forms_view.said(sentence))
