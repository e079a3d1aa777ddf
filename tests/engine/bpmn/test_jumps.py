"""From where a case may be sent back to where: what the diagram allows, and what was done in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn.jumps import may_send_back, ways_back
from engine.bpmn.model import Assignment, Kind, Mapping, Node, Process, Text
from tests.builders import ProcessBuilder, each, escalation, message, signal, timer
from tests.golden import returns


def ways(built: ProcessBuilder | Process) -> dict[str, list[str]]:
    process = built.build() if isinstance(built, ProcessBuilder) else built
    return {task: [way.target for way in found] for task, found in ways_back(process).items()}


def row(*ids: str) -> ProcessBuilder:
    """User tasks between a start and an end, not connected yet."""
    return ProcessBuilder().start().user(*ids).end()


def test_a_case_goes_back_along_a_row_the_nearest_first() -> None:
    assert ways(row("a", "b", "c").chain("start", "a", "b", "c", "end")) == {"b": ["a"], "c": ["b", "a"]}


def test_either_branch_of_a_choice_goes_back_before_it_and_never_to_the_other() -> None:
    built = row("a", "b", "c", "d").exclusive("x", "m").chain("start", "a", "x", "b", "m", "d", "end")
    built.flow("x", "c", default=True).flow("c", "m")
    found = ways(built)
    assert (found["b"], found["c"]) == (["a"], ["a"])
    assert sorted(found["d"]) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", [Kind.PARALLEL, Kind.INCLUSIVE])
def test_no_way_leads_out_of_a_branch_or_into_one(kind: Kind) -> None:
    built = row("a", "b1", "b2", "c", "d").add(kind, "split").add(kind, "join")
    built.chain("start", "a", "split", "b1", "b2", "join", "d", "end")
    built.flow("split", "c", None if kind is Kind.PARALLEL else "=c0").flow("c", "join")
    found = ways(built)
    assert found["b2"] == ["b1"]
    assert "c" not in found
    # What has come together may be jumped over; a branch of an inclusive gateway may also be the only one.
    assert sorted(found["d"]) == sorted(["a"] if kind is Kind.PARALLEL else ["a", "b1", "b2", "c"])


def test_no_way_leads_into_or_out_of_a_sub_process_or_what_is_repeated() -> None:
    inner = ProcessBuilder().start("s").user("x", "y").end("e").chain("s", "x", "y", "e")
    built = row("a", "b", "z").sub("sub", inner).user("many", multi_instance=each("=items"))
    built.chain("start", "a", "sub", "b", "many", "z", "end")
    assert ways(built) == {"b": ["a"], "z": ["b", "a"], "y": ["x"]}


def test_a_boundary_event_that_meets_the_main_way_again_forbids_to_go_back() -> None:
    built = row("a", "b", "late", "c").boundary("timer", "b", timer("PT1H"), interrupting=False).exclusive("m")
    built.chain("start", "a", "b", "m", "c", "end").chain("timer", "late", "m")
    assert ways(built) == {}
    alone = row("a", "b", "late").boundary("timer", "b", timer("PT1H"), interrupting=False).end("aside")
    assert ways(alone.chain("start", "a", "b", "end").chain("timer", "late", "aside")) == {"b": ["a"]}


def test_after_a_boundary_event_the_case_goes_back_to_its_activity() -> None:
    built = row("a", "b", "late").boundary("timer", "b", timer("PT1H")).end("end2")
    assert ways(built.chain("start", "a", "b", "end").chain("timer", "late", "end2"))["late"] == ["b", "a"]


def test_a_loop_leads_back_to_the_step_that_sent_the_case_round() -> None:
    built = row("a", "b").exclusive("m", "x").chain("start", "m", "a", "b", "x", "end").flow("x", "m", "=c0")
    assert ways(built) == {"a": ["b"], "b": ["a"]}


@pytest.mark.parametrize(
    ("between", "told", "final"),
    [
        (lambda b: b.service("s"), False, True),
        (lambda b: b.add(Kind.SERVICE_TASK, "s", job_type=Text("notify", False)), True, False),
        (lambda b: b.add(Kind.SERVICE_TASK, "s", job_type=Text("publish_notice", False)), False, True),
        (lambda b: b.add(Kind.SERVICE_TASK, "s", job_type=Text("kind", True)), False, True),
        (lambda b: b.add(Kind.CALL_ACTIVITY, "s", called_process=Text("q", False)), False, True),
        (lambda b: b.throw("s", signal("S")), False, True),
        (lambda b: b.throw("s", escalation("E")), False, True),
        (lambda b: b.catch("s", message("M", "=k")), False, True),
        (lambda b: b.catch("s", timer("PT1H")), False, False),
        (lambda b: b.script("s", "=1", "x"), False, False),
    ],
)  # fmt: skip
def test_what_lies_between_is_told_or_final(between: Any, told: bool, final: bool) -> None:
    built = between(row("a", "b")).chain("start", "a", "s", "b", "end").build()
    (way,) = ways_back(built)["b"]
    assert (way.told, way.final) == (("s",) if told else (), ("s",) if final else ())


def test_effects_within_a_sub_process_count() -> None:
    inner = ProcessBuilder().start("s").service("notice").end("e").chain("s", "notice", "e")
    (way,) = ways_back(row("a", "b").sub("sub", inner).chain("start", "a", "sub", "b", "end").build())["b"]
    assert way.final == ("notice",)


def test_the_analyst_and_the_applicant_do_not_send_back() -> None:
    process = row("a").build()
    node = process.scope.nodes["a"]
    assert may_send_back(process, node)
    assert not may_send_back(process, changed(node, properties=(("mayReturn", "false"),)))
    assert not may_send_back(process, changed(node, assignment=Assignment(groups=(Text("@applicant", False),))))


def changed(node: Node, **fields: Any) -> Node:
    return Node(**{**node.__dict__, **fields})


def test_what_the_analyst_has_marked_is_never_gone_back_past_or_to() -> None:
    built = row("a", "b", "c").chain("start", "a", "b", "c", "end").build()
    nodes = {**built.scope.nodes, "b": changed(built.scope.nodes["b"], properties=(("final", "true"),))}
    found = ways_back(replace(built, scope=replace(built.scope, nodes=nodes)))
    assert [(way.target, way.final, way.is_shut) for way in found["c"]] == [("b", (), True), ("a", ("b",), True)]
    assert [(way.target, way.final, way.is_shut) for way in found["b"]] == [("a", ("b",), False)]


def test_a_way_around_what_is_final_is_open() -> None:
    built = row("a", "b").exclusive("x", "m").service("s").chain("start", "a", "x", "s", "m", "b", "end").flow("x", "m")
    (way,) = ways_back(built.build())["b"]
    assert (way.final, way.is_shut) == (("s",), False)


@pytest.mark.parametrize(
    ("type", "to", "told"),
    [("notify", "@applicant", True), ("notify", "clerk@community", False), ("mail", "a@b.cn", True)],
)
def test_telling_people_who_are_no_officials_is_seen(type: str, to: str, told: bool) -> None:
    inputs = (Mapping(Text(to, False), "to"),)
    between = row("a", "b").add(Kind.SERVICE_TASK, "s", job_type=Text(type, False), inputs=inputs)
    (way,) = ways_back(between.chain("start", "a", "s", "b", "end").build())["b"]
    assert way.tells_outsiders is told


def test_the_steps_to_which_each_process_goes_back_have_been_judged() -> None:
    """Whoever changes a process judges anew what the table shows then: ``python -m tests.golden.returns``."""
    assert returns.table() == returns.TABLE.read_text(encoding="utf-8")
