"""What throws: errors, escalations, signals, messages, termination; and who catches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import EventDefinition, EventType, Node
from engine.errors import N_, StepFailed
from engine.tokens.activities import Activity, SubProcess
from engine.tokens.core import Thrown
from engine.tokens.elements import Element, Path
from engine.tokens.events import WaitKind, text
from engine.tokens.expressions import value
from engine.tokens.listeners import BoundaryListener, leave_by_boundary, start_event_sub_process

if TYPE_CHECKING:
    from engine.tokens.core import Token, Tokens
    from engine.tokens.spec import Spec


class Terminate(Element):
    """A terminate end event: cancels all else in its scope, which then completes."""

    def completed(self, token: Token) -> None:
        workflow, holder = token.workflow, token.holder
        for other in holder.held:
            if other is not token and not isinstance(other.task_spec, BoundaryListener):
                workflow.interrupt(other)
        if holder.is_root:
            workflow.terminated = True


class ThrowError(Element):
    """An error end event. One that only a caller catches ends the instance; one that nobody does stops here."""

    def leave(self, token: Token) -> Sequence[Path]:
        code = _event(self).code
        if handler_for(token, EventType.ERROR, code) is None and not token.workflow.env.is_caught_above(code):
            raise StepFailed(
                N_("“{name}”抛出错误“{code}”，流程图里没有接收它的边界事件或事件子流程。"),
                name=self.label,
                code=code or "",
            )
        return super().leave(token)

    def completed(self, token: Token) -> None:
        workflow = token.workflow
        code = _event(self).code
        workflow.note(token, "error_thrown")
        if handler := handler_for(token, EventType.ERROR, code):
            handler(None)
            return
        end_by_error(workflow, code)


def end_by_error(workflow: Tokens, code: str | None) -> None:
    """End the instance by an error that only a caller catches."""
    workflow.end_error = code or ""
    for other in workflow.task_tree.held:
        workflow.interrupt(other)
    workflow.task_tree.complete()


class Throw(Element):
    """Throws all its signals, messages and escalations, and goes on unless an interrupting event caught one of them.

    The run tells them to others; those who wait for a signal in this instance have it at once: a signal is thrown when
    the branches beside it have come to rest, so that none misses it for the order in which they move. An escalation
    that nobody catches changes nothing.
    """

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.throws = [_Throws(each, node.id) for each in node.definitions]
        self.patient = any(each.type is EventType.SIGNAL for each in node.definitions)

    def leave(self, token: Token) -> Sequence[Path]:
        token.outcome = [each.now(token, bool(self.inputs_from)) for each in self.throws]
        return super().leave(token)

    def completed(self, token: Token) -> None:
        workflow = token.workflow
        for thrown in token.outcome:
            if thrown.type is not EventType.ESCALATION:
                workflow.thrown.append(thrown)
            if thrown.type is EventType.SIGNAL:
                broadcast(workflow, thrown.name, thrown.variables)
            if thrown.type is EventType.ESCALATION and token.id in workflow.tasks:
                _escalate(token, thrown)
        if token.id in workflow.tasks:
            super().completed(token)


def _escalate(token: Token, thrown: Thrown) -> None:
    if handler := handler_for(token, EventType.ESCALATION, thrown.name):
        handler(None)
    else:
        token.workflow.thrown.append(thrown)


class Send(Activity):
    """A send task without a job: its message goes to whoever waits for it on this platform."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.throws = _Throws(node.event or EventDefinition(EventType.MESSAGE), node.id)

    def leave(self, token: Token) -> Sequence[Path]:
        token.outcome = self.throws.now(token, bool(self.inputs_from))
        return super().leave(token)

    def completed(self, token: Token) -> None:
        token.workflow.thrown.append(token.outcome)
        super().completed(token)


class _Throws:
    """One event definition that a node throws: its name or code, and the key of a message."""

    def __init__(self, definition: EventDefinition, element_id: str) -> None:
        self.definition = definition
        self.element_id = element_id
        self.name = value(definition.name, element_id)
        self.key = value(definition.correlation, element_id)

    def now(self, token: Token, is_mapped: bool) -> Thrown:
        """What is thrown now. Raises StepFailed when a name or key comes out empty."""
        if self.definition.type is EventType.ESCALATION:
            return Thrown(EventType.ESCALATION, self.definition.code, None, self.element_id, token.id)
        name = text(self.name.of(token), token) if self.name else None
        key = text(self.key.of(token), token) if self.key else None
        payload = token.workflow.scopes.local(token.scope) if is_mapped else {}
        return Thrown(self.definition.type, name, key, self.element_id, token.id, payload)


def broadcast(
    workflow: Tokens, name: str | None, variables: Mapping[str, Any] | None, apart_from: Collection[Token] = ()
) -> None:
    """Give a signal to all that wait for it here; one that is cancelled by another's catching does not get it."""
    live = [token for token in workflow.live() if token.is_waiting and token not in apart_from]
    waiting = [(token, token.task_spec.wait(token)) for token in live]
    for token, wait in waiting:
        if wait is not None and wait.kind is WaitKind.SIGNAL and wait.name == name and token.id in workflow.tasks:
            token.task_spec.fire(token, variables)


#: Starts a handler with the variables that came with what it catches.
Handler = Callable[[Mapping[str, Any] | None], None]


def handler_for(token: Token, type: EventType, code: str | None) -> Handler | None:
    """The nearest handler around ``token`` for an error or escalation, None if there is none.

    From the inside out: the boundary of each activity, then the event sub-processes of the scope around it. A handler
    with the same code is nearer than one for all codes at the same place.
    """
    while not token.is_root:
        boundary = matching(_catchers(token), type, code)
        if boundary is not None:
            return partial(_leave_by, token, boundary)
        scope = token.holder
        start = _start(scope, token, type, code)
        if start is not None:
            return partial(start_event_sub_process, scope, start)
        token = scope
    return None


def _catchers(token: Token) -> list[Element]:
    """The boundary events that could catch; a sub-process that is undone has been left, and its boundary with it."""
    spec = token.task_spec
    return spec.catchers if isinstance(spec, Activity) and not spec.is_body and not token.is_beside else []


def _leave_by(host: Token, boundary: Element, variables: Mapping[str, Any] | None) -> None:
    leave_by_boundary(host, boundary, variables)
    if boundary.node.interrupting:
        host.workflow.interrupt(host)


def _start(scope: Token, inside: Token, type: EventType, code: str | None) -> Element | None:
    """The event sub-process of ``scope`` that catches what comes from ``inside``.

    One that handles an interruption is beyond its scope's protection, and none catches what it throws itself.
    """
    spec = scope.task_spec
    if not isinstance(spec, SubProcess) or scope.is_beside:
        return None
    begun = spec.start_by_number.get(inside.internal_data.get("b", -1))
    if begun is not None and begun.node.interrupting:
        return None
    return matching([start for start in spec.start_catchers if start.container is not inside.task_spec], type, code)


def matching(handlers: Iterable[Element], type: EventType, code: str | None) -> Element | None:
    """The handler for an error or escalation with this code; one with the code goes before one for all codes."""
    catching = [(each.code, handler) for handler in handlers for each in handler.node.definitions if each.type is type]
    exact = [handler for caught, handler in catching if caught == code]
    return next(iter([*exact, *(handler for caught, handler in catching if caught is None)]), None)


def _event(element: Element) -> Any:
    return element.node.event
