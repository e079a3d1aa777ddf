"""Gateways. Joins count the tokens that wait at each incoming flow of the same scope, so loops can't confuse them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node
from engine.tokens.elements import Element, Path

if TYPE_CHECKING:
    from engine.tokens.core import Token, Tokens
    from engine.tokens.spec import Spec


class Exclusive(Element):
    """Takes the first flow whose condition is true, else the default flow, else fails (BPMN 2.0, 13.4.2)."""

    def choose(self, token: Token) -> Sequence[Path]:
        for path in self.paths:
            if path is not self.default and self.holds(token, path):
                return (path,)
        if self.default is not None:
            return (self.default,)
        return self.paths if not self.paths else self.stuck()


class Join(Element):
    """A gateway at which tokens wait for one another."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.joins = len(node.incoming) > 1

    def first_of_each_flow(self, holder: Token) -> dict[int, Token]:
        """The oldest waiting token of each incoming flow that has one."""
        found: dict[int, Token] = {}
        for token in holder.held:
            if token.task_spec is self and "f" in token.internal_data:
                found.setdefault(token.internal_data["f"], token)
        return found

    def merge(self, tokens: Sequence[Token]) -> Token:
        """Make one token of those that met."""
        kept, *rest = tokens
        for token in rest:
            token.workflow.remove(token)
        del kept.internal_data["f"]
        return kept


class Parallel(Join):
    """Waits until each incoming flow has a token, takes one from each, and gives one to each outgoing flow."""

    def choose(self, token: Token) -> Sequence[Path]:
        return self.paths

    def _update_hook(self, my_task: Token) -> bool:
        if not self.joins:
            return True
        my_task._set_state(TaskState.WAITING)
        arrived = self.first_of_each_flow(my_task.holder)
        if len(arrived) == len(self.node.incoming):
            self.merge(list(arrived.values()))._ready()
        return False


class Inclusive(Join):
    """Waits for every token that can still arrive at an incoming flow without one (BPMN 2.0, 13.4.3, table 13.3).

    As the standard has it, a token that could as well arrive at a flow where one already waits is not waited for. A
    boundary event counts as a way out of its activity. Joins are looked at when all automatic steps have come to rest.
    """

    def choose(self, token: Token) -> Sequence[Path]:
        if len(self.paths) == 1 and self.paths[0].condition is None:
            return self.paths
        return super().choose(token)

    def _update_hook(self, my_task: Token) -> bool:
        if self.joins:
            my_task._set_state(TaskState.WAITING)
        return not self.joins

    def try_to_fire(self, holder: Token) -> bool:
        """Fire if nobody is to be waited for; say whether it did."""
        arrived = self.first_of_each_flow(holder)
        full = sum(1 << number for number in arrived)
        if any(self._may_still_arrive(token, full) for token in holder.held):
            return False
        self.merge(list(arrived.values()))._ready()
        return True

    def _may_still_arrive(self, token: Token, full: int) -> bool:
        if (token.task_spec is self and "f" in token.internal_data) or token.is_beside:
            return False
        reach = token.task_spec.reach.get(self.number, 0)
        return bool(reach & ~full) and not reach & full


def fire_inclusive_joins(workflow: Tokens) -> bool:
    """Fire one inclusive join that may; the one with the lowest number first, so that runs can be repeated."""
    return any(
        join.try_to_fire(holder) for join, holder in sorted(_waiting(workflow), key=lambda place: place[0].number)
    )


def _waiting(workflow: Tokens) -> list[tuple[Inclusive, Token]]:
    found: dict[tuple[int, UUID], tuple[Inclusive, Token]] = {}
    for token in workflow.live():
        join = token.task_spec
        if token.state == TaskState.WAITING and isinstance(join, Inclusive):
            found[join.number, token.holder.id] = (join, token.holder)
    return list(found.values())


class EventBased(Element):
    """Holds one token for each event that may come; the first that comes cancels the others."""

    holds_choices = True

    def enter(self, token: Token) -> bool:
        for path in self.paths:
            token.put(path.target)
        return False

    def branch_fired(self, token: Token) -> None:
        """Move the token of the event that came into the scope; the gateway is done."""
        gateway, workflow = token.holder, token.workflow
        for other in gateway.held:
            if other is not token:
                workflow.remove(other)
        gateway._children.clear()
        token.parent = gateway.holder
        gateway.holder._children.append(token.id)
        gateway.taken = ()
        workflow.flows.append(next(path.flow_id for path in self.paths if path.target is token.task_spec))
        gateway.complete()
        workflow.note(token, "entered")
