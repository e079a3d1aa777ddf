"""An analyst opens a file that another tool wrote and saves it: nothing of it is lost, drawn or not."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor
from tests.conformance.round_trip import STUDIO, opened, saved
from tests.conformance.same_drawing import differences

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:dd="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:v="http://vendor.example/extension" '
    'xmlns:html="http://www.w3.org/1999/xhtml" xmlns:other="http://vendor.example/other-file"'
)


def shape(element: str, x: int, y: int = 80) -> str:
    return (
        f'<di:BPMNShape id="{element}_shape" bpmnElement="{element}" v:shade="light">'
        f'<dc:Bounds x="{x}" y="{y}" width="100" height="80"/></di:BPMNShape>'
    )


def edge(flow: str, start: int, end: int) -> str:
    points = "".join(f'<dd:waypoint xsi:type="dc:Point" x="{x}" y="120"/>' for x in (start, end))
    return f'<di:BPMNEdge id="{flow}_edge" bpmnElement="{flow}">{points}</di:BPMNEdge>'


#: What modelers like to lose: vendors' words everywhere, other files, messages as shapes, conversations, odd breaks.
FOREIGN = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {NAMESPACES} id="d" targetNamespace="http://vendor.example/this" v:tool="draws" name="">
  <import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="other.bpmn"
          namespace="http://vendor.example/other-file"/>
  <message id="letter" name="Letter"/>
  <correlationProperty id="number" name="number" v:mark="1">
    <correlationPropertyRetrievalExpression messageRef="letter">
      <messagePath id="path">/letter/number</messagePath>
    </correlationPropertyRetrievalExpression>
  </correlationProperty>
  <interface id="post" name="post">
    <operation id="bring" name="bring">
      <inMessageRef>letter</inMessageRef><outMessageRef>other:answer</outMessageRef>
    </operation>
  </interface>
  <collaboration id="all">
    <participant id="pool" name="Pool" processRef="p"/>
    <participant id="outside" name="Outside"/>
    <conversation id="talk" name="Talk">
      <participantRef>pool</participantRef><participantRef>outside</participantRef>
    </conversation>
    <conversationLink id="line" sourceRef="outside" targetRef="talk"/>
  </collaboration>
  <process id="p" name="Of another tool" isExecutable="false" v:owner="somebody">
    <extensionElements>
      <v:note v:kind="long">Seen by <html:b>two</html:b> people</v:note>
      <v:list><v:entry key="a"/><v:entry key="b">text</v:entry></v:list>
    </extensionElements>
    <startEvent id="s" name="Begin&#13;&#10;here"><outgoing>f</outgoing></startEvent>
    <userTask id="a" name="Work
 on it" v:colour="blue" implementation="##unspecified">
      <incoming>f</incoming><outgoing>g</outgoing>
      <potentialOwner id="owner" name="who"><resourceAssignmentExpression id="assign">
        <formalExpression id="formula" language="http://vendor.example/language">manager</formalExpression>
      </resourceAssignmentExpression></potentialOwner>
    </userTask>
    <callActivity id="c" calledElement="other:process"><incoming>g</incoming><outgoing>h</outgoing></callActivity>
    <endEvent id="e"><incoming>h</incoming></endEvent>
    <sequenceFlow id="f" sourceRef="s" targetRef="a"/>
    <sequenceFlow id="g" sourceRef="a" targetRef="c"/>
    <sequenceFlow id="h" sourceRef="c" targetRef="e"/>
  </process>
  <di:BPMNDiagram id="picture"><di:BPMNPlane id="plane" bpmnElement="all">
    <di:BPMNShape id="pool_shape" bpmnElement="pool" isHorizontal="true">
      <dc:Bounds x="0" y="0" width="800" height="250"/>
    </di:BPMNShape>
    {shape("outside", 0, 300)}{shape("letter", 200, 300)}{shape("talk", 400, 300)}
    {shape("s", 80)}{shape("a", 240)}{shape("c", 400)}{shape("e", 560)}
    {edge("f", 180, 240)}{edge("g", 340, 400)}{edge("h", 500, 560)}
  </di:BPMNPlane></di:BPMNDiagram>
</definitions>
""".encode()


def without(drawing: bytes, begin: bytes, end: bytes) -> bytes:
    """The drawing without what lies between two marks, these included."""
    before, _, rest = drawing.partition(begin)
    return before + rest.partition(end)[2]


def board(visit: Callable[..., Visitor]) -> Page:
    return visit("analyst").page


def test_a_file_of_another_tool_is_saved_as_it_was(visit: Callable[..., Visitor]) -> None:
    assert differences(FOREIGN, saved(board(visit), FOREIGN)) == []


def test_what_belongs_to_a_deleted_element_goes_with_it_and_the_rest_stays(visit: Callable[..., Visitor]) -> None:
    # given the drawing of another tool, when the task is deleted
    page = board(visit)

    def delete_the_task(page: Page) -> None:
        page.locator('[data-element-id="a"] > .djs-visual').click(force=True)
        page.keyboard.press("Delete")
        expect(page.locator('[data-element-id="a"]')).to_have_count(0)

    lost = differences(FOREIGN, saved(page, FOREIGN, delete_the_task))
    # then nothing is missing but the task and what named it: its flows, its shape and those of the flows
    names = ("[a]", "[a_shape]", "[f]", "[g]", "[f_edge]", "[g_edge]", " = f", " = g", "@targetRef", "@name=Work")
    assert [each for each in lost if not any(name in each for name in names) and "/outgoing" not in each] == []
    assert any(each.endswith("userTask[a]") for each in lost)


def test_a_file_without_a_picture_gets_one(visit: Callable[..., Visitor]) -> None:
    # given a file that holds no shapes, when it is opened and saved
    page = board(visit)
    drawing = without(FOREIGN, b"<di:BPMNDiagram", b"</di:BPMNDiagram>")
    kept = saved(page, drawing)
    # then every step lies beside the others, and nothing else has changed
    assert differences(drawing, kept) == []
    boxes = [page.locator(f'[data-element-id="{each}"] .djs-visual').first.bounding_box() for each in "sace"]
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(set(lefts))
    assert len(lefts) == 4


def test_a_file_without_anything_to_draw_is_not_opened_and_not_changed(visit: Callable[..., Visitor]) -> None:
    # given a file that holds neither shapes nor a process
    page = board(visit)
    drawing = without(without(FOREIGN, b"<di:BPMNDiagram", b"</di:BPMNDiagram>"), b"<process", b"</process>")
    drawing = without(drawing, b"<collaboration", b"</collaboration>")
    # when it is opened, then a sentence says why it can't be, and nothing can be saved over it
    with opened(page, drawing):
        page.goto(STUDIO)
        expect(page.locator(".studio-notice .notice-error")).to_contain_text("没有图形信息")
        expect(page.get_by_role("button", name="保存草稿")).to_be_disabled()


def test_a_file_takes_the_place_of_the_drawing_and_one_that_is_no_drawing_does_not(
    visit: Callable[..., Visitor],
) -> None:
    # given the drawing board of the appeal
    analyst = visit("analyst")
    page = analyst.page
    page.goto(STUDIO)
    expect(page.locator("#studio[data-ready]")).to_be_visible()
    # when a text is chosen, then the drawing stays and a sentence says why
    choose(page, b"no drawing")
    expect(page.locator(".studio-notice .notice-error")).to_contain_text("不是能打开的流程图")
    expect(page.locator('[data-element-id="task_accept"]')).to_be_visible()
    # when a drawing is chosen, then it is there; the server keeps it only where it belongs
    choose(page, FOREIGN)
    expect(page.locator('[data-element-id="c"]')).to_be_visible()
    analyst.expect_refusals(422)
    page.locator('[data-act="save"]').click()
    expect(page.locator(".studio-notice .notice-error")).to_contain_text("没有标识为“appeal”的流程")


def choose(page: Page, content: bytes) -> None:
    """Press 打开文件 and choose a file."""
    with page.expect_file_chooser() as chooser:
        page.locator('[data-act="open"]').click()
    chooser.value.set_files({"name": "some.bpmn", "mimeType": "application/xml", "buffer": content})
