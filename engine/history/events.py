"""Recording events: append-only, chained by hash within the command's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.database import Transaction
from engine.history.canonical import canonical, commit_to, moment, plain
from engine.model.history import SYSTEM_CHAIN, HistoryChain, HistoryEvent
from engine.model.process import ProcessInstance

#: The parts of an event's data that hold values of variables, in which personal ones are hidden.
HIDING = frozenset({"variables", "trace"})


def record(
    tx: Transaction,
    instance: ProcessInstance,
    type: str,
    element_id: str | None = None,
    data: Mapping[str, Any] | None = None,
    personal: Collection[str] = (),
) -> None:
    """Append an event to the chain of an instance, whose row the transaction has locked.

    ``data`` is plain JSON; a mapping under ``variables`` may hold any variable values, and those named in ``personal``
    go in as commitments. So does what stands under ``trace``: a list of decisions, each with its ``decision`` (a name),
    the values of its ``inputs`` by name, and perhaps its ``value``.
    """
    seq = instance.history_seq + 1
    instance.history_head = _append(tx, instance.id, seq, instance.history_head, type, element_id, data, personal)
    instance.history_seq = seq


def record_system(
    tx: Transaction, type: str, data: Mapping[str, Any] | None = None, personal: Collection[str] = ()
) -> None:
    """Append an event that belongs to no instance: a log-in, a publication, a setting."""
    chain = tx.session.get_one(HistoryChain, SYSTEM_CHAIN, with_for_update=_lock_once(tx))
    chain.head = _append(tx, chain.id, chain.seq + 1, chain.head, type, None, data, personal)
    chain.seq += 1


def _lock_once(tx: Transaction) -> bool | None:
    """Lock the head the first time; after that the transaction holds it, with changes that are not flushed yet."""
    held = any(isinstance(row, HistoryChain) for row in tx.session.identity_map.values())
    return None if held else True


def link(head: bytes, payload: str) -> bytes:
    """The hash of an event: SHA-256 over the hash before it (empty for the first) and its payload."""
    return hashlib.sha256(head + payload.encode()).digest()


def _append(
    tx: Transaction,
    chain: UUID,
    seq: int,
    head: bytes,
    type: str,
    element_id: str | None,
    data: Mapping[str, Any] | None,
    personal: Collection[str],
) -> bytes:
    """Write an event that follows ``head``; its hash."""
    body, private = _hide(dict(data or {}), personal)
    payload = canonical(
        {
            "chain": str(chain),
            "seq": seq,
            "at": moment(tx.now),
            "type": type,
            "actor": {"account": str(tx.actor.account_id) if tx.actor.account_id else None, "post": tx.actor.name},
            "element": element_id,
            "data": body,
        }
    )
    hash = link(head, payload)
    tx.append(
        HistoryEvent,
        chain_id=chain,
        seq=seq,
        at=tx.now,
        type=type,
        actor=tx.actor.name,
        element_id=element_id,
        payload=payload,
        private=private or None,
        hash=hash,
    )
    return hash


def _hide(data: dict[str, Any], personal: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Encode the values and replace the personal ones by commitments; ``private`` keeps those by their path."""
    private: dict[str, Any] = {}
    if "variables" in data:
        data["variables"] = _hide_values(data["variables"], personal, "variables", private)
    if "trace" in data:
        data["trace"] = _hide_trace(data["trace"], personal, private)
    return data, private


def _hide_values(
    values: Mapping[str, Any], personal: Collection[str], path: str, private: dict[str, Any]
) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, value in values.items():
        if name in personal:
            shown[name], private[f"{path}.{name}"] = commit_to(value)
        else:
            shown[name] = plain(value)
    return shown


def _hide_trace(
    trace: Sequence[Mapping[str, Any]], personal: Collection[str], private: dict[str, Any]
) -> list[dict[str, Any]]:
    """Decisions in their order; what one concludes from something personal is personal, too."""
    hidden = set(personal)
    shown = []
    for place, step in enumerate(trace):
        entry = {**step, "inputs": _hide_values(step["inputs"], hidden, f"trace.{place}.inputs", private)}
        if "value" in step:
            if not hidden.isdisjoint(step["inputs"]):
                hidden.add(step["decision"])
            value = {"value": step["value"]}
            secret = ("value",) if step["decision"] in hidden else ()
            entry |= _hide_values(value, secret, f"trace.{place}", private)
        shown.append(entry)
    return shown
