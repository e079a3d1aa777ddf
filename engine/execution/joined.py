"""How a joined case ends with the one that is led for it, or goes on without it.

The process says what of the lead's result holds for the others: its property ``joinedResult`` is a FEEL context of
variables, or null when the lead has come to an end that is its own business, such as an applicant who gave no answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.bpmn.model import Text
from engine.database import Transaction
from engine.errors import N_
from engine.execution.advance import mirror_search_variables
from engine.execution.correlation import WITHDRAWAL
from engine.execution.ending import close_rows
from engine.execution.leading import LEFT_LEAD, schedule_in
from engine.execution.leaving import leave_meetings_and_votes
from engine.execution.loaded import Loaded
from engine.execution.resting import wake
from engine.execution.waits import evaluate
from engine.execution.watchers import tell_watchers
from engine.feel import FeelError
from engine.history import record
from engine.lifecycle import InstanceState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Job
from engine.notifications import tell
from engine.variables import ROOT

#: The process property; ``false`` in the other one forbids to join at all.
RESULT, MAY_JOIN = "joinedResult", "mayJoin"
_ENDED = N_("您的事项“{case}”已随编号 {lead} 的事项一并办结。")
_GOES_ON = N_("您的事项“{case}”不再与编号 {lead} 的事项一并办理，从现在起单独办理。")
_LEAD_GONE = N_("编号 {lead} 的事项没有办出适用的结果")
_WITHDRAWN = N_("申请人撤回")


def lead_ended(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """End with the lead, or go on alone when its end says nothing about this case."""
    if instance.state is not InstanceState.JOINED or str(instance.joined_to) != job.payload["lead"]:
        return  # it went on before, and perhaps joined another one
    lead = tx.session.get_one(ProcessInstance, instance.joined_to)
    loaded = Loaded.load(tx, instance)
    result = _result(tx, lead)
    if result is None:
        go_on_alone(loaded, lead, _LEAD_GONE.format(lead=lead.business_key))
    else:
        _end_with(loaded, lead, result)


def left_lead(tx: Transaction, instance: ProcessInstance, job: Job) -> None:
    """Note with the lead that a joined case has gone, when that was not done by whoever handles it."""
    record(tx, instance, "joined_case_left", None, {**job.payload})


def go_on_alone(loaded: Loaded, lead: ProcessInstance, reason: str) -> None:
    """Let a joined case go on from where it stood; its applicant is told."""
    tx, instance = loaded.tx, loaded.instance
    instance.separate()
    loaded.record("case_separated", lead=str(lead.id), number=lead.business_key, reason=reason)
    wake(loaded)
    facts = {"case": instance.title, "lead": lead.business_key}
    tell(tx, "process", people.holders_of_applicant(instance), instance, _GOES_ON, facts)


def leave_by_withdrawal(loaded: Loaded) -> None:
    """Let a joined case go on, because its applicant takes it back; the lead hears of it by a job."""
    tx, instance = loaded.tx, loaded.instance
    lead = tx.session.get_one(ProcessInstance, instance.joined_to)
    instance.separate()
    loaded.record("case_separated", lead=str(lead.id), number=lead.business_key, reason=_WITHDRAWN)
    wake(loaded)
    data = {"case": str(instance.id), "number": instance.business_key, "reason": _WITHDRAWN}
    schedule_in(tx, lead.id, LEFT_LEAD, **data)
    tx.session.flush()  # whoever brings the message locks the row again, and reads it anew


def _end_with(loaded: Loaded, lead: ProcessInstance, result: Mapping[str, Any]) -> None:
    tx, instance = loaded.tx, loaded.instance
    close_rows(loaded)
    leave_meetings_and_votes(loaded)
    for name, value in result.items():
        loaded.scopes.set_local(ROOT, name, value)
    loaded.record("joined_case_ended", lead=str(lead.id), number=lead.business_key, variables=dict(result))
    mirror_search_variables(loaded)
    instance.end(InstanceState.COMPLETED, tx.now)
    instance.incidents = 0
    loaded.record("instance_completed", error=None)
    loaded.save()
    facts = {"case": instance.title, "lead": lead.business_key}
    tell(tx, "process", people.holders_of_applicant(instance), instance, _ENDED, facts)
    tell_watchers(tx, instance, N_("关注的“{case}”已办结。"))


def _result(tx: Transaction, lead: ProcessInstance) -> dict[str, Any] | None:
    """What the lead's end means for the others, nothing personal; None when it means nothing."""
    if lead.state is not InstanceState.COMPLETED or _was_withdrawn(tx, lead.id):
        return None
    loaded = Loaded.load(tx, lead)
    text = Text.parse(loaded.release.process.property(RESULT) or "")
    if not text.is_feel:
        return {}
    try:
        found = evaluate(loaded, text, ROOT)
    except FeelError:
        found = {}  # the checker has read it; a value that it can't work with says nothing about the end
    if not isinstance(found, dict):
        return None
    return {name: value for name, value in found.items() if name not in loaded.personal and value is not None}


def _was_withdrawn(tx: Transaction, lead_id: UUID) -> bool:
    received = HistoryEvent.type == "message_received"
    query = select(HistoryEvent.payload).where(HistoryEvent.chain_id == lead_id, received)
    return any(json.loads(payload)["data"]["name"] == WITHDRAWAL for payload in tx.session.scalars(query))
