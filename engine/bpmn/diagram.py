"""A whole file as plain data: its processes, and what the checker asks about the rest of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.bpmn.element import Element, MessageFlow, Reference, Unknown
from engine.bpmn.model import Process


@dataclass(frozen=True)
class Diagram:
    """A whole file: its processes, participants' names by process key, and what was not understood.

    ``errors`` maps error codes to names, ``pools`` participants' ids to process keys (None for a black box),
    ``without_id`` holds what was given an id, ``root`` is the file as a tree, ``dialect`` says that it is Zeebe's.
    """

    processes: tuple[Process, ...]
    participants: dict[str, str] = field(default_factory=dict)
    unknown: tuple[Unknown, ...] = ()
    duplicate_ids: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    pools: dict[str, str | None] = field(default_factory=dict)
    message_flows: tuple[MessageFlow, ...] = ()
    references: tuple[Reference, ...] = ()
    without_id: tuple[Unknown, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)
    root: Element = field(default_factory=lambda: Element("definitions"))
    dialect: bool = False

    def process(self, key: str | None = None) -> Process | None:
        """The process called ``key``, or the first executable one."""
        wanted = (p for p in self.processes if (p.key == key if key else p.executable))
        return next(wanted, None)
