"""A faulty decision is refused by file and line, and what is wrong with a table is said where it is used."""

from __future__ import annotations

from typing import Any

import pytest

from engine import definitions
from engine.errors import InvalidDefinition
from tests.decision_table import table
from tests.dmn_xml import decision, function, input_data, literal
from tests.dmn_xml import model as model_of
from tests.engine.commands.deciding import CALL, LEVEL, deploy, drawing
from tests.engine.commands.house import GIVEN, House

_BAD = LEVEL.replace("&gt;= 100", "&gt;= (")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"level": _BAD}, "level.dmn：第 "),
        ({"level": "<definitions/>"}, "level.dmn：第 1 行：这不是 DMN"),
        ({"a": LEVEL, "b": "<x"}, "b.dmn："),
        ({"a": LEVEL, "b": LEVEL.replace("dmn/level", "dmn/b")}, "b.dmn：决策标识“level”已经用过"),
        (
            {"level": LEVEL.replace('<informationRequirement id="need0"><requiredInput href="#in0"/>'
                                    "</informationRequirement>", "")},
            "level.dmn：决策“分级”用到“数量”，但没有从它画过来的信息需求",
        ),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_by_name(house: House, files: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        deploy(house, **files)
    assert str(caught.value).startswith(said)


def test_the_checker_knows_the_decisions_beside_the_diagram(house: House) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        deploy(house, "nothing")
    assert [each.rule for each in caught.value.findings if each.severity == "error"] == ["decision.unknown"]
    with house.reading() as tx:
        found = definitions.check(tx, drawing().xml().decode(), "", {"level.dmn": LEVEL.replace("数量", "户数")})
    assert [each.rule for each in found if each.severity != "note"] == ["decision.input"]


def findings(house: House, text: str) -> list[tuple[str, str, str]]:
    with house.reading() as tx:
        found = definitions.check(tx, drawing().xml().decode(), "", {"level.dmn": text})
    return [(each.rule, each.severity, each.message) for each in found if each.severity != "note"]


_COLUMNS: dict[str, Any] = {"name": "分级", "inputs": ("数量", "结果")}


@pytest.mark.parametrize(
    ("text", "rule", "severity", "said"),
    [
        (
            table("level", [("< 100", "-", "1"), ("> 50", '"同意"', "2"), (">= 50", 'not("同意")', "3")], **_COLUMNS),
            "decision.overlap",
            "error",
            '第 1、2 条规则会同时成立，例如 数量 = 75、结果 = "同意"。',
        ),
        (
            table("level", [("< 100", "-", "1"), ("> 50", "-", "2")], hit_policy="ANY", **_COLUMNS),
            "decision.conflict",
            "warning",
            "第 1、2 条规则会同时成立，结论却写得不同，例如 数量 = 75",
        ),
        (
            table("level", [("< 100", "-", "1"), ("> 100", "-", "2")], **_COLUMNS),
            "decision.gap",
            "warning",
            "“分级”有遗漏：数量 100 时没有规则成立",
        ),
        (
            table("level", [("-", "-", "1"), ("> 100", "-", "2")], hit_policy="FIRST", **_COLUMNS),
            "decision.unreachable",
            "warning",
            "第 2 条规则前面总有规则先成立",
        ),
    ],
    ids=lambda value: value if str(value).startswith("decision.") else "",
)
def test_the_tables_of_a_decision_are_analysed(house: House, text: str, rule: str, severity: str, said: str) -> None:
    found, *_ = [each for each in findings(house, text) if each[0] == rule]
    assert found[1] == severity
    assert said in found[2]


def test_a_table_that_a_decision_requires_is_analysed_with_it_and_others_are_not(house: House) -> None:
    gap = table("line", [('"13"', '"移动"')], name="线路", inputs=("电话",), more=CALL)
    with house.reading() as tx:
        for decision, expected in (("call", ["decision.gap"]), ("level", [])):
            texts = {"line.dmn": gap, "level.dmn": LEVEL.replace("level_file", "other")}
            found = definitions.check(tx, drawing(decision).xml().decode(), "", texts)
            assert sorted({each.rule for each in found if each.severity != "note"}) == expected


def by_model(parameters: str) -> str:
    """A decision that lets a business knowledge model choose; the model reads a setting."""
    model = function("标准", parameters, literal('if 数量 >= policy.大件 then "高" else "低"'))
    arguments = "".join(f", {name}" for name in parameters.split(", ")[1:])
    asked = decision("level", literal(f"标准(数量{arguments})"), requires="数量", knows="标准")
    return model_of(input_data("数量"), model, asked)


def test_a_model_that_reads_what_nobody_hands_to_it_is_told(house: House) -> None:
    (found,) = findings(house, by_model("数量"))
    assert found[:2] == ("decision.unseen", "warning")
    assert "业务知识模型“标准”读取“policy”" in found[2]
    assert findings(house, by_model("数量, policy")) == []


def test_what_it_reads_so_is_null(house: House) -> None:
    for parameters, level in (("数量", "低"), ("数量, policy", "高")):
        house.deploy(drawing(), "大件: {value: 5, source: assumption}", {"level.dmn": by_model(parameters)})
        case = house.start()
        house.complete(case, values={**GIVEN, "数量": 7})
        assert house.variables(case)["级别"] == level
