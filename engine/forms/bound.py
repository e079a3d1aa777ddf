"""A form with what somebody sent or what the case has: values, errors, and all that is needed to show it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.forms.fields import Field, Input
from engine.forms.layout import Layout
from engine.forms.options import Option
from engine.forms.sentences import Sentence
from engine.forms.settling import Settled
from engine.forms.terms import Scope

#: What a page sent: texts by field path, in their order.
Raw = Mapping[str, list[str]]


@dataclass(frozen=True)
class Bound:
    """``values`` are clean variables, complete only when there are no ``errors`` (sentences by field path).

    ``raw`` is everything as it was typed, ``files`` the uploaded files by path; both for showing the form again.
    """

    raw: dict[str, list[str]]
    files: dict[str, list[dict[str, Any]]]
    values: dict[str, Any]
    errors: dict[str, list[Sentence]]
    settled: Settled
    #: The path of the field or list that somebody is at work on, empty for none.
    focus: str = ""

    @property
    def layout(self) -> Layout:
        """The form with its rows."""
        return self.settled.layout

    @property
    def visible(self) -> frozenset[str]:
        """The ids of the components that are shown."""
        return self.settled.visible

    @property
    def scope(self) -> Scope:
        """What the form's expressions see."""
        return self.settled.scope

    def options(self, item: Input) -> tuple[Option, ...]:
        """The options of a choice."""
        return self.settled.options.get(item.path, ())

    def value(self, item: Input) -> Any:
        """The typed value of a field, empty when it is hidden or what was typed does not fit."""
        return self.settled.values[item.path]

    def is_locked(self, item: Input) -> bool:
        """Whether the field shows the case's own value, which the sender can't change."""
        return item.path in self.settled.locked

    def label(self, item: Field) -> str:
        """The label (or the text) of a component under the present values."""
        return item.label.render(self.scope_of(item))

    def scope_of(self, item: Field) -> Scope:
        """What the component's own expressions see."""
        return self.scope.at(item.at)

    def with_errors(self, more: Mapping[str, list[Sentence]]) -> Bound:
        """The same with further errors by path, such as refused files."""
        return replace(self, errors={**self.errors, **more}) if more else self

    def without_errors(self) -> Bound:
        """The same, for a form that nobody has sent yet."""
        return replace(self, errors={})
