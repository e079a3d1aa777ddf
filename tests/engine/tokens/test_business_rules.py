"""Business rule tasks decide inside the step, with the variables that they see; a failure keeps what was entered."""

from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.model import Text
from engine.decisions import Decisions, load
from engine.errors import InvalidDefinition
from engine.feel import Environment, Function
from engine.tokens import Env, Spec, build
from tests.builders import ProcessBuilder, each, mappings, message
from tests.decision_table import table
from tests.engine.tokens.case import Case

LEVEL = table("level", [("< 100", '"低"'), ("[100..500)", '"中"'), (">= 500", '"高"')], name="分级")
TWO = table(
    "two",
    [("< 10", "-", '"甲"', "3"), (">= 10", '"维修"', '"乙"', "5"), ("-", '"急"', '"丙"', "1")],
    name="期限和承办",
    inputs=("金额", "类型"),
    outputs=("承办", "天数"),
)
UNDECLARED = table("undeclared", [("> 3", "true"), ("<= 3", "false")], inputs=("户数 + 1",))


class Deciding(Case):
    """A case with decisions beside its diagram."""

    def decisions(self) -> Decisions:
        return load({"level.dmn": LEVEL, "two.dmn": TWO, "undeclared.dmn": UNDECLARED})

    def spec(self) -> Spec:
        return build(self.process, self.decisions())

    @property
    def failed(self) -> list[str]:
        return [failure.template.format(**failure.params) for failure in self.failures]


def deciding(decision: str = "level", result: str = "级别", **fields: Any) -> ProcessBuilder:
    diagram = ProcessBuilder().start().user("a").rule("r", decision, result, **fields).user("b")
    return diagram.chain("start", "a", "r", "b")


def test_the_value_goes_to_the_result_variable_in_the_same_step() -> None:
    case = Deciding(deciding()).complete("a", 金额=Decimal(120))
    assert case.open == ["b"]
    assert case.variables == {"金额": 120, "级别": "中"}
    assert case.history("completed")[-2:] == ["a", "r"]


def test_several_outputs_are_a_context() -> None:
    case = Deciding(deciding("two", "安排")).complete("a", 金额=Decimal(12), 类型="维修")
    assert case.variables["安排"] == {"承办": "乙", "天数": 5}


def test_input_and_output_mappings_stand_around_it() -> None:
    mapped = {"inputs": mappings(("=申请.总额", "金额")), "outputs": mappings(('=级别 + "级"', "结论.级别"))}
    case = Deciding(deciding(**mapped)).complete("a", 申请={"总额": Decimal(5)})
    assert case.open == ["b"]
    assert case.variables == {"申请": {"总额": 5}, "结论": {"级别": "低级"}}


def test_the_decision_may_be_chosen_by_an_expression() -> None:
    case = Deciding(deciding('=if 金额 > 1 then "level" else "nothing"')).complete("a", 金额=Decimal(700))
    assert case.variables["级别"] == "高"
    again = Deciding(deciding('=if 金额 > 1 then "level" else 别的')).complete("a", 金额=Decimal(0), 别的="nothing")
    assert again.failed == ["“r”要用的决策“nothing”不在流程的决策文件里。请检查决策标识，再重试。"]
    assert again.set(别的="level").retry().variables["级别"] == "低"


def test_names_that_the_model_does_not_declare_are_variables() -> None:
    case = Deciding(deciding("undeclared", "多")).complete("a", 户数=Decimal(3))
    assert case.variables["多"] is True


@pytest.mark.parametrize(
    ("decision", "given", "said"),
    [
        ("level", {}, "决策“分级”要用“金额”，现在没有这个变量"),
        ("undeclared", {}, "决策“undeclared”要用“户数”，现在没有这个变量"),
        ("two", {"金额": Decimal(3), "类型": "急"}, "决策“期限和承办”得不出结论。“期限和承办”的命中策略是唯一（U）"),
    ],
)
def test_a_decision_that_cannot_be_made_fails_and_keeps_the_input(
    decision: str, given: dict[str, Any], said: str
) -> None:
    case = Deciding(deciding(decision)).complete("a", **given)
    assert case.open == []
    assert case.failed[0].startswith(said)
    assert case.variables == given
    assert case.set(金额=Decimal(20), 类型="维修", 户数=Decimal(1)).retry().open == ["b"]
    assert case.history("entered").count("r") == 1


def test_null_is_a_value_and_no_rule_is_null() -> None:
    case = Deciding(deciding()).complete("a", 金额=None)
    assert (case.open, case.variables["级别"]) == (["b"], None)


TYPED = LEVEL.replace('name="金额"/>', 'name="金额"><variable name="金额" typeRef="number"/></inputData>')


def test_a_value_of_the_wrong_type_fails() -> None:
    class Typed(Deciding):
        def decisions(self) -> Decisions:
            return load({"level.dmn": TYPED})

    case = Typed(deciding()).complete("a", 金额="很多")
    assert case.failed == ["决策“分级”得不出结论。输入“金额”应为“number”，得到的是文本。"]
    assert case.set(金额=Decimal(1)).retry().variables["级别"] == "低"


def test_a_result_that_no_variable_may_hold_fails() -> None:
    class Odd(Deciding):
        def decisions(self) -> Decisions:
            return load({"level.dmn": table("level", [("-", "[1..金额]")])})

    assert Odd(deciding()).complete("a", 金额=Decimal(3)).failed == ["变量不能保存“区间”类型的值。"]


def test_functions_of_the_surroundings_may_be_used() -> None:
    class Surrounded(Deciding):
        def decisions(self) -> Decisions:
            return load({"level.dmn": table("level", [("-", "working days after(金额, policy.days)")])})

        @property
        def env(self) -> Env:
            function = Function("working days after", ("start", "n"), lambda start, n: start + n)
            return Env(Environment(functions={"working days after": function}), {"policy": {"days": Decimal(3)}})

    assert Surrounded(deciding()).complete("a", 金额=Decimal(4)).variables["级别"] == 7


@pytest.mark.parametrize("sequential", [True, False])
def test_one_decision_for_each_item(sequential: bool) -> None:
    loop = each("=金额们", "金额", sequential=sequential, output=("级别们", "=级别"))
    diagram = ProcessBuilder().start().rule("r", "level", "级别", multi_instance=loop).user("b")
    case = Deciding(diagram.chain("start", "r", "b"), 金额们=[Decimal(1), Decimal(600), Decimal(100)])
    assert case.variables["级别们"] == ["低", "高", "中"]
    assert "级别" not in case.variables


def test_another_branch_may_bring_what_is_missing() -> None:
    diagram = ProcessBuilder().start().parallel("f").rule("r", "level", "级别").user("a", "b")
    case = Deciding(diagram.chain("start", "f", "r", "b").chain("f", "a"))
    assert (case.open, len(case.failures)) == (["a"], 1)
    assert case.complete("a", 金额=Decimal(1)).retry().open == ["b"]


def test_an_interruption_takes_a_failed_decision_away() -> None:
    inside = ProcessBuilder().start("s2").rule("r", "level", "级别").chain("s2", "r")
    diagram = ProcessBuilder().start().sub("sub", inside).boundary("out", "sub", message("m")).user("b")
    case = Deciding(diagram.chain("start", "sub").chain("out", "b")).trigger("out")
    assert case.open == ["b"]
    assert case.history("interrupted") == ["r", "sub"]


def test_with_a_job_type_it_is_a_job() -> None:
    diagram = ProcessBuilder().start().rule("r", None, None, job_type=Text("rules", False)).user("b")
    case = Deciding(diagram.chain("start", "r", "b"))
    assert case.open == ["r"]
    assert case.complete("r", 级别="高").variables == {"级别": "高"}


@pytest.mark.parametrize(("decision", "result"), [("nothing", "级别"), ("level", None)])
def test_what_could_not_run_is_refused(decision: str, result: str | None) -> None:
    with pytest.raises(InvalidDefinition):
        Deciding(deciding(decision, result))  # type: ignore[arg-type] # None is what is wrong
