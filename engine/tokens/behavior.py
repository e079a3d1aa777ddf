"""What the instances of a multi-instance activity throw when they complete (``behavior``, BPMN 2.0, 10.3.7).

It is the completing instance that throws, and boundary events of the activity catch it: their flow is taken once for
each event. An interrupting one interrupts the instance that has just completed, so its sisters go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from engine.bpmn.model import EventType, OnCompletion
from engine.tokens.core import Thrown
from engine.tokens.events import WaitKind, text
from engine.tokens.expressions import value
from engine.tokens.listeners import BoundaryListener, leave_by_boundary
from engine.tokens.throwing import broadcast, handler_for, matching

if TYPE_CHECKING:
    from engine.tokens.activities import Activity
    from engine.tokens.core import Token


class Rule:
    """One thing that the completion of an instance brings about."""

    def __init__(self, definition: OnCompletion, element_id: str) -> None:
        self.definition = definition
        self.element_id = element_id
        self.condition = value(definition.condition, element_id)
        self.name = value(definition.event.name, element_id) if definition.event else None

    def applies(self, body: Token, is_first: bool, extra: Mapping[str, Any]) -> bool:
        """Whether it comes about now; the condition sees what the completion condition sees."""
        if self.definition.first_only and not is_first:
            return False
        return self.condition is None or self.condition.of(body, extra) is True

    def thrown(self, body: Token) -> Thrown | None:
        """The event that is thrown, None when there is none. Raises StepFailed when its name comes out empty."""
        event = self.definition.event
        if event is None:
            return None
        name = text(self.name.of(body), body) if self.name else event.code
        return Thrown(event.type, name, None, self.element_id, body.holder.id)


def throw(whole: Token, events: Sequence[Thrown]) -> None:
    """Throw what an instance of ``whole`` throws; stops when a handler further out has ended the activity."""
    workflow = whole.workflow
    for event in events:
        if event.type is EventType.SIGNAL:
            _throw_signal(whole, event)
        elif not _escalate(whole, event.name):
            workflow.thrown.append(event)
        if whole.id not in workflow.tasks:
            return


def _throw_signal(whole: Token, event: Thrown) -> None:
    whole.workflow.thrown.append(event)
    own = {token: spec for token in whole.held if isinstance(spec := token.task_spec, BoundaryListener)}
    for token, listener in own.items():
        wait = listener.wait(token)
        if wait is not None and wait.kind is WaitKind.SIGNAL and wait.name == event.name:
            leave_by_boundary(whole, listener.target, None)
    broadcast(whole.workflow, event.name, event.variables, apart_from=own)


def _escalate(whole: Token, code: str | None) -> bool:
    """Let the boundary of the activity catch it, else the nearest handler around; False when nobody does."""
    catchers = cast("Activity", whole.task_spec).catchers
    if (boundary := matching(catchers, EventType.ESCALATION, code)) is not None:
        leave_by_boundary(whole, boundary, None)
        return True
    if (handler := handler_for(whole, EventType.ESCALATION, code)) is not None:
        handler(None)
        return True
    return False
