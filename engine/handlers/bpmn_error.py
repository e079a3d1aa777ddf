"""How a handler says that something went wrong in a way that the diagram knows."""

from __future__ import annotations


class BpmnError(Exception):
    """An error that the diagram may catch with a boundary event of the same code."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")
