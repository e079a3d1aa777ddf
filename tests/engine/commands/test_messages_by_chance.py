"""Messages and cases in any order, against a model of two queues for each key: the same one takes the same message."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import messages
from engine.messages import Outcome, Published
from tests.bpmn_xml import event, message
from tests.engine.commands.house import House, process

_runs = count()

#: What happens: (what, key, a number that some of them use).
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["publish", "publish", "publish with id", "start", "start", "cancel", "pass time"]),
        st.sampled_from("甲乙"),
        st.integers(0, 3),
    ),
    max_size=14,
)


@dataclass
class Model:
    """For each key the cases that wait and the messages (number, until) that are kept, the oldest first."""

    waiting: dict[str, list[UUID]] = field(default_factory=dict)
    kept: dict[str, list[tuple[int, datetime]]] = field(default_factory=dict)
    ids: dict[tuple[str, str], datetime] = field(default_factory=dict)
    taken: dict[UUID, int] = field(default_factory=dict)

    def publish(self, key: str, number: int, id: str | None, now: datetime, until: datetime) -> Outcome:
        if id is not None and self.ids.get((key, id), now) > now:
            return Outcome.DUPLICATE
        if id is not None:
            self.ids[key, id] = until
        if self.waiting.get(key):
            self.taken[self.waiting[key].pop(0)] = number
            return Outcome.DELIVERED
        self.kept.setdefault(key, []).append((number, until))
        return Outcome.KEPT

    def start(self, key: str, case: UUID, now: datetime) -> None:
        alive = [each for each in self.kept.get(key, []) if each[1] > now]
        if alive:
            self.taken[case] = alive.pop(0)[0]
        else:
            self.waiting.setdefault(key, []).append(case)
        self.kept[key] = alive


@pytest.fixture
def waiting(house: House) -> House:
    """Cases of this process wait for a message with the key that they are given."""
    root = message(key="=意见")
    house.deploy(process(start_form=True).catch("wait", event("message", messageRef="m")).user_task().end().root(root))
    return house


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_everybody_gets_what_the_model_says(waiting: House, events: list[tuple[str, str, int]]) -> None:
    model, run = Model(), next(_runs)
    cases: list[UUID] = []
    for number, (what, key, choice) in enumerate(events):
        own = f"{run}-{key}"
        if what.startswith("publish"):
            ttl = timedelta(minutes=20 * (choice + 1))
            id = f"id-{choice % 2}" if what.endswith("id") else None
            expected = model.publish(own, number, id, waiting.clock.now, waiting.clock.now + ttl)
            assert publish(waiting, own, number, ttl, id).outcome is expected, (number, events)
        elif what == "start":
            cases.append(waiting.start(values={"意见": own}))
            model.start(own, cases[-1], waiting.clock.now)
        elif what == "cancel":
            for queue in model.waiting.values():
                if choice < len(queue):
                    waiting.cancel(queue.pop(choice))
        waiting.clock.advance(minutes=25 if what == "pass time" else 1)
        waiting.drain()
    assert {case: waiting.variables(case)["n"] for case in cases if "n" in waiting.variables(case)} == model.taken


def publish(house: House, key: str, number: int, ttl: timedelta, id: str | None) -> Published:
    with house.at() as tx:
        return messages.publish(tx, "补充材料", key, {"n": number}, ttl, id)
