"""Boundary, intermediate and end events; errors, signals, escalations, links, termination."""

from decimal import Decimal

from engine.bpmn.model import EventType, Text
from engine.tokens import WaitKind
from tests.builders import TERMINATE, ProcessBuilder, error, escalation, link, mappings, message, signal, timer
from tests.engine.tokens.case import BEGIN, Case


def _guarded(event: object, interrupting: bool = True) -> ProcessBuilder:
    diagram = ProcessBuilder().start().user("a", "b", "c").end()
    diagram.boundary("on", "a", event, interrupting)
    return diagram.chain("start", "a", "b", "end").chain("on", "c")


def test_an_interrupting_boundary_event_cancels_its_activity() -> None:
    case = Case(_guarded(message("撤回", "=编号")), 编号="7")
    wait = case.wait("on")
    assert (wait.kind, wait.name, wait.key, wait.host) == (WaitKind.MESSAGE, "撤回", "7", case.wait("a").token_id)

    case.trigger("on", 原因="自行解决")

    assert case.open == ["c"]
    assert case.history("interrupted") == ["a"]
    assert case.history("completed") == ["start", "on"]
    assert case.variables["原因"] == "自行解决"


def test_a_boundary_event_is_gone_when_its_activity_completes() -> None:
    assert Case(_guarded(message("撤回"))).complete("a").open == ["b"]


def test_a_message_that_does_not_interrupt_may_come_again() -> None:
    case = Case(_guarded(message("催办"), interrupting=False)).trigger("on").trigger("on")
    assert case.open == ["a", "c", "c", "on"]
    assert case.complete("a").open == ["b", "c", "c"]


def test_output_mappings_choose_what_of_a_message_stays() -> None:
    diagram = ProcessBuilder().start().catch("m", message("答复"), outputs=mappings(("=内容.文字", "答复"))).user("a")
    case = Case(diagram.chain("start", "m", "a")).trigger("m", 内容={"文字": "好"}, 多余=1)
    assert case.variables == {"答复": "好"}


def test_an_intermediate_timer_waits_for_its_moment() -> None:
    diagram = ProcessBuilder().start().catch("t", timer("P1D")).end().chain("start", "t", "end")
    case = Case(diagram)
    assert (case.wait("t").due - BEGIN).days == 1
    assert not case.pass_time(hours=23).done
    assert case.pass_time(hours=1).done


def test_an_error_end_is_caught_on_the_boundary_of_a_scope_further_out() -> None:
    inner = ProcessBuilder().start("s3").user("b").end("fail", error("E")).chain("s3", "b", "fail")
    middle = ProcessBuilder().start("s2").parallel("f").sub("inner", inner).user("other")
    middle.chain("s2", "f", "inner").chain("f", "other")
    diagram = ProcessBuilder().start().sub("middle", middle).boundary("no", "middle", error("F"))
    diagram.boundary("yes", "middle", error("E")).boundary("any", "middle", error()).user("fix", "x", "y")
    diagram.chain("start", "middle").chain("yes", "fix").chain("no", "x").chain("any", "y")
    case = Case(diagram)
    assert case.open == ["b", "other"]

    case.complete("b")

    assert case.open == ["fix"]
    assert case.history("error_thrown") == ["fail"]
    assert case.history("interrupted") == ["inner", "other", "middle"]


def test_a_handler_for_the_very_code_goes_before_one_for_all_codes() -> None:
    inside = ProcessBuilder().start("s2").end("fail", error("E")).chain("s2", "fail")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("any", "sub", error())
    diagram.boundary("yes", "sub", error("E")).user("a", "b").chain("start", "sub")
    assert Case(diagram.chain("any", "a").chain("yes", "b")).open == ["b"]


class _Called(Case):
    is_called = True


def _uncaught() -> ProcessBuilder:
    diagram = ProcessBuilder().start().parallel("f").user("a", "b").end("fail", error("E"))
    return diagram.chain("start", "f", "a").chain("f", "b", "fail")


def test_an_error_that_nobody_catches_stops_where_it_was_thrown() -> None:
    case = Case(_uncaught()).complete("b")
    assert [(failure.element_id, failure.params["code"]) for failure in case.failures] == [("fail", "E")]
    assert case.open == ["a"]
    assert case.retry().failures[0].element_id == "fail"


def test_an_error_that_nobody_catches_ends_a_called_instance_for_its_caller() -> None:
    case = _Called(_uncaught()).complete("b")
    assert case.done
    assert case.run.end_error == "E"
    assert case.history("interrupted") == ["a"]


def test_terminate_ends_only_its_own_scope() -> None:
    inside = ProcessBuilder().start("s2").parallel("f").user("a", "b").end("stop", TERMINATE)
    inside.chain("s2", "f", "a", "stop").chain("f", "b")
    diagram = ProcessBuilder().start().parallel("f1").sub("sub", inside).user("c", "d")
    case = Case(diagram.chain("start", "f1", "sub", "c").chain("f1", "d")).complete("a")
    assert case.open == ["c", "d"]
    assert case.history("interrupted") == ["b"]
    assert not case.run.terminated


def test_terminate_ends_the_process() -> None:
    diagram = ProcessBuilder().start().parallel("f").user("a", "b").end("stop", TERMINATE)
    case = Case(diagram.chain("start", "f", "a", "stop").chain("f", "b")).complete("a")
    assert case.done
    assert case.run.terminated


def test_a_signal_reaches_all_who_wait_for_it_inside_and_is_told_outside() -> None:
    diagram = ProcessBuilder().start().parallel("f").throw("t", signal("=名")).end("e", signal("last"))
    diagram.user("a", "b", "c", "go").catch("s", signal("响")).catch("no", signal("别的"))
    diagram.boundary("on", "b", signal("响"))
    diagram.chain("start", "f", "go", "t", "e").chain("f", "s", "a").chain("f", "b").chain("on", "c").chain("f", "no")
    case = Case(diagram, 名="响").complete("go")
    assert case.open == ["a", "c", "no"]
    assert [(thrown.type, thrown.name) for thrown in case.thrown] == [
        (EventType.SIGNAL, "响"),
        (EventType.SIGNAL, "last"),
    ]


def test_a_signal_from_outside_reaches_all_who_wait_for_it() -> None:
    diagram = ProcessBuilder().start().parallel("f").catch("s", signal("响")).catch("t", signal("响")).user("a", "b")
    diagram.catch("no", signal("别的")).chain("start", "f", "s", "a").chain("f", "t", "b").chain("f", "no")
    case = Case(diagram).signal("响", 消息="开会")
    assert case.open == ["a", "b", "no"]
    assert case.variables == {"消息": "开会"}
    assert case.thrown == []


def test_input_mappings_are_what_a_signal_carries() -> None:
    diagram = ProcessBuilder().start().parallel("f").catch("s", signal("响")).user("a", "go")
    diagram.throw("t", signal("响"), inputs=mappings(("=n + 1", "m"))).chain("start", "f", "s", "a")
    case = Case(diagram.chain("f", "go", "t"), n=Decimal(1)).complete("go")
    assert case.open == ["a"]
    assert case.variables == {"n": 1, "m": 2}
    assert case.thrown[0].variables == {"m": 2}


def test_a_message_throw_is_told_outside_with_its_key() -> None:
    diagram = ProcessBuilder().start().throw("t", message("通知", "=编号")).end().chain("start", "t", "end")
    case = Case(diagram, 编号=Decimal("9.00"))
    assert case.done
    [thrown] = case.thrown
    assert (thrown.type, thrown.name, thrown.key) == (EventType.MESSAGE, "通知", "9")


def test_a_message_event_with_a_task_definition_is_a_job() -> None:
    sent = {"job_type": Text("send", False), "inputs": mappings(("=编号", "单号"))}
    diagram = ProcessBuilder().start().throw("t", message("通知"), **sent).end("e", message("完成"), **sent)
    case = Case(diagram.chain("start", "t", "e"), 编号="9")
    for id in ("t", "e"):
        wait = case.wait(id)
        assert wait.kind is WaitKind.JOB
        assert case.scopes.local(wait.scope) == {"单号": "9"}
        case.complete(id)
    assert case.done
    assert case.thrown == []


def test_an_escalation_that_does_not_interrupt_lets_its_sub_process_go_on() -> None:
    inside = ProcessBuilder().start("s2").throw("up", escalation("U")).user("a").chain("s2", "up", "a")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("on", "sub", escalation("U"), interrupting=False)
    case = Case(diagram.user("b", "c").chain("start", "sub", "b").chain("on", "c"))
    assert case.open == ["a", "c"]
    assert case.complete("a").open == ["b", "c"]


def test_an_escalation_that_interrupts_cancels_its_sub_process() -> None:
    inside = ProcessBuilder().start("s2").end("up", escalation("U")).chain("s2", "up")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("on", "sub", escalation())
    assert Case(diagram.user("b", "c").chain("start", "sub", "b").chain("on", "c")).open == ["c"]


def test_an_escalation_that_nobody_catches_is_told_outside() -> None:
    case = Case(ProcessBuilder().start().end("up", escalation("U")).chain("start", "up"))
    assert case.done
    assert [(thrown.type, thrown.name) for thrown in case.thrown] == [(EventType.ESCALATION, "U")]


def test_links_lead_on_also_in_a_loop() -> None:
    diagram = ProcessBuilder().start().catch("in", link("L")).user("a").exclusive("x").throw("out", link("L")).end()
    diagram.throw("first", link("L")).chain("start", "first").chain("in", "a", "x").flow("x", "out", "=n > 1")
    diagram.flow("x", "end", default=True)
    case = Case(diagram).complete("a", n=Decimal(2))
    assert case.open == ["a"]
    assert case.complete("a", n=Decimal(1)).done


def test_an_instance_may_begin_at_another_start_event() -> None:
    diagram = ProcessBuilder().start().start("other", message("申请")).user("a", "b")
    diagram.chain("start", "a").chain("other", "b")
    assert Case(diagram, "other").open == ["b"]
    assert Case(diagram).open == ["a"]
