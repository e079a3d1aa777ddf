"""Which way a database goes for the statements of a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.database import Engine

#: Tables that grow with the work of a district.
GROWING = (
    "inbox_entry",
    "list_number",
    "waiting_task",
    "process_instance",
    "user_task",
    "task_candidate",
    "search_gram",
    "search_variable",
)
_WHOLE = re.compile(rf"(?:SCAN|Seq Scan on) ({'|'.join(GROWING)})\b(?!.* USING (?:COVERING )?INDEX)")


class Plans:
    """The statements that were sent, and the plan of each as lines of text."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    @property
    def whole_tables(self) -> list[str]:
        """Steps that read a growing table from end to end."""
        return [step for step in self.steps if _WHOLE.search(step)]

    def uses(self, index: str) -> bool:
        """Whether an index is used anywhere."""
        return any(index in step for step in self.steps)


@contextmanager
def explained(engine: Engine) -> Iterator[Plans]:
    """Ask for the plan of every query that the block sends, right before it is sent."""
    plans = Plans()
    how = "EXPLAIN QUERY PLAN " if engine.is_sqlite else "EXPLAIN "

    def explain(_connection: Any, cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
        if not text.lstrip().startswith(("SELECT", "WITH")):
            return
        own = cursor.connection.cursor()
        own.execute(how + text, parameters)
        plans.steps += [str(row[-1]) for row in own.fetchall()]
        own.close()

    event.listen(engine.sql, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine.sql, "before_cursor_execute", explain)
