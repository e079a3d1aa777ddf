"""What scenarios leave out of a process."""

from __future__ import annotations

from engine.scenarios import Gaps, Missed, MissedFlow, Passages, gaps_of
from tests.bpmn_xml import extension, timer, zeebe
from tests.engine.commands.house import Drawing, House, process
from tests.engine.scenarios.playing import play


def drawn() -> Drawing:
    """A call, a task with a reminder and a deadline, and a choice."""
    drawing = process().node("callActivity", "call", extension(zeebe("calledElement", processId="child")))
    drawing.user_task().gateway("exclusive", "which", default="which_small").when("=数量 > 9").end("big")
    drawing.at("which").end("small")
    drawing.boundary("remind", "a", timer("Duration", "PT1H"), cancelActivity="false").end("reminded")
    return drawing.boundary("late", "a", timer("Duration", "P1D")).end("lapsed")


def furnished(house: House) -> Passages:
    house.deploy(Drawing("child").start().script("s").end())
    house.deploy(drawn())
    return Passages()


def gaps(house: House, passages: Passages, key: str = "p") -> Gaps:
    with house.reading() as tx:
        return gaps_of(tx, key, passages[key])


def test_nothing_was_passed_before_any_scenario(house: House) -> None:
    found = gaps(house, furnished(house))
    assert found.flow_count == len(found.flows) == 7
    assert [each.id for each in found.timers] == ["remind", "late"]
    assert [each.id for each in found.ends] == ["big", "small", "reminded", "lapsed"]
    assert [each.id for each in found.calls] == ["call"]
    assert not found.is_complete


def test_what_a_scenario_leaves_out_is_named(house: House) -> None:
    passages = furnished(house)
    play(
        house,
        """
        - advance: PT2H
        - complete: a
          by: jinxing-clerk
          values: {意见: 可行, 数量: 3}
        - expect: {state: completed}
        """,
        passages=passages,
    )
    assert gaps(house, passages) == Gaps(
        flow_count=7,
        flows=(MissedFlow("which_big", "", "which", "big"), MissedFlow("late_lapsed", "", "late", "lapsed")),
        timers=(Missed("late", "late"),),
        elements=(),
        ends=(Missed("big", "big"), Missed("lapsed", "lapsed")),
        calls=(),
    )


def test_called_cases_count_for_their_own_process(house: House) -> None:
    passages = furnished(house)
    play(house, "- expect: {called: [child]}", passages=passages)
    found = gaps(house, passages, "child")
    assert (found.flow_count, found.is_complete, found.elements, found.ends) == (2, True, (), ())


def test_all_scenarios_together_leave_nothing_out(house: House) -> None:
    passages = furnished(house)
    for number in (3, 12):
        steps = f"- {{complete: a, by: jinxing-clerk, values: {{意见: 可行, 数量: {number}}}}}"
        play(house, steps, passages=passages)
    play(house, "- advance: P1D", passages=passages)
    found = gaps(house, passages)
    assert found == Gaps(7, (), (), (), (), ())
    assert found.is_complete


def test_a_refused_step_takes_no_flow(house: House) -> None:
    passages = furnished(house)
    step = "- {complete: a, by: jinxing-clerk, values: {数量: 3}, refused: true, because: 意见}"
    play(house, step, passages=passages)
    assert passages["p"].flows == {"start_call", "call_a"}


def test_a_start_timer_counts_when_it_has_fired(house: House) -> None:
    drawing = Drawing("weekly").start("monday", timer("Cycle", "0 0 9 * * MON")).script("s").end()
    house.deploy(drawing)
    passages = Passages()
    play(house, "- expect: {state: completed}", key="weekly", starter="timer", passages=passages)
    assert gaps(house, passages, "weekly").is_complete


def test_nobody_watches_when_the_scenario_is_over(house: House) -> None:
    passages = furnished(house)
    play(house, "- expect: {}", passages=passages)
    assert house.engine.watch is None
