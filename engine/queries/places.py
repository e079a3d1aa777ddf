"""Finding one's group: by what people call the place where they live, or level by level."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.model.people import Level
from engine.model.place import Place, PlaceKind
from engine.people import OrgTree, Unit
from engine.snapshots import snapshot

#: So many groups are shown; whoever gets more types on.
MOST_FOUND = 8
LONGEST_SOUGHT = 60
_LEVELS = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)
#: So much of what was typed has to be in a name, or so much of a name in what was typed.
_ENOUGH = 0.6
_HAS_PART, _IS_PART = 1.0, 2.5


@dataclass(frozen=True)
class Found:
    """A group, the units above it from the top down, and the place that led to it (empty when it was its name)."""

    unit: Unit
    path: tuple[str, ...]
    place: str = ""


@dataclass(frozen=True)
class _Name:
    """A name by which groups are found, with its pairs of characters."""

    text: str
    pairs: frozenset[str]
    groups: tuple[Found, ...]


@dataclass(frozen=True)
class Step:
    """One level on the way down to a group: where one is, and what is below."""

    path: tuple[Unit, ...]
    units: tuple[Unit, ...]
    groups: tuple[Found, ...]


def find_groups(tx: Transaction, text: str) -> list[Found]:
    """The groups that a text names best, the best first: by their names, and by those of places.

    Whole names, parts of them and full addresses (金星家园3号楼1单元) are understood; what is left out (金星一组) is
    forgiven. Costs no statement while nothing changed.
    """
    sought = _plain(text)[:LONGEST_SOUGHT]
    if not sought:
        return []
    best: dict[UUID, tuple[float, Found]] = {}
    for name in snapshot(tx, "place_names", lambda: tuple(_names(tx))):
        score = _score(sought, _pairs(sought), name)
        for found in name.groups if score >= _ENOUGH else ():
            if score > best.get(found.unit.id, (0.0,))[0]:
                best[found.unit.id] = (score, found)
    ranked = sorted(best.values(), key=lambda each: (-each[0], each[1].path, each[1].unit.code))
    top = ranked[0][0] if ranked else 0.0
    # A full match is not blurred by what merely resembles it, nor a house by the whole street.
    least = _IS_PART if top >= _IS_PART else top if top >= _HAS_PART else 0.0
    return [found for score, found in ranked if score >= least][:MOST_FOUND]


def step_down(tx: Transaction, code: str) -> Step:
    """What is below a unit on the way to a group; below the top for any other code."""
    tree = people.org_tree(tx)
    unit = tree.by_code(code)
    if unit is None or unit.level not in _LEVELS or not unit.active:
        unit = next((each for each in tree if each.level is Level.DISTRICT and each.active), None)
    if unit is None:
        return Step((), (), ())
    below = [each for each in tree.children(unit.id) if each.level in (*_LEVELS, Level.GROUP)]
    groups = tuple(found_of(tree, each) for each in below if each.level is Level.GROUP)
    units = tuple(each for each in below if each.level is not Level.GROUP and tree.children(each.id, Level.GROUP))
    return Step(tuple(reversed(list(tree.above(unit.id)))), units, groups)


def found_of(tree: OrgTree, group: Unit, place: str = "") -> Found:
    """A group with the names above it; the district, which is the same for all, is left out."""
    above = [unit.name for unit in tree.above(group.id) if unit.level in (Level.SUBDISTRICT, Level.COMMUNITY)]
    return Found(group, tuple(reversed(above)), place)


def places_of(tx: Transaction, unit_id: UUID) -> dict[PlaceKind, list[str]]:
    """The names of the places of a unit, by kind."""
    found: dict[PlaceKind, list[str]] = {kind: [] for kind in PlaceKind}
    query = select(Place).where(Place.unit_id == unit_id).order_by(Place.name)
    for row in tx.session.scalars(query):
        found[row.kind].append(row.name)
    return found


def counts(tx: Transaction) -> dict[UUID, int]:
    """How many places each unit has; without those that have none."""
    found: dict[UUID, int] = {}
    for unit_id in tx.session.scalars(select(Place.unit_id)):
        found[unit_id] = found.get(unit_id, 0) + 1
    return found


def _names(tx: Transaction) -> Iterator[_Name]:
    tree = people.org_tree(tx)
    for unit in tree:
        if unit.active and unit.level in (Level.COMMUNITY, Level.GROUP):
            yield _name(unit.name, _groups(tree, unit))
            # People write the whole path, too; names of groups begin with that of their community.
            above = [name for name in found_of(tree, unit).path if not unit.name.startswith(name)]
            yield _name("".join((*above, unit.name)), _groups(tree, unit))
    for unit_id, name in tx.session.execute(select(Place.unit_id, Place.name).order_by(Place.name)):
        yield _name(name, _groups(tree, tree.unit(unit_id), name))


def _name(text: str, groups: tuple[Found, ...]) -> _Name:
    plain = _plain(text)
    return _Name(plain, _pairs(plain), groups)


def _groups(tree: OrgTree, unit: Unit, place: str = "") -> tuple[Found, ...]:
    groups = (unit,) if unit.level is Level.GROUP else tree.children(unit.id, Level.GROUP)
    return tuple(found_of(tree, each, place) for each in groups if each.active)


def _score(sought: str, pairs: frozenset[str], name: _Name) -> float:
    """Best when it is a part of the name, then when the name is a part of it (the longer, the better).

    Else the larger share of common pairs.
    """
    if sought in name.text:
        return _IS_PART + len(sought) / len(name.text)
    if len(name.text) > 1 and name.text in sought:
        return _HAS_PART + len(name.text) / len(sought)
    if len(sought) > 2 and _is_within(sought, name.text):
        return _HAS_PART
    common = len(pairs & name.pairs)
    return max(common / max(len(pairs), 1), common / max(len(name.pairs), 1)) * 0.99 if common else 0.0


def _is_within(sought: str, name: str) -> bool:
    """Whether all its characters stand in the name, in their order: 金星一组 in 金星社区一组."""
    rest = iter(name)
    return all(char in rest for char in sought)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text))) or frozenset({text})


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
