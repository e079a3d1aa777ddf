"""Commands on ledgers: take one away as a file."""

from __future__ import annotations

from collections.abc import Mapping

from engine.database import Transaction
from engine.errors import N_, InvalidVariables
from engine.history import record_system

#: The formats of files, each with its media type.
FORMATS: Mapping[str, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def begin_export(tx: Transaction, process_key: str, format: str, count: int, scope: Mapping[str, str]) -> None:
    """Record in the history of the platform that somebody takes a ledger away: which cases, how many, in which format.

    Needs the permission task.handle or case.view_all. Raises InvalidVariables for an unknown format.
    """
    if not tx.actor.may("case.view_all"):
        tx.actor.require("task.handle")
    if format not in FORMATS:
        raise InvalidVariables(N_("不能导出“{format}”格式。请选择 XLSX 或 CSV。"), {}, format=format)
    masked = not tx.actor.may("personal_data.unmask")
    about = {"process": process_key, "format": format, "count": count, "masked": masked}
    record_system(tx, "ledger_exported", {**about, "conditions": dict(scope)})
