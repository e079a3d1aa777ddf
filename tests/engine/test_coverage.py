"""Clauses against diagrams and scenarios: what is carried out, what is left over, and what nobody knows."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.model import Process
from engine.coverage import Coverage, Place, compare
from engine.model.process import Clause
from tests.builders import ProcessBuilder

A, B = "DB3716/T69 5.2.2 a", "DB3716/T69 3.1"


def clause(id: str, exempt: str = "") -> Clause:
    return Clause(id=id, modality="none", text="原文。", exempt=exempt)


def process(**properties: str) -> Process:
    steps = ProcessBuilder().start().user("council", properties=tuple(properties.items())).end()
    return steps.chain("start", "council", "end").build()


def covered(*clauses: Clause, passed: bool = True, **properties: str) -> Coverage:
    through = {"p": {"council": {"p/settled"}}} if passed else {}
    return compare(clauses, [process(**properties)], through)


def test_a_clause_is_carried_out_by_the_step_that_cites_it() -> None:
    found = covered(clause(A), clause=A)
    assert found.cited == {A: (Place("p", "council", "council"),)}
    assert found.executed == {A: ("p/settled",)}
    assert found.is_complete


def test_a_clause_that_no_step_cites_is_left_over() -> None:
    found = covered(clause(A), clause(B), clause=A)
    assert found.uncited == (B,)
    assert not found.is_complete


def test_a_clause_that_is_for_no_process_need_not_be_cited() -> None:
    found = covered(clause(A), clause(B, exempt="定义"), clause=A)
    assert (found.uncited, found.exempt) == ((), (B,))
    assert found.is_complete


def test_a_clause_whose_step_no_scenario_passes_is_not_carried_out() -> None:
    found = covered(clause(A), passed=False, clause=A)
    assert found.unexecuted == (A,)
    assert not found.is_complete


def test_an_unknown_clause_is_named_with_the_step_that_cites_it() -> None:
    found = covered(clause(A), clause=f"{A};DB3716/T69 9.9")
    assert found.unknown == (("DB3716/T69 9.9", Place("p", "council", "council")),)
    assert not found.is_complete


def test_a_step_that_rests_on_an_assumption_says_so() -> None:
    found = covered(assumption="《信访工作条例》第二十二条")
    assert found.assumed == (Place("p", "council", "council"),)
    assert found.baseless == ()
    assert found.is_complete


def test_a_step_that_rests_on_nothing_is_found() -> None:
    found = covered()
    assert found.baseless == (Place("p", "council", "council"),)
    assert not found.is_complete


def test_a_process_may_cite_a_clause_as_a_whole() -> None:
    whole = replace(process(assumption="惯例"), properties=(("clause", A),))
    found = compare([clause(A)], [whole], {"p": {"council": {"p/settled"}}})
    assert found.cited == {A: (Place("p", "", whole.name),)}
    assert found.executed == {A: ("p/settled",)}


def test_at_most_three_scenarios_are_named_those_of_the_process_itself_first() -> None:
    found = compare([clause(A)], [process(clause=A)], {"p": {"council": {"p/d", "p/c", "a/b", "p/a"}}})
    assert found.executed == {A: ("p/a", "p/c", "p/d")}
