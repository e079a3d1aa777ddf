"""Two people at the same moment: one wins, the other hears it; parallel branches lose nothing; nobody hangs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from engine import tasks
from engine.errors import AlreadyDone, Conflict
from engine.lifecycle import InstanceState
from engine.people import Actor
from tests.engine.commands.house import CLERK, GIVEN, House, process

ROUNDS = 50


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all at the same moment; for each "done" or the name of the error."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        barrier.wait(10)
        try:
            act()
        except (AlreadyDone, Conflict) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def complete(house: House, task: UUID, actor: Actor, values: dict[str, object]) -> Callable[[], object]:
    def act() -> None:
        with house.engine.begin(actor) as tx:
            tasks.complete(tx, task, values)

    return act


def test_of_two_completions_exactly_one_wins(house: House) -> None:
    house.deploy(process().user_task(groups="community_clerk@community,community_secretary@community").end())
    people = [house.actor(CLERK), house.actor("jinxing-secretary")]
    seen: Counter[str] = Counter()
    for _ in range(ROUNDS):
        case = house.start()
        (task,) = house.tasks(case)
        results = at_once(*(complete(house, task.id, who, {"意见": who.name}) for who in people))
        seen.update(results)
        assert results.count("done") == 1
        winner = people[results.index("done")]
        assert house.variables(case)["意见"] == winner.name
        assert house.events(case).count("user_task_completed") == 1
        assert house.case(case).state is InstanceState.COMPLETED
    assert seen["done"] == ROUNDS
    assert seen["AlreadyDone"] + seen["Conflict"] == ROUNDS


def test_parallel_branches_completed_at_once_lose_nothing(house: House) -> None:
    drawing = process().gateway("parallel", "fork").user_task("a").gateway("parallel", "join").user_task("c").end()
    house.deploy(drawing.at("fork").user_task("b", form="g").flow("b", "join"))
    clerk = house.actor(CLERK)
    for _ in range(10):
        case = house.start()
        first, second = house.tasks(case)
        acts = [complete(house, first.id, clerk, GIVEN), complete(house, second.id, clerk, {"乙": 2})]
        results = at_once(*acts)
        for act in (act for act, result in zip(acts, results, strict=True) if result == "Conflict"):
            act()  # a conflict says that trying again is safe
        assert set(results) <= {"done", "Conflict"}
        assert house.open(case) == ["c"]
        assert (house.variables(case)["意见"], house.variables(case)["乙"]) == ("可行", 2)
