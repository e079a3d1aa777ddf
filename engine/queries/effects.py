"""What another value of a setting would do to deadlines that are running, before anybody decides on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select

from engine import people, policy
from engine.database import Transaction
from engine.errors import EngineError
from engine.execution import Loaded, MovedDeadline, Recount, cases_concerned
from engine.feel import FeelError
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.policy import Change

#: How many cases are worked out; more would keep the page waiting.
MOST_CASES = 1_000
_EXAMPLES = 10


@dataclass
class Effect:
    """How many cases, tasks and timers come to another moment, and how many of these are due at once.

    ``failed`` cases stay as they are, since something in them can't be worked out. ``total`` is how many cases have the
    setting, ``examples`` are some of those that change and that the actor may see.
    """

    total: int = 0
    looked_at: int = 0
    cases: int = 0
    tasks: int = 0
    timers: int = 0
    due_now: int = 0
    failed: int = 0
    examples: list[tuple[ProcessInstance, list[MovedDeadline]]] = field(default_factory=list)


def effect(tx: Transaction, process_key: str, change: Change) -> Effect:
    """Work out what the change would move, in memory only."""
    query = cases_concerned(tx, process_key, change.name, change.unit_id)
    total = tx.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    found = Effect(total=total)
    cases = list(tx.session.scalars(query.limit(MOST_CASES)))
    seen = _visible(tx, cases)
    for case in cases:
        found.looked_at += 1
        _add(tx, found, case, change, case.id in seen)
    return found


def _add(tx: Transaction, found: Effect, case: ProcessInstance, change: Change, may_see: bool) -> None:
    try:
        loaded = Loaded.load(tx, case)
        release = loaded.release
        settings = policy.values(tx, release.key, release.settings, case.unit_id, change)
        moved = [each for each in Recount(loaded, change.name, settings).moved() if each.row is not None]
    except (EngineError, FeelError):
        found.failed += 1
        return
    if not moved:
        return
    tasks = sum(isinstance(each.row, UserTask) for each in moved)
    found.cases += 1
    found.tasks += tasks
    found.timers += len(moved) - tasks
    found.due_now += sum(each.new is not None and each.new <= tx.now for each in moved)
    if may_see and len(found.examples) < _EXAMPLES:
        found.examples.append((case, moved))


def _visible(tx: Transaction, cases: list[ProcessInstance]) -> set[object]:
    ids = [case.id for case in cases]
    query = select(ProcessInstance.id).where(ProcessInstance.id.in_(ids), people.visible_to(tx.actor))
    return set(tx.session.scalars(query))
