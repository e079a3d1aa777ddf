"""Checking how things stand. A check gives None when all is as wanted, else what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, select

from engine import people
from engine.database import Transaction
from engine.errors import N_
from engine.lifecycle import UserTaskState
from engine.model.history import HistoryEvent
from engine.model.notification import Notification
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import SYSTEM
from engine.queries.cases import variables
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind, ensure_entries
from engine.scenarios.values import plain, same


def _expect(stage: Stage, step: Step) -> None:
    wanted = dict(step["expect"])
    about = {"in": wanted.pop("in")} if "in" in wanted else step
    ensure_entries(wanted, CHECKS)
    with stage.engine.read(SYSTEM) as tx:
        case = stage.case(tx, about)
        for name, value in wanted.items():
            found = CHECKS[name](tx, case, value)
            if found is not None:
                template = N_("“{item}”应当是 {wanted}，实际是 {found}。")
                raise ScenarioFailed(template, item=name, wanted=_text(value), found=_text(found))


def _open(tx: Transaction, case: ProcessInstance, wanted: list[str]) -> Any:
    query = select(UserTask.element_id).where(UserTask.instance_id == case.id, UserTask.state == UserTaskState.CREATED)
    found = sorted(tx.session.scalars(query))
    return None if found == sorted(wanted) else found


def _state(tx: Transaction, case: ProcessInstance, wanted: str) -> Any:
    return None if case.state == wanted else str(case.state)


def _variables(tx: Transaction, case: ProcessInstance, wanted: Mapping[str, Any]) -> Any:
    values = variables(case)
    return {name: values.get(name) for name, value in wanted.items() if not same(value, values.get(name))} or None


def _path(tx: Transaction, case: ProcessInstance, wanted: list[str]) -> Any:
    way = list(_way(tx, case))
    rest = iter(way)
    return None if all(element in rest for element in wanted) else way


def _not_path(tx: Transaction, case: ProcessInstance, wanted: list[str]) -> Any:
    return sorted(set(wanted) & set(_way(tx, case))) or None


def _notified(tx: Transaction, case: ProcessInstance, wanted: list[Mapping[str, str]]) -> Any:
    sent = list(tx.session.scalars(select(Notification).where(Notification.instance_id == case.id)))
    for one in wanted:
        holders = people.resolve_holders(people.org_tree(tx), [one["to"]], case.unit_id, _applicant(case))
        if not any(each.holder in holders and one["text"] in each.text for each in sent):
            return [(each.holder, each.text) for each in sent]
    return None


def _called(tx: Transaction, case: ProcessInstance, wanted: list[str]) -> Any:
    query = select(ProcessInstance.process_key).where(ProcessInstance.parent_id == case.id).distinct()
    found = sorted(tx.session.scalars(query))
    return None if found == sorted(wanted) else found


def _cases(tx: Transaction, case: ProcessInstance, wanted: Mapping[str, int]) -> Any:
    query = select(ProcessInstance.process_key, func.count()).group_by(ProcessInstance.process_key)
    found = {row[0]: row[1] for row in tx.session.execute(query)}
    return {key: found.get(key, 0) for key, number in wanted.items() if found.get(key, 0) != number} or None


def _way(tx: Transaction, case: ProcessInstance) -> Iterator[str]:
    """The elements that were completed, in order."""
    query = select(HistoryEvent.payload).where(HistoryEvent.chain_id == case.id, HistoryEvent.type == "advanced")
    for payload in tx.session.scalars(query.order_by(HistoryEvent.seq)):
        for step in json.loads(payload)["data"]["steps"]:
            if step["what"] == "completed":
                yield step["element"]


def _applicant(case: ProcessInstance) -> tuple[str, ...]:
    return (f"receipt:{case.id}", *((f"account:{case.started_by}",) if case.started_by else ()))


def _text(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False)


#: What ``expect`` can check, by name.
CHECKS: dict[str, Callable[[Transaction, ProcessInstance, Any], Any]] = {
    "open": _open,
    "state": _state,
    "variables": _variables,
    "path": _path,
    "not_path": _not_path,
    "notified": _notified,
    "called": _called,
    "cases": _cases,
}
STEPS = {"expect": Kind(_expect, frozenset({"expect", "in"}))}
