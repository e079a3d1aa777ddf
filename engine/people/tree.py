"""The organisation tree in memory: one snapshot for all requests, until somebody changes units or positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from engine.errors import N_, NotFound
from engine.model.people import Level, OrgUnit, Position
from engine.snapshots import snapshot

if TYPE_CHECKING:
    from engine.database import Transaction

#: How people call each level.
LEVEL_NAMES: Mapping[Level, str] = {
    Level.DISTRICT: N_("区"),
    Level.SUBDISTRICT: N_("街道"),
    Level.COMMUNITY: N_("社区"),
    Level.GROUP: N_("居民小组"),
    Level.DEPARTMENT: N_("部门"),
    Level.PARTY: N_("外部单位"),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it stood when the snapshot was taken. ``path`` is ``/<root>/…/<this>/``, ids in hexadecimal."""

    id: UUID
    parent_id: UUID | None
    level: Level
    code: str
    name: str
    path: str
    active: bool
    #: The telephone that residents call; empty when there is none.
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PositionKind:
    """A kind of post as it stood when the snapshot was taken."""

    key: str
    name: str
    level: Level
    permissions: frozenset[str]
    rank: int


class OrgTree:
    """All units and kinds of posts. Shared between threads: nothing in it changes."""

    def __init__(self, units: Iterable[Unit], positions: Iterable[PositionKind]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._codes = {unit.code: unit for unit in self._units.values()}
        self._children: dict[UUID | None, list[Unit]] = {}
        for unit in self._units.values():
            self._children.setdefault(unit.parent_id, []).append(unit)
        #: Kinds of posts by key, in their order.
        self.positions: Mapping[str, PositionKind] = {kind.key: kind for kind in positions}

    def __iter__(self) -> Iterator[Unit]:
        """All units, from the top down, siblings in the order of their codes."""
        return self._walk(None)

    def unit(self, unit_id: UUID) -> Unit:
        """The unit with this id; NotFound when there is none."""
        unit = self._units.get(unit_id)
        if unit is None:
            raise NotFound(N_("没有找到单位 {unit}。"), unit=str(unit_id))
        return unit

    def by_code(self, code: str) -> Unit | None:
        """The unit with this code."""
        return self._codes.get(code)

    def called(self, value: Any) -> Any:
        """What people call the unit or the level that a process names by its code; anything else as it is."""
        if isinstance(value, list):
            return [self.called(each) for each in value]
        if not isinstance(value, str):
            return value
        if value in LEVEL_NAMES:
            return LEVEL_NAMES[Level(value)]
        unit = self.by_code(value)
        return unit.name if unit else value

    def ancestor(self, unit_id: UUID, level: Level) -> Unit | None:
        """The unit itself or the nearest one above it that is of this level."""
        path = self.unit(unit_id).path.strip("/").split("/")
        above = (self._units.get(UUID(hex=part)) for part in reversed(path))
        return next((unit for unit in above if unit is not None and unit.level is level), None)

    def phone_of(self, unit_id: UUID) -> tuple[Unit, str] | None:
        """The unit itself or the nearest one above it that has a telephone, with its number."""
        return next(((unit, unit.phone) for unit in self.above(unit_id) if unit.phone), None)

    def above(self, unit_id: UUID) -> Iterator[Unit]:
        """The unit itself and those above it, up to the top."""
        for part in reversed(self.unit(unit_id).path.strip("/").split("/")):
            yield self.unit(UUID(hex=part))

    def children(self, unit_id: UUID, level: Level | None = None) -> tuple[Unit, ...]:
        """The active units directly below, or all those of one level anywhere below."""
        if level is None:
            return tuple(unit for unit in self._children.get(unit_id, ()) if unit.active)
        return tuple(unit for unit in self._walk(unit_id) if unit.active and unit.level is level)

    def below(self, unit_id: UUID) -> tuple[Unit, ...]:
        """All active units below, from the top down."""
        return tuple(unit for unit in self._walk(unit_id) if unit.active)

    def within(self, unit_id: UUID) -> Iterator[Unit]:
        """The unit itself and all below it, active or not, from the top down."""
        yield self.unit(unit_id)
        yield from self._walk(unit_id)

    def post_name(self, position: str, unit_id: UUID) -> str:
        """The post as people say it: 金星社区一组组长."""
        kind = self.positions.get(position)
        return f"{self.unit(unit_id).name}{kind.name if kind else position}"

    @property
    def places(self) -> frozenset[str]:
        """Everything that may stand after the ``@`` of a candidate group, besides a unit's id."""
        return frozenset(Level) | frozenset(self._codes)

    @property
    def position_levels(self) -> dict[str, str]:
        """The level at which each kind of post exists, in words for people."""
        return {key: LEVEL_NAMES[kind.level] for key, kind in self.positions.items()}

    @property
    def place_levels(self) -> dict[str, str]:
        """The level of each place that may stand after an ``@``, in words for people."""
        units = {code: LEVEL_NAMES[unit.level] for code, unit in self._codes.items()}
        return {**units, **{level.value: name for level, name in LEVEL_NAMES.items()}}

    def _walk(self, parent: UUID | None) -> Iterator[Unit]:
        for unit in self._children.get(parent, ()):
            yield unit
            yield from self._walk(unit.id)


def org_tree(tx: Transaction) -> OrgTree:
    """The tree as of this transaction; costs no statement while nothing changed."""
    return snapshot(tx, "org_tree", lambda: _load(tx))


def _load(tx: Transaction) -> OrgTree:
    units = tx.session.scalars(select(OrgUnit).order_by(OrgUnit.code))
    kinds = tx.session.scalars(select(Position).order_by(Position.rank, Position.key))
    return OrgTree(
        [Unit(u.id, u.parent_id, u.level, u.code, u.name, u.path, u.active, u.phone or "") for u in units],
        [PositionKind(k.key, k.name, k.level, frozenset(k.permissions), k.rank) for k in kinds],
    )
