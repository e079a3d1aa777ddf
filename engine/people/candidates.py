"""How work finds people: ``position@place`` of a diagram becomes the holders who may do the task."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from engine.clock import local_day
from engine.errors import N_, StepFailed
from engine.model.people import Appointment, Level
from engine.people.actor import post_holder
from engine.people.posts import held_on
from engine.people.tree import LEVEL_NAMES, OrgTree, Unit

if TYPE_CHECKING:
    from engine.database import Transaction

#: The candidate group that stands for whoever filed the case.
APPLICANT = "@applicant"


def resolve_holders(
    tree: OrgTree, groups: Iterable[str], unit_id: UUID | None, applicant: Iterable[str] = ()
) -> tuple[str, ...]:
    """The holders that the candidate groups of a task stand for, each once, in their order.

    A group is ``position@place``, a text may hold several with commas between. The place is a level (the ancestor of
    ``unit_id`` at it), the code of a unit, or the id of a unit; ``@applicant`` gives the holders in ``applicant``. A
    post that nobody holds right now still counts: the task waits for whoever is appointed. Raises StepFailed when a
    place or position does not exist.
    """
    holders: dict[str, None] = {}
    for group in (part.strip() for text in groups for part in text.split(",")):
        holders.update(dict.fromkeys(_holders(tree, group, unit_id, tuple(applicant))))
    return tuple(holders)


def vacant_posts(tx: Transaction, holders: Iterable[str]) -> tuple[str, ...]:
    """Those of the ``position@unit`` holders that nobody with an appointment stands behind today."""
    posts = {holder: _post_of(holder) for holder in holders if "@" in holder}
    units = {unit for _, unit in posts.values()}
    query = select(Appointment.position_key, Appointment.unit_id).where(Appointment.unit_id.in_(units))
    taken = {(position, unit) for position, unit in tx.session.execute(query.where(held_on(local_day(tx.now))))}
    return tuple(holder for holder, post in posts.items() if post not in taken)


def _holders(tree: OrgTree, group: str, unit_id: UUID | None, applicant: tuple[str, ...]) -> tuple[str, ...]:
    if group == APPLICANT:
        if not applicant:
            raise StepFailed(N_("这件事项没有申请人，“@applicant”找不到办理人。"))
        return applicant
    position, at, place = group.partition("@")
    if not at or not position or not place:
        raise StepFailed(N_("办理人“{group}”写法不对，应写成“岗位@地点”，例如 group_leader@group。"), group=group)
    unit = _unit_at(tree, group, place, unit_id)
    _ensure_position(tree, group, position, unit)
    return (post_holder(position, unit.id),)


def _unit_at(tree: OrgTree, group: str, place: str, unit_id: UUID | None) -> Unit:
    unit = _ancestor(tree, group, Level(place), unit_id) if place in set(Level) else _named(tree, place)
    if unit is None:
        raise StepFailed(
            N_("办理人“{group}”中的“{place}”不是层级，也不是任何单位的代码或编号。"), group=group, place=place
        )
    if not unit.active:
        raise StepFailed(N_("单位“{unit}”已停用，不能再分派环节。请调整单位或流程。"), unit=unit.name)
    return unit


def _ancestor(tree: OrgTree, group: str, level: Level, unit_id: UUID | None) -> Unit:
    if unit_id is None:
        raise StepFailed(N_("事项没有所属单位，“{group}”找不到办理人。"), group=group)
    unit = tree.ancestor(unit_id, level)
    if unit is None:
        raise StepFailed(
            N_("事项所属单位“{unit}”的上级中没有“{level}”这一级，“{group}”找不到办理人。"),
            unit=tree.unit(unit_id).name,
            level=LEVEL_NAMES[level],
            group=group,
        )
    return unit


def _named(tree: OrgTree, place: str) -> Unit | None:
    unit = tree.by_code(place)
    if unit is not None:
        return unit
    try:
        return tree.unit(UUID(place))
    except ValueError:
        return None


def _ensure_position(tree: OrgTree, group: str, position: str, unit: Unit) -> None:
    kind = tree.positions.get(position)
    if kind is None:
        raise StepFailed(N_("没有“{position}”这个岗位，“{group}”找不到办理人。"), position=position, group=group)
    if kind.level is not unit.level:
        raise StepFailed(
            N_("岗位“{position}”只设在“{level}”一级，“{unit}”没有这个岗位。"),
            position=kind.name,
            level=LEVEL_NAMES[kind.level],
            unit=unit.name,
        )


def _post_of(holder: str) -> tuple[str, UUID]:
    position, _, unit = holder.partition("@")
    return position, UUID(unit)
