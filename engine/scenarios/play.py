"""Plays a script from its start to its last step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from engine import instances, policy
from engine.database import Engine, Transaction
from engine.errors import N_, EngineError
from engine.execution import latest_release
from engine.people import SYSTEM
from engine.scenarios.actors import starter_of, unit_at
from engine.scenarios.clock import SettableClock
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.passage import Passages
from engine.scenarios.report import how_it_stands, said
from engine.scenarios.script import Script, Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps import STEPS
from engine.scenarios.steps.kind import ensure_entries

_AT_START = N_("{file} 开始时（{step}）：{reason} 现在的情况：{open}。")
_AT_STEP = N_("{file} 第 {number} 步（{step}）：{reason} 现在的情况：{open}。")
#: Does one step.
Means = Callable[[Stage, Step], None]
NO_OTHER_MEANS: Mapping[str, Means] = MappingProxyType({})
_GIVEN = frozenset({"unit", "starter", "by_timer", "at", "policy", "start"})


def play(
    script: Script,
    engine: Engine,
    clock: SettableClock,
    passages: Passages | None = None,
    means: Mapping[str, Means] = NO_OTHER_MEANS,
) -> None:
    """Do all steps. Raises ScenarioFailed, naming file, step and what is open; ``clock`` has to be the engine's.

    ``passages`` takes up what all cases pass on their way, also when the scenario fails. ``means`` do steps by their
    name in another way, such as at a browser; the one for ``given`` starts the case and says which it is.
    """
    passages = Passages() if passages is None else passages
    stage, watch = Stage(engine, clock, script), engine.watch
    engine.watch = passages.follow
    try:
        _do(stage, 0, {"given": dict(script.given)}, means)
        for number, step in enumerate(script.steps, 1):
            _do(stage, number, step, means)
    finally:
        engine.watch = watch
        with engine.read(SYSTEM) as tx:
            passages.read(tx)


def _do(stage: Stage, number: int, step: Step, means: Mapping[str, Means]) -> None:
    try:
        if number == 0:
            _begin(stage, step["given"], means.get("given", _start_at_once))
        else:
            _step(stage, step, means)
        stage.settle()
    except Exception as error:  # whatever it is, say in which file and at which step
        raise ScenarioFailed(
            _AT_STEP if number else _AT_START,
            file=stage.script.file,
            number=number,
            step=said(step),
            reason=error if isinstance(error, EngineError) else f"{type(error).__name__}: {error}",
            open=how_it_stands(stage),
        ) from error


def _step(stage: Stage, step: Step, means: Mapping[str, Means]) -> None:
    name = next((name for name in step if name in STEPS), None)
    if name is None:
        raise ScenarioFailed(N_("没有这种步骤，步骤有：{steps}。"), steps="、".join(STEPS))
    ensure_entries(step, STEPS[name].entries)
    means.get(name, STEPS[name].run)(stage, step)


def _begin(stage: Stage, given: Mapping[str, Any], start: Means) -> None:
    ensure_entries(given, _GIVEN)
    stage.clock.move_to(stage.script.at)
    with stage.engine.begin(SYSTEM) as tx:
        stage.unit_id = unit_at(tx, given["unit"]) if "unit" in given else None
        _override(tx, stage, given.get("policy", {}))
    stage.wind_up()
    if given["starter"] == "timer":
        _await_timer(stage, given.get("by_timer"))
        return
    with stage.engine.read(SYSTEM) as tx:
        stage.starter = starter_of(tx, given["starter"], stage.unit_id)
    start(stage, given)


def _start_at_once(stage: Stage, given: Mapping[str, Any]) -> None:
    with stage.engine.begin(stage.starter) as tx:
        stage.instance_id = instances.start(tx, stage.script.key, given.get("start", {}), stage.unit_id).instance.id


def _await_timer(stage: Stage, event: str | None) -> None:
    with stage.engine.read(SYSTEM) as tx:
        due = stage.start_due(tx, event)
    stage.pass_to(due)
    with stage.engine.read(SYSTEM) as tx:
        stage.instance_id = stage.started(tx, stage.script.key).id


def _override(tx: Transaction, stage: Stage, values: Mapping[str, Any]) -> None:
    """Settings of the process by name; those of another process stand below its key."""
    for name, value in values.items():
        if isinstance(value, dict):
            for inner, each in value.items():
                _set(tx, name, inner, each, stage.unit_id)
        else:
            _set(tx, stage.script.key, name, value, stage.unit_id)


def _set(tx: Transaction, key: str, name: str, value: Any, unit: UUID | None) -> None:
    setting = latest_release(tx, key).settings.get(name)
    if setting is None or unit is None:
        raise ScenarioFailed(N_("流程“{key}”没有制度参数“{name}”，或者场景没有写单位。"), key=key, name=name)
    policy.override(tx, key, setting, unit, value, "scenario")
