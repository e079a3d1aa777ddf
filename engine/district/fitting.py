"""Making the values of one story fit another case: names of places, and choices that the case itself offers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import UUID

from engine import feel, people
from engine.database import Transaction
from engine.forms import Choice, Form
from engine.scenarios.actors import unit_at


def places(tx: Transaction, told: str, unit: UUID | None) -> Mapping[str, str]:
    """How the places of a story told at ``told`` (a code or a level) are called at another unit, the longest first."""
    tree = people.org_tree(tx)
    there = unit_at(tx, told)
    names: dict[str, str] = {}
    for level in people.LEVEL_NAMES:
        old, new = tree.ancestor(there, level), tree.ancestor(unit, level) if unit else None
        if old is not None and new is not None and old.name != new.name:
            names[old.name] = new.name
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A value with the names of places replaced."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {name: renamed(item, names) for name, item in value.items()}
    if isinstance(value, str):
        for old, new in names.items():
            value = value.replace(old, new)
    return value


def among_options(
    form: Form, values: Mapping[str, Any], context: Mapping[str, Any], env: feel.Environment, random: Random
) -> dict[str, Any]:
    """The values, with one of the options that the case offers where the story's is none of them."""
    bound = form.initial(context, env)
    fitted = dict(values)
    for item in form.inputs:
        if isinstance(item, Choice) and item.options.is_dynamic and item.variable in fitted:
            keys = [option.key for option in bound.options(item)]
            fitted[item.variable] = _chosen(item, fitted[item.variable], keys, random)
    return fitted


def _chosen(item: Choice, value: Any, keys: list[str], random: Random) -> Any:
    if not keys:
        return value
    if item.many:
        kept = [each for each in value if str(each) in keys] if isinstance(value, list) else []
        return kept or random.sample(keys, min(len(keys), max(1, len(value or ()))))
    return value if str(value) in keys else random.choice(keys)
