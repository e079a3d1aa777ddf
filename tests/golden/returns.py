"""Writes all steps from which a case may be sent back, and to where: ``python -m tests.golden.returns``.

Each line is one pair of steps of a process. Behind it stands who was told in between, and what must not have been
passed. Pairs between which something final always lies are left out: there is no going back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine import bpmn
from engine.bpmn.jumps import WayBack, judged, may_send_back
from engine.bpmn.model import Node, Process
from engine.release import all_nodes

TABLE = Path(__file__).parent / "returns.md"
_PROCESSES = Path(__file__).parents[2] / "processes"
_HEAD = """# 可以退回的环节

由 `python -m tests.golden.returns` 从流程图算出，逐条判断见 `docs/decisions/0037-what-is-done-stays-done.md`。
"""


def table() -> str:
    """The whole page."""
    found = [_HEAD]
    for path in sorted(_PROCESSES.glob("*/*.bpmn")):
        for process in bpmn.read(path.read_bytes()).processes:
            if process.executable:
                lines = _lines(process) or ["没有。"]
                found.append("\n".join([f"## {process.name}（{process.key}）", "", *lines, ""]))
    return "\n".join(found)


def _lines(process: Process) -> list[str]:
    nodes = {node.id: node for node in all_nodes(process.scope)}
    return [line for task, found in judged(process).items() for line in _of_task(process, nodes, task, found.ways)]


def _of_task(process: Process, nodes: Mapping[str, Node], task: str, ways: Iterable[WayBack]) -> Iterator[str]:
    if not may_send_back(process, nodes[task]):
        return
    for way in ways:
        if not way.is_shut:
            between = [id for id in way.final if id != task]
            notes = [("已通知", way.told), ("未经过", between)]
            said = "；".join(f"{word}：{_names(nodes, ids)}" for word, ids in notes if ids)
            yield f"- {nodes[task].name} → {nodes[way.target].name}" + (f"（{said}）" if said else "")


def _names(nodes: Mapping[str, Node], ids: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(nodes[id].name or id for id in ids))


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
