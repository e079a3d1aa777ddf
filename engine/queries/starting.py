"""What an actor may start, and for which unit."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select

from engine import feel, people
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import feel_environment
from engine.lifecycle import DefinitionState
from engine.model.people import Level
from engine.model.process import ProcessDefinition
from engine.release import Release, load_release, names


@dataclass(frozen=True)
class UnitChoice:
    """A unit for which a case can be started; ``above`` is the name of the unit over it."""

    id: UUID
    name: str
    above: str


def startable(tx: Transaction) -> list[Release]:
    """The newest versions of the processes that the actor may start."""
    newest = select(ProcessDefinition.key, func.max(ProcessDefinition.version).label("version"))
    latest = (
        newest.where(ProcessDefinition.state == DefinitionState.PUBLISHED).group_by(ProcessDefinition.key).subquery()
    )
    same = and_(ProcessDefinition.key == latest.c.key, ProcessDefinition.version == latest.c.version)
    ids = tx.session.scalars(select(ProcessDefinition.id).join(latest, same).order_by(ProcessDefinition.key))
    releases = (load_release(tx, id) for id in ids)
    return [release for release in releases if release.starts_by_hand and _may_start(tx, release)]


def startable_one(tx: Transaction, key: str) -> Release:
    """The newest version of a process, if the actor may start it; else NotFound."""
    for release in startable(tx):
        if release.key == key:
            return release
    raise NotFound(N_("没有找到可以发起的流程“{key}”。"), key=key)


def units_to_start_for(tx: Transaction, release: Release) -> list[UnitChoice]:
    """The units of the process's level on the path of the actor's post, below it or above; for others all of them.

    The level is that of the property ``startUnits``, without it that of the residents' groups.
    """
    tree = people.org_tree(tx)
    level = release.process.property("startUnits") or Level.GROUP
    units = [unit for unit in tree if unit.level == level and unit.active]
    own = tx.actor.unit_path
    mine = [unit for unit in units if own and (unit.path.startswith(own) or own.startswith(unit.path))]
    above: dict[UUID | None, str] = {unit.id: unit.name for unit in tree}
    return [UnitChoice(unit.id, unit.name, above.get(unit.parent_id, "")) for unit in mine or units]


def start_environment(tx: Transaction) -> feel.Environment:
    """What the expressions of a start form may use."""
    return feel_environment(tx)


def _may_start(tx: Transaction, release: Release) -> bool:
    starters = names(release.process.property("starters"))
    return "public" in starters or (tx.actor.may("case.start") and (not starters or tx.actor.position in starters))
