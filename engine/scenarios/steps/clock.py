"""Letting time pass."""

from __future__ import annotations

import re
from datetime import datetime

from engine.people import SYSTEM
from engine.scenarios.script import Step, moment
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind
from engine.tokens import after
from engine.workdays import calendar

_WORKDAYS = re.compile(r"(\d+)\s*工作日")  # zh: how scenarios write working days
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ].*")


def _advance(stage: Stage, step: Step) -> None:
    stage.pass_to(_target(stage, str(step["advance"]).strip()))


def _target(stage: Stage, text: str) -> datetime:
    """When the time is over: after working days or an ISO 8601 duration, or at a moment."""
    if days := _WORKDAYS.fullmatch(text):
        with stage.engine.read(SYSTEM) as tx:
            return calendar(tx).due_after(stage.clock.now, int(days[1]))
    if _MOMENT.fullmatch(text):
        return moment(text)
    return after(stage.clock.now, text)


STEPS = {"advance": Kind(_advance, frozenset({"advance", "in"}))}
