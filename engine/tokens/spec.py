"""A process as SpiffWorkflow runs it; shared by many instances and threads, never changed by running."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.tokens.elements import Element


class Spec(WorkflowSpec):  # type: ignore[misc] # WorkflowSpec is untyped
    """The specs of one process, with its sub-processes, by element and by their number in saved states."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.by_number: dict[int, Element] = {}
        self.starts: Mapping[str, Element] = {}

    def _add_notify(self, task_spec: Element) -> None:
        super()._add_notify(task_spec)
