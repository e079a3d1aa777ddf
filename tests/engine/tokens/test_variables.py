"""Local scopes, input and output mappings, and what parallel branches write."""

from decimal import Decimal

from tests.builders import ProcessBuilder, mappings
from tests.engine.tokens.case import Case


def test_input_mappings_make_a_local_scope_that_later_mappings_see() -> None:
    inputs = mappings(("=金额 * 2", "双倍"), ("=双倍 + 1", "信息.再加一"), ("固定", "信息.文字"))
    case = Case(ProcessBuilder().start().user("a", inputs=inputs).chain("start", "a"), 金额=Decimal(2))
    local = case.scopes.local(case.wait("a").scope)
    assert local == {"双倍": 4, "信息": {"再加一": 5, "文字": "固定"}}
    assert case.variables == {"金额": 2}


def test_with_output_mappings_only_they_leave() -> None:
    outputs = mappings(("=意见", "记录.组长"), ("=记录.旧", "留存"))
    case = Case(ProcessBuilder().start().user("a", outputs=outputs).chain("start", "a"), 记录={"旧": "x"})
    case.complete("a", 意见="同意", 多余=1)
    assert case.variables == {"记录": {"旧": "x", "组长": "同意"}, "留存": "x"}


def test_outputs_are_all_evaluated_before_any_is_written() -> None:
    case = Case(
        ProcessBuilder().start().task("t", outputs=mappings(("=b", "a"), ("=a", "b"))).chain("start", "t"), a=1, b=2
    )
    assert case.variables == {"a": 2, "b": 1}


def test_without_output_mappings_values_go_to_the_nearest_scope_that_has_them() -> None:
    inside = ProcessBuilder().start("s2").user("a", "b").chain("s2", "a", "b")
    diagram = ProcessBuilder().start().sub("sub", inside, inputs=mappings(("=0", "n"))).chain("start", "sub")
    case = Case(diagram, n=Decimal(9)).complete("a", n=Decimal(1), m=2)
    assert case.scopes.get(case.wait("b").scope, "n") == 1
    assert case.variables == {"n": 9, "m": 2}


def test_a_sub_process_maps_out_of_its_scope() -> None:
    inside = ProcessBuilder().start("s2").script("s", "=n + 1", "n").chain("s2", "s")
    ports = {"inputs": mappings(("=x", "n")), "outputs": mappings(("=n", "y"))}
    case = Case(ProcessBuilder().start().sub("sub", inside, **ports).chain("start", "sub"), x=Decimal(1))
    assert case.variables == {"x": 1, "y": 2}


def test_local_scopes_are_gone_with_their_tokens() -> None:
    inside = ProcessBuilder().start("s2").user("a", inputs=mappings(("=1", "k"))).end("e2").chain("s2", "a", "e2")
    case = Case(ProcessBuilder().start().sub("sub", inside).user("z").chain("start", "sub", "z"))
    inner = case.wait("a").scope
    assert inner in case.scopes
    case.complete("a")
    assert inner not in case.scopes
    assert case.wait("z").scope == ""


def test_parallel_branches_never_lose_each_others_updates() -> None:
    diagram = ProcessBuilder().start().parallel("f", "j").user("a", "b", "z")
    diagram.chain("start", "f", "a", "j", "z").chain("f", "b", "j")
    case = Case(diagram, v="old").complete("a", v="new", left=1).complete("b", right=2)
    assert case.variables == {"v": "new", "left": 1, "right": 2}


def test_no_name_can_break_loading() -> None:
    names = {"typename": "x", "$": "n", "__class__": 1, "data_objects": {"typename": "datetime"}}
    case = Case(ProcessBuilder().start().user("a", "b").chain("start", "a", "b"))
    case.complete("a", **names)
    assert case.open == ["b"]
    assert case.variables == names


def test_conditions_see_the_globals_below_the_variables() -> None:
    diagram = ProcessBuilder().start().exclusive("x").user("a", "b").chain("start", "x")
    diagram.flow("x", "a", "=policy.days = 3").flow("x", "b", default=True)
    assert Case(diagram).open == ["a"]
    assert Case(diagram, policy={"days": 4}).open == ["b"]
