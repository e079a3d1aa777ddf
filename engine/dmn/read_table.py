"""XML → decision tables (DMN 1.5, chapter 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import lxml.etree as etree

from engine import xml_reading as xml
from engine.dmn import model
from engine.dmn.errors import N_
from engine.dmn.names import AGGREGATIONS, HIT_POLICIES
from engine.dmn.read_xml import child, children, literal, optional_literal

if TYPE_CHECKING:
    from engine.dmn.read_boxed import Reading

MAX_RULES: Final = 5_000


def table(element: etree._Element, reading: Reading) -> model.DecisionTable:
    """A decision table; every rule has a cell for each column, and the policy is one of DMN's."""
    policy, aggregation = _policy(element, reading)
    inputs = tuple(_input(each, reading) for each in children(element, "input"))
    outputs = tuple(_output(each, reading) for each in children(element, "output"))
    rules = tuple(_rule(each) for each in children(element, "rule"))
    found = model.DecisionTable(
        element.get("id") or "",
        policy,
        aggregation,
        inputs,
        outputs,
        rules,
        xml.line(element),
        reading.type_ref(element.get("typeRef")),
    )
    _ensure_regular(found, element, reading)
    return found


def _policy(element: etree._Element, reading: Reading) -> tuple[str, str]:
    written, operator = element.get("hitPolicy") or "UNIQUE", element.get("aggregation") or ""
    if written not in HIT_POLICIES:
        raise reading.fail(N_("第 {line} 行：“{node}”的命中策略“{policy}”不存在。"), element, policy=written)
    if operator and operator not in AGGREGATIONS:
        raise reading.fail(N_("第 {line} 行：“{node}”的汇总方式“{operator}”不存在。"), element, operator=operator)
    policy = HIT_POLICIES[written]
    return policy, AGGREGATIONS[operator] if operator and policy == "C" else ""


def _input(element: etree._Element, reading: Reading) -> model.InputClause:
    inner = child(element, "inputExpression")
    if inner is None:
        expression = model.Literal("", xml.line(element))
    else:
        expression = literal(inner, reading.type_ref(inner.get("typeRef")))
    allowed = optional_literal(child(element, "inputValues"))
    return model.InputClause(element.get("id") or "", element.get("label") or "", expression, allowed)


def _output(element: etree._Element, reading: Reading) -> model.OutputClause:
    return model.OutputClause(
        element.get("id") or "",
        element.get("name") or "",
        reading.type_ref(element.get("typeRef")),
        optional_literal(child(element, "outputValues")),
        optional_literal(child(element, "defaultOutputEntry")),
    )


def _rule(element: etree._Element) -> model.Rule:
    return model.Rule(
        element.get("id") or "",
        tuple(literal(each) for each in children(element, "inputEntry")),
        tuple(literal(each) for each in children(element, "outputEntry")),
        xml.line(element),
    )


def _ensure_regular(found: model.DecisionTable, element: etree._Element, reading: Reading) -> None:
    if len(found.rules) > MAX_RULES:
        raise reading.fail(
            N_("第 {line} 行：“{node}”的决策表超过 {limit} 条规则。请拆成几张表。"), element, limit=MAX_RULES
        )
    if not found.outputs:
        raise reading.fail(N_("第 {line} 行：“{node}”的决策表没有输出列。请补上。"), element)
    names = [output.name for output in found.outputs]
    if len(names) > 1 and (not all(names) or len(set(names)) < len(names)):
        raise reading.fail(N_("第 {line} 行：“{node}”的决策表有几个输出列，每列都要有不同的名称。"), element)
    if len(names) > 1 and found.aggregation:
        raise reading.fail(N_("第 {line} 行：“{node}”的决策表汇总结果，只能有一个输出列。"), element)
    for number, (rule, row) in enumerate(zip(found.rules, children(element, "rule"), strict=True), 1):
        if (len(rule.tests), len(rule.results)) != (len(found.inputs), len(found.outputs)):
            raise reading.fail(
                N_("第 {line} 行：“{node}”的第 {number} 条规则和决策表的列数不同。请补全。"), row, number=number
            )
