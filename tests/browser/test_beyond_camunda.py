"""What we run and Camunda 8 does not, on the drawing board: it is edited there, and moving shapes strips nothing."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_round_trip import edge, shape
from tests.browser.visitor import Visitor
from tests.conformance.round_trip import saved
from tests.conformance.same_drawing import differences

_EXPRESSION = 'xsi:type="tFormalExpression"'
_STEPS = {
    "loop": '<userTask id="loop" name="再核实" startQuantity="2">{flows}<standardLoopCharacteristics testBefore="true"'
    f' loopMaximum="3"><loopCondition {_EXPRESSION}>=再来</loopCondition></standardLoopCharacteristics></userTask>',
    "many": '<userTask id="many" name="逐户走访">{flows}<multiInstanceLoopCharacteristics behavior="None" '
    f'noneBehaviorEventRef="told"><loopCardinality {_EXPRESSION}>=3</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>",
    "rule": '<businessRuleTask id="rule" name="按规则定"><extensionElements><zeebe:calledDecision decisionId="d" '
    'resultVariable="r"/></extensionElements>{flows}</businessRuleTask>',
    "undo_all": '<intermediateThrowEvent id="undo_all" name="撤回">{flows}<compensateEventDefinition id="c" '
    'waitForCompletion="false" activityRef="many"/></intermediateThrowEvent>',
    "thrice": '<intermediateCatchEvent id="thrice" name="三次">{flows}<timerEventDefinition id="t">'
    f"<timeCycle {_EXPRESSION}>R3/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>",
    "both": '<intermediateCatchEvent id="both" name="两样都到" parallelMultiple="true">{flows}'
    '<signalEventDefinition id="s" signalRef="bell"/><conditionalEventDefinition id="w">'
    f"<condition {_EXPRESSION}>=够了</condition></conditionalEventDefinition></intermediateCatchEvent>",
}
_ALL = ("start", *_STEPS, "end")


def _flows(place: int) -> str:
    return f"<incoming>f{place - 1}</incoming><outgoing>f{place}</outgoing>"


def _drawing() -> bytes:
    steps = "".join(text.replace("{flows}", _flows(place)) for place, text in enumerate(_STEPS.values(), 1))
    flows = [(f"f{place}", _ALL[place], _ALL[place + 1]) for place in range(len(_ALL) - 1)]
    lines = "".join(f'<sequenceFlow id="{id}" sourceRef="{a}" targetRef="{b}"/>' for id, a, b in flows)
    shapes = "".join(shape(id, 160 * place + 40) for place, id in enumerate(_ALL))
    edges = "".join(edge(id, 160 * place + 140, 160 * place + 200) for place, (id, _, _) in enumerate(flows))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:v="http://vendor.example/extension" id="d" targetNamespace="http://wuji.example/bpmn">
  <signal id="bell" name="有结果"/><signalEventDefinition id="told" signalRef="bell"/>
  <process id="p" name="试一试" isExecutable="true">
    <startEvent id="start"><outgoing>f0</outgoing></startEvent>{steps}
    <endEvent id="end"><incoming>f{len(flows) - 1}</incoming></endEvent>{lines}
  </process>
  <di:BPMNDiagram id="picture"><di:BPMNPlane id="plane" bpmnElement="p">{shapes}{edges}</di:BPMNPlane></di:BPMNDiagram>
</definitions>""".encode()


def _select(page: Page, element: str) -> None:
    """Click on it with nothing else selected, whose menu would lie over it."""
    page.keyboard.press("Escape")
    page.locator('[data-act="fit"]').click()
    page.locator(".djs-container").click(position={"x": 400, "y": 30})
    page.locator(f'[data-element-id="{element}"] > .djs-visual').first.click(force=True)
    expect(page.locator(".bio-properties-panel-header")).to_be_visible()


def _move(page: Page, element: str) -> None:
    box = page.locator(f'[data-element-id="{element}"] > .djs-visual').first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y - 12, steps=6)
    page.mouse.up()


def test_moving_shapes_strips_nothing_and_every_field_is_in_chinese(visit: Callable[..., Visitor]) -> None:
    analyst = visit("analyst")

    def look_at_all_and_move_them(page: Page) -> None:
        for element in _ALL:
            _select(page, element)
            _move(page, element)
        assert analyst.value_of("window.wujiUntranslated") == []

    found = differences(_drawing(), saved(analyst.page, _drawing(), look_at_all_and_move_them))
    assert [each for each in found if "BPMNDiagram" not in each] == []


def test_a_loop_is_edited_beside_the_drawing(visit: Callable[..., Visitor]) -> None:
    def change_the_loop(page: Page) -> None:
        _select(page, "loop")
        page.get_by_label("循环条件").fill("=再来 and 次数 < 5")
        page.get_by_label("最多次数").fill("")
        page.get_by_label("先判断，再做").uncheck()
        _select(page, "many")
        page.locator(".bio-properties-panel-group-header", has_text="多实例").click()
        page.get_by_label("次数").fill("=户数")
        page.get_by_label("次数").press("Tab")
        page.wait_for_timeout(500)  # the panel takes over what was typed after a rest

    written = saved(visit("analyst").page, _drawing(), change_the_loop).decode()
    assert "=再来 and 次数 &lt; 5" in written
    assert "loopMaximum" not in written
    assert "testBefore" not in written
    assert "=户数" in written
