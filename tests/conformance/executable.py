"""Executable diagrams of the betsy suite, each run on the real engine from its deployment to its last trace."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from engine import definitions, instances, migrations
from engine.database import Engine
from engine.errors import EngineError, InvalidDefinition
from engine.lifecycle import JobState
from engine.model.history import HistoryEvent
from engine.model.process import ProcessInstance
from engine.model.work import Incident, Job
from engine.people import SYSTEM
from engine.worker import Worker
from tests.clock import FrozenClock
from tests.conformance import betsy
from tests.conformance.groups import Failure, Group, Promise, Row

#: The share of the diagrams that run at least: 60 of 66. The others are refused.
MIN_RUN = Fraction(60, 66)
#: What scripts leave behind. Of the other expectations all but one mean that the case fails.
_TRACE = re.compile(r"Task\d+|Increment|DataCorrect|MarkerExists")
_SILENT = "ExecutionParallel"
#: What a case gets to come to rest where the suite names no time.
_REST = timedelta(minutes=1)


@dataclass
class Outcome:
    """What came of a diagram: why it was refused, or what was wrong with its cases."""

    refused: str = ""
    wrong: list[str] = field(default_factory=list)


def run(folder: Path) -> Group:
    """Every diagram with all its cases; a row for each kind of diagram, counting diagrams."""
    material = folder / "bpmn"
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    failures = []
    with _databases() as databases:
        for entry in json.loads((material / "executable.json").read_text()):
            outcome = _outcome(databases, (material / entry["file"]).read_bytes(), entry["cases"])
            kind = "refused" if outcome.refused else "failed" if outcome.wrong else "passed"
            rows[entry["group"]][kind] += 1
            said = [f"refused: {outcome.refused}"] if outcome.refused else outcome.wrong
            failures += [Failure(entry["name"], sentence) for sentence in said]
    return _group([Row(name, **counts) for name, counts in rows.items()], failures)


def _group(rows: list[Row], failures: list[Failure]) -> Group:
    ran = sum(row.passed for row in rows)
    wrong = sum(row.failed for row in rows)
    total = sum(row.total for row in rows)
    promises = (
        Promise(f"{wrong} of {total} diagrams run wrong, none may", wrong == 0),
        Promise(f"{ran} of {total} diagrams run, at least {ceil(MIN_RUN * total)}", ran >= MIN_RUN * total),
    )
    return Group("executable", tuple(rows), tuple(failures), promises)


class Databases:
    """Copies of one empty migrated database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        with Engine(f"sqlite:///{self._template}") as engine:
            migrations.upgrade(engine)

    @contextmanager
    def fresh(self, clock: FrozenClock) -> Iterator[Engine]:
        """An engine on an empty database that is gone afterwards."""
        with tempfile.TemporaryDirectory(dir=self._folder) as place:
            path = Path(place) / "wuji.db"
            shutil.copyfile(self._template, path)
            with Engine(f"sqlite:///{path}", clock=clock) as engine:
                yield engine


@contextmanager
def _databases() -> Iterator[Databases]:
    with tempfile.TemporaryDirectory(prefix="wuji-conformance-") as folder:
        yield Databases(Path(folder))


def _outcome(databases: Databases, source: bytes, cases: list[dict[str, Any]]) -> Outcome:
    try:
        return _diagram(databases, source, cases)
    except Exception as error:  # a diagram that breaks the engine, or this harness, must not hide the others
        return Outcome(wrong=[f"breaks off: {type(error).__name__}: {error}"])


def _diagram(databases: Databases, source: bytes, cases: list[dict[str, Any]]) -> Outcome:
    diagram = betsy.translate(source)
    outcome = Outcome()
    for case in cases or [{}]:
        clock = FrozenClock()
        with databases.fresh(clock) as engine:
            try:
                _deploy(engine, diagram)
            except InvalidDefinition as error:
                rules = {each.rule for each in error.findings if each.severity == "error"}
                return Outcome(refused=", ".join(sorted(rules)) or str(error))
            if case:
                outcome.wrong += [f"{case['test']!r} {sentence}" for sentence in _case(engine, clock, diagram, case)]
    return outcome


def _deploy(engine: Engine, diagram: betsy.Diagram) -> None:
    for key, xml in diagram.processes.items():
        with engine.begin(SYSTEM) as tx:
            definitions.deploy_file(tx, key, xml, "")


def _case(engine: Engine, clock: FrozenClock, diagram: betsy.Diagram, case: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a case, once its time is over."""
    values = {"test": case["test"] or "", betsy.INTEGER: case["iv"]}
    try:
        if diagram.main is not None:
            with engine.begin(SYSTEM) as tx:
                instances.start(tx, diagram.main, values, None)
        _pass_time(engine, clock, timedelta(milliseconds=case["delay"]) or _REST)
        failure = _failure(engine)
    except EngineError as error:
        failure = str(error)
    expected = Counter(each for each in case["expect"] if _TRACE.fullmatch(each))
    fails = any(not _TRACE.fullmatch(each) and each != _SILENT for each in case["expect"])
    traces = Counter(_traces(engine, diagram))
    if traces != expected:
        yield f"leaves {sorted(traces.elements())}, not {sorted(expected.elements())} ({failure or 'no failure'})"
    elif fails and not failure:
        yield "does not fail, but should"
    elif failure and not fails:
        yield f"fails: {failure}"


def _pass_time(engine: Engine, clock: FrozenClock, duration: timedelta) -> None:
    """Do what is due, moving the clock from one due job to the next."""
    worker = Worker(engine)
    end = clock() + duration
    while True:
        while _drain(engine, worker):
            pass
        due = _next_due(engine)
        if due is None or due > end:
            return clock.move_to(end)
        clock.move_to(due)


def _drain(engine: Engine, worker: Worker) -> int:
    engine.cache.clear()  # as after a restart
    return worker.drain()


def _next_due(engine: Engine) -> datetime | None:
    with engine.read(SYSTEM) as tx:
        query = select(func.min(Job.due_at)).where(Job.state == JobState.DUE, Job.due_at > tx.now)
        return tx.session.scalar(query)


def _failure(engine: Engine) -> str | None:
    """Why a case failed: its incident, or the error in which it ended."""
    with engine.read(SYSTEM) as tx:
        incident = tx.session.scalars(select(Incident).limit(1)).first()
        if incident is not None:
            return f"{incident.element_id}: {incident.template} {incident.params}"
        # What a called process ends with is its caller's: the caller catches it, or has an incident.
        by_error = ProcessInstance.end_reason.is_not(None) & ProcessInstance.parent_id.is_(None)
        reason = tx.session.scalars(select(ProcessInstance.end_reason).where(by_error))
        return next((f"ends by error {each}" for each in reason), None)


def _traces(engine: Engine, diagram: betsy.Diagram) -> Iterator[str]:
    with engine.read(SYSTEM) as tx:
        query = select(HistoryEvent).where(HistoryEvent.type == "advanced").order_by(HistoryEvent.at)
        events = [json.loads(row.payload)["data"] for row in tx.session.scalars(query)]
    checked = all(event.get("variables", {}).get(betsy.CHECKED, True) for event in events)
    for step in (step for event in events for step in event.get("steps", ())):
        script = diagram.scripts.get(step["element"])
        if script is None or script.trace is None or step["what"] != "completed":
            continue
        if script.repeats == ("run" in step):
            yield script.trace if checked else f"not {script.trace}"
