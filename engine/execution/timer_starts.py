"""Processes that start by the clock: one job per timer of a start event of the newest version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update

from engine import policy
from engine.bpmn.model import Kind, Node
from engine.database import Transaction
from engine.execution.environment import feel_environment
from engine.execution.starting import Origin, create_instance, latest_release, starting_unit
from engine.lifecycle import JobState
from engine.model.work import Job
from engine.release import Release
from engine.tokens import Timer

START_TIMER = "start_timer"


def arm(tx: Transaction, release: Release) -> None:
    """Replace the start timers of earlier versions of this process by those of ``release``."""
    earlier = update(Job).where(Job.kind == START_TIMER, Job.type == release.key, Job.state == JobState.DUE)
    tx.session.execute(earlier.values(state=JobState.CANCELED))
    for node in release.process.scope.nodes.values():
        for trigger in range(len(node.definitions) if node.kind is Kind.START_EVENT else 0):
            _schedule(tx, release, node, trigger, 0, None)


def fire(tx: Transaction, job: Job) -> None:
    """Start an instance of the newest version, and schedule the next occurrence of a cycle."""
    release = latest_release(tx, job.type)
    if job.element_id in release.nodes:
        create_instance(tx, release, {}, Origin(starting_unit(tx, release), start_event=job.element_id))
        schedule_next(tx, job)


def schedule_next(tx: Transaction, job: Job) -> None:
    """Let a cycle go on after this occurrence, also when that came to nothing."""
    release = latest_release(tx, job.type)
    node = release.nodes.get(job.element_id or "")
    if node is not None:
        _schedule(tx, release, node, job.payload.get("trigger", 0), int(job.payload["occurrence"]) + 1, job.due_at)


def _schedule(
    tx: Transaction, release: Release, node: Node, trigger: int, occurrence: int, previous: datetime | None
) -> None:
    definition = node.definitions[trigger].timer
    if definition is None or (definition.kind != "cycle" and occurrence > 0):
        return
    timer = Timer(definition, node.id)
    due = timer.due_to_start(_context(tx, release), feel_environment(tx), occurrence, previous)
    if due is None:
        return
    payload: dict[str, Any] = {"occurrence": occurrence, "trigger": trigger}
    tx.add(
        Job(
            kind=START_TIMER,
            type=release.key,
            element_id=node.id,
            due_at=due,
            payload=payload,
            created_at=tx.now,
        )
    )
    tx.after_commit(tx.engine.wake)


def _context(tx: Transaction, release: Release) -> dict[str, Any]:
    return {"policy": policy.values(tx, release.key, release.settings, starting_unit(tx, release))}
