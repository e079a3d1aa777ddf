"""Tasks of every kind, sub-processes and called processes."""

from decimal import Decimal

from engine.bpmn.model import EventType, Kind, Text
from engine.tokens import WaitKind
from tests.builders import ProcessBuilder, error, escalation, mappings, message
from tests.engine.tokens.case import Case


def test_a_user_task_waits_until_it_is_completed() -> None:
    case = Case(ProcessBuilder().start().user("a").end().chain("start", "a", "end"))
    assert case.open == ["a"]
    assert case.wait("a").kind is WaitKind.USER_TASK

    case.complete("a", 意见="同意")

    assert case.done
    assert case.variables == {"意见": "同意"}
    assert case.history("entered") == ["start", "a", "end"]
    assert case.history("completed") == ["start", "a", "end"]


def test_none_and_manual_tasks_pass() -> None:
    diagram = ProcessBuilder().start().task("t").add(Kind.MANUAL_TASK, "m").end().chain("start", "t", "m", "end")
    assert Case(diagram).done


def test_a_script_writes_its_result() -> None:
    diagram = ProcessBuilder().start().script("s", "=n + 1", "n").end().chain("start", "s", "end")
    case = Case(diagram, n=Decimal(4))
    assert case.done
    assert case.variables["n"] == 5


def test_service_send_and_rule_tasks_become_jobs() -> None:
    diagram = ProcessBuilder().start().service("s").add(Kind.SEND_TASK, "t", job_type=Text("mail", False)).end()
    diagram.add(Kind.BUSINESS_RULE_TASK, "r", job_type=Text("rules", False)).chain("start", "s", "r", "t", "end")
    case = Case(diagram)
    assert case.wait("s").kind is WaitKind.JOB
    case.complete("s")
    assert case.wait("r").kind is WaitKind.JOB
    case.complete("r")
    assert case.wait("t").kind is WaitKind.JOB
    case.complete("t")
    assert case.done


def test_a_send_task_without_a_job_throws_its_message_and_goes_on() -> None:
    diagram = ProcessBuilder().start().add(Kind.SEND_TASK, "t", event=message("补充材料", "=n"))
    case = Case(diagram.end().chain("start", "t", "end"), n=Decimal("5.00"))
    assert case.done
    (thrown,) = case.thrown
    assert (thrown.type, thrown.name, thrown.key, thrown.element_id) == (EventType.MESSAGE, "补充材料", "5", "t")


def test_a_receive_task_waits_for_its_message() -> None:
    diagram = ProcessBuilder().start().add(Kind.RECEIVE_TASK, "r", event=message("补充材料", "=编号")).end()
    case = Case(diagram.chain("start", "r", "end"), 编号="SQ-1")
    wait = case.wait("r")
    assert (wait.kind, wait.name, wait.key) == (WaitKind.MESSAGE, "补充材料", "SQ-1")

    case.trigger("r", 材料="照片")

    assert case.done
    assert case.variables["材料"] == "照片"


def test_a_sub_process_goes_on_after_its_last_token() -> None:
    inside = ProcessBuilder().start("s2").parallel("fork").user("b", "c").end("e2").end("e3")
    inside.chain("s2", "fork", "b", "e2").chain("fork", "c", "e3")
    diagram = ProcessBuilder().start().sub("sub", inside).user("d").end().chain("start", "sub", "d", "end")
    case = Case(diagram)
    assert case.open == ["b", "c"]
    assert case.complete("c").open == ["b"]
    assert case.complete("b").open == ["d"]
    assert case.history("completed").count("sub") == 1


def test_a_process_without_start_event_begins_where_nothing_leads() -> None:
    diagram = ProcessBuilder().user("a", "b").parallel("join").end().chain("a", "join", "end").flow("b", "join")
    case = Case(diagram)
    assert case.open == ["a", "b"]
    assert case.complete("a").complete("b").done


def test_a_call_waits_and_maps_in_and_out() -> None:
    call = {"inputs": mappings(("=单位", "下级")), "outputs": mappings(("=结果", "答复"))}
    diagram = ProcessBuilder().start().call("c", **call).end().chain("start", "c", "end")
    case = Case(diagram, 单位="一组")
    wait = case.wait("c")
    assert wait.kind is WaitKind.CALL
    assert case.scopes.local(wait.scope) == {"下级": "一组"}

    case.complete("c", 结果="已修", 其他=1)

    assert case.variables == {"单位": "一组", "答复": "已修"}


def test_a_call_that_propagates_nothing_writes_nothing() -> None:
    diagram = ProcessBuilder().start().call("c", propagate_all_children=False).end().chain("start", "c", "end")
    assert Case(diagram).complete("c", x=1).variables == {}


def test_a_call_or_job_that_ends_in_an_error_is_caught_on_its_boundary() -> None:
    diagram = ProcessBuilder().start().call("c").boundary("oops", "c", error("E1")).user("fix").end()
    diagram.chain("start", "c", "end").chain("oops", "fix")
    case = Case(diagram)

    assert not case.throw("c", "E2")
    assert case.open == ["c"]
    assert case.throw("c", "E1", 原因="查无此人")
    assert case.open == ["fix"]
    assert case.variables == {"原因": "查无此人"}
    assert case.history("interrupted") == ["c"]


def test_a_call_that_escalates_goes_on_beside_what_catches_it() -> None:
    diagram = ProcessBuilder().start().call("c").boundary("up", "c", escalation("U"), False).user("told").end()
    case = Case(diagram.chain("start", "c", "end").chain("up", "told"))
    assert not case.escalate("c", "V")
    assert case.escalate("c", "U", 内容="超出权限")
    assert case.open == ["c", "told"]
    assert case.variables == {"内容": "超出权限"}


def test_several_flows_out_of_and_into_a_task_fork_and_merge_token_by_token() -> None:
    diagram = ProcessBuilder().start().user("a", "b", "c", "d").end()
    diagram.chain("start", "a", "b", "d", "end").chain("a", "c", "d")
    case = Case(diagram).complete("a")
    assert case.open == ["b", "c"]
    case.complete("b").complete("c")
    assert case.open == ["d", "d"]
    assert case.complete("d").complete("d").done


def test_conditional_and_default_flows_leave_a_task() -> None:
    diagram = ProcessBuilder().start().user("a", "b", "c", "d").end().flow("start", "a")
    diagram.flow("a", "b", "=n > 1").flow("a", "c", "=n > 2").flow("a", "d", default=True)
    assert Case(diagram).complete("a", n=Decimal(3)).open == ["b", "c"]
    assert Case(diagram).complete("a", n=Decimal(2)).open == ["b"]
    assert Case(diagram).complete("a", n=Decimal(1)).open == ["d"]


def test_the_default_flow_is_taken_beside_one_without_condition_when_no_condition_is_true() -> None:
    diagram = ProcessBuilder().start().user("a", "b", "c", "d").chain("start", "a", "b")
    diagram.flow("a", "c", "=n > 1").flow("a", "d", default=True)
    assert Case(diagram).complete("a", n=Decimal(1)).open == ["b", "d"]
    assert Case(diagram).complete("a", n=Decimal(2)).open == ["b", "c"]


def test_a_flow_without_condition_is_taken_beside_a_conditional_one() -> None:
    diagram = ProcessBuilder().start().user("a", "b", "c").flow("start", "a").flow("a", "b", "=n > 1").flow("a", "c")
    assert Case(diagram).complete("a", n=Decimal(0)).open == ["c"]
    assert Case(diagram).complete("a", n=Decimal(2)).open == ["b", "c"]
