"""One sentence of the checker about one element."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

#: An error keeps a diagram from running, a warning asks for a decision, a note tells what follows from the drawing.
Severity = Literal["error", "note", "warning"]


@dataclass(frozen=True)
class Finding:
    """``element`` is an element's id (empty: the file), ``rule`` the rule's id, ``line`` counts from 1 (0: unknown).

    ``template`` is the Chinese sentence with placeholders that ``params`` fill; a parameter may be an error whose text
    is again such a sentence.
    """

    element: str
    rule: str
    severity: Severity
    template: str
    params: dict[str, Any] = field(default_factory=dict)
    line: int = 0

    @property
    def message(self) -> str:
        """The finished Chinese sentence."""
        return self.template.format(**self.params)
