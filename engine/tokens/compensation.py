"""Compensation and transactions (BPMN 2.0, 10.3.5, 10.6 and 13.4.4): what was completed is undone, the latest first.

The token of a scope remembers, in ``h``, each completed activity in it that has something to undo it: an entry is the
number of its element, what it remembered itself, and the variables that it had. Only such activities are remembered, so
a process without compensation stores nothing. Whoever compensates takes entries off and keeps those still to do in
``q``, each with the scope in which it is undone; one after the other is started, and tells when it is done (``y``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from engine.bpmn.model import EventDefinition, EventType, Kind, Node
from engine.tokens.activities import Activity
from engine.tokens.elements import Element, Path
from engine.tokens.listeners import leave_by_boundary
from engine.tokens.undoing import Entry, remembered_in, undo_next
from engine.tokens.variables import apply_inputs

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.spec import Spec


class ThrowCompensation(Element):
    """Undoes one activity of its scope, or all of them, and goes on when that is done, or at once when told so.

    Keys of ``internal_data``: ``a`` a token beside the flow that only waits until all is undone.
    """

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        self.event = node.event or EventDefinition(EventType.COMPENSATION)

    def enter(self, token: Token) -> bool:
        if "q" in token.internal_data:
            return not undo_next(token)
        apply_inputs(token)
        entries = _taken(token, self.event.activity)
        if entries and not self.event.wait_for_completion:
            token.holder.put(self, q=entries, a=1)
            return True
        token.internal_data["q"] = entries
        return not undo_next(token)

    def leave(self, token: Token) -> Sequence[Path]:
        return () if "a" in token.internal_data else super().leave(token)


class Cancel(Element):
    """A cancel end event: ends all else in the transaction, undoes what was completed, and leaves by its boundary.

    The token that does it stands in the transaction itself, wherever inside the event was reached.
    """

    def enter(self, token: Token) -> bool:
        return "a" not in token.internal_data or not undo_next(token)

    def completed(self, token: Token) -> None:
        transaction = transaction_around(token)
        if "a" in token.internal_data:
            _leave_cancelled(transaction)
            return
        queue = [_placed(transaction, entry) for entry in remembered_in(transaction)]
        canceller = transaction.put(self, q=queue, a=1)
        for other in transaction.held:
            if other is not canceller and other is not token:
                transaction.workflow.interrupt(other)


def transaction_around(token: Token) -> Token:
    """The nearest transaction that holds the token; building the spec has made sure that there is one."""
    while token.task_spec.node.kind is not Kind.TRANSACTION:
        token = token.holder
    return token


def _leave_cancelled(transaction: Token) -> None:
    host = transaction.holder if transaction.task_spec.is_body else transaction
    boundary = next(each for each in cast(Activity, host.task_spec).catchers if _is_cancel(each))
    leave_by_boundary(host, boundary, None)
    host.workflow.interrupt(host)


def _is_cancel(element: Element) -> bool:
    return element.node.event is not None and element.node.event.type is EventType.CANCEL


def _taken(token: Token, activity: str | None) -> list[list[Any]]:
    """Take off what is to be undone, the latest last. From an event sub-process it goes on to the scope around."""
    found: list[list[Any]] = []
    scope = token.holder
    while True:
        entries: list[Entry] = scope.internal_data.pop("h", [])
        by_number = token.workflow.spec.by_number
        wanted = [activity in (None, by_number[entry[0]].node.id) for entry in entries]
        rest = [entry for entry, take in zip(entries, wanted, strict=True) if not take]
        if rest:
            scope.internal_data["h"] = rest
        found = [_placed(scope, entry) for entry, take in zip(entries, wanted, strict=True) if take] + found
        if scope.is_root or not scope.task_spec.node.triggered_by_event:
            return found
        scope = scope.holder


def _placed(scope: Token, entry: Entry) -> list[Any]:
    return [scope.id.hex, *entry]
