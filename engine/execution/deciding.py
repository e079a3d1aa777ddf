"""Decisions that were made, as history tells them."""

from __future__ import annotations

from engine.decisions import Made
from engine.execution.loaded import Loaded
from engine.tokens import Decided


def record_decisions(loaded: Loaded) -> None:
    """One event for each decision of the last steps."""
    for decided in loaded.run.decided:
        _record(loaded, decided)


def _record(loaded: Loaded, decided: Decided) -> None:
    """What went in, which rules matched, what came out. The value of the decision that was called is a variable."""
    *required, called = decided.outcome.made
    trace = [{**_told(each), "value": each.value} for each in required]
    loaded.record(
        "decision_evaluated",
        decided.element_id,
        decision=called.name,
        trace=[*trace, _told(called)],
        variables={decided.variable: decided.outcome.value},
        **({} if decided.run is None else {"run": decided.run}),
    )


def _told(made: Made) -> dict[str, object]:
    rules = [{"number": rule.number, "id": rule.id} for rule in made.rules]
    return {"decision": made.name, "id": made.id, "rules": rules, "inputs": dict(made.inputs)}
