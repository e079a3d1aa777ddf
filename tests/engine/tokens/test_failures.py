"""A failing step stops its own token only, keeps what people entered, and can be retried."""

from decimal import Decimal

import pytest

from engine.bpmn.model import EventDefinition
from engine.errors import N_, InvalidState, NotFound
from engine.feel import Environment, Function
from engine.tokens import Env, Run, build
from tests.builders import TERMINATE, ProcessBuilder, each, mappings, message
from tests.engine.tokens.case import Case

_BAD = "=no_such_function(1)"


def test_no_true_condition_and_no_default_fails_until_the_variables_are_right() -> None:
    diagram = ProcessBuilder().start().user("a").exclusive("x").user("b", "c").chain("start", "a", "x")
    diagram.flow("x", "b", "=n > 1").flow("x", "c", "=n < 1")
    case = Case(diagram).complete("a", n=Decimal(1))
    assert case.open == []
    assert not case.done
    [failure] = case.failures
    assert failure.element_id == "x"
    assert failure.template.format(**failure.params).startswith("“x”没有一条出线")

    assert case.set(n=Decimal(2)).retry().open == ["b"]
    assert case.history("entered").count("x") == 1


@pytest.mark.parametrize("gateway", ["exclusive", "inclusive"])
def test_a_condition_that_is_null_is_not_true(gateway: str) -> None:
    diagram = getattr(ProcessBuilder().start(), gateway)("x").user("b", "c").chain("start", "x")
    diagram.flow("x", "b", "=missing > 1").flow("x", "c", "=missing")
    assert [failure.element_id for failure in Case(diagram).failures] == ["x"]


def test_a_failing_script_leaves_other_branches_alone() -> None:
    diagram = ProcessBuilder().start().parallel("f", "j").script("s", _BAD, "r").task("t").user("a", "b")
    diagram.chain("start", "f", "s", "j", "b").chain("f", "t", "a", "j")
    case = Case(diagram)
    assert case.open == ["a"]
    [failure] = case.failures
    assert (failure.element_id, failure.expression) == ("s", _BAD[1:])
    assert case.complete("a").open == []
    assert not case.done


def test_what_a_person_entered_survives_a_failing_output_mapping() -> None:
    diagram = ProcessBuilder().start().user("a", outputs=mappings((f"{_BAD} + 意见", "x"))).chain("start", "a")
    case = Case(diagram).complete("a", 意见="不同意")
    token = case.failures[0].token_id
    assert case.scopes.local(case.run.scope_of(token)) == {"意见": "不同意"}
    case.retry()
    assert len(case.failures) == 1, "it fails again, and is still there"


def test_a_retry_after_the_outputs_were_written_does_not_write_them_again() -> None:
    diagram = ProcessBuilder().start().user("a", outputs=mappings(("=n + 1", "n"))).user("b").chain("start", "a")
    case = Case(diagram.flow("a", "b", "=go"), n=Decimal(1)).complete("a")
    assert [failure.element_id for failure in case.failures] == ["a"]
    assert case.set(go=True).retry().open == ["b"]
    assert case.variables["n"] == 2


def test_a_failing_input_mapping_opens_no_task_until_the_retry() -> None:
    case = Case(ProcessBuilder().start().user("a", inputs=mappings((_BAD, "m"))).chain("start", "a"))
    assert case.open == []
    assert [failure.element_id for failure in case.failures] == ["a"]


def test_a_failing_completion_condition_keeps_the_vote() -> None:
    loop = each("=户", "h", output=("结果", "=票"), until=_BAD)
    case = Case(ProcessBuilder().start().user("v", multi_instance=loop).chain("start", "v"), 户=["甲", "乙"])
    case.complete("v", 票=1)
    assert case.open == ["v"]
    assert case.scopes.get(case.run.scope_of(case.failures[0].token_id), "票") == 1


def _raise(error: Exception) -> Function:
    def call() -> None:
        raise error

    return Function("f", (), call)


@pytest.mark.parametrize(
    ("error", "said"),
    [(ValueError("no such year"), "no such year"), (NotFound(N_("没有“{x}”。"), x="一组"), "没有“一组”。")],
)
def test_a_function_that_fails_is_a_failure_of_the_step(error: Exception, said: str) -> None:
    class Faulty(Case):
        @property
        def env(self) -> Env:
            return Env(Environment(functions={"f": _raise(error)}))

    case = Faulty(ProcessBuilder().start().user("a").script("s", "=f()", "x").chain("start", "a", "s"))
    [failure] = case.complete("a", 意见="好").failures
    assert said in failure.template.format(**failure.params)
    assert failure.expression == "f()"
    assert case.variables == {"意见": "好"}


_STORED_NOWHERE = ["[1..5]", "function(x) x", "[{a: [1..2]}]", "{a: {b: function() 1}}", r'"\u0000"', r'{"\u0000": 1}']


@pytest.mark.parametrize("text", _STORED_NOWHERE)
def test_a_value_that_no_variable_may_hold_is_a_failure_of_the_step(text: str) -> None:
    given = mappings((f"={text}", "x"))
    of_each = each("=[1]", "n", output=("r", f"={text}"))
    diagram = ProcessBuilder().start().user("a").parallel("f").chain("start", "a", "f")
    diagram.script("s", f"={text}", "x").user("i", inputs=given).task("o", outputs=given)
    diagram.user("c", multi_instance=each(f"=[{text}]", "n")).script("e", "=1", "y", multi_instance=of_each)
    for target in "sioce":
        diagram.flow("f", target)
    case = Case(diagram).complete("a", 意见="好")
    assert sorted(failure.element_id for failure in case.failures) == list("ceios")
    assert all(failure.template.startswith("变量不能保存") for failure in case.failures)
    assert case.variables == {"意见": "好"}


def test_an_interruption_takes_a_failed_token_away() -> None:
    inside = ProcessBuilder().start("s2").script("s", _BAD, "r").chain("s2", "s")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("out", "sub", message("m")).user("b")
    case = Case(diagram.chain("start", "sub").chain("out", "b")).trigger("out")
    assert case.open == ["b"]
    assert case.history("interrupted") == ["s", "sub"]
    with pytest.raises(InvalidState):
        case.retry()


@pytest.mark.parametrize("event", [None, TERMINATE])
def test_a_sub_process_that_failed_at_its_end_can_be_interrupted_but_handles_no_more_events(
    event: EventDefinition | None,
) -> None:
    handler = ProcessBuilder().start("on", message("n"), interrupting=False).user("h").chain("on", "h")
    inside = ProcessBuilder().start("s2").user("a").end("stop", event).chain("s2", "a", "stop")
    diagram = ProcessBuilder().start().sub("sub", inside.on("handler", handler), outputs=mappings((_BAD, "x")))
    diagram.boundary("out", "sub", message("m")).user("b", "c").chain("start", "sub", "c").chain("out", "b")
    case = Case(diagram)
    assert case.open == ["a", "on", "out"]
    assert case.complete("a").open == ["out"]
    assert case.trigger("out").open == ["b"]


def test_terminate_takes_a_failed_token_away() -> None:
    diagram = ProcessBuilder().start().parallel("f").script("s", _BAD, "r").user("a").end("stop", TERMINATE)
    assert Case(diagram.chain("start", "f", "s").chain("f", "a", "stop")).complete("a").done


def test_completing_a_token_twice_or_one_that_is_gone_says_so() -> None:
    case = Case(ProcessBuilder().start().user("a", "b").chain("start", "a", "b"))
    token = case.wait("a").token_id
    case.run.complete(token)
    with pytest.raises(InvalidState, match="没有在等待"):
        case.run.complete(token)
    case.run.advance()
    with pytest.raises(InvalidState, match="已经不在"):
        case.run.complete(token)


def test_only_failed_tokens_can_be_retried() -> None:
    case = Case(ProcessBuilder().start().user("a").chain("start", "a"))
    with pytest.raises(InvalidState):
        case.run.retry(case.wait("a").token_id)


def test_a_loop_without_a_wait_ends_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.tokens.run.MOST_STEPS", 500)
    diagram = ProcessBuilder().start().exclusive("m").task("t").chain("start", "m", "t", "m")
    case = Case(diagram)
    [failure] = case.failures
    assert failure.params == {"limit": 500}


def test_an_unknown_start_event_says_so() -> None:
    case = Case(ProcessBuilder().start().user("a").chain("start", "a"))
    with pytest.raises(InvalidState, match="nowhere"):
        Run.start(build(case.process), case.scopes, case.env, "nowhere")
