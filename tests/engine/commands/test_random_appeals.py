"""Appeals that take any way: random tasks, answers, waiting and withdrawals never bring the machine to a stop."""

from __future__ import annotations

import random
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import instances, messages, people, tasks
from engine.clock import TIMEZONE
from engine.errors import InvalidVariables
from engine.execution import Loaded
from engine.forms.fields import Checkbox, Choice, FieldType, FileInput, Input, MomentInput, NumberInput
from engine.lifecycle import InstanceState
from engine.model.people import Appointment
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import ANONYMOUS, Actor, receipt_actor
from tests.engine.commands.house import House

SECONDS = 5.0
MOST_STEPS = 120
MOST_TRIES = 60
FILED = {
    "诉求标题": "楼道堆放杂物", "诉求内容": "三楼楼道堆满纸箱。", "诉求类别": "环境卫生", "地址": "3号楼",
    "联系人": "3号楼居民", "联系电话": "13800000000",
}  # fmt: skip


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
            if self.house.case(self.case).state is not InstanceState.ACTIVE:
                return step
            self.step(patient=step < MOST_STEPS // 2)
        raise AssertionError(f"not at its end after {MOST_STEPS} steps: {self.house.open(self.case)}")

    def step(self, patient: bool) -> None:
        kind = self.chance.choices(["task", "wait", "withdraw"], [20, 8, 1 if patient else 6])[0]
        open_tasks = self.house.tasks(self.case)
        if kind == "withdraw":
            self.withdraw()
        elif kind == "wait" or not open_tasks:
            self.house.clock.advance(hours=self.chance.choice([1, 20, 60, 24 * 8]))
        else:
            self.complete(self.chance.choice(open_tasks))

    def withdraw(self) -> None:
        if not self.house.subscriptions(self.case):
            return
        number = self.house.case(self.case).business_key
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
            loaded = Loaded.load(tx, tx.get(ProcessInstance, self.case))
            form = loaded.release.form_of(task.element_id)
        most, values = self.chance.randint(10, 60), {}
        for field in form.inputs if form else ():
            values[field.path] = value = self.answer(field, most)
            most = value if isinstance(value, int) and not isinstance(value, bool) else most
        return values

    def answer(self, field: Input, most: int) -> Any:
        if isinstance(field, NumberInput):
            return self.chance.randint(most // 3, most)
        if isinstance(field, Choice):
            keys = [option.value for option in field.options.static]
            several = field.type is FieldType.CHECKLIST
            return self.chance.sample(keys, self.chance.randint(1, len(keys))) if several else self.chance.choice(keys)
        if isinstance(field, MomentInput):
            return (self.house.clock.now + timedelta(days=2)).astimezone(TIMEZONE).replace(tzinfo=None, second=0)
        if isinstance(field, Checkbox):
            return self.chance.random() < 0.8
        return None if isinstance(field, FileInput) else self.chance.choice(["同意", "按规定办理。\n已告知各方。"])

    def check(self) -> None:
        """What must be true at every rest."""
        assert self.house.incidents(self.case) == []
        row, history = self.house.case(self.case), self.house.history(self.case)
        assert (row.history_seq, row.history_head) == (history[-1][0].seq, history[-1][0].hash)
        assert len(row.token_state) <= 2048
        open_tasks = self.house.tasks(self.case)
        assert all(self.house.candidates(task.id) for task in open_tasks)
        if row.state is InstanceState.ACTIVE:
            assert open_tasks
        else:
            assert (open_tasks, self.house.subscriptions(self.case)) == ([], [])


@pytest.mark.parametrize("seed", [7])
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
