"""Commands on starts by the clock: switch one off for a unit, and on again.

The job of a start that is off stays and comes to nothing when it is due, so that the rhythm is kept. Locks are taken as
by whoever changes settings: first the platform's own history, then the jobs.
"""

from __future__ import annotations

from uuid import UUID

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotFound
from engine.execution import TimerStart, armed, latest_release, schedule_next, starts
from engine.history import record_system
from engine.lifecycle import JobState
from engine.model.settings import StartSwitch

_MANAGE = "settings.manage"


def switch_off(tx: Transaction, process_key: str, element_id: str, unit_id: UUID, reason: str) -> StartSwitch:
    """Let a start of a process begin no case for this unit until it is switched on. Needs settings.manage.

    Raises InvalidVariables without a reason, NotFound when the unit has no such start, InvalidState when it is off.
    """
    tx.actor.require(_MANAGE)
    if not reason.strip():
        raise InvalidVariables.at("reason", N_("请填写停用的原因。"))
    start = _start(tx, process_key, element_id, unit_id)
    switch = _switch(tx, process_key, element_id, unit_id)
    if switch is not None and not switch.active:
        raise InvalidState(N_("这项定期启动已由{who}停用。"), who=switch.set_by)
    if switch is None:
        switch = tx.add(StartSwitch(process_key=process_key, element_id=element_id, unit_id=unit_id))
    _set(tx, switch, active=False, reason=reason.strip())
    record_system(tx, "start_switched_off", {**_told(tx, start, unit_id), "reason": switch.reason})
    armed(tx, process_key)  # one that is under way is over before this is
    return switch


def switch_on(tx: Transaction, process_key: str, element_id: str, unit_id: UUID) -> StartSwitch:
    """Let it begin cases again from its next occurrence on; what fell due before comes to nothing.

    Needs settings.manage. Raises NotFound like ``switch_off``, InvalidState when it is on.
    """
    tx.actor.require(_MANAGE)
    start = _start(tx, process_key, element_id, unit_id)
    switch = _switch(tx, process_key, element_id, unit_id)
    if switch is None or switch.active:
        raise InvalidState(N_("这项定期启动没有停用。"))
    _set(tx, switch, active=True, reason="")
    record_system(tx, "start_switched_on", _told(tx, start, unit_id))
    _pass_over(tx, start)
    return switch


def _start(tx: Transaction, process_key: str, element_id: str, unit_id: UUID) -> TimerStart:
    for start in starts(tx, latest_release(tx, process_key)):
        if (start.node.id, start.unit_id) == (element_id, unit_id):
            return start
    raise NotFound(N_("这个单位没有这项定期启动，流程或单位可能刚刚变更。请刷新页面。"))


def _switch(tx: Transaction, process_key: str, element_id: str, unit_id: UUID) -> StartSwitch | None:
    return tx.session.get(StartSwitch, (process_key, element_id, unit_id), with_for_update=True)


def _set(tx: Transaction, switch: StartSwitch, active: bool, reason: str) -> None:
    switch.active, switch.reason = active, reason
    switch.set_by, switch.at = tx.actor.name, tx.now


def _pass_over(tx: Transaction, start: TimerStart) -> None:
    """Let what is due now, while it is still off, come to nothing."""
    for job in armed(tx, start.release.key):
        if job.element_id == start.node.id and job.due_at <= tx.now and job.payload.get("unit") == start.key[2]:
            job.move(JobState.CANCELED)
            schedule_next(tx, job)


def _told(tx: Transaction, start: TimerStart, unit_id: UUID) -> dict[str, str]:
    return {
        "process": start.release.key,
        "element": start.node.id,
        "name": start.node.name or start.node.id,
        "unit": str(unit_id),
        "unit_name": people.org_tree(tx).unit(unit_id).name,
    }
