"""A second case beside the one on the desk, which may join it and rest (并案)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from hypothesis.stateful import precondition, rule

from engine import instances, joining, tasks
from engine.database import Transaction
from engine.lifecycle import InstanceState, UserTaskState
from tests.engine.commands.comings import chance
from tests.engine.commands.longer import Longer
from tests.engine.commands.responsibility import Who
from tests.engine.commands.town_facts import ABOVE


class Together(Longer):
    """Nobody does anything about a case that rests, and it is not lost: it ends with its lead or goes on alone.

    Who sees the other case is not modelled. So here those try whose answer is certain: they may, or they may not.
    """

    #: The other case, and what the model says of it.
    guest: UUID | None = None
    rests = False

    def bring_guest(self, diagram: str) -> None:
        with self.office.at_once() as tx:
            self.guest = instances.start(tx, diagram, {}, self.office.units["jinxing"]).instance.id
        self.rests = False

    def teardown(self) -> None:
        super().teardown()
        self.dismiss_guest()

    def dismiss_guest(self) -> None:
        if self.guest is None:
            return
        self.office.house.worker.drain()
        with self.office.house.reading() as tx:
            is_there = tx.get(instances.ProcessInstance, self.guest).state is not InstanceState.COMPLETED
        if is_there:
            with self.office.at_once() as tx:
                instances.cancel(tx, self.guest, "收尾")

    @precondition(lambda self: bool(self.town.case.tasks))
    @rule(n=chance, t=chance)
    def join(self, n: int, t: int) -> None:
        town, task = self.town, self.about(t).task
        sure = [
            who for who in self.everybody() if who.post in ("clerk", "secretary") and None in town.ways_now(who, task)
        ]
        if self.rests or town.case.unit != "jinxing":
            sure = []
        never = [who for who in self.everybody() if self.rests or not town.may(who, task)]
        id = self.ids.tasks[task.step]
        if self._certain(n, sure, never, lambda tx: joining.join(tx, id, [self.guest], "同一件事")):
            self.rests, town.case.stirred = True, True

    @precondition(lambda self: bool(self.town.case.tasks) and self.rests)
    @rule(n=chance)
    def separate(self, n: int) -> None:
        town = self.town
        able = [who for who in self.everybody() if who.person in town.active and who.person != town.case.applicant]
        sure = [who for who in able if who.post in ABOVE[town.case.unit]]
        near = [who for who in able if any(town.ways(who, task) for task in town.case.tasks.values())]
        never = [who for who in self.everybody() if who not in [*sure, *near]]
        if self._certain(n, sure, never, lambda tx: joining.separate(tx, self.guest, "情况不同")):
            self.rests, town.case.stirred = False, True

    def _certain(self, n: int, sure: list[Who], never: list[Who], deed: Callable[[Transaction], object]) -> bool:
        some = (sure if n % 3 else never) or sure or never
        who = some[n // 3 % len(some)]
        return self.office.attempt(who, who in sure, deed)

    def look_at_guest(self) -> None:
        """It waits for the clerk, rests, or has ended with its lead; while it rests nobody does anything about it."""
        house, town = self.office.house, self.town
        if self.rests and not town.case.tasks:
            house.worker.drain()
            assert house.case(self.guest).state is InstanceState.COMPLETED
            self.rests = False
            self.bring_guest(town.case.diagram)
        state = UserTaskState.SUSPENDED if self.rests else UserTaskState.CREATED
        (task,) = house.tasks(self.guest, state)
        assert house.case(self.guest).state is (InstanceState.JOINED if self.rests else InstanceState.ACTIVE)
        assert (task.assignee, house.candidates(task.id)) == (None, {self.office.holders["clerk"]})
        who = next((each for each in self.everybody() if each.post == "clerk" and each.person in town.active), None)
        if who is not None:
            self.office.attempt(who, not self.rests, lambda tx: tasks.complete(tx, task.id, {}), undo=True)
