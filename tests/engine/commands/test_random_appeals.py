"""Appeals that take any way: random tasks, answers, waiting and withdrawals never bring the machine to a stop.

An appeal goes on in the cases that it calls and in the meetings that take it, so the walk takes their tasks, too.
"""

from __future__ import annotations

import random
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import instances, messages, people, tasks
from engine.errors import InvalidVariables
from engine.execution import Loaded
from engine.lifecycle import AgendaState, InstanceState, JobState
from engine.model.agenda import AgendaItem
from engine.model.people import Appointment
from engine.model.process import ProcessInstance
from engine.model.work import Job, UserTask
from engine.people import ANONYMOUS, Actor, receipt_actor
from tests.engine.commands.house import House
from tests.engine.forms.filling import Filling

SECONDS = 5.0
MOST_STEPS = 120
MOST_TRIES = 60
FILED = {
    "诉求标题": "楼道堆放杂物", "诉求内容": "三楼楼道堆满纸箱。", "诉求类别": "环境卫生", "地址": "3号楼",
    "联系人": "3号楼居民", "联系电话": "13800000000",
}  # fmt: skip
#: A matter that cannot wait: the meeting is called now, and takes what lies there.
URGENT = {
    "street_weekly_meeting": {"临时事项": "防汛", "临时说明": "连日降雨。"},
    "joint_conference": {"重大事项": "防汛", "事项说明": "连日降雨。"},
}


class Walk:
    """One appeal on its way; what it does depends on its seed alone."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.chance = house, random.Random(seed)
        group = self.chance.choice(["jinxing-1", "jinxing-2", "chaoyang-1", "qingfeng-2", "xinhe-1"])
        with house.at(ANONYMOUS) as tx:
            unit = people.org_tree(tx).by_code(group)
            assert unit is not None
            self.case = instances.start(tx, "appeal", FILED, unit.id).instance.id

    def run(self) -> int:
        """Walk to the end; the number of steps."""
        for step in range(MOST_STEPS):
            self.house.drain()
            self.check()
            if self.is_over():
                return step
            self.step(patient=step < MOST_STEPS // 2)
        raise AssertionError(f"not at its end after {MOST_STEPS} steps: {self.house.open(self.case)}")

    def is_over(self) -> bool:
        return self.house.case(self.case).state is not InstanceState.ACTIVE

    def step(self, patient: bool) -> None:
        kind = self.chance.choices(["task", "wait", "withdraw"], [20, 8, 1 if patient else 6])[0]
        open_tasks = self.tasks()
        if kind == "withdraw":
            self.withdraw()
        elif not open_tasks and self.waiting():
            self.hold_a_meeting()
        elif kind == "wait" or not open_tasks:
            self.house.clock.advance(hours=self.chance.choice([1, 20, 60, 24 * 8]))
        else:
            self.complete(self.chance.choice(open_tasks))

    def cases(self) -> list[UUID]:
        """The appeal, the cases that it called, and the meetings that it came to, in the order of their making."""
        found = [self.case]
        for case in found:
            found.extend(child.id for child in self.house.children(case))
            found.extend(meeting for meeting in self.meetings(case) if meeting not in found)
        return found

    def meetings(self, case: UUID) -> list[UUID]:
        """The meetings that had a case on the table."""
        with self.house.reading() as tx:
            query = select(AgendaItem.meeting_id).where(AgendaItem.instance_id == case).order_by(AgendaItem.number)
            return [meeting for meeting in tx.session.scalars(query) if meeting]

    def tasks(self) -> list[UserTask]:
        """Whatever somebody could do now."""
        return [task for case in self.cases() for task in self.house.tasks(case)]

    def waiting(self) -> AgendaItem | None:
        """What no meeting has taken yet."""
        with self.house.reading() as tx:
            return tx.session.scalars(select(AgendaItem).where(AgendaItem.state == AgendaState.WAITING)).first()

    def awaited(self) -> list[Job]:
        """What comes by itself at its time, such as the hour of a meeting."""
        return [job for case in self.cases() for job in self.house.jobs(case) if job.state is JobState.DUE]

    def hold_a_meeting(self) -> None:
        item = self.waiting()
        assert item is not None
        with self.house.at() as tx:
            instances.start(tx, item.meeting_key, URGENT[item.meeting_key], item.unit_id)

    def withdraw(self) -> None:
        number = self.house.case(self.case).business_key
        if ("撤回诉求", number) in self.house.subscriptions(self.case):
            with self.house.at(receipt_actor(self.case)) as tx:
                messages.correlate(tx, "撤回诉求", number, {"撤回原因": "自己解决了"})

    def complete(self, task: UserTask) -> None:
        actor = self.someone(task.id)
        for _ in range(MOST_TRIES):
            try:
                with self.house.at(actor) as tx:
                    tasks.complete(tx, task.id, self.answers(task))
            except InvalidVariables as error:
                problem = error
            else:
                return
        raise problem

    def someone(self, task: UUID) -> Actor:
        holder = self.chance.choice(sorted(self.house.candidates(task)))
        if holder.startswith("receipt:"):
            return receipt_actor(self.case)
        position, _, unit = holder.partition("@")
        with self.house.reading() as tx:
            query = select(Appointment).where(Appointment.position_key == position, Appointment.unit_id == UUID(unit))
            post = tx.session.scalars(query).first()
            assert post is not None, f"nobody holds {holder}"
            return people.load_actor(tx, post.account_id, post.id)

    def answers(self, task: UserTask) -> dict[str, Any]:
        with self.house.reading() as tx:
            loaded = Loaded.load(tx, tx.get(ProcessInstance, task.instance_id))
            form = loaded.release.form_of(task.element_id)
            if form is None:
                return {}
            known = loaded.scopes.view(loaded.run.scope_of(task.id), loaded.env.globals)
            return Filling(self.chance, self.house.clock.now).answers(form, known, loaded.env.feel_env)

    def check(self) -> None:
        """What must be true at every rest."""
        for case in self.cases():
            assert self.house.incidents(case) == []
            row, history = self.house.case(case), self.house.history(case)
            assert (row.history_seq, row.history_head) == (history[-1][0].seq, history[-1][0].hash)
            assert len(row.token_state) <= 2048
            if row.state is not InstanceState.ACTIVE:
                assert (self.house.tasks(case), self.house.subscriptions(case)) == ([], [])
        open_tasks = self.tasks()
        assert all(self.house.candidates(task.id) for task in open_tasks)
        assert open_tasks or self.waiting() or self.is_over() or self.awaited()


@pytest.mark.parametrize("seed", [16])
def test_an_appeal_that_takes_any_way_reaches_an_end(house: House, seed: int) -> None:
    """As many appeals as fit in the time; the first ones in any case, always the same."""
    began, endings = monotonic(), set()
    for number in range(200):
        if number >= 3 and monotonic() - began > SECONDS:
            break
        walk = Walk(house, seed * 1000 + number)
        try:
            walk.run()
        except Exception as error:  # whatever it is, say which walk
            error.add_note(f"seed {seed * 1000 + number}, open: {house.open(walk.case)}")
            raise
        endings.add(house.variables(walk.case).get("办结方式"))
    assert len(endings) > 1
