"""What listens beside the flow: for the events of boundaries and of event sub-processes; and what follows them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.bpmn.model import Node
from engine.tokens.elements import Element
from engine.tokens.events import Triggered, Wait
from engine.tokens.variables import open_scope, submit
from engine.values import decode, encode

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.spec import Spec


class Listener(Triggered):
    """Waits beside the flow for the event of a boundary or of an event sub-process; holds no token of the flow.

    With ``parallelMultiple`` all triggers must come; ``g`` of a token is what came with those that are there already.
    """

    is_flow = False
    silent = True

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.interrupting = node.interrupting
        self.waits_for_all = node.parallel_multiple and len(self.triggers) > 1
        self.target: Element = self

    def enter(self, token: Token) -> bool:
        if not self.trigger_of(token).arm(token):
            token.workflow.remove(token)
        return False

    def wait(self, token: Token) -> Wait | None:
        return self.trigger_of(token).wait(token, self.host(token))

    def host(self, token: Token) -> UUID | None:
        return None

    def is_entered(self, token: Token) -> bool:
        return False

    def fire(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        if not self.waits_for_all:
            self.caught(token, variables)
            return
        missing = [other for other in token.holder.held if other.task_spec is self and other is not token]
        come = {**decode(token.internal_data.get("g", {})), **(variables or {})}
        if not missing:
            self.caught(token, come)
            return
        missing[0].internal_data["g"] = encode({**decode(missing[0].internal_data.get("g", {})), **come})
        token.workflow.remove(token)

    @abstractmethod
    def caught(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        """Let go on what the event leads to."""

    def listen_on(self, token: Token) -> None:
        """After an event that did not interrupt: a timer goes on to its next occurrence, others just stay.

        What waits for all waits for all of them anew, and for conditions to become false before that.
        """
        if self.waits_for_all:
            token.workflow.remove(token)
            self.begin(token.holder, t=1)
            return
        timer = self.trigger_of(token).timer
        if timer is None:
            return
        data = token.internal_data
        if timer.kind == "cycle":
            kept = {"e": data["e"]} if "e" in data else {}
            token.holder.put(self, o=data.get("o", 0) + 1, p=data["u"], **kept)
        token.workflow.remove(token)


class BoundaryListener(Listener):
    """Held by the token of the activity that the boundary event sits on."""

    def host(self, token: Token) -> UUID | None:
        return token.holder.id

    def caught(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        workflow, host = token.workflow, token.holder
        if not self.interrupting:
            self.listen_on(token)
        leave_by_boundary(host, self.target, variables)
        if self.interrupting:
            workflow.interrupt(host)


class StartListener(Listener):
    """Held by the token of the scope around an event sub-process."""

    def caught(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        scope = token.holder
        if not self.interrupting:
            self.listen_on(token)
        start_event_sub_process(scope, self.target, variables)


def leave_by_boundary(host: Token, boundary: Element, variables: Mapping[str, Any] | None) -> None:
    """Put a token behind a boundary event of ``host``, into the scope around it."""
    token = host.holder.put(boundary, d=1)
    token.workflow.note(token, "entered")
    submit(token, variables)


def start_event_sub_process(scope: Token, start: Element, variables: Mapping[str, Any] | None) -> None:
    """Start an event sub-process in ``scope`` by its start event; an interrupting one cancels all else in there.

    What came with the event becomes local to the event sub-process, as in Zeebe.
    """
    workflow = scope.workflow
    if start.node.interrupting:
        for child in scope.held:
            if not isinstance(child.task_spec, BoundaryListener):
                workflow.interrupt(child)
    token = scope.put(start.container, b=start.number)
    open_scope(token, variables)
