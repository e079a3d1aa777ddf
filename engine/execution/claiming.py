"""What every act on a user task begins with: the right to it, and taking it."""

from __future__ import annotations

from engine import people
from engine.database import Transaction
from engine.execution.loaded import LockedTask
from engine.history import record
from engine.people import Right


def right_to(tx: Transaction, locked: LockedTask) -> Right:
    """Why the actor may do the task now. Raises NotAuthorized or AlreadyDone, as :func:`engine.people.ensure_may`."""
    return people.ensure_may(tx.actor, locked.task, locked.instance.process_key, locked.candidates)


def claim_task(tx: Transaction, locked: LockedTask, right: Right) -> None:
    """Give the task to the actor by this right."""
    instance, task, _ = locked
    if people.claim_for(tx.actor, task, right, tx.now):
        record(tx, instance, "user_task_claimed", task.element_id, {"task": str(task.id), **right.facts})
