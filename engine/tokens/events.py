"""What waits for the world: triggers, and the events in the flow that catch them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from engine.bpmn.model import EventDefinition, EventType, Node
from engine.errors import N_, StepFailed
from engine.feel import FeelError
from engine.tokens.elements import Element
from engine.tokens.expressions import Value, value
from engine.tokens.timers import Timer
from engine.tokens.variables import apply_inputs, submit
from engine.variables import ScopeId

if TYPE_CHECKING:
    from engine.tokens.core import Token, Tokens
    from engine.tokens.spec import Spec


class WaitKind(StrEnum):
    """What a token waits for."""

    USER_TASK = "user_task"
    JOB = "job"
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CALL = "call"


@dataclass(frozen=True)
class Wait:
    """A live wait, keyed by its token.

    ``due`` is aware (UTC); ``host`` is the token of the activity that a boundary sits on.
    """

    token_id: UUID
    element: Node
    scope: ScopeId
    kind: WaitKind
    host: UUID | None = None
    event: EventDefinition | None = None
    due: datetime | None = None
    key: str | None = None
    name: str | None = None
    occurrence: int = 0


#: The triggers for which a token waits; errors and escalations look for their handlers themselves.
WAITED_FOR = frozenset({EventType.TIMER, EventType.MESSAGE, EventType.SIGNAL, EventType.CONDITIONAL})
_KINDS = {EventType.TIMER: WaitKind.TIMER, EventType.MESSAGE: WaitKind.MESSAGE, EventType.SIGNAL: WaitKind.SIGNAL}


class Trigger:
    """A timer, message, signal or condition. Arming works out what the world needs to know, and keeps it in the token.

    Keys of ``internal_data``: ``u`` due, ``o`` occurrence, ``p`` previous due, ``k`` correlation key, ``n`` name, ``t``
    condition was true at the last rest.
    """

    def __init__(self, definition: EventDefinition, element_id: str) -> None:
        self.definition = definition
        #: None for a condition: the world has nothing to do for it, the run tests it at every rest.
        self.kind = _KINDS.get(definition.type)
        self.condition = value(definition.condition, element_id)
        self.timer = Timer(definition.timer, element_id) if definition.timer else None
        self.name = Value(definition.name, element_id) if definition.name else None
        self.key = Value(definition.correlation, element_id) if definition.correlation else None

    def arm(self, token: Token) -> bool:
        """Compute due time, name and key; False when a cycle has no further occurrence. Raises on a failing value."""
        data = token.internal_data
        if self.timer is not None:
            previous = datetime.fromisoformat(data["p"]) if "p" in data else None
            due = self.timer.due(token, data.get("o", 0), previous)
            if due is None:
                return False
            data["u"] = due.isoformat()
            data.pop("p", None)
        if self.name is not None and not self.name.is_literal:
            data["n"] = text(self.name.of(token), token)
        if self.key is not None:
            data["k"] = text(self.key.of(token), token)
        return True

    def named(self, token: Token) -> str | None:
        """The message or signal name that the token waits for."""
        if self.name is None:
            return None
        name: str = token.internal_data["n"] if "n" in token.internal_data else self.name.of(token)
        return name

    def has_come_true(self, token: Token) -> bool:
        """Whether the condition is true and was not at the last rest. Raises on a failing condition."""
        if self.condition is None:
            return False
        before = token.internal_data.pop("t", 0)
        if self.condition.of(token) is True:
            token.internal_data["t"] = 1
            return not before
        return False

    def wait(self, token: Token, host: UUID | None = None) -> Wait | None:
        """The wait of an armed token."""
        if self.kind is None:
            return None
        data, node = token.internal_data, token.task_spec.node
        due = datetime.fromisoformat(data["u"]) if "u" in data else None
        return Wait(
            token.id, node, token.scope, self.kind, host, self.definition, due, data.get("k"), self.named(token),
            data.get("o", 0),
        )  # fmt: skip


def text(value: Any, token: Token) -> str:
    """A name or correlation key as text. Raises StepFailed for null."""
    if value is None:
        raise StepFailed(N_("“{name}”的消息名称或关联值算出来是空的。请检查变量，再重试。"), name=token.task_spec.label)
    return as_text(value)


def as_text(value: Any) -> str:
    """A name or correlation key as text; 5 and 5.00 are the same key."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class Triggered(Element):
    """What goes on when its trigger comes."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.triggers = [Trigger(each, node.id) for each in node.definitions if each.type in WAITED_FOR]

    def trigger_of(self, token: Token) -> Trigger:
        """The trigger for which the token waits: ``e`` is its number among several."""
        number: int = token.internal_data.get("e", 0)
        return self.triggers[number]

    def begin(self, holder: Token, **data: Any) -> None:
        """Place a token into ``holder`` for each trigger; ``data`` they have in common."""
        for number in range(len(self.triggers)):
            holder.put(self, **data, **({"e": number} if number else {}))


class Catch(Triggered):
    """An intermediate catch event; also a branch of an event-based gateway, which then holds the token.

    A timer with a counted cycle (``R3/PT1H``) lets a token go on each time; any other goes on once.
    """

    def enter(self, token: Token) -> bool:
        apply_inputs(token)
        if not self.trigger_of(token).arm(token):
            raise StepFailed(N_("定时“{name}”的周期是 0 次，等不到。请改正周期，再重试。"), name=self.label)
        return False

    def wait(self, token: Token) -> Wait | None:
        return self.trigger_of(token).wait(token)

    def fire(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        timer, following = self.trigger_of(token).timer, token.internal_data.get("o", 0) + 1
        if timer is not None and following < timer.count(token) and not token.holder.task_spec.holds_choices:
            token.holder.put(self, o=following, p=token.internal_data["u"])
        token.holder.task_spec.branch_fired(token)
        submit(token, variables)
        token.finish_waiting()


class CatchSeveral(Element):
    """An intermediate catch event with several triggers: it holds a token for each of them.

    It goes on with the first that comes, with ``parallelMultiple`` when all have come (BPMN 2.0, 10.4.4).
    """

    holds_choices = True

    def __init__(self, spec: Spec, name: str, number: int, node: Node, alternative: Alternative) -> None:
        super().__init__(spec, name, number, node)
        self.alternative = alternative

    def enter(self, token: Token) -> bool:
        apply_inputs(token)
        self.alternative.begin(token)
        return False

    def alternative_fired(self, token: Token, one: Token, variables: Mapping[str, Any] | None) -> None:
        """One of the triggers has come."""
        workflow = token.workflow
        submit(token, variables)
        workflow.remove(one)
        if self.node.parallel_multiple and token.held:
            return
        for other in token.held:
            workflow.remove(other)
        token.holder.task_spec.branch_fired(token)
        token.finish_waiting()


class Alternative(Catch):
    """One of the triggers of a catch event that has several."""

    silent = True

    def is_entered(self, token: Token) -> bool:
        return False

    def fire(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        whole = token.holder
        cast(CatchSeveral, whole.task_spec).alternative_fired(whole, token, variables)


def fire_conditions(workflow: Tokens, fail: Callable[[Token, FeelError], None]) -> bool:
    """Fire one event whose condition has become true since the last rest; tell ``fail`` of conditions that fail.

    The one with the lowest number first: the order in memory is another one after saving, and must not matter.
    """
    for token, trigger in sorted(_conditions(workflow), key=lambda found: found[0].task_spec.number):
        try:
            come_true = trigger.has_come_true(token)
        except FeelError as error:
            fail(token, error)
            continue
        if come_true:
            token.task_spec.fire(token, None)
            return True
    return False


def _conditions(workflow: Tokens) -> Iterator[tuple[Token, Trigger]]:
    for token in workflow.live():
        spec = token.task_spec
        if isinstance(spec, Triggered) and token.is_waiting and spec.trigger_of(token).condition is not None:
            yield token, spec.trigger_of(token)
