"""Which fields are shown and what they hold.

Conditions, options and values depend on one another, so they are worked out again and again until nothing changes. A
hidden field has no value, so that it can't keep another one alive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import feel
from engine.forms.fields import Choice, Field, Group, Input, Option, nest, option_key
from engine.forms.sentences import Sentence
from engine.forms.terms import Scope


@dataclass(frozen=True)
class Given:
    """What the schema made of the values sent, by path: typed values, what is wrong, and what the case has stored."""

    typed: Mapping[str, Any]
    problems: Mapping[str, list[Sentence]]
    stored: Mapping[str, Any]


@dataclass(frozen=True)
class Settled:
    """The outcome. ``values`` holds every field's value by path, empty for those hidden; ``visible`` are component ids;
    ``locked`` are the paths whose values are not the sender's; ``options`` are those of every choice by path."""

    inputs: tuple[Input, ...]
    given: Given
    scope: Scope
    values: Mapping[str, Any]
    visible: frozenset[str]
    locked: frozenset[str]
    options: Mapping[str, tuple[Option, ...]]


def settle(
    fields: tuple[Field, ...],
    inputs: tuple[Input, ...],
    given: Given,
    context: Mapping[str, Any],
    env: feel.Environment,
) -> Settled:
    """Work conditions, options and values out to a fixpoint.

    Conditions that contradict themselves (each of two fields hides the other) would turn for ever: from then on, what
    was hidden once stays hidden, which ends.
    """
    values: Mapping[str, Any] = dict(given.typed)
    banned: frozenset[str] = frozenset()
    turn = 0
    while True:
        settled = _turn(fields, inputs, given, Scope(nest(values), context, env), banned)
        # Options that depend on one another in a circle may never agree; the limit ends that.
        if settled.values == values or turn > 3 * len(inputs):
            return settled
        turn += 1
        if turn > len(inputs):
            banned |= {item.id for item in inputs if item.id not in settled.visible}
        values = settled.values


def _turn(
    fields: tuple[Field, ...], inputs: tuple[Input, ...], given: Given, scope: Scope, hidden: frozenset[str]
) -> Settled:
    visible = frozenset(_visible(fields, scope)) - hidden
    locked = frozenset(item.path for item in inputs if item.disabled or item.readonly.value(scope) is True)
    options = {item.path: item.options.resolve(scope) for item in inputs if isinstance(item, Choice)}
    values = {}
    for item in inputs:
        value = given.stored.get(item.path) if item.path in locked else given.typed[item.path]
        if item.id not in visible:
            value = item.empty
        elif isinstance(item, Choice) and item.path not in locked:
            value = choose(item, value, options[item.path])
        values[item.path] = value
    return Settled(inputs, given, scope, values, visible, locked, options)


def _visible(fields: tuple[Field, ...], scope: Scope) -> list[str]:
    found: list[str] = []
    for item in fields:
        if item.hide is not None and scope.evaluate(item.hide) is True:
            continue
        found.append(item.id)
        if isinstance(item, Group):
            found.extend(_visible(item.children, scope))
    return found


def choose(item: Choice, value: Any, options: tuple[Option, ...]) -> Any:
    """The chosen value or values among the options, with the option's own type; what is no option is left out."""
    chosen = {option_key(one) for one in (value if isinstance(value, list) else [value]) if one is not None}
    found = [option.value for option in options if option.key in chosen]
    return found if item.many else (found[0] if found else None)
