"""Random diagrams through the whole platform: written as a file, released by the checker, kept in the database.

After every act the rows say exactly what the saved tokens wait for, and the tokens wait for the same as those of the
process as data, which no database knows. ``WUJI_WALKS`` and ``WUJI_SEED`` make a longer campaign of it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, select

from engine import definitions, jobs, messages, tasks
from engine.bpmn.model import EventDefinition, Process
from engine.execution.loaded import Loaded
from engine.lifecycle import InstanceState, JobState, UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import Job, MessageSubscription, UserTask
from engine.tokens import Wait, WaitKind
from tests.bpmn_file import as_file
from tests.bpmn_xml import properties, zeebe
from tests.builders import condition, message, several, signal, timer
from tests.engine.commands.house import CLAUSE, CLERK, House
from tests.engine.forms.form_builder import checkbox, source
from tests.engine.tokens.case import Case
from tests.engine.tokens.diagrams import CONDITIONS, Blocks
from tests.engine.tokens.undoing_diagrams import Undoing

DIAGRAMS = int(os.environ.get("WUJI_WALKS", "3"))
FIRST = int(os.environ.get("WUJI_SEED", "1"))
_ACTS = 12
_FORM = source(*(checkbox(name) for name in CONDITIONS), id="four")
_TASK = (
    zeebe("userTask")
    + zeebe("formDefinition", formId="four")
    + zeebe("assignmentDefinition", candidateGroups="community_clerk@community")
    + properties(clause=CLAUSE)
)


class _Own:
    """Each event waits for a message or signal of its own, so that it is known who gets it."""

    key = "p"

    def _kinds(self: Any) -> list[EventDefinition]:
        own = message(f"{self.key}.{self._id('m')}", '="k"')
        return [own, timer("PT1H"), condition(f"={self._condition()}"), signal(own.name.value)]

    def _event(self: Any) -> EventDefinition:
        found: EventDefinition = self.random.choice(self._kinds())
        return found

    def _one_or_several(self: Any) -> dict[str, Any]:
        if self.random.random() < 0.6:
            return {"event": self._event()}
        return several(*self.random.sample(self._kinds(), self.random.randint(2, 3)))


class _Blocks(_Own, Blocks):
    """Blocks of everything."""


class _Undoing(_Own, Undoing):
    """Blocks in which work is undone."""


class Walk:
    """One case in the database and one in memory, for which the same happens."""

    def __init__(self, house: House, process: Process, random: Random) -> None:
        self.house, self.random = house, random
        with house.at() as tx:
            definitions.add_form(tx, json.dumps(_FORM))
            definitions.deploy_file(tx, process.key, as_file(process, _TASK), "")
        values = self._values()
        self.id = house.start(process.key, values)
        self.case = Case(process, **values)

    def act(self) -> bool:
        """Let something happen; False when nothing can."""
        waits = self.waits()
        if not waits:
            return False
        wait = self.random.choice(waits)
        if wait.kind is WaitKind.USER_TASK:
            self._complete(wait, waits)
        elif wait.kind is WaitKind.TIMER:
            self._let_time_pass(wait, waits)
        elif wait.kind is WaitKind.SIGNAL:
            self._signal(wait.name or "")
        elif sum(each.name == wait.name for each in waits) == 1:
            with self.house.at() as tx:
                messages.correlate(tx, wait.name or "", wait.key or "")
            self.case.fire(self._twin(wait, waits))
        return True

    def _twin(self, wait: Wait, waits: list[Wait]) -> UUID:
        """The token of the other case that stands for this one: the same among those that wait for the same."""
        alike = [each for each in waits if _alike(each) == _alike(wait)]
        return [each for each in self.case.waits.values() if _alike(each) == _alike(wait)][alike.index(wait)].token_id

    def _complete(self, wait: Wait, waits: list[Wait]) -> None:
        values, twin = self._values(), self._twin(wait, waits)
        with self.house.at(CLERK) as tx:
            tasks.complete(tx, wait.token_id, values)
        self.case.fire(twin, **values)

    def _let_time_pass(self, wait: Wait, waits: list[Wait]) -> None:
        assert wait.due is not None
        twin = self._twin(wait, waits)
        self.house.clock.move_to(max(self.house.clock.now, wait.due))
        self._run_job(Job.token_id == wait.token_id)
        self.case.fire(twin)

    def _signal(self, name: str) -> None:
        with self.house.at() as tx:
            assert messages.signal(tx, name) == 1
        self._run_job(Job.kind == "signal")
        self.case.signal(name)

    def _run_job(self, which: ColumnElement[bool]) -> None:
        with self.house.at() as tx:
            job = tx.session.scalars(select(Job.id).where(which, Job.state == JobState.DUE)).one()
            assert jobs.run_inside(tx, job)

    def waits(self) -> list[Wait]:
        """What the saved tokens wait for, after it is sure that the rows say the same."""
        with self.house.reading() as tx:
            instance = tx.get(ProcessInstance, self.id)
            waits = (
                []
                if instance.state is InstanceState.COMPLETED
                else list(Loaded.load(tx, instance).run.waits().values())
            )
        assert self._rows() == Counter(_row(wait) for wait in waits)
        return waits

    def _rows(self) -> Counter[tuple[UUID, str, str]]:
        with self.house.reading() as tx:
            open_tasks = select(UserTask).where(
                UserTask.instance_id == self.id, UserTask.state == UserTaskState.CREATED
            )
            due = select(Job).where(Job.instance_id == self.id, Job.state == JobState.DUE)
            heard = select(MessageSubscription).where(MessageSubscription.instance_id == self.id)
            return Counter(
                [(row.id, "user_task", row.element_id) for row in tx.session.scalars(open_tasks)]
                + [(row.token_id, row.kind, str(row.due_at.timestamp())) for row in tx.session.scalars(due)]
                + [(row.token_id, row.kind, row.name) for row in tx.session.scalars(heard)]
            )

    def compare(self) -> None:
        """Both are at the same place, or have failed at the same."""
        waits = self.waits()
        assert sorted(each.element.id for each in waits) == self.case.open
        failed = sorted(failure.element_id for failure in self.case.failures)
        assert sorted(row.element_id for row in self.house.incidents(self.id)) == failed
        assert (self.house.case(self.id).state is InstanceState.COMPLETED) == self.case.done

    def _values(self) -> dict[str, bool]:
        return {name: self.random.random() < 0.5 for name in CONDITIONS}


def _alike(wait: Wait) -> tuple[str, str, str | None]:
    return wait.element.id, wait.kind.value, wait.name


def _row(wait: Wait) -> tuple[UUID, str, str]:
    if wait.due is not None:
        return wait.token_id, wait.kind.value, str(wait.due.timestamp())
    return wait.token_id, wait.kind.value, wait.name or wait.element.id


@pytest.mark.timeout(0)
@pytest.mark.parametrize("blocks", [_Blocks, _Undoing])
def test_the_rows_say_what_the_tokens_wait_for(house: House, blocks: type[_Blocks | _Undoing]) -> None:
    acts = 0
    for seed in range(FIRST, FIRST + DIAGRAMS):
        random = Random(seed)
        diagram = blocks(random)
        diagram.key = f"p{seed}"
        process = replace(diagram.process().build(), key=diagram.key)
        try:
            acts += _walk(Walk(house, process, random))
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
    assert acts > 3 * DIAGRAMS


def _walk(walk: Walk) -> int:
    walk.compare()
    for done in range(_ACTS):
        if walk.case.failures or not walk.act():
            return done
        walk.compare()
    return _ACTS
