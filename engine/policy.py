"""The policy of a unit: the settings of a process (``policy.yaml``), overridden by the nearest unit up the tree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.errors import N_, InvalidVariables, NotFound
from engine.history import record_system
from engine.model.settings import PolicyOverride
from engine.people.tree import org_tree
from engine.policy_file import Setting, SettingType, parse, type_name
from engine.snapshots import snapshot

__all__ = [
    "Change",
    "Setting",
    "SettingType",
    "override",
    "parse",
    "set_at",
    "type_name",
    "units_it_holds_for",
    "values",
    "withdraw_override",
]

#: Raw values by unit and name.
Overrides = dict[UUID, dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """Another value of a setting for a unit and all below it, or ``raw`` None: again what is set above."""

    name: str
    unit_id: UUID
    raw: Any


def values(
    tx: Transaction,
    process_key: str,
    settings: Mapping[str, Setting],
    unit_id: UUID | None,
    change: Change | None = None,
) -> dict[str, Any]:
    """What expressions of a case of this unit see: the settings, overridden by the nearest unit up the tree.

    With ``change`` it is what they would see after it.
    """
    found = {name: setting.value for name, setting in settings.items()}
    overrides = _after(_overrides(tx).get(process_key, {}), change)
    if overrides and unit_id is not None:
        for unit in _path(tx, unit_id):
            for name, raw in overrides.get(unit, {}).items():
                if name in settings:
                    found[name] = settings[name].read(raw)
    return found


def set_at(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> UUID | None:
    """The unit whose override of a setting holds for a unit; None where the value of the process holds."""
    overrides = _overrides(tx).get(process_key, {})
    return next((unit for unit in reversed(_path(tx, unit_id)) if name in overrides.get(unit, {})), None)


def units_it_holds_for(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> set[UUID]:
    """The unit and those below it that have no value of their own for a setting, nor get one from between."""
    overrides = _overrides(tx).get(process_key, {})
    own = {unit for unit, set_here in overrides.items() if name in set_here}
    tree = org_tree(tx)
    above = len(tree.unit(unit_id).path.strip("/").split("/"))
    return {unit.id for unit in tree.within(unit_id) if own.isdisjoint(_path(tx, unit.id)[above:])}


def override(
    tx: Transaction, process_key: str, setting: Setting, unit_id: UUID, raw: Any, source: str
) -> PolicyOverride:
    """Let a unit and everything below it have another value. Needs the permission settings.manage.

    Raises InvalidVariables when the value does not fit the setting or no source is given.
    """
    tx.actor.require("settings.manage")
    setting.read(raw)
    if not source.strip():
        raise InvalidVariables.at("source", N_("请填写这个取值的依据。"))
    unit = org_tree(tx).unit(unit_id)
    row = _row(tx, process_key, setting.name, unit.id) or tx.add(
        PolicyOverride(process_key=process_key, name=setting.name, unit_id=unit.id)
    )
    row.value, row.source = json.dumps(raw, ensure_ascii=False), source.strip()
    row.set_by, row.at = tx.actor.name, tx.now
    _record(tx, "policy_overridden", row)
    return row


def withdraw_override(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> None:
    """Let the unit have again what is set above it. Needs settings.manage; NotFound when nothing was overridden."""
    tx.actor.require("settings.manage")
    row = _row(tx, process_key, name, unit_id)
    if row is None:
        raise NotFound(N_("这个单位没有单独设置参数“{name}”。"), name=name)
    tx.session.delete(row)
    _record(tx, "policy_override_withdrawn", row)


def _record(tx: Transaction, event: str, row: PolicyOverride) -> None:
    tx.touch_settings()
    data = {"process": row.process_key, "name": row.name, "unit": str(row.unit_id)}
    record_system(tx, event, {**data, "value": row.value, "source": row.source})


def _row(tx: Transaction, process_key: str, name: str, unit_id: UUID) -> PolicyOverride | None:
    return tx.session.scalar(select(PolicyOverride).filter_by(process_key=process_key, name=name, unit_id=unit_id))


def _overrides(tx: Transaction) -> dict[str, Overrides]:
    """Raw values by process, unit and name."""

    def load() -> dict[str, Overrides]:
        found: dict[str, Overrides] = {}
        for row in tx.session.scalars(select(PolicyOverride)):
            found.setdefault(row.process_key, {}).setdefault(row.unit_id, {})[row.name] = json.loads(row.value)
        return found

    return snapshot(tx, "policy_overrides", load)


def _after(overrides: Overrides, change: Change | None) -> Overrides:
    if change is None:
        return overrides
    own = {name: raw for name, raw in overrides.get(change.unit_id, {}).items() if name != change.name}
    if change.raw is not None:
        own[change.name] = change.raw
    return {**overrides, change.unit_id: own}


def _path(tx: Transaction, unit_id: UUID) -> list[UUID]:
    """The units from the root down to this one, so that the nearest one has the last word."""
    return [UUID(hex=part) for part in org_tree(tx).unit(unit_id).path.strip("/").split("/")]
