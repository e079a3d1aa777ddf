"""What an element rests on: the clauses that it names."""

from __future__ import annotations

from engine.bpmn.model import Node, Process


def clauses_of(element: Node | Process) -> tuple[str, ...]:
    """The clause ids in the property ``clause``, which separates them by semicolons."""
    raw = (element.property("clause") or "").replace("；", ";")
    return tuple(each.strip() for each in raw.split(";") if each.strip())
