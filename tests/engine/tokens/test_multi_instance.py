"""Multi-instance tasks, sub-processes and calls, at the same time and one after the other."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import InvalidDefinition
from tests.builders import ProcessBuilder, each, error, mappings, message, timer
from tests.engine.tokens.case import Case


def _votes(**more: Any) -> ProcessBuilder:
    vote = each("=居民", "户", output=("表决", "=同意"), **more)
    diagram = ProcessBuilder().start().user("vote", multi_instance=vote).user("count")
    return diagram.chain("start", "vote", "count")


def test_in_parallel_every_item_has_its_own_token_and_scope() -> None:
    case = Case(_votes(), 居民=["甲", "乙", "丙"])
    assert case.open == ["vote"] * 3
    seen = [case.scopes.local(wait.scope) for wait in case.waits.values()]
    assert seen == [{"loopCounter": n, "户": name} for n, name in enumerate(["甲", "乙", "丙"], 1)]

    case.complete("vote", 1, 同意=False).complete("vote", 1, 同意=True).complete("vote", 0, 同意="弃权")

    assert case.open == ["count"]
    assert case.variables == {"居民": ["甲", "乙", "丙"], "表决": ["弃权", False, True]}


def test_steps_tell_the_runs_apart_and_from_the_whole() -> None:
    case = Case(_votes(), 居民=["甲", "乙"]).complete("vote", 1, 同意=1).complete("vote", 0, 同意=1)
    assert [step.run for step in case.steps if step.element_id == "vote" and step.what == "completed"] == [2, 1, None]


def test_in_sequence_one_follows_the_other() -> None:
    case = Case(_votes(sequential=True), 居民=["甲", "乙", "丙"])
    for name in ["甲", "乙", "丙"]:
        assert case.open == ["vote"]
        assert case.scopes.get(case.wait("vote").scope, "户") == name
        case.complete("vote", 同意=name)
    assert case.open == ["count"]
    assert case.variables["表决"] == ["甲", "乙", "丙"]


def test_items_of_every_type_survive_saving() -> None:
    items = [Decimal("1.50"), date(2026, 3, 2), {"户": ["甲"], "$": 1}, None]
    case = Case(_votes(sequential=True), 居民=items)
    for item in items:
        assert case.scopes.get(case.wait("vote").scope, "户") == item
        case.complete("vote", 同意=item)
    assert case.variables["表决"] == items


@pytest.mark.parametrize("sequential", [True, False])
def test_the_collection_is_read_once(sequential: bool) -> None:
    case = Case(_votes(sequential=sequential), 居民=["甲", "乙"]).set(居民=["丁"])
    case.complete("vote", 同意=1).complete("vote", 同意=2)
    assert case.variables["表决"] == [1, 2]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_collection_passes(sequential: bool) -> None:
    case = Case(_votes(sequential=sequential), 居民=[])
    assert case.open == ["count"]
    assert case.variables["表决"] == []


def test_a_completion_condition_ends_it_and_cancels_the_others() -> None:
    enough = "=numberOfCompletedInstances / numberOfInstances >= 0.5 and numberOfActiveInstances > 0"
    case = Case(_votes(until=enough), 居民=["甲", "乙", "丙", "丁"]).complete("vote", 0, 同意=1)
    assert case.open == ["vote"] * 3
    case.complete("vote", 0, 同意=1)
    assert case.open == ["count"]
    assert case.history("interrupted") == ["vote", "vote"]
    assert case.variables["表决"] == [1, 1, None, None]


def test_a_completion_condition_sees_what_the_last_instance_wrote() -> None:
    case = Case(_votes(until="=同意 = false", sequential=True), 居民=["甲", "乙", "丙"])
    assert case.complete("vote", 同意=True).open == ["vote"]
    assert case.complete("vote", 同意=False).open == ["count"]


def test_a_completion_condition_sees_the_results_so_far() -> None:
    majority = "=count(表决[item = true]) > numberOfInstances / 2"
    case = Case(_votes(until=majority), 居民=["甲", "乙", "丙"]).complete("vote", 2, 同意=True)
    assert case.open == ["vote", "vote"]
    assert case.complete("vote", 0, 同意=True).open == ["count"]


def test_a_thousand_automatic_instances_do_not_take_long() -> None:
    loop = each("=for i in 1..1000 return i", "n", output=("squares", "=m"))
    diagram = ProcessBuilder().start().script("s", "=n * n", "m", multi_instance=loop).user("a")
    case = Case(diagram.chain("start", "s", "a"))
    assert case.open == ["a"]
    assert case.variables["squares"][999] == 1_000_000


def test_a_collection_that_is_too_long_fails() -> None:
    assert Case(_votes(), 居民=[0] * 2001).failures[0].params["count"] == 2001


def test_nothing_but_the_output_collection_leaves_a_body() -> None:
    case = Case(_votes(), 居民=["甲"], 同意="外面的").complete("vote", 同意=True, 备注="里面的")
    assert case.variables == {"居民": ["甲"], "同意": "外面的", "表决": [True]}


def test_a_number_of_instances_without_a_collection() -> None:
    diagram = ProcessBuilder().start().user("a", multi_instance=each(cardinality="=n + 1")).user("b")
    diagram.chain("start", "a", "b")
    case = Case(diagram, n=Decimal("1.0"))
    assert case.open == ["a", "a"]
    assert case.complete("a").complete("a").open == ["b"]


@pytest.mark.parametrize("count", ["-1", "=-1", "=1.5", "=null", "2001", "=true"])
def test_an_impossible_number_of_instances_fails(count: str) -> None:
    diagram = ProcessBuilder().start().user("a", multi_instance=each(cardinality=count)).chain("start", "a")
    case = Case(diagram)
    assert [failure.element_id for failure in case.failures] == ["a"]


def test_a_collection_that_is_no_list_fails_and_can_be_retried() -> None:
    case = Case(_votes(), 居民="甲")
    assert case.open == []
    assert case.set(居民=["甲"]).retry().open == ["vote"]


def test_without_collection_or_number_it_is_refused() -> None:
    with pytest.raises(InvalidDefinition):
        Case(ProcessBuilder().start().user("a", multi_instance=each()).chain("start", "a"))


@pytest.mark.parametrize("sequential", [True, False])
def test_a_sub_process_for_each_item(sequential: bool) -> None:
    inside = ProcessBuilder().start("s2").user("a").script("s", '=户 + "：" + 意见', "行").end("e2")
    inside.chain("s2", "a", "s", "e2")
    loop = each("=居民", "户", sequential=sequential, output=("意见表", "=行"))
    diagram = ProcessBuilder().start().sub("sub", inside, multi_instance=loop).user("z").chain("start", "sub", "z")
    case = Case(diagram, 居民=["甲", "乙"])
    case.complete("a", 意见="好").complete("a", 意见="不好")
    assert case.open == ["z"]
    assert case.variables["意见表"] == ["甲：好", "乙：不好"]
    assert "行" not in case.variables


def test_a_call_for_each_item_maps_its_own_input_and_output() -> None:
    call = {"inputs": mappings(("=组", "对象")), "outputs": mappings(("=完成", "r"))}
    diagram = ProcessBuilder().start().user("z")
    diagram.call("c", multi_instance=each("=组们", "组", output=("结果", "=r")), **call).chain("start", "c", "z")
    case = Case(diagram, 组们=["一组", "二组"])
    assert [case.scopes.get(wait.scope, "对象") for wait in case.waits.values()] == ["一组", "二组"]
    case.complete("c", 1, 完成=2).complete("c", 0, 完成=1)
    assert case.variables["结果"] == [1, 2]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_boundary_event_sits_on_the_whole(sequential: bool) -> None:
    diagram = _votes(sequential=sequential).boundary("late", "vote", timer("P7D")).user("remind")
    case = Case(diagram.chain("late", "remind"), 居民=["甲", "乙"])
    assert case.open.count("late") == 1
    case.complete("vote", 同意=True).pass_time(days=7)
    assert case.open == ["remind"]
    assert "表决" not in case.variables


def test_an_error_in_one_instance_is_caught_on_the_boundary_of_the_whole() -> None:
    inside = ProcessBuilder().start("s2").user("a").end("fail", error("E")).chain("s2", "a", "fail")
    diagram = ProcessBuilder().start().sub("sub", inside, multi_instance=each("=居民", "户"))
    diagram.boundary("on", "sub", error("E")).user("fix").chain("start", "sub").chain("on", "fix")
    case = Case(diagram, 居民=["甲", "乙"]).complete("a")
    assert case.open == ["fix"]
    assert case.history("interrupted") == ["sub", "a", "sub", "sub"]


def test_in_a_loop_it_starts_afresh() -> None:
    diagram = ProcessBuilder().start().exclusive("m", "x").user("vote", multi_instance=each("=居民", "户")).end()
    diagram.chain("start", "m", "vote", "x").flow("x", "m", "=again").flow("x", "end", default=True)
    case = Case(diagram, 居民=["甲", "乙"], again=True)
    for _ in range(3):
        assert case.complete("vote").complete("vote").open == ["vote", "vote"]


def test_a_sequence_goes_on_after_a_boundary_timer_that_did_not_interrupt() -> None:
    diagram = _votes(sequential=True).boundary("late", "vote", timer("PT1H"), interrupting=False).user("remind")
    case = Case(diagram.chain("late", "remind"), 居民=["甲", "乙"]).pass_time(hours=2)
    assert case.complete("vote").complete("vote").open == ["count", "remind"]


def test_an_event_sub_process_inside_one_body_leaves_the_others_alone() -> None:
    handler = ProcessBuilder().start("on", message("m")).user("h").chain("on", "h")
    inside = ProcessBuilder().start("s2").user("a").chain("s2", "a").on("handler", handler)
    diagram = ProcessBuilder().start().sub("sub", inside, multi_instance=each("=居民", "户")).chain("start", "sub")
    case = Case(diagram, 居民=["甲", "乙"]).trigger("on", 1)
    assert case.open == ["a", "h", "on"]
