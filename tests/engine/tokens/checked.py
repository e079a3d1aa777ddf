"""Files on their way into the engine: through the reader and the checker, with the rules of publishing."""

from __future__ import annotations

from engine.bpmn import check, read
from engine.bpmn.model import Process
from tests.engine.bpmn.world import WORLD, File


def accepted(file: File) -> Process:
    """The process of a file that may be published; the test fails with the sentences of what may not."""
    diagram = read(file.xml())
    errors = [f"{each.rule}: {each.message}" for each in check(diagram, WORLD) if each.severity == "error"]
    assert errors == []
    process = diagram.process()
    assert process is not None
    return process


def refused(file: File) -> set[str]:
    """The rules by which a file may not be published."""
    return {each.rule for each in check(read(file.xml()), WORLD) if each.severity == "error"}
