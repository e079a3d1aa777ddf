"""Commands on policy settings: another value for a unit, and back; if asked, deadlines that are running move along.

Without being asked nothing that is running moves: open tasks keep their due dates, armed timers their moments.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from engine import policy
from engine.bpmn.dates import settings_in
from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidVariables, NotFound
from engine.execution import MOVE_DEADLINES, cases_concerned, latest_release, schedule_alone, starts
from engine.feel import FeelError
from engine.model.process import ProcessInstance
from engine.model.settings import PolicyOverride
from engine.release import Release


def override(
    tx: Transaction,
    process_key: str,
    name: str,
    unit_id: UUID,
    raw: Any,
    source: str,
    move_deadlines: bool = False,
) -> PolicyOverride:
    """Let a unit and everything below it have another value of a setting of a published process.

    With ``move_deadlines`` the deadlines of its running cases that hang on it are worked out again, case by case. Needs
    settings.manage. Raises NotFound for an unknown setting, InvalidVariables when the value does not fit (also: is no
    time for a start that hangs on it), or no source is given.
    """
    release = latest_release(tx, process_key)
    row = policy.override(tx, process_key, _setting(release, name), unit_id, raw, source)
    _ensure_starts(tx, release, name, unit_id)
    if move_deadlines:
        _move_deadlines(tx, process_key, name, unit_id)
    return row


def withdraw(tx: Transaction, process_key: str, name: str, unit_id: UUID, move_deadlines: bool = False) -> None:
    """Let the unit have again what is set above it; ``move_deadlines`` as for ``override``.

    Needs settings.manage. Raises NotFound when nothing was overridden.
    """
    policy.withdraw_override(tx, process_key, name, unit_id)
    if move_deadlines:
        _move_deadlines(tx, process_key, name, unit_id)


def _setting(release: Release, name: str) -> policy.Setting:
    setting = release.settings.get(name)
    if setting is None:
        raise NotFound(N_("流程“{process}”没有参数“{name}”。"), process=release.bundle.name, name=name)
    return setting


def _ensure_starts(tx: Transaction, release: Release, name: str, unit_id: UUID) -> None:
    """Starts by the clock that read the setting must still have a time."""
    units = policy.units_it_holds_for(tx, release.key, name, unit_id)
    for start in starts(tx, release):
        timer = start.node.definitions[start.trigger].timer
        if timer is None or start.unit_id not in units or name not in settings_in(timer.text):
            continue
        try:
            start.timer.due_under(*start.surroundings(tx), 0, None)
        except (EngineError, FeelError) as error:
            raise _refused(error) from error


def _refused(error: EngineError | FeelError) -> InvalidVariables:
    template = error.template if isinstance(error, EngineError) else error.message
    return InvalidVariables(template, {"value": [str(error)]}, **error.params)


def _move_deadlines(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> None:
    """A job for each case, so that a transaction locks one of them at a time."""
    query = cases_concerned(tx, process_key, name, unit_id)
    for id, number in tx.session.execute(query.with_only_columns(ProcessInstance.id, ProcessInstance.business_key)):
        about = {"case": str(id), "number": number}
        schedule_alone(tx, MOVE_DEADLINES, process_key, **about, setting=name, by=tx.actor.name)
