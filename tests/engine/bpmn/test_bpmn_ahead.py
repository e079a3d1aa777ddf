"""What a token can still come to: over flows and links, out of and into sub-processes, by way of events."""

from __future__ import annotations

import pytest

from engine.bpmn.ahead import ahead
from tests.builders import ProcessBuilder, each, link, timer


def process(*chains: str) -> ProcessBuilder:
    """A process whose tasks are drawn as chains: ``process("a b c", "b d")``."""
    built = ProcessBuilder()
    for name in dict.fromkeys(name for chain in chains for name in chain.split()):
        built.user(name)
    return connected(built, *chains)


def connected(built: ProcessBuilder, *chains: str) -> ProcessBuilder:
    for chain in chains:
        built.chain(*chain.split())
    return built


def seen(built: ProcessBuilder, *inside: str, entering: tuple[str, ...] = (), closed: str = "") -> set[str]:
    return ahead(built.build(), entering, inside, closed)


def test_what_follows_is_ahead_and_what_lies_behind_is_not() -> None:
    assert seen(process("a b c", "b d"), "b") == {"c", "d"}


def test_a_loop_leads_back_unless_it_passes_what_is_closed() -> None:
    built = process("put wait redo put", "wait done")
    assert seen(built, "redo") == {"put", "wait", "redo", "done"}
    assert seen(built, "redo", closed="put") == set()
    assert seen(built, "put", closed="put") == {"wait", "redo", "done"}


def test_who_enters_something_still_comes_to_it() -> None:
    assert seen(process("a b"), entering=("a",)) == {"a", "b"}
    assert seen(process("a b"), entering=("a",), closed="a") == set()


def test_a_link_leads_on() -> None:
    built = process("a").throw("out", link("L")).catch("in", link("L")).catch("other", link("M")).user("b", "c")
    assert seen(connected(built, "a out", "in b", "other c"), "a") == {"out", "in", "b"}


def test_a_boundary_event_is_a_way_out() -> None:
    built = process("a b").boundary("late", "a", timer("PT1H")).user("c")
    assert seen(connected(built, "late c"), "a") == {"b", "late", "c"}
    assert seen(connected(built, "b c"), "b") == {"c"}


def test_sub_processes_are_entered_and_left() -> None:
    inner = process("s x y")
    built = process("a").sub("sub", inner).user("b").boundary("late", "sub", timer("PT1H")).user("c")
    connected(built, "a sub b", "late c")
    assert seen(built, "a") == {"sub", "s", "x", "y", "b", "late", "c"}
    assert seen(built, "y") == {"b", "late", "c"}


def test_an_event_sub_process_may_begin_while_its_scope_lasts() -> None:
    aside = ProcessBuilder().start("s", timer("PT1H")).user("x").flow("s", "x")
    built = process("a b").on("aside", aside)
    assert seen(built, "b") == {"aside", "s", "x"}


@pytest.mark.parametrize(("repeated", "again"), [(True, {"sub", "s", "x", "b"}), (False, {"b"})])
def test_a_repeated_activity_may_begin_anew(repeated: bool, again: set[str]) -> None:
    built = ProcessBuilder().sub("sub", process("s x"), multi_instance=each("=[1]") if repeated else None)
    assert seen(connected(built.user("b"), "sub b"), "x") == again


def test_compensation_may_undo() -> None:
    built = process("a b").undo("a", "undo")
    assert seen(built, "a") == {"b", "undo.a", "undo"}
