"""A process as SpiffWorkflow runs it; shared by many instances and threads, never changed by running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.tokens.elements import Element

if TYPE_CHECKING:
    from engine.tokens.activities import SubProcess


class Spec(WorkflowSpec):
    """The specs of one process, with its sub-processes."""

    def __init__(self, key: str) -> None:
        super().__init__(key)  # type: ignore[no-untyped-call] # the library has no types
        #: The elements by their number in saved states; 0 is the process itself.
        self.by_number: dict[int, Element] = {}
        #: Where a new instance begins, by the id of the start event; "" without one.
        self.starts: dict[str, tuple[Element, ...]] = {}
        self.root: SubProcess
        self.has_inclusive_joins = False
        self.has_conditions = False

    def element(self, id: str) -> Element | None:
        """The element with this id in the diagram; None if there is none, or if it is repeated."""
        found = [element for element in self.by_number.values() if element.number and element.node.id == id]
        return found[0] if len(found) == 1 else None
