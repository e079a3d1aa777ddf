"""Decisions run with the command that reaches them, stand in history with the rules that matched, and are retried."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.history import export, verify
from engine.history.selection import Selection
from engine.queries import audit
from engine.queries.story import story, story_for_resident
from tests.bpmn_xml import element, extension, zeebe
from tests.decision_table import table
from tests.engine.commands.deciding import LEVEL, LINE, deploy, drawing, rule
from tests.engine.commands.house import GIVEN, House, process


def decided(house: House, case: UUID) -> list[dict[str, Any]]:
    return [data for row, data in house.history(case) if row.type == "decision_evaluated"]


def given(**more: Any) -> Mapping[str, Any]:
    return {**GIVEN, **more}


def test_a_decision_is_made_with_the_completion_and_needs_no_worker(house: House) -> None:
    deploy(house)
    case = house.start()
    house.complete(case, values=given(数量=120))
    assert (house.open(case), house.jobs(case), house.variables(case)["级别"]) == (["b"], [], "高")


def test_history_says_what_went_in_which_rule_matched_and_what_came_out(house: House) -> None:
    deploy(house)
    case = house.start()
    house.complete(case, values=given(数量=120))
    assert decided(house, case) == [
        {
            "decision": "分级",
            "trace": [
                {
                    "decision": "分级",
                    "id": "level",
                    "rules": [{"number": 2, "id": "level_rule2"}],
                    "inputs": {"数量": {"$": "n", "v": "120"}},
                }
            ],
            "variables": {"级别": "高"},
        }
    ]
    with house.reading() as tx:
        assert verify.verify_chain(tx, case).ok


def test_history_tells_the_decisions_of_a_repeated_task_apart(house: House) -> None:
    loop = element(
        "bpmn:multiInstanceLoopCharacteristics",
        extension(zeebe("loopCharacteristics", inputCollection="=[5, 500]", inputElement="数量")),
    )
    house.deploy(
        process().node("businessRuleTask", "r", rule("level", "级别") + loop).user_task().end(),
        decisions={"level.dmn": LEVEL},
    )
    case = house.start()
    told = [(data["run"], data["variables"]["级别"]) for data in decided(house, case)]
    assert told == [(1, "低"), (2, "高")]


def test_a_personal_input_stays_hidden_and_so_does_what_follows_from_it(house: House) -> None:
    deploy(house, "call", "回访", line=LINE)
    case = house.start()
    house.complete(case, values=given(电话="13800000000", 数量=2))
    assert house.variables(case)["回访"] == "移动：2"
    (data,) = decided(house, case)
    line, call = data["trace"]
    assert list(line["inputs"]["电话"]) == list(line["value"]) == list(call["inputs"]["线路"]) == ["commitment"]
    assert call["inputs"]["数量"] == {"$": "n", "v": "2"}
    with house.reading() as tx:
        assert verify.verify_chain(tx, case).ok


def test_the_export_holds_the_decision_in_words_and_in_full(house: House) -> None:
    deploy(house)
    case = house.start()
    house.complete(case, values=given(数量=5))
    auditor = house.actor("auditor")
    with house.engine.begin(auditor) as tx:
        begun = export.begin(tx, Selection(chain=case), "jsonl")
    rows = list(audit.export_rows(house.engine, auditor, begun))
    (row,) = [row for row in rows if row.event.type == "decision_evaluated"]
    assert row.words == "“r”按决策“分级”第 1 条规则判定"
    lines = list(export.jsonl(begun, rows))
    assert verify.verify_file(lines).ok
    assert '"rules":[{"id":"level_rule1","number":1}]' in "".join(lines)


def test_officials_are_told_the_rule_and_the_conclusion(house: House) -> None:
    deploy(house)
    case = house.start()
    house.complete(case, values=given(数量=120))
    with house.reading() as tx:
        instance = house.case(case)
        told = [each for each in story(tx, instance) if each.type == "decision_evaluated"]
        residents = [each.type for each in story_for_resident(tx, instance)]
    (entry,) = told
    assert entry.template.format(**entry.params) == "r：按决策“分级”第 2 条规则"
    assert entry.notes == (("结论", "高"),)
    assert "decision_evaluated" not in residents


MANY = table(
    "many",
    [("> 10", '"核查"', "3"), ("> 20", '"公示"', "7"), ("> 90", '"上会"', "null")],
    name="程序",
    inputs=("数量",),
    outputs=("事", "天数"),
    hit_policy="COLLECT",
)


@pytest.mark.parametrize(
    ("quantity", "title", "notes"),
    [
        (25, "r：按决策“程序”第 1、2 条规则", (("结论", "事 核查，天数 3；事 公示，天数 7"),)),
        (1, "r：按决策“程序”", ()),
    ],
)
def test_several_rules_or_none(house: House, quantity: int, title: str, notes: Any) -> None:
    deploy(house, "many", "程序", many=MANY)
    case = house.start()
    house.complete(case, values=given(数量=quantity))
    with house.reading() as tx:
        (entry,) = [each for each in story(tx, house.case(case)) if each.type == "decision_evaluated"]
    assert (entry.template.format(**entry.params), entry.notes) == (title, notes)


def test_a_decision_that_cannot_be_made_is_an_incident_that_keeps_what_was_entered(house: House) -> None:
    fork = process().node("parallelGateway", "fork").user_task()
    fork.node("businessRuleTask", "r", rule("level", "级别")).user_task("b").end()
    fork.at("fork").user_task("c", form="g").end("end2")
    house.deploy(fork, decisions={"level.dmn": LEVEL.replace("数量", "乙")})
    case = house.start()
    house.complete(case, values=given(数量=1))
    (incident,) = house.incidents(case)
    assert incident.element_id == "r"
    assert incident.template.format(**incident.params).startswith("决策“分级”要用“乙”，现在没有这个变量。")
    assert (house.open(case), house.variables(case)["意见"]) == (["c"], "可行")
    house.retry(case)
    assert len(house.incidents(case)) == 1
    house.complete(case, "c", {"乙": 500})
    house.retry(case)
    assert (house.incidents(case), house.open(case), house.variables(case)["级别"]) == ([], ["b"], "高")
    assert len(decided(house, case)) == 1


def test_rules_that_contradict_each_other_stop_the_case_and_not_the_person(house: House) -> None:
    # Tests of another name than the column's can't be analysed, so the checker does not see it coming.
    twice = table("level", [("数量 < 100", '"低"'), ("数量 > 50", '"高"')], name="分级", inputs=("数量",))
    deploy(house, level=twice)
    case = house.start()
    house.complete(case, values=given(数量=70))
    (incident,) = house.incidents(case)
    assert "命中策略是唯一（U），却有 2 条规则同时命中：1、2" in incident.template.format(**incident.params)
    assert house.variables(case)["数量"] == Decimal(70)


def test_functions_of_calendar_and_organisation_and_the_policy_are_there(house: House) -> None:
    until = 'working days after(date and time("2026-01-05T09:00:00+08:00"), policy.天数)'
    text = table("level", [("-", f'string({until}) + unit name(unit by code("jinxing"))')], inputs=("数量",))
    house.deploy(drawing(), "天数:\n  value: 3\n  source: assumption\n", {"level.dmn": text})
    case = house.start()
    house.complete(case, values=given(数量=1))
    assert house.variables(case)["级别"] == "2026-01-08T18:00:00@Asia/Shanghai金星社区"


def test_a_running_case_keeps_the_decisions_of_its_version(house: House) -> None:
    deploy(house)
    case = house.start()
    deploy(house, level=LEVEL.replace("100", "10"))
    newer = house.start()
    for each in (case, newer):
        house.complete(each, values=given(数量=50))
    assert [house.variables(each)["级别"] for each in (case, newer)] == ["低", "高"]


def test_files_may_import_one_another(house: House) -> None:
    other = LEVEL.replace('id="level_file"', 'id="other"')
    importing = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="top" name="top" namespace="urn:top">'
        '<import name="基础" namespace="http://wuji.example/dmn/level" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        '<decision id="top" name="总评"><informationRequirement>'
        '<requiredDecision href="http://wuji.example/dmn/level#level"/></informationRequirement>'
        '<literalExpression><text>基础.分级 + "级"</text></literalExpression></decision></definitions>'
    )
    deploy(house, "top", "评", level=other, top=importing)
    case = house.start()
    house.complete(case, values=given(数量=5))
    assert house.variables(case)["评"] == "低级"
