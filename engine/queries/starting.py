"""What an actor may start, and for which unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine import feel, people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import feel_environment
from engine.model.people import Level
from engine.queries.newest import newest_releases
from engine.release import Release, names


@dataclass(frozen=True)
class UnitChoice:
    """A unit for which a case can be started; ``above`` is the name of the unit over it."""

    id: UUID
    name: str
    above: str


def startable(tx: Transaction) -> list[Release]:
    """The newest versions of the processes that the actor may start."""
    return [release for release in newest_releases(tx) if release.starts_by_hand and _may_start(tx, release)]


def startable_one(tx: Transaction, key: str) -> Release:
    """The newest version of a process, if the actor may start it; else NotFound."""
    for release in startable(tx):
        if release.key == key:
            return release
    raise NotFound(N_("没有找到可以发起的流程“{key}”。"), key=key)


def units_to_start_for(tx: Transaction) -> list[UnitChoice]:
    """The resident groups at or below the unit of the actor's post; for others (a department), all of them."""
    tree = people.org_tree(tx)
    groups = [unit for unit in tree if unit.level is Level.GROUP and unit.active]
    below = [unit for unit in groups if tx.actor.unit_path and unit.path.startswith(tx.actor.unit_path)]
    above: dict[UUID | None, str] = {unit.id: unit.name for unit in tree}
    return [UnitChoice(unit.id, unit.name, above.get(unit.parent_id, "")) for unit in below or groups]


def start_environment(tx: Transaction) -> feel.Environment:
    """What the expressions of a start form may use."""
    return feel_environment(tx)


def _may_start(tx: Transaction, release: Release) -> bool:
    starters = names(release.process.property("starters"))
    return "public" in starters or (tx.actor.may("case.start") and (not starters or tx.actor.position in starters))
