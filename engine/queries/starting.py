"""What an actor may start, and for which unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from engine import feel, people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import feel_environment, latest_release
from engine.model.people import Level
from engine.model.process import ProcessInstance
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


def units_to_start_for(tx: Transaction, release: Release) -> list[UnitChoice]:
    """The units whose case it can be: of the level that the process property ``startUnits`` names, else groups.

    For a post that is those at or below its unit, or the one above it; for others (a department), all of them.
    """
    tree, level = people.org_tree(tx), level_of_cases(release)
    units = [unit for unit in tree if unit.level is level and unit.active]
    own = tx.actor.unit_path
    near = [unit for unit in units if own and (unit.path.startswith(own) or own.startswith(unit.path))]
    above: dict[UUID | None, str] = {unit.id: unit.name for unit in tree}
    return [UnitChoice(unit.id, unit.name, above.get(unit.parent_id, "")) for unit in near or units]


def level_of_cases(release: Release) -> Level:
    """The level of the units that cases of the process belong to."""
    return Level(release.process.property("startUnits") or Level.GROUP)


def is_public(tx: Transaction, key: str) -> bool:
    """Whether anybody may start the process, with or without an account. Raises NotFound."""
    return "public" in names(latest_release(tx, key).process.property("starters"))


def helped(tx: Transaction, most: int) -> list[ProcessInstance]:
    """The cases that the actor filed for residents, the newest first."""
    query = select(ProcessInstance).where(ProcessInstance.helped_by == tx.actor.account_id)
    query = query.where(ProcessInstance.helped_by.is_not(None))
    return list(tx.session.scalars(query.order_by(ProcessInstance.started_at.desc()).limit(most)))


def start_environment(tx: Transaction) -> feel.Environment:
    """What the expressions of a start form may use."""
    return feel_environment(tx)


def _may_start(tx: Transaction, release: Release) -> bool:
    starters = names(release.process.property("starters"))
    return "public" in starters or (tx.actor.may("case.start") and (not starters or tx.actor.position in starters))
