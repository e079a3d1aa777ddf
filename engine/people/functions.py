"""What expressions may ask about the organisation. A unit is its id as text, as in the variable ``unit``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import N_, NotFound
from engine.feel import FeelEvaluationError, Function
from engine.model.people import Level
from engine.people.register import register_functions
from engine.people.tree import LEVEL_NAMES, OrgTree, Unit, org_tree

if TYPE_CHECKING:
    from engine.database import Transaction


def feel_functions(tx: Transaction) -> Mapping[str, Function]:
    """The functions by name, working on the tree as of this transaction; they outlive it."""
    return {**tree_functions(org_tree(tx)), **register_functions(tx)}


def tree_functions(tree: OrgTree) -> Mapping[str, Function]:
    """All functions by name, each under an English and a Chinese one.

    ``children(unit, level)`` lists the ids of the units directly below, or of all those of a level anywhere below;
    ``ancestor(unit, level)`` gives the id of the unit above at a level, or null; ``unit name(unit)`` its name;
    ``unit by code(code)`` an id, or null. Levels go by code or Chinese name.

    Registers to choose from, as options with ``value`` and ``label``: ``units(level, unit)`` has the active units of a
    level, all or those below one, by their ids; ``posts(unit, level)`` the posts of a unit, or of all the units of a
    level below it, as ``position@unit``, which candidate groups understand.
    """

    def children(unit: Any, level: Any = None) -> list[str]:
        return [str(each.id) for each in tree.children(_unit(tree, unit).id, None if level is None else _level(level))]

    def ancestor(unit: Any, level: Any) -> str | None:
        found = tree.ancestor(_unit(tree, unit).id, _level(level))
        return str(found.id) if found else None

    def unit_name(unit: Any) -> str:
        return _unit(tree, unit).name

    def unit_by_code(code: Any) -> str | None:
        found = tree.by_code(code) if isinstance(code, str) else None
        return str(found.id) if found else None

    def units(level: Any, unit: Any = None) -> list[dict[str, str]]:
        wanted = _level(level)
        top = None if unit is None else _unit(tree, unit).id
        found = [each for each in tree if each.level is wanted] if top is None else tree.children(top, wanted)
        return _options({str(each.id): (each.name, _above(tree, each)) for each in found if each.active})

    def posts(unit: Any, level: Any = None) -> list[dict[str, str]]:
        here = _unit(tree, unit)
        places = (here,) if level is None else tree.children(here.id, _level(level))
        kinds = tree.positions.values()
        found = [(place, kind.key) for place in places for kind in kinds if kind.level is place.level]
        return _options(
            {f"{key}@{place.id}": (tree.post_name(key, place.id), _above(tree, place)) for place, key in found}
        )

    made = (
        *_both(("children", "下级单位"), ("unit", "level"), children, required=1),
        *_both(("ancestor", "上级单位"), ("unit", "level"), ancestor),
        *_both(("unit name", "单位名称"), ("unit",), unit_name),
        *_both(("unit by code", "按代码查单位"), ("code",), unit_by_code),
        *_both(("units", "单位名录"), ("level", "unit"), units, required=1),
        *_both(("posts", "岗位名录"), ("unit", "level"), posts, required=1),
    )
    return {function.name: function for function in made}


def _both(
    names: tuple[str, str], parameters: tuple[str, ...], callable: Any, required: int | None = None
) -> tuple[Function, ...]:
    return tuple(Function(name, parameters, callable, required) for name in names)


def _options(found: Mapping[str, tuple[str, str]]) -> list[dict[str, str]]:
    """Values with their labels; where two would be called the same, what they belong to stands before."""
    counts = Counter(label for label, _above in found.values())
    return [
        {"value": value, "label": f"{above} {label}" if counts[label] > 1 and above else label}
        for value, (label, above) in found.items()
    ]


def _above(tree: OrgTree, unit: Unit) -> str:
    return tree.unit(unit.parent_id).name if unit.parent_id else ""


def _unit(tree: OrgTree, value: Any) -> Unit:
    try:
        return tree.unit(UUID(value))
    except (ValueError, TypeError, AttributeError, NotFound):
        raise FeelEvaluationError(N_("“{value}”不是单位的编号。"), value=str(value)) from None


def _level(value: Any) -> Level:
    for level, name in LEVEL_NAMES.items():
        if value in (level.value, name):
            return level
    raise FeelEvaluationError(
        N_("没有“{value}”这个层级，可用的有：{levels}。"), value=str(value), levels="、".join(LEVEL_NAMES.values())
    )
