"""How a scenario says that it failed."""

from __future__ import annotations

from engine.errors import EngineError


class ScenarioFailed(EngineError):
    """The case did not go where the scenario says, or the scenario asks for what there is not."""

    code = "scenario_failed"
