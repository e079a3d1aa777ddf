"""Multi-instance activities: the body runs once for each item, all at the same time or one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import MultiInstance as Definition
from engine.bpmn.model import Node
from engine.errors import N_, StepFailed
from engine.tokens.activities import Activity
from engine.tokens.behavior import Rule, throw
from engine.tokens.elements import Path
from engine.tokens.expressions import value
from engine.tokens.repeating import MOST, Repeating, whole_number
from engine.tokens.variables import assign, open_scope
from engine.values import decode, encode, ensure_storable
from engine.variables import ScopeId

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.spec import Spec


class MultiInstance(Repeating):
    """Runs its body once for each item of a collection, at the same time or one after the other (BPMN 2.0, 13.3.7).

    Keys of ``internal_data``: ``n`` number of instances, ``c`` completed ones, ``i`` items still to come (sequential);
    a body's ``x`` is its index, from 0.
    """

    def __init__(self, spec: Spec, name: str, number: int, node: Node, definition: Definition, body: Activity) -> None:
        super().__init__(spec, name, number, node, body)
        body.confines = True
        self.sequential = definition.sequential
        self.item = definition.input_element
        self.output = definition.output_collection
        self.collection = value(definition.input_collection, node.id)
        self.cardinality = value(definition.cardinality, node.id)
        self.element = value(definition.output_element, node.id)
        self.completion = value(definition.completion, node.id)
        self.rules = [Rule(each, node.id) for each in definition.on_completion]

    def enter(self, token: Token) -> bool:
        items = self._items(token)
        token.internal_data.update(n=len(items), c=0)
        if self.sequential:
            token.internal_data["i"] = encode(items[1:])
        if self.output is not None:
            open_scope(token, {self.output: [None] * len(items)})
        if not items:
            return True
        self.listen(token)
        for index, item in enumerate(items[:1] if self.sequential else items):
            self._start(token, index, item)
        return False

    def leave(self, token: Token) -> Sequence[Path]:
        if self.output is not None:
            assign(token.holder, self.output, token.workflow.scopes.local(ScopeId(token.id.hex))[self.output])
        return self.choose(token)

    def collect(self, body: Token) -> None:
        element = self.element.kept(body) if self.element is not None else None
        results = self._results(body.holder, body.internal_data["x"], element)
        extra = {**results, **self._counts(body)}
        rules = [rule for rule in self.rules if rule.applies(body, body.holder.internal_data["c"] == 0, extra)]
        enough = self.completion is not None and self.completion.of(body, extra) is True
        thrown = [event for rule in rules if (event := rule.thrown(body)) is not None]
        body.outcome = (results, enough or any(rule.definition.ends for rule in rules), thrown)

    def body_completed(self, token: Token, body: Token) -> None:
        data = token.internal_data
        results, enough, thrown = body.outcome
        data["c"] += 1
        if results:
            open_scope(token, results)
        throw(token, thrown)
        if enough:
            for other in [held for held in token.held if held.task_spec is self.body and held is not body]:
                token.workflow.interrupt(other)
        elif data.get("i") and token.id in token.workflow.tasks:
            item = decode(data["i"].pop(0))
            self._start(token, body.internal_data["x"] + 1, item)

    def _start(self, token: Token, index: int, item: Any) -> None:
        self.start_body(token, index, {} if self.item is None else {self.item: item})

    def _items(self, token: Token) -> list[Any]:
        if self.collection is None:
            return [None] * (whole_number(self, self.cardinality, token) if self.cardinality is not None else 0)
        items = self.collection.of(token)
        if not isinstance(items, list):
            raise StepFailed(
                N_("“{name}”的多实例集合应当是列表，现在算出的是“{value}”。"), name=self.label, value=items
            )
        if len(items) > MOST:
            template = N_("“{name}”的多实例集合有 {count} 项，最多 {most} 项。")
            raise StepFailed(template, name=self.label, count=len(items), most=MOST)
        ensure_storable(items)
        return items

    def _results(self, token: Token, index: int, element: Any) -> dict[str, Any]:
        """The output collection with the result of one more instance; nothing without an output collection."""
        if self.output is None:
            return {}
        results = list(token.workflow.scopes.local(ScopeId(token.id.hex))[self.output])
        results[index] = element
        return {self.output: results}

    def _counts(self, body: Token) -> dict[str, Decimal]:
        """What conditions may ask about the instances, with this one completed."""
        total, completed = body.holder.internal_data["n"], body.holder.internal_data["c"] + 1
        active = 0 if self.sequential else total - completed
        counts = {
            "Instances": total,
            "ActiveInstances": active,
            "CompletedInstances": completed,
            "TerminatedInstances": 0,
        }
        return {f"numberOf{name}": Decimal(count) for name, count in counts.items()}
