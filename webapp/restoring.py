"""A draft put back into its form: what still has a place there, and in words what has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel, forms
from engine.drafts import said
from engine.forms import Bound, Checkbox, Choice, FileInput, Form, Input, ListInput
from webapp import forms_view
from webapp.i18n import _

Raw = Mapping[str, list[str]]
#: Labels and what was typed under them.
Words = list[tuple[str, str]]


@dataclass(frozen=True)
class Ground:
    """What the expressions of a form see besides what is filled in."""

    context: Mapping[str, Any]
    env: feel.Environment


@dataclass(frozen=True)
class Restored:
    """A draft as far as it fits the form (None without one), and in words what has no place in it."""

    raw: dict[str, list[str]] | None
    left_over: Words


NOTHING = Restored(None, [])


def restore(form: Form, old: Form | None, raw: Raw, before: Iterable[tuple[str, str]], ground: Ground) -> Restored:
    """What was typed into ``old`` (None when nobody knows the version), for the form as it is now.

    ``before`` is what had no place earlier.
    """
    gone = forms.misfits(form.bind(raw, {}, ground.context, ground.env), raw, old)
    lost = in_words(old or form, {path: raw[path] for path in gone}, raw, ground)
    kept = {path: list(texts) for path, texts in raw.items() if path not in gone}
    return Restored(kept, [*((label, text) for label, text in before), *lost])


def in_words(form: Form, texts: Raw, raw: Raw, ground: Ground) -> Words:
    """Some of the ``texts`` of a draft (``raw``) as people read them: labels as the form has them, and what was typed.

    Lists themselves are not told, their cells are.
    """
    if not said(texts):
        return []
    bound = form.bind(raw, {}, ground.context, ground.env)
    labels, places = forms_view.labels(bound), fields_of(form, bound)
    found = [(path, texts[path]) for path in said(texts) if not isinstance(places.get(path), ListInput)]
    return [(labels.get(path) or path, told(places.get(path), bound, typed)) for path, typed in found]


def fields_of(form: Form, bound: Bound) -> dict[str, Input]:
    """Fields and lists by path, as they were written and as they are laid out."""
    return {item.path: item for item in [*form.inputs, *bound.layout.inputs, *bound.layout.lists]}


def told(item: Input | None, bound: Bound, texts: list[str]) -> str:
    """What was typed, as people read it."""
    if isinstance(item, ListInput):
        return _("{count} 项", count=len(texts))
    if isinstance(item, FileInput):
        return _("{count} 个文件", count=len(texts)) if texts else ""
    if isinstance(item, Choice):
        labels = {option.key: _(option.label) for option in bound.options(item)}
        return _("、").join(labels.get(text, text) for text in texts)
    return forms_view.readable(bool(texts)) if isinstance(item, Checkbox) else forms_view.readable(texts)
