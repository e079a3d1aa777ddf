"""Saved states: small, flat in the length of the history, without a depth limit, and safe between threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from engine.errors import InvalidDefinition, InvalidState
from engine.tokens import Run, build
from engine.variables import ROOT, Scopes
from tests.builders import ProcessBuilder, cycle, each, message, timer
from tests.engine.tokens.case import Case


def _rework() -> ProcessBuilder:
    diagram = ProcessBuilder().start().exclusive("m", "x").user("a", "b").parallel("f", "j").end()
    diagram.boundary("t", "a", timer("P7D")).chain("t", "m")
    diagram.chain("start", "m", "f", "a", "j", "x").chain("f", "b", "j")
    return diagram.flow("x", "m", "=again").flow("x", "end", default=True)


def test_the_state_is_as_small_after_many_loops_as_after_few() -> None:
    case = Case(_rework(), again=True)
    first = len(case.saved[0])
    for _ in range(100):
        case.complete("b").complete("a")
    assert len(case.saved[0]) <= first + 4
    assert len(case.run._workflow.tasks) == 4


def test_an_ordinary_instance_takes_less_than_two_kilobytes() -> None:
    inside = ProcessBuilder().start("s2").user("u").chain("s2", "u").boundary("r", "u", cycle("R/P1D"), False)
    inside.user("remind").chain("r", "remind")
    diagram = ProcessBuilder().start().sub("sub", inside, multi_instance=each("=居民", "户", output=("表", "=票")))
    diagram.boundary("late", "sub", timer("P30D")).user("z").chain("start", "sub", "z")
    handler = ProcessBuilder().start("back", message("撤回", "=编号")).user("h").chain("back", "h")
    case = Case(diagram.on("handler", handler), 居民=[f"{n} 号" for n in range(12)], 编号="SQ-2026-00001")
    assert case.open.count("u") == 12
    assert len(case.saved[0]) < 2048


def test_an_ended_instance_can_still_be_loaded() -> None:
    case = Case(ProcessBuilder().start().user("a").chain("start", "a")).complete("a")
    assert case.done
    assert case.open == []


def test_thousands_of_automatic_steps_in_a_loop() -> None:
    diagram = ProcessBuilder().start().exclusive("m", "x").script("s", "=n + 1", "n").user("z")
    diagram.chain("start", "m", "s", "x").flow("x", "m", "=n < 3000").flow("x", "z", default=True)
    case = Case(diagram, n=Decimal(0))
    assert case.open == ["z"]
    assert case.variables["n"] == 3000


def test_thousands_of_elements_in_a_row() -> None:
    tasks = [f"t{n}" for n in range(2000)]
    diagram = ProcessBuilder().start().task(*tasks).user("z").chain("start", *tasks, "z")
    assert Case(diagram).open == ["z"]


def test_thirty_sub_processes_inside_one_another() -> None:
    diagram = ProcessBuilder("inner").start("s0").user("a").chain("s0", "a")
    for depth in range(1, 31):
        diagram = ProcessBuilder().start(f"s{depth}").sub(f"sub{depth}", diagram).chain(f"s{depth}", f"sub{depth}")
    case = Case(diagram)
    assert case.open == ["a"]
    assert case.complete("a").done


def test_deeper_nesting_than_that_of_any_real_diagram_is_refused() -> None:
    diagram = ProcessBuilder("inner").start("s0").user("a").chain("s0", "a")
    for depth in range(1, 300):
        diagram = ProcessBuilder().start(f"s{depth}").sub(f"sub{depth}", diagram).chain(f"s{depth}", f"sub{depth}")
    with pytest.raises(InvalidDefinition, match="50"):
        build(diagram.build())


def test_a_state_fits_a_spec_whose_nodes_come_in_another_order() -> None:
    case = Case(_rework(), again=True).complete("b")
    nodes = case.process.scope.nodes
    reordered = replace(case.process.scope, nodes=dict(reversed(nodes.items())))
    case.process = replace(case.process, scope=reordered)
    assert case.complete("a").open == ["a", "b", "t"]


def test_a_state_of_another_version_or_process_is_refused() -> None:
    case = Case(_rework())
    with pytest.raises(InvalidState, match="另一个版本"):
        Run.load(build(case.process), b"\x09" + case.saved[0][1:], Scopes(), case.env)
    other = build(ProcessBuilder("other").start().chain("start").build())
    with pytest.raises(InvalidState, match="other"):
        Run.load(other, case.saved[0], Scopes(), case.env)


def test_what_was_completed_but_not_yet_advanced_is_saved() -> None:
    case = Case(ProcessBuilder().start().user("a", "b").chain("start", "a", "b"))
    case.run.complete(case.wait("a").token_id, {"x": 1})
    loaded = Run.load(build(case.process), case.run.dump(), case.scopes, case.env)
    assert loaded.waits() == {}
    loaded.advance()
    assert [wait.element.id for wait in loaded.waits().values()] == ["b"]


def test_threads_share_a_spec() -> None:
    process = _rework().build()
    spec, env = build(process), Case(process).env

    def work(seed: int) -> int:
        scopes = Scopes()
        scopes.set(ROOT, "again", True)
        run = Run.start(spec, scopes, env)
        run.advance()
        done = 0
        for turn in range(150):
            run = Run.load(spec, run.dump(), scopes, env)
            tasks = [wait for wait in run.waits().values() if wait.element.id != "t"]
            assert sorted(wait.element.id for wait in tasks) in (["a"], ["b"], ["a", "b"])
            run.complete(tasks[(seed + turn) % len(tasks)].token_id)
            run.advance()
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [150] * 4


def test_running_changes_nothing_in_the_spec() -> None:
    case = Case(_rework(), again=False)
    spec = build(case.process)
    before = {name: sorted(vars(task)) + task._inputs + task._outputs for name, task in spec.task_specs.items()}
    run = Run.load(spec, case.saved[0], case.scopes, case.env)
    for wait in list(run.waits().values()):
        if wait.element.id != "t":
            run.complete(wait.token_id)
    run.advance()
    assert run.completed
    after = {name: sorted(vars(task)) + task._inputs + task._outputs for name, task in spec.task_specs.items()}
    assert after == before
