"""Numbers and days in words: with their units where they are read, and as people say them inside of texts."""

from __future__ import annotations

from flask import Flask

from tests.engine.forms.form_builder import ENV, form, moment, number
from webapp import forms_view, i18n


def test_a_number_is_read_with_its_unit() -> None:
    compiled = form(
        number("面积", appearance={"suffixAdorner": "平方米"}), number("费用", appearance={"prefixAdorner": "约"})
    )
    values = compiled.bind({"面积": ["280.5"], "费用": ["300"]}, {}, {}, ENV).values
    facts = forms_view.facts(compiled, values, ENV)
    assert [(fact.label, fact.text) for fact in facts] == [("面积", "280.5 平方米"), ("费用", "约 300")]


def test_a_personal_number_stays_covered() -> None:
    compiled = form(number("工资", properties={"personal": "true"}, appearance={"suffixAdorner": "元"}))
    values = compiled.bind({"工资": ["5200"]}, {}, {}, ENV).values
    app = Flask(__name__)
    i18n.init_app(app)
    with app.test_request_context():
        (fact,) = forms_view.facts(compiled, values, ENV, masked=True)
    assert fact.text == "****"


def test_days_in_a_text_are_said() -> None:
    text = {"type": "text", "id": "t", "text": "竣工 {{竣工}}，开会 {{开会}}，休息 {{[竣工]}}"}
    compiled = form(moment("竣工"), moment("开会", "datetime"), text)
    raw = {"竣工": ["2027-10-31"], "开会": ["2026-11-25T19:00"]}
    view = forms_view.show(compiled, compiled.bind(raw, {}, {}, ENV))
    assert "竣工 2027年10月31日，开会 2026年11月25日 19:00，休息 2027年10月31日" in view.widgets[-1].label
    assert view.widgets[0].value == "2027-10-31"
