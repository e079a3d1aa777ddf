"""The catalogue of the standard: its clauses, why some are for no process, and which scenarios carry out the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from engine.database import Transaction
from engine.errors import N_, InvalidDefinition
from engine.model.process import Clause

#: Why a clause is carried out by no process. A reason that is not here is a mistake of the file.
REASONS: Mapping[str, str] = {
    "定义": N_("定义：说明词的含义，没有要办的事"),
    "引用": N_("引用：只指向附录或者其他条款"),
    "常设职责": N_("常设职责：一直承担的责任，没有起止"),
    "场所设施": N_("场所设施：场地、面积、设备的要求"),
    "组织设置": N_("组织设置：设立机构、配备人员，不是一件一件办的事"),
    "仅有标题": N_("仅有标题：标准正文缺失，只剩目次"),
    "倡导": N_("倡导：鼓励和号召，由各地自行探索"),
}
_COLUMNS = ("modality", "text", "actor", "chapter", "position", "exempt", "support", "scenarios")


@dataclass(frozen=True)
class Catalogue:
    """The files of the catalogue as plain data: rows of clauses, of exemptions, and scenarios by clause id."""

    clauses: Iterable[Mapping[str, Any]]
    exempt: Iterable[Mapping[str, str]] = ()
    executed: Mapping[str, Iterable[str]] = field(default_factory=dict)


def load(tx: Transaction, catalogue: Catalogue) -> int:
    """Bring the clauses up to date; how many changed. Raises InvalidDefinition for a faulty exemption."""
    known = {clause.id: clause for clause in tx.session.scalars(select(Clause))}
    wanted = dict(_rows(catalogue))
    changed = 0
    for id, values in wanted.items():
        row = known.get(id)
        if row is None:
            tx.add(Clause(id=id, **values))
        elif any(getattr(row, name) != values[name] for name in _COLUMNS):
            for name in _COLUMNS:
                setattr(row, name, values[name])
        else:
            continue
        changed += 1
    gone = known.keys() - wanted.keys()
    tx.session.execute(delete(Clause).where(Clause.id.in_(gone)))
    return changed + len(gone)


def _rows(catalogue: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = list(catalogue.clauses)
    exempt = {str(row["id"]): row for row in catalogue.exempt}
    _ensure_sound(exempt, {str(row["id"]) for row in rows})
    for position, row in enumerate(rows):
        reason = exempt.get(row["id"], {})
        yield (
            row["id"],
            {
                "modality": row["modality"],
                "text": row["text"],
                "actor": row.get("actor") or "",
                "chapter": row.get("chapter") or "",
                "position": position,
                "exempt": reason.get("reason", ""),
                "support": reason.get("support", ""),
                "scenarios": sorted(catalogue.executed.get(row["id"], ())),
            },
        )


def _ensure_sound(exempt: Mapping[str, Mapping[str, str]], known: set[str]) -> None:
    for id, row in exempt.items():
        if id not in known:
            raise InvalidDefinition(N_("not_processes.yaml 里的条款“{clause}”不在条款目录里。"), clause=id)
        if row.get("reason") not in REASONS or not row.get("support"):
            template = N_("not_processes.yaml 里的条款“{clause}”要写明 reason（{reasons}）和 support。")
            raise InvalidDefinition(template, clause=id, reasons="、".join(REASONS))
