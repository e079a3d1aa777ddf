"""Which variables of a case are personal: those of its own forms, and of all cases that its calls tie it to."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, select

from engine.bpmn.model import Kind
from engine.database import Transaction
from engine.model.process import ProcessInstance
from engine.release import Release, load_release


def personal_names(tx: Transaction, instance: ProcessInstance, release: Release) -> frozenset[str]:
    """Names of variables that history of this case hides.

    Variables travel down into called cases and back up, and from there into the next one, so what is personal in one
    case of such a family is personal in all of them. A case that neither calls nor is called costs no statement.
    """
    calls = any(node.kind is Kind.CALL_ACTIVITY for node in release.nodes.values())
    if instance.parent_id is None and not calls:
        return release.personal
    names = set(release.personal)
    for definition_id in tx.session.scalars(_DEFINITIONS_OF_FAMILY, {"nearest": instance.parent_id or instance.id}):
        names |= load_release(tx, definition_id).personal
    return frozenset(names)


def _definitions_of_family() -> Select[Any]:
    """The versions of all cases that the topmost caller has called, itself included."""
    case = ProcessInstance
    up = select(case.id, case.parent_id).where(case.id == bindparam("nearest")).cte("up", recursive=True)
    up = up.union(select(case.id, case.parent_id).where(case.id == up.c.parent_id))
    topmost = select(up.c.id).where(up.c.parent_id.is_(None))
    down = select(case.id, case.definition_id).where(case.id.in_(topmost)).cte("down", recursive=True)
    down = down.union(select(case.id, case.definition_id).where(case.parent_id == down.c.id))
    return select(down.c.definition_id).distinct()


# Made once: building it costs several times what running it does, and every event with values may ask.
_DEFINITIONS_OF_FAMILY = _definitions_of_family()
