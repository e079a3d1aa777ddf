"""Which fields are shown and what they hold.

Conditions, options and values depend on one another, so they are worked out again and again until nothing changes. A
hidden field has no value, so that it can't keep another one alive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.errors import InvalidVariables
from engine.forms.fields import Choice, Computed, Field, Group, Input, ListInput, Row, walk
from engine.forms.layout import Layout
from engine.forms.options import Option, option_key
from engine.forms.sentences import Sentence
from engine.forms.terms import Scope
from engine.values import ensure_storable

#: Conditions that depend on one another over more steps than this are taken to contradict themselves.
_MOST_TURNS = 60


@dataclass(frozen=True)
class Given:
    """What the schema made of the values sent, by path: typed values, what is wrong, and what the case has stored."""

    typed: Mapping[str, Any]
    problems: Mapping[str, list[Sentence]]
    stored: Mapping[str, Any]


@dataclass(frozen=True)
class Settled:
    """The outcome. ``values`` holds every field's value by path, empty for those hidden; ``visible`` are component ids;
    ``locked`` are the paths whose values are not the sender's; ``options`` are those of every choice by path.

    ``rows`` are the paths of the rows that count: a row in which nothing was filled in is no item of its list.
    """

    layout: Layout
    given: Given
    scope: Scope
    values: Mapping[str, Any]
    visible: frozenset[str]
    locked: frozenset[str]
    options: Mapping[str, tuple[Option, ...]]
    rows: frozenset[str]

    def counts(self, item: Field) -> bool:
        """Whether the component is shown, and in a row that counts."""
        return item.id in self.visible and (not item.at or item.at in self.rows)


def settle(layout: Layout, given: Given, context: Mapping[str, Any], env: feel.Environment) -> Settled:
    """Work conditions, options and values out to a fixpoint.

    Conditions that contradict themselves (each of two fields hides the other) would turn for ever: from then on, what
    was hidden once stays hidden, which ends.
    """
    values: Mapping[str, Any] = dict(given.typed)
    rows = layout.rows
    banned: frozenset[str] = frozenset()
    most = min(len(layout.inputs), _MOST_TURNS)
    turn = 0
    while True:
        settled = _turn(layout, given, layout.scope(values, rows, context, env), banned)
        # Options that depend on one another in a circle may never agree; the limit ends that.
        if (settled.values, settled.rows) == (values, rows) or turn > 3 * most:
            return settled
        turn += 1
        if turn > most:
            banned |= {item.id for item in layout.inputs if item.id not in settled.visible}
        values, rows = settled.values, settled.rows


def _turn(layout: Layout, given: Given, scope: Scope, hidden: frozenset[str]) -> Settled:
    visible = frozenset(_visible(layout.fields, scope)) - hidden
    locked = frozenset(item.path for item in layout.inputs if is_locked(item, scope))
    choices = [item for item in layout.inputs if isinstance(item, Choice)]
    options = {item.path: item.options.resolve(scope.at(item.at)) for item in choices}
    values = {}
    for item in layout.inputs:
        value = given.stored.get(item.path) if item.path in locked else given.typed[item.path]
        if item.id not in visible:
            value = item.empty
        elif isinstance(item, Computed):
            value = _storable(scope.at(item.at).evaluate(item.expression))
        elif isinstance(item, Choice) and item.path not in locked:
            value = choose(item, value, options[item.path])
        values[item.path] = value
    rows = _filled_rows(layout, given, visible)
    return Settled(layout, given, scope, values, visible, locked, options, rows)


def is_locked(item: Input, scope: Scope) -> bool:
    """Whether the field's value is not the sender's under these values."""
    return item.disabled or isinstance(item, Computed) or item.readonly.value(scope.at(item.at)) is True


def _storable(value: Any) -> Any:
    try:
        ensure_storable(value)
    except InvalidVariables:
        return None
    return value


def _visible(fields: tuple[Field, ...], scope: Scope) -> list[str]:
    found: list[str] = []
    for item in fields:
        if item.hide is not None and scope.at(item.at).evaluate(item.hide) is True:
            continue
        found.append(item.id)
        if isinstance(item, Group):
            found.extend(_visible(item.children, scope))
        elif isinstance(item, ListInput):
            found.extend(_visible(item.rows, scope))
    return found


def _filled_rows(layout: Layout, given: Given, visible: frozenset[str]) -> frozenset[str]:
    """The rows that count: those with something in them, and as many others as the list must have."""
    found: set[str] = set()
    for item in layout.lists:
        if item.id not in visible or (item.at and item.at not in found):
            continue
        blank = [row for row in item.rows if item.may_change and _is_blank(row, given, visible)]
        missing = max(0, item.minimum - (len(item.rows) - len(blank)))
        found |= {row.path for row in item.rows} - {row.path for row in blank[missing:]}
    return frozenset(found)


def _is_blank(row: Row, given: Given, visible: frozenset[str]) -> bool:
    """Whether nobody has filled anything in, beyond what stood there; a row that came complete is no blank one."""
    found = [item for item in walk(row.children) if isinstance(item, Input) and item.id in visible]
    asked = [item for item in found if not isinstance(item, Computed | ListInput)]
    typed = [(item, given.typed[item.path]) for item in asked]
    untouched = all(
        (value == item.empty or value == item.default.literal) and item.path not in given.problems
        for item, value in typed
    )
    return untouched and (not typed or any(value == item.empty for item, value in typed))


def choose(item: Choice, value: Any, options: tuple[Option, ...]) -> Any:
    """The chosen value or values among the options, with the option's own type; what is no option is left out."""
    keys = {_key_of(one, options, item.searchable) for one in (value if isinstance(value, list) else [value])}
    found = [option.value for option in options if option.key in keys]
    return found if item.many else (found[0] if found else None)


def _key_of(value: Any, options: tuple[Option, ...], by_label: bool) -> str | None:
    """The key of the option that was chosen; by its label, too, when that was typed."""
    if value is None:
        return None
    key = option_key(value)
    if by_label and all(option.key != key for option in options):
        return next((option.key for option in options if option.label == key.strip()), key)
    return key
