"""Built-ins that turn values into others, and ``not``."""

from __future__ import annotations

from engine.feel.frame import Run
from engine.feel.functions import builtin


@builtin("not", "negand: any")
def negation(run: Run, negand: object) -> bool | None:
    return not negand if type(negand) is bool else None
