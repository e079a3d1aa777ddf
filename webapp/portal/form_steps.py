"""The steps of a start form: every group at its top is one, and so is what stands between groups.

In large print every question is one, and so is the choice of one's group, which stands before all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from engine.forms import Bound, Field, Form, Group, Input, walk
from webapp.forms_view import FormView
from webapp.i18n import _
from webapp.phrases import label_of
from webapp.portal.place_choice import GROUP
from webapp.preferences import ELDER, display_mode
from webapp.widgets import Widget


@dataclass(frozen=True)
class Step:
    """Some fields of a form that are asked for on one page; ``alone``: one question, which is the title of the page."""

    fields: tuple[Field, ...]
    asks_place: bool = False
    alone: bool = False

    def title(self, bound: Bound) -> str:
        """What the page is about."""
        if self.asks_place and not self.fields:
            return _("您住在哪里")
        first = next((each for each in self.fields if isinstance(each, Group | Input)), None)
        named = isinstance(first, Group) or self.alone
        return (label_of(bound, first) if first is not None and named else "") or _("请填写")

    def widgets(self, view: FormView) -> tuple[Widget, ...]:
        """What the page shows, without the frame of a group, whose name is the title of the page."""
        ids = {f"g-{each.id}" for each in self.fields} | {
            f"f-{each.path}" for each in self.fields if isinstance(each, Input)
        }
        if self.asks_place:
            ids.add(f"f-{GROUP}")
        shown = tuple(inner for each in _among(view.widgets, ids) for inner in _unframed(each))
        return tuple(_as_title(each) for each in shown) if self.alone and _questions(shown) == 1 else shown


def steps_of(form: Form) -> list[Step]:
    """The steps of a form; one that has no groups is one step, except in large print."""
    if display_mode() == ELDER:
        return [Step((), asks_place=True, alone=True), *_questions_of(form.fields)]
    found: list[Step] = []
    for _group, fields in groupby(form.fields, lambda each: each.id if isinstance(each, Group) else ""):
        items = tuple(fields)
        if _has_input(items):
            found.append(Step(items, asks_place=not found))
    return found


def asks(widgets: Iterable[Widget]) -> bool:
    """Whether anything is to be filled in."""
    return any(each.name and each.kind != "carried" for each in all_of(widgets))


def all_of(widgets: Iterable[Widget]) -> Iterator[Widget]:
    """Widgets with all that is inside them."""
    for each in widgets:
        yield each
        yield from all_of(each.children)


def _questions_of(fields: Iterable[Field]) -> Iterator[Step]:
    """Each question with the texts that stand before it; texts that no question follows are left out."""
    before: tuple[Field, ...] = ()
    for each in fields:
        if isinstance(each, Group) and each.hide is None:
            yield from _questions_of((*before, *each.children))
            before = ()
        elif _has_input((each,)):
            yield Step((*before, each), alone=True)
            before = ()
        else:
            before = (*before, each)


def _has_input(fields: tuple[Field, ...]) -> bool:
    return any(isinstance(each, Input) for each in walk(fields))


def _among(widgets: Iterable[Widget], ids: set[str]) -> Iterator[Widget]:
    for each in widgets:
        if each.id in ids:
            yield each
        elif each.kind == "group":
            yield from _among(each.children, ids)


def _unframed(widget: Widget) -> tuple[Widget, ...]:
    return widget.children if widget.kind == "group" else (widget,)


def _questions(widgets: Iterable[Widget]) -> int:
    return sum(1 for each in widgets if each.name and each.kind != "carried")


def _as_title(widget: Widget) -> Widget:
    return replace(widget, is_title=bool(widget.name) and widget.kind in _TITLED)


#: What has one label that the title of the page can say.
_TITLED = frozenset({"line", "textarea", "select", "combo", "radio", "checklist", "files", "place"})
