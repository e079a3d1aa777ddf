"""The steps of scenarios by name; a module for each family of them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.scenarios.steps import cases, clock, expectations, notices, tasks, votes
from engine.scenarios.steps.kind import Kind

STEPS: Mapping[str, Kind] = {
    **tasks.STEPS,
    **clock.STEPS,
    **cases.STEPS,
    **votes.STEPS,
    **notices.STEPS,
    **expectations.STEPS,
}
