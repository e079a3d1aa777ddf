"""Activities that run more than once: one token for the whole, holding one token for each run of the body."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import Node
from engine.bpmn.model import StandardLoop as Definition
from engine.errors import N_, StepFailed
from engine.tokens.activities import Activity
from engine.tokens.elements import Path
from engine.tokens.expressions import Value, value
from engine.tokens.variables import open_scope

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.spec import Spec

#: The local variable that counts the runs of a body, from 1.
COUNTER = "loopCounter"


class Repeating(Activity):
    """What multi-instance activities and standard loops share: it is left when no body runs any more."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node, body: Activity) -> None:
        super().__init__(spec, name, number, node)
        self.body = body
        body.be_body_of(self)

    def leave(self, token: Token) -> Sequence[Path]:
        return self.choose(token)

    @abstractmethod
    def collect(self, body: Token) -> None:
        """Work out what the end of one run means, before anything changes: it may fail and be retried."""

    @abstractmethod
    def body_completed(self, token: Token, body: Token) -> None:
        """One run has ended: go on with the next, wait for the others, or end."""

    def released(self, token: Token) -> None:
        if token.is_waiting and "d" not in token.internal_data and not token.holds(lambda held: held is self.body):
            token.finish_waiting()

    def start_body(self, token: Token, index: int, variables: dict[str, Any]) -> None:
        """Start the run with this index, from 0; ``variables`` are local to it."""
        body = token.put(self.body, x=index)
        open_scope(body, {COUNTER: Decimal(index + 1), **variables})


class StandardLoop(Repeating):
    """Runs its body again while the condition is true, ``loopMaximum`` times at most (BPMN 2.0, 13.3.6).

    A body's ``x`` is its index, from 0; ``m`` of the whole is the most runs, once worked out.
    """

    def __init__(self, spec: Spec, name: str, number: int, node: Node, definition: Definition, body: Activity) -> None:
        super().__init__(spec, name, number, node, body)
        self.test_before = definition.test_before
        self.condition = value(definition.condition, node.id)
        self.maximum = value(definition.maximum, node.id)

    def enter(self, token: Token) -> bool:
        if self.maximum is not None:
            token.internal_data["m"] = whole_number(self, self.maximum, token)
        if token.internal_data.get("m") == 0 or (self.test_before and not self._goes_on(token, {COUNTER: Decimal(0)})):
            return True
        self.listen(token)
        self.start_body(token, 0, {})
        return False

    def collect(self, body: Token) -> None:
        body.outcome = self._goes_on(body, {})

    def body_completed(self, token: Token, body: Token) -> None:
        following = body.internal_data["x"] + 1
        if body.outcome and following != token.internal_data.get("m"):
            self.start_body(token, following, {})

    def _goes_on(self, token: Token, extra: dict[str, Any]) -> bool:
        return self.condition is None or self.condition.of(token, extra) is True


def whole_number(whole: Repeating, number: Value, token: Token) -> int:
    """How often, as a whole number from 0. Raises StepFailed for anything else."""
    found = number.of(token)
    count = Decimal(found) if isinstance(found, str) and found.isdecimal() else found
    if not isinstance(count, Decimal) or count != count.to_integral_value() or not 0 <= count <= MOST:
        raise StepFailed(
            N_("“{name}”的次数应当是 0 到 {most} 的整数，现在算出的是“{value}”。"),
            name=whole.label,
            most=MOST,
            value=found,
        )
    return int(count)


#: The most runs of one activity: each instance keeps a token, and results are copied at every end.
MOST = 2_000
