"""Any form, with any values that fit it: what a browser would send of the page is what was put in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask, render_template_string
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.datastructures import MultiDict

from engine import forms
from tests.engine.forms.form_builder import ENV, checkbox, choice, form, group, moment, number, rows, text
from tests.webapp.test_forms_view import PAGE, app
from webapp import forms_view

NAMES = ["甲", "乙", "丙", "丁"]
CHOICES = ["一", "二", "三"]
Component = dict[str, Any]
APP: Flask = app()


def fields(prefix: str) -> st.SearchStrategy[list[Component]]:
    """A few fields of any type."""
    makers = {
        "text": lambda key: text(key, id=f"{prefix}{key}"),
        "number": lambda key: number(key, id=f"{prefix}{key}"),
        "day": lambda key: moment(key, id=f"{prefix}{key}"),
        "box": lambda key: checkbox(key, id=f"{prefix}{key}"),
        "select": lambda key: choice("select", key, *CHOICES, id=f"{prefix}{key}"),
        "found": lambda key: choice("select", key, *CHOICES, id=f"{prefix}{key}", searchable=True),
        "several": lambda key: choice("checklist", key, *CHOICES, id=f"{prefix}{key}"),
    }
    kinds = st.lists(st.sampled_from(sorted(makers)), min_size=1, max_size=len(NAMES))
    return kinds.map(lambda found: [makers[kind](NAMES[place]) for place, kind in enumerate(found)])


def lists(children: list[Component], inner: list[Component], is_nested: bool) -> Component:
    """A list with these fields in its rows, and perhaps a list in each row."""
    nested = [rows("内", *inner, id="inner")] if is_nested else []
    return rows("清单", *children, *nested)


FORMS = st.builds(
    lambda outside, in_group, children, inner, is_nested: [
        *outside,
        group("g", *in_group, path="组"),
        lists(children, inner, is_nested),
    ],
    fields("a"),
    fields("b"),
    fields("c"),
    fields("d"),
    st.booleans(),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)


def value_of(item: Component) -> st.SearchStrategy[Any]:
    """Values that a component takes."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "textfield": st.none() | TEXTS,
        "number": st.none() | st.integers(-999, 999).map(Decimal),
        "datetime": st.none() | st.dates(date(1950, 1, 1), date(2050, 1, 1)),
        "checkbox": st.booleans(),
        "select": st.sampled_from([None, *CHOICES]),
        "checklist": st.lists(st.sampled_from(CHOICES), unique=True).map(sorted_as_offered),
    }
    if item["type"] == "dynamiclist":
        return st.lists(values_of(item["components"]), max_size=3)
    return kinds[item["type"]]


def sorted_as_offered(chosen: list[str]) -> list[str]:
    """What was ticked, in the order of the boxes."""
    return [each for each in CHOICES if each in chosen]


def values_of(components: list[Component]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for all components."""
    found = {}
    for item in components:
        inside = values_of(item["components"]) if item["type"] == "group" else value_of(item)
        found[item.get("path") or item["key"]] = inside
    return st.fixed_dictionaries(found)


FILLED = FORMS.flatmap(lambda components: st.tuples(st.just(components), values_of(components)))


def sent(compiled: forms.Form, bound: forms.Bound) -> MultiDict[str, str]:
    """What a browser sends of the page when the form is submitted."""
    with APP.test_request_context():
        page = render_template_string(PAGE, view=forms_view.show(compiled, bound))
    found: list[tuple[str, str]] = []
    for control in html.fromstring(page).xpath("//form//*[self::input or self::select or self::textarea][@name]"):
        if control.tag == "select":
            chosen = control.xpath("./option[@selected]/@value") or control.xpath("./option[1]/@value")
            found.append((control.get("name"), str(chosen[0])))
        elif control.get("type") not in ("checkbox", "radio") or control.get("checked") is not None:
            found.append((control.get("name"), control.get("value") or ""))
    return MultiDict(found)


@settings(max_examples=60, deadline=None)
@given(FILLED)
def test_what_was_put_in_comes_back(filled: tuple[list[Component], dict[str, Any]]) -> None:
    components, values = filled
    compiled = form(*components)
    clean = compiled.load(values, {}, ENV)

    posted = forms_view.read(compiled, sent(compiled, compiled.initial(clean, ENV)), MultiDict())
    bound = posted.bind({}, {}, ENV)

    assert bound.errors == {}
    assert bound.values == clean
    draft = compiled.initial({}, ENV, posted.draft({}))
    assert (draft.raw, draft.values) == (bound.raw, bound.values)


@settings(max_examples=40, deadline=None)
@given(FILLED, st.sampled_from(["add:清单", "remove:清单.0", "remove:清单.1", "add:清单.0.内", "remove:清单.0.内.0"]))
def test_adding_and_removing_rows_changes_nothing_else(
    filled: tuple[list[Component], dict[str, Any]], change: str
) -> None:
    components, values = filled
    compiled = form(*components)
    page = sent(compiled, compiled.initial(compiled.load(values, {}, ENV), ENV))

    before = forms_view.read(compiled, page, MultiDict()).bind({}, {}, ENV)
    pressed = MultiDict([*page.items(multi=True), (forms_view.ACTION, change)])
    after = forms_view.read(compiled, pressed, MultiDict()).bind({}, {}, ENV)

    target = change.partition(":")[2]
    gone, new = before.layout.rows - after.layout.rows, after.layout.rows - before.layout.rows
    fields = {item.path: before.raw[item.path] for item in before.layout.inputs}
    untouched = {path: typed for path, typed in fields.items() if not path.startswith(f"{target}.") or not gone}
    assert {path: after.raw.get(path) for path in untouched} == untouched
    assert all(path.startswith(target) for path in gone | new)
    assert len(new) <= (2 if change == "add:清单" else 1)  # a new row begins with an empty row in its own list
