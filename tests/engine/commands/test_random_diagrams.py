"""Random diagrams through the whole platform: written as a file, released by the checker, kept in the database.

After every act the rows say exactly what the saved tokens wait for, and the tokens wait for the same as those of the
process as data, which no database knows. ``WUJI_WALKS`` and ``WUJI_SEED`` make a longer campaign of it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import definitions, jobs, messages, tasks
from engine.bpmn.model import EventDefinition, Process
from engine.execution.loaded import Loaded
from engine.lifecycle import InstanceState, JobState, UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import Job, MessageSubscription, UserTask
from engine.tokens import Wait, WaitKind
from tests.bpmn_file import as_file
from tests.bpmn_xml import properties, zeebe
from tests.builders import message, timer
from tests.engine.commands.house import CLAUSE, CLERK, House
from tests.engine.forms.form_builder import checkbox, source
from tests.engine.tokens.case import Case
from tests.engine.tokens.diagrams import CONDITIONS, Blocks

DIAGRAMS = int(os.environ.get("WUJI_WALKS", "5"))
FIRST = int(os.environ.get("WUJI_SEED", "1"))
_ACTS = 12
_FORM = source(*(checkbox(name) for name in CONDITIONS), id="four")
_TASK = (
    zeebe("userTask")
    + zeebe("formDefinition", formId="four")
    + zeebe("assignmentDefinition", candidateGroups="community_clerk@community")
    + properties(clause=CLAUSE)
)


class _Blocks(Blocks):
    """Each event waits for a message of its own, so that it is known who gets it."""

    def _event(self) -> EventDefinition:
        return self.random.choice([message(f"m{self._id('')}", '="k"'), timer("PT1H")])


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
        wait = self.random.choice(waits) if waits else None
        if wait is None:
            return False
        index = [each for each in waits if each.element.id == wait.element.id].index(wait)
        twin = self.case.wait(wait.element.id, index).token_id
        if wait.kind is WaitKind.USER_TASK:
            values = self._values()
            with self.house.at(CLERK) as tx:
                tasks.complete(tx, wait.token_id, values)
            self._load_twin().run.complete(twin, values)
            self.case._go()
        elif wait.kind is WaitKind.TIMER:
            self._fire(wait)
            self.case.fire(twin)
        elif sum(each.name == wait.name for each in waits) == 1:
            with self.house.at() as tx:
                messages.correlate(tx, wait.name or "", wait.key or "")
            self.case.fire(twin)
        return True

    def _load_twin(self) -> Case:
        self.case._load()
        return self.case

    def _fire(self, wait: Wait) -> None:
        assert wait.due is not None
        self.house.clock.move_to(max(self.house.clock.now, wait.due))
        with self.house.at() as tx:
            job = tx.session.scalars(
                select(Job.id).where(Job.token_id == wait.token_id, Job.state == JobState.DUE)
            ).one()
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
                + [(row.token_id, "message", row.name) for row in tx.session.scalars(heard)]
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


def _row(wait: Wait) -> tuple[UUID, str, str]:
    if wait.due is not None:
        return wait.token_id, wait.kind.value, str(wait.due.timestamp())
    return wait.token_id, wait.kind.value, wait.name or wait.element.id


@pytest.mark.timeout(0)
def test_the_rows_say_what_the_tokens_wait_for(house: House) -> None:
    acts = 0
    for seed in range(FIRST, FIRST + DIAGRAMS):
        random = Random(seed)
        process = _Blocks(random).process()
        process.key = f"p{seed}"
        try:
            acts += _walk(Walk(house, process.build(), random))
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
