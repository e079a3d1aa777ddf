"""What cases pass while scenarios play: sequence flows, elements, timers, calls; by process."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from engine.database import Transaction
from engine.execution import START_TIMER, Moved
from engine.lifecycle import JobState
from engine.model.process import ProcessInstance
from engine.model.work import Job


@dataclass
class Passage:
    """What the cases of one process have passed, by id: ``timers`` that fired, ``calls`` that started a case."""

    flows: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)

    def add(self, other: Passage) -> None:
        """Take in what other cases have passed."""
        self.flows |= other.flows
        self.elements |= other.elements
        self.timers |= other.timers
        self.calls |= other.calls


class Passages(defaultdict[str, Passage]):
    """The passages of all processes by key."""

    def __init__(self) -> None:
        super().__init__(Passage)

    def follow(self, moved: Moved) -> None:
        """Note how a case has moved: what an engine tells whoever watches it."""
        self[moved.key].flows.update(moved.flows)
        self[moved.key].elements.update(step.element_id for step in moved.steps if step.what != "interrupted")

    def read(self, tx: Transaction) -> None:
        """Note what was done by jobs: their rows remain, so nobody has to watch them."""
        kinds = select(Job.kind, Job.element_id, ProcessInstance.process_key).outerjoin_from(
            Job, ProcessInstance, Job.instance_id == ProcessInstance.id
        )
        done = kinds.add_columns(Job.type).where(Job.state == JobState.DONE, Job.element_id.is_not(None))
        for kind, element, key, type in tx.session.execute(done):
            if kind in ("timer", START_TIMER):
                self[key or type].timers.add(element)
            elif kind == "start_child":
                self[key].calls.add(element)
