"""The control-flow patterns of the Workflow Patterns Initiative that BPMN can draw, whoever is quicker.

Each diagram is driven to its end three times: the oldest open task first, the newest first, and at random. What was
done must be the same each time, or one of the outcomes that the pattern leaves open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from engine.tokens import Wait, WaitKind
from tests.bpmn_xml import Drawing, element, event, message, timer
from tests.engine.tokens.case import Case
from tests.engine.tokens.checked import accepted

SIGNAL = element("bpmn:signal", id="s", name="停")
STOP = event("signal", signalRef="s")
TERMINATE = event("terminate")
MOST_MOVES = 20
SCHEDULES: dict[str, Callable[[Sequence[Wait]], Wait]] = {
    "oldest": lambda waits: waits[0],
    "newest": lambda waits: waits[-1],
    "random": Random(3716).choice,
}


@dataclass(frozen=True)
class Pattern:
    """A diagram, the tasks that are done in it (several texts where it is open which), and its first variables."""

    name: str
    drawing: Drawing
    done: tuple[str, ...]
    variables: dict[str, Any] = field(default_factory=dict)


def fork(kind: str = "parallel", key: str = "fork", **attributes: str) -> Drawing:
    return Drawing().start().gateway(kind, key, **attributes)


def many(number: str, inner: str = "", sequential: bool = False) -> str:
    inner = element("bpmn:loopCardinality", number) + inner
    return element("bpmn:multiInstanceLoopCharacteristics", inner, isSequential=str(sequential).lower())


def multi_choice(join: str) -> Drawing:
    drawing = (
        fork("inclusive", default="fork_c").when("=金额 > 1").user_task("a").gateway(join, "j").user_task("z").end()
    )
    drawing.at("fork", "=金额 > 2").user_task("b").flow("b", "j")
    return drawing.at("fork").user_task("c").flow("c", "j")


def cycle_with_two_entries() -> Drawing:
    drawing = Drawing().start().gateway("exclusive", "from", default="from_second").when("=金额 = 0")
    drawing.gateway("exclusive", "first").user_task("a").gateway("exclusive", "second").user_task("b")
    drawing.script("count", "=金额 + 1", "金额").gateway("exclusive", "x", default="x_end").end()
    return drawing.flow("from", "second").flow("x", "first", "=金额 < 2").flow("x", "second", "=金额 = 2")


def two_tokens_on_each_side() -> Drawing:
    drawing = fork()
    for side in ("left", "right"):
        drawing.at("fork").gateway("parallel", f"{side}_fork").gateway("exclusive", f"{side}_merge")
        drawing.flow(f"{side}_fork", f"{side}_merge", flow_id=f"{side}_again").at(f"{side}_merge").user_task(side)
    return drawing.at("left").gateway("parallel", "join").user_task("z").end().flow("right", "join")


def rework_before_a_general_merge() -> Drawing:
    drawing = fork("inclusive").when("=金额 > 1").gateway("exclusive", "again").user_task("a")
    drawing.script("count", "=金额 - 1", "金额").gateway("exclusive", "x", default="x_j").gateway("inclusive", "j")
    drawing.user_task("z").end().flow("x", "again", "=金额 > 1")
    return drawing.at("fork", "=金额 > 0").user_task("b").flow("b", "j")


def region(inside: Drawing, on_boundary: str) -> Drawing:
    """A sub-process beside a branch in which somebody stops it."""
    drawing = fork().sub_process("sub", lambda _: inside).user_task("z").end()
    drawing.boundary("stopped", "sub", on_boundary).user_task("c").end("end2")
    return drawing.at("fork").catch("soon", timer("Duration", "PT1H")).end("stop", STOP).root(SIGNAL)


def waiting_tasks() -> Drawing:
    inside = (
        Drawing()
        .start("s1")
        .gateway("parallel", "inner")
        .user_task("a")
        .catch("t1", timer("Duration", "P9D"))
        .end("e1")
    )
    return inside.at("inner").catch("t2", timer("Duration", "P9D")).user_task("b").end("e2")


def first_of_two() -> Drawing:
    inside = Drawing().start("s1").gateway("parallel", "inner").user_task("a").end("e1", TERMINATE)
    inside.at("inner").user_task("b").end("e2", TERMINATE)
    return Drawing().start().sub_process("sub", lambda _: inside).user_task("z").end()


PATTERNS = (
    Pattern("WCP01 sequence", Drawing().start().user_task("a").user_task("b").end(), ("a b",)),
    Pattern("WCP02 parallel split", fork().user_task("a").end().at("fork").user_task("b").end("e2"), ("a b",)),
    Pattern(
        "WCP03 synchronization",
        fork().user_task("a").gateway("parallel", "j").user_task("z").end().at("fork").user_task("b").flow("b", "j"),
        ("a b z",),
    ),
    Pattern(
        "WCP04 WCP05 exclusive choice and simple merge",
        fork("exclusive", default="fork_b")
        .when("=金额 > 1")
        .user_task("a")
        .user_task("z")
        .end()
        .at("fork")
        .user_task("b")
        .flow("b", "z"),
        ("a z",),
        {"金额": 2},
    ),
    Pattern("WCP06 WCP07 multi-choice, structured merge: both", multi_choice("inclusive"), ("a b z",), {"金额": 3}),
    Pattern("WCP06 WCP07 multi-choice, structured merge: one", multi_choice("inclusive"), ("a z",), {"金额": 2}),
    Pattern("WCP06 WCP07 multi-choice, structured merge: default", multi_choice("inclusive"), ("c z",), {"金额": 0}),
    Pattern("WCP08 multi-merge", multi_choice("exclusive"), ("a b z z",), {"金额": 3}),
    Pattern("WCP10 arbitrary cycles", cycle_with_two_entries(), ("a b a b b",), {"金额": 0}),
    Pattern("WCP10 arbitrary cycles, other entry", cycle_with_two_entries(), ("b b",), {"金额": 1}),
    Pattern(
        "WCP13 instances: number known to the diagram",
        Drawing().start().user_task("a", inner=many("3")).end(),
        ("a a a",),
    ),
    Pattern(
        "WCP14 instances: number known to the case",
        Drawing().start().user_task("a", inner=many("=金额", sequential=True)).end(),
        ("a a",),
        {"金额": 2},
    ),
    Pattern(
        "WCP16 deferred choice",
        fork("eventBased")
        .catch("m1", event("message", messageRef="m"))
        .user_task("a")
        .end()
        .at("fork")
        .catch("t1", timer("Duration", "PT1H"))
        .user_task("b")
        .end("e2")
        .root(message()),
        ("b",),
        {"编号": "1"},
    ),
    Pattern("WCP19 WCP25 cancel region", region(waiting_tasks(), STOP), ("a c",)),
    Pattern(
        "WCP20 WCP43 explicit termination",
        fork()
        .catch("t1", timer("Duration", "P9D"))
        .user_task("a")
        .end()
        .at("fork")
        .user_task("b")
        .end("e2", TERMINATE),
        ("b",),
    ),
    Pattern(
        "WCP21 structured loop",
        Drawing()
        .start()
        .user_task("a", inner=element("bpmn:standardLoopCharacteristics", loopMaximum="3"))
        .user_task("z")
        .end(),
        ("a a a z",),
    ),
    Pattern(
        "WCP27 complete the instances",
        Drawing()
        .start()
        .user_task("a", inner=many("5", element("bpmn:completionCondition", "=numberOfCompletedInstances = 2")))
        .user_task("z")
        .end(),
        ("a a z",),
    ),
    Pattern("WCP29 cancelling discriminator", first_of_two(), ("a z", "b z")),
    Pattern("WCP33 generalized and-join", two_tokens_on_each_side(), ("left left right right z z",)),
    Pattern("WCP38 general synchronizing merge", rework_before_a_general_merge(), ("a a b z",), {"金额": 3}),
    Pattern(
        "WCP41 WCP42 thread split and merge",
        Drawing()
        .start()
        .node("manualTask", "split", completionQuantity="3")
        .user_task("a")
        .node("manualTask", "merge", startQuantity="3")
        .user_task("z")
        .end(),
        ("a a a z",),
    ),
)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_the_pattern_runs_to_its_end(pattern: Pattern, schedule: str) -> None:
    case = Case(accepted(pattern.drawing), **pattern.variables)
    done: Counter[str] = Counter()

    for _ in range(MOST_MOVES):
        if case.done:
            break
        tasks = [wait for wait in case.waits.values() if wait.kind is WaitKind.USER_TASK]
        if not tasks:
            case.pass_time(hours=2)
            continue
        chosen = SCHEDULES[schedule](tasks)
        done[chosen.element.id] += 1
        case.fire(chosen.token_id)

    assert case.done
    assert case.failures == []
    assert done in [Counter(outcome.split()) for outcome in pattern.done]
