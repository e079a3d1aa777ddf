"""Labels, hints and units of forms in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.engine.forms.form_builder import ENV, form, number, text
from webapp import i18n
from webapp.widgets import widgets_of

ENGLISH = {
    "至少提前 ": "At least ",
    " 个工作日通知": " working days ahead",
    "个工作日": "working days",
    "甲方": "First party",
}


@pytest.fixture
def in_english() -> Iterator[None]:
    app = Flask(__name__)
    i18n.init_app(app, names=lambda: ENGLISH)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.usefixtures("in_english")
def test_each_text_around_a_value_is_translated_by_itself() -> None:
    item = number("提前", description="至少提前 {{最少}} 个工作日通知", appearance={"suffixAdorner": "个工作日"})
    (widget,) = widgets_of(form(item).bind({}, {}, {"最少": 5}, ENV), {})
    assert (widget.hint, widget.suffix) == ("At least 5 working days ahead", "working days")


@pytest.mark.usefixtures("in_english")
def test_what_an_expression_gives_alone_is_translated_as_a_whole() -> None:
    (widget,) = widgets_of(form(text("名称", label='="甲" + "方"')).bind({}, {}, {}, ENV), {})
    assert widget.label == "First party"
