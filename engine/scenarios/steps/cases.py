"""Starting cases beside the scenario's own, and sending messages to cases."""

from __future__ import annotations

from engine import instances, messages
from engine.people import SYSTEM
from engine.scenarios.actors import applicant_of, performer_of, starter_of, unit_at
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind, command


def _start(stage: Stage, step: Step) -> None:
    with stage.engine.read(SYSTEM) as tx:
        unit = unit_at(tx, step["unit"]) if "unit" in step else stage.unit_id
        actor = starter_of(tx, step["by"], unit) if "by" in step else stage.starter
    with command(step), stage.engine.begin(actor) as tx:
        instances.start(tx, step["start"], step.get("values", {}), unit)


def _message(stage: Stage, step: Step) -> None:
    with stage.engine.read(SYSTEM) as tx:
        case = stage.case(tx, step)
        by = step.get("by")
        actor = performer_of(tx, by, case, case.unit_id) if by else applicant_of(tx, case)
    with command(step), stage.engine.begin(actor) as tx:
        messages.correlate(tx, step["message"], str(step.get("key", case.business_key)), step.get("values", {}))


_REFUSED = {"refused", "because"}
STEPS = {
    "start": Kind(_start, frozenset({"start", "unit", "by", "values", *_REFUSED})),
    "message": Kind(_message, frozenset({"message", "in", "by", "key", "values", *_REFUSED})),
}
