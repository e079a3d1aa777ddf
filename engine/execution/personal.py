"""Which variables of a case are personal: those of its own forms, and of all cases that its calls tie it to.

Variables travel down into called cases and back up, and from there into the next one, so what is personal in one case
of such a family is personal in all of them. A case that neither calls nor is called costs no statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from engine.bpmn.model import Kind
from engine.database import Transaction
from engine.model.process import ProcessInstance
from engine.release import Release, load_release


def personal_names(tx: Transaction, instance: ProcessInstance, release: Release) -> frozenset[str]:
    """Names of variables that history of this case hides."""
    return personal_names_of(tx, [(instance, release)])[instance.id]


def personal_names_of(tx: Transaction, cases: Iterable[tuple[ProcessInstance, Release]]) -> dict[UUID, frozenset[str]]:
    """The same for many cases by their ids, with one statement for all."""
    found: dict[UUID, frozenset[str]] = {}
    nearest: dict[UUID, UUID] = {}
    for instance, release in cases:
        found[instance.id] = release.personal
        if instance.parent_id is not None or _calls(release):
            nearest[instance.id] = instance.parent_id or instance.id
    if not nearest:
        return found
    families: dict[UUID, frozenset[str]] = {}
    for member, definition_id in tx.session.execute(
        _DEFINITIONS_OF_FAMILIES, {"members": sorted(set(nearest.values()))}
    ):
        families[member] = families.get(member, frozenset()) | load_release(tx, definition_id).personal
    return found | {id: found[id] | families.get(member, frozenset()) for id, member in nearest.items()}


def _calls(release: Release) -> bool:
    return any(node.kind is Kind.CALL_ACTIVITY for node in release.nodes.values())


def _definitions_of_families() -> Select[Any]:
    """For each member, the versions of all cases that its topmost caller has called, itself included."""
    case = ProcessInstance
    up = select(case.id.label("member"), case.id, case.parent_id).where(
        case.id.in_(bindparam("members", expanding=True))
    )
    up_all = up.cte("up", recursive=True)
    up_all = up_all.union(select(up_all.c.member, case.id, case.parent_id).where(case.id == up_all.c.parent_id))
    topmost = select(up_all.c.member, case.id, case.definition_id).where(
        case.id == up_all.c.id, up_all.c.parent_id.is_(None)
    )
    down = topmost.cte("down", recursive=True)
    down = down.union(select(down.c.member, case.id, case.definition_id).where(case.parent_id == down.c.id))
    return select(down.c.member, down.c.definition_id).distinct()


# Made once: building it costs several times what running it does, and every event with values may ask.
_DEFINITIONS_OF_FAMILIES = _definitions_of_families()
