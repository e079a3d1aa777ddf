"""A pen for BPMN files: each node is drawn after the last one and connected with it.

``Drawing().start().user_task("a").end().xml()`` is a whole file that the checker accepts in ``tests``' small world.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="definitions" targetNamespace="http://wuji.example/bpmn">\n'
)


def extension(*elements: str) -> str:
    """Extension elements around the given ones."""
    return f"<bpmn:extensionElements>{''.join(elements)}</bpmn:extensionElements>"


def zeebe(name: str, inner: str = "", /, **attributes: str) -> str:
    """One ``zeebe:`` element."""
    return element(f"zeebe:{name}", inner, **attributes)


def element(tag: str, inner: str = "", /, **attributes: str | None) -> str:
    """One element; attributes that are None are left out."""
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{tag}{written}>{inner}</{tag}>"


def properties(**values: str) -> str:
    """A ``zeebe:properties`` element."""
    return zeebe("properties", "".join(zeebe("property", name=name, value=value) for name, value in values.items()))


def event(kind: str, inner: str = "", /, **attributes: str | None) -> str:
    """An event definition: ``event("timer", timer("Duration", "PT1H"))``."""
    return element(f"bpmn:{kind}EventDefinition", inner, **attributes)


def timer(kind: str, text: str) -> str:
    """A timer event definition; ``kind`` is Date, Duration or Cycle."""
    return event("timer", element(f"bpmn:time{kind}", escape(text)))


def message(message_id: str = "m", name: str | None = "补充材料", key: str | None = "=编号") -> str:
    """A message of the file."""
    subscription = extension(zeebe("subscription", correlationKey=key)) if key else ""
    return element("bpmn:message", subscription, id=message_id, name=name)


class Drawing:
    """One process, or the inside of a sub-process."""

    def __init__(
        self, key: str = "p", *, name: str | None = "流程", executable: bool = True, process_inner: str = ""
    ) -> None:
        self.key, self.name, self.executable = key, name, executable
        self._content: list[str] = [process_inner]
        self._roots: list[str] = []
        self._pen: str | None = None
        self._condition: str | None = None

    def node(self, tag: str, node_id: str, inner: str = "", **attributes: str | None) -> Drawing:
        """Draw a node and connect it with the one before."""
        self._content.append(element(f"bpmn:{tag}", inner, id=node_id, **attributes))
        if self._pen:
            self.flow(self._pen, node_id, self._condition)
        self._pen, self._condition = node_id, None
        return self

    def start(self, node_id: str = "start", inner: str = "", **attributes: str | None) -> Drawing:
        return self.lift().node("startEvent", node_id, inner, **attributes)

    def end(self, node_id: str = "end", inner: str = "", **attributes: str | None) -> Drawing:
        return self.node("endEvent", node_id, inner, **attributes).lift()

    def catch(self, node_id: str, inner: str) -> Drawing:
        return self.node("intermediateCatchEvent", node_id, inner)

    def throw(self, node_id: str, inner: str = "") -> Drawing:
        return self.node("intermediateThrowEvent", node_id, inner)

    def boundary(self, node_id: str, host: str | None, inner: str, **attributes: str | None) -> Drawing:
        return self.lift().node("boundaryEvent", node_id, inner, attachedToRef=host, **attributes)

    def gateway(self, kind: str, node_id: str, **attributes: str | None) -> Drawing:
        return self.node(f"{kind}Gateway", node_id, **attributes)

    def user_task(
        self,
        node_id: str = "a",
        *,
        form: str | None = "f",
        groups: str | None = "clerk@community",
        clause: str | None = "5.2.2 a",
        more: str = "",
        inner: str = "",
    ) -> Drawing:
        parts = [zeebe("userTask")]
        parts += [zeebe("formDefinition", formId=form)] if form else []
        parts += [zeebe("assignmentDefinition", candidateGroups=groups)] if groups else []
        parts += [properties(clause=clause)] if clause else []
        return self.node("userTask", node_id, extension(*parts, more) + inner)

    def script(self, node_id: str = "b", expression: str = "=1", result: str | None = "x") -> Drawing:
        attributes = {"expression": expression} | ({"resultVariable": result} if result else {})
        return self.node("scriptTask", node_id, extension(zeebe("script", **attributes)))

    def service(self, node_id: str = "c", type_: str = "notify", more: str = "", **attributes: str) -> Drawing:
        return self.node("serviceTask", node_id, extension(zeebe("taskDefinition", type=type_, **attributes), more))

    def sub_process(
        self, node_id: str, draw: Callable[[Drawing], Drawing], *, inner: str = "", **attributes: str | None
    ) -> Drawing:
        inside = draw(Drawing())
        self._roots += inside._roots
        return self.node("subProcess", node_id, inner + "".join(inside._content), **attributes)

    def event_sub_process(self, node_id: str, draw: Callable[[Drawing], Drawing]) -> Drawing:
        return self.lift().sub_process(node_id, draw, triggeredByEvent="true").lift()

    def flow(self, source: str, target: str, condition: str | None = None, flow_id: str | None = None) -> Drawing:
        """Draw a flow between two nodes by their ids."""
        inner = "" if condition is None else element("bpmn:conditionExpression", escape(condition))
        flow = element(
            "bpmn:sequenceFlow", inner, id=flow_id or f"{source}_{target}", sourceRef=source, targetRef=target
        )
        self._content.append(flow)
        return self

    def at(self, node_id: str, condition: str | None = None) -> Drawing:
        """Put the pen on a node; the next flow may have a condition."""
        self._pen, self._condition = node_id, condition
        return self

    def when(self, condition: str) -> Drawing:
        """Give the next flow a condition."""
        self._condition = condition
        return self

    def lift(self) -> Drawing:
        """Lift the pen: the next node is connected with nothing."""
        self._pen = self._condition = None
        return self

    def raw(self, xml: str) -> Drawing:
        """Put something else into the process."""
        self._content.append(xml)
        return self

    def root(self, *elements: str) -> Drawing:
        """Put elements beside the process: messages, errors, a collaboration."""
        self._roots += elements
        return self

    def process(self) -> str:
        """The process element alone."""
        executable = "true" if self.executable else "false"
        inner = "\n".join(self._content)
        return element("bpmn:process", inner, id=self.key, name=self.name, isExecutable=executable)

    def xml(self) -> bytes:
        """The whole file."""
        return (HEADER + "\n".join(self._roots) + "\n" + self.process() + "\n</bpmn:definitions>\n").encode()


def simple(task: str = "a") -> Drawing:
    """Start, one user task, end."""
    return Drawing().start().user_task(task).end()
