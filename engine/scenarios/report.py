"""What to tell when a scenario fails: the step, and how all cases stand now."""

from __future__ import annotations

import json
from collections.abc import Iterator

from engine.database import Transaction
from engine.lifecycle import InstanceState
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, org_tree
from engine.queries.cases import OpenTask, open_tasks
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage

_LONGEST = 160


def said(step: Step) -> str:
    """A step in one line, cut off when it is long."""
    text = json.dumps(step, ensure_ascii=False, default=str).replace('"', "")[1:-1]
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def how_it_stands(stage: Stage) -> str:
    """Every case that has not ended with its open tasks, and the scenario's own in any state."""
    with stage.engine.read(SYSTEM) as tx:
        return "; ".join(_lines(tx, stage)) or "—"


def _lines(tx: Transaction, stage: Stage) -> Iterator[str]:
    for case in stage.cases(tx):
        if case.id == stage.instance_id or case.state is InstanceState.ACTIVE:
            yield _line(tx, case)


def _line(tx: Transaction, case: ProcessInstance) -> str:
    tasks = ", ".join(_task(each) for each in open_tasks(tx, case))
    unit = org_tree(tx).unit(case.unit_id).name if case.unit_id else ""
    return f"{case.process_key} {case.business_key} [{unit}] {case.state}: {tasks or '—'}"


def _task(each: OpenTask) -> str:
    return f"{each.task.element_id} {each.task.name} ({', '.join(each.who)})"
