"""The models that are measured: one for the step, one that loops, one for the chaos; and their six-field form.

Each is written once. For SpiffWorkflow's own parser it is plain BPMN with Python expressions; for us it carries the
Zeebe extensions and FEEL.
"""

from __future__ import annotations

import json
from typing import Any

#: What is filled in: six fields, in Chinese like real work.
VALUES: dict[str, Any] = {
    "t0": "金星社区三号楼",
    "t1": "一楼餐馆油烟直排，居民夜里没法开窗",
    "t2": "已上门核实，情况属实",
    "t3": "联系执法中队，约定周五到场",
    "t4": "居民表示理解",
    "n": 5,
}
FORM_ID = "bench-six"

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="bench" targetNamespace="https://example.org/bench">
"""
_PROPERTIES = """<bpmn:extensionElements><zeebe:properties>
  <zeebe:property name="starters" value="group_leader" /><zeebe:property name="numberPrefix" value="BM" />
</zeebe:properties></bpmn:extensionElements>"""
_TASK = f"""<bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="{FORM_ID}" />
  <zeebe:assignmentDefinition candidateGroups="group_leader@group" />
  <zeebe:properties><zeebe:property name="assumption" value="measured, not regulated" /></zeebe:properties>
</bpmn:extensionElements>"""
_SCRIPT = """<bpmn:extensionElements><zeebe:script expression="=n*2" resultVariable="m" /></bpmn:extensionElements>"""
_NOTIFY = """<bpmn:serviceTask id="tell" name="告知"><bpmn:extensionElements>
  <zeebe:taskDefinition type="notify" retries="3" />
  <zeebe:ioMapping><zeebe:input source="group_leader@group" target="to" />
  <zeebe:input source="=&#34;已办结：&#34; + t0" target="text" /></zeebe:ioMapping>
</bpmn:extensionElements></bpmn:serviceTask>"""


def _user(id: str, name: str, ours: bool) -> str:
    return f'<bpmn:userTask id="{id}" name="{name}">{_TASK if ours else ""}</bpmn:userTask>'


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inside}'
        "</bpmn:sequenceFlow>"
    )


def _process(id: str, name: str, ours: bool, *parts: str) -> str:
    head = f'<bpmn:process id="{id}" name="{name}" isExecutable="true">{_PROPERTIES if ours else ""}'
    return _HEAD + head + "\n".join(parts) + "</bpmn:process></bpmn:definitions>"


def step(ours: bool) -> str:
    """Start → A → exclusive gateway → B → script → end; completing A is the step that is measured."""
    script = _SCRIPT if ours else "<bpmn:script>m = n * 2</bpmn:script>"
    return _process(
        "bench-step",
        "量一步",
        ours,
        '<bpmn:startEvent id="start" />',
        _user("a", "甲", ours),
        '<bpmn:exclusiveGateway id="choose" name="大于三" default="choose-end" />',
        _user("b", "乙", ours),
        f'<bpmn:scriptTask id="double" name="加倍">{script}</bpmn:scriptTask>',
        '<bpmn:endEvent id="end" />',
        _flow("start", "a"),
        _flow("a", "choose"),
        _flow("choose", "b", "=n &gt; 3" if ours else "n &gt; 3"),
        _flow("choose", "end"),
        _flow("b", "double"),
        _flow("double", "end"),
    )


def loop(ours: bool) -> str:
    """A and back to A for as long as n is more than three."""
    return _process(
        "bench-loop",
        "绕一圈",
        ours,
        '<bpmn:startEvent id="start" />',
        _user("a", "甲", ours),
        '<bpmn:exclusiveGateway id="choose" name="再来" default="choose-end" />',
        '<bpmn:endEvent id="end" />',
        _flow("start", "a"),
        _flow("a", "choose"),
        _flow("choose", "a", "=n &gt; 3" if ours else "n &gt; 3"),
        _flow("choose", "end"),
    )


def chaos() -> str:
    """A, then B and a notice side by side, then the end: user tasks and jobs that the kills fall upon."""
    return _process(
        "bench-chaos",
        "断电演练",
        True,
        '<bpmn:startEvent id="start" />',
        _user("a", "甲", True),
        '<bpmn:parallelGateway id="fork" />',
        _user("b", "乙", True),
        _NOTIFY,
        '<bpmn:parallelGateway id="join" />',
        '<bpmn:endEvent id="end" />',
        _flow("start", "a"),
        _flow("a", "fork"),
        _flow("fork", "b"),
        _flow("fork", "tell"),
        _flow("b", "join"),
        _flow("tell", "join"),
        _flow("join", "end"),
    )


def form() -> str:
    """The six-field form: five texts, of which one is required and one long, and a number."""
    texts = [
        {
            "type": "textarea" if index == 1 else "textfield",
            "id": f"f{index}",
            "key": f"t{index}",
            "label": f"文字{index}",
            "validate": {"required": index == 0, "maxLength": 400},
        }
        for index in range(5)
    ]
    number = {"type": "number", "id": "fn", "key": "n", "label": "数字", "validate": {"min": 0, "max": 100}}
    content = {"id": FORM_ID, "type": "default", "schemaVersion": 19, "components": [*texts, number]}
    return json.dumps(content, ensure_ascii=False)
