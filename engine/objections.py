"""Objecting to a notice from the portal, where anybody may: as often as people do, not as often as machines could."""

from __future__ import annotations

from engine import counter_limits, notices
from engine.database import Engine
from engine.people import Actor


def file(engine: Engine, actor: Actor, number: str, text: str, name: str, phone: str, client: str) -> str:
    """Object to an open notice; the number of the objection. ``client`` is the address for which it counts like a case.

    Raises TooMuch while the address has to wait, and what ``notices.file_objection`` raises.
    """
    with engine.begin(actor) as tx:
        counter_limits.ensure_may_file(tx, client, "")
        filed = notices.file_objection(tx, number, text, name, phone)
        counter_limits.count_filing(tx, client, "")
    return filed
