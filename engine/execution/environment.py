"""What expressions see beside the variables: policy, the case itself, the clock and our functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import people, policy, voting, workdays
from engine.database import Transaction
from engine.feel import Environment, Function
from engine.model.process import ProcessInstance
from engine.release import Release
from engine.snapshots import snapshot
from engine.tokens import Env

#: What every expression may read without anybody writing it.
GLOBAL_NAMES = frozenset({"policy", "编号", "number", "单位", "unit", "申请人", "applicant", "发起时间"})


def environment(
    tx: Transaction, release: Release, instance: ProcessInstance, is_caught_above: Callable[[str | None], bool]
) -> Env:
    """The environment in which this instance runs now; ``is_caught_above`` tells of the instances that called it."""
    return Env(feel_environment(tx), case_globals(tx, release, instance), is_caught_above)


def feel_environment(tx: Transaction, at: datetime | None = None) -> Environment:
    """FEEL with the functions of calendar and organisation; its clock is the transaction's, or stands still ``at``."""
    moment = at or tx.now
    return Environment(now=lambda: moment, functions=_functions(tx))


def _functions(tx: Transaction) -> Mapping[str, Function]:
    def made() -> Mapping[str, Function]:
        return {**workdays.feel_functions(tx), **people.feel_functions(tx), **voting.FUNCTIONS}

    return snapshot(tx, "feel_functions", made)


def case_globals(tx: Transaction, release: Release, instance: ProcessInstance) -> Mapping[str, Any]:
    """What expressions of a case see without anybody writing it: the policy of its unit, and the case itself."""
    settings = policy.values(tx, release.key, release.settings, instance.unit_id) if release.settings else {}
    return {"policy": settings, **_case(tx, instance)}


def _case(tx: Transaction, instance: ProcessInstance) -> dict[str, Any]:
    return {
        "编号": instance.business_key,
        "number": instance.business_key,
        "单位": _unit_name(tx, instance.unit_id),
        "unit": str(instance.unit_id) if instance.unit_id else None,
        "申请人": instance.started_by_name,
        "applicant": instance.started_by_name,
        "发起时间": instance.started_at,
    }


def _unit_name(tx: Transaction, unit_id: UUID | None) -> str | None:
    return people.org_tree(tx).unit(unit_id).name if unit_id else None
