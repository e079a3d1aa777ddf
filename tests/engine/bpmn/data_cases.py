"""What breaks the rules about data, operations and calls, in files of no dialect, checked as drawings."""

from __future__ import annotations

from tests.bpmn_xml import element
from tests.engine.bpmn.drawing_cases import (
    Plain,
    case,
    chain,
    data,
    formal,
    gives,
    item,
    loop,
    node,
    refs,
    takes,
    task,
)

ITEMS = item("text", "string") + item("number", "int") + item("texts", "string", isCollection="true")
MESSAGES = ITEMS + "<bpmn:message id='m' name='m' itemRef='text'/><bpmn:message id='n' name='n' itemRef='number'/>"
SERVICE = MESSAGES + element(
    "bpmn:interface",
    element("bpmn:operation", refs("inMessageRef", "m") + refs("outMessageRef", "n"), id="op", name="op"),
    id="if",
    name="if",
)


def _object(name: str, state: str = "") -> Plain:
    inner = element("bpmn:dataState", name=state) if state else ""
    reference = element("bpmn:dataObjectReference", inner, id="r", name=name, dataObjectRef="d")
    return Plain(task(more="<bpmn:dataObject id='d' name='Paper'/>" + reference))


def _association(*sources: str, target: str = "text") -> Plain:
    inputs = takes("x", itemSubjectRef=target)
    line = element("bpmn:dataInputAssociation", refs("sourceRef", *sources) + refs("targetRef", "x"), id="line")
    objects = "".join(element("bpmn:dataObject", id=each, itemSubjectRef="text") for each in ("d", "d2"))
    return Plain(task(inputs + line, more=objects), ITEMS)


def _repeated(own: str, reference: str, more: str = "") -> Plain:
    measure = formal("loopCardinality", "3") if "Output" in reference else ""
    return Plain(task(own + loop(measure + reference + more)), ITEMS)


def _set(chosen: str) -> Plain:
    inputs = "<bpmn:dataInput id='x'/><bpmn:dataInput id='y'/>"
    one = element("bpmn:inputSet", refs("dataInputRefs", "x") + refs("optionalInputRefs", chosen))
    return Plain(task(data(inputs, input_sets=one + element("bpmn:inputSet", refs("dataInputRefs", "y")))))


def _pair(back: str) -> Plain:
    inputs = element("bpmn:inputSet", refs("outputSetRefs", "out"), id="in")
    outputs = element("bpmn:outputSet", refs("inputSetRefs", back) if back else "", id="out")
    return Plain(task(data(input_sets=inputs, output_sets=outputs)))


def _event(*outputs: str) -> Plain:
    given = "".join(element("bpmn:dataOutput", id=each, itemSubjectRef="text") for each in outputs)
    trigger = element("bpmn:messageEventDefinition", refs("operationRef", "op"), messageRef="m")
    members = element("bpmn:outputSet", refs("dataOutputRefs", *outputs))
    return Plain(chain(node("intermediateCatchEvent", "a", given + members + trigger)), SERVICE)


DATA = (
    case("data.state-name", _object("Paper", "signed"), _object("Paper [signed]", "signed"), "r"),
    case(
        "data.collection",
        Plain(task(more="<bpmn:dataObject id='d' itemSubjectRef='texts'/>"), ITEMS),
        Plain(task(more="<bpmn:dataObject id='d' itemSubjectRef='texts' isCollection='true'/>"), ITEMS),
        "d",
    ),
    case("data.of-sub-process", Plain(task(takes("x"), "subProcess")), Plain(task(data(), "subProcess")), "a"),
    case("data.association-sources", _association("d", "d2"), _association("d"), "line"),
    case("data.association-items", _association("d", target="number"), _association("d"), "line"),
    case(
        "data.loop-item",
        _repeated(
            gives("x", itemSubjectRef="texts", isCollection="true"),
            refs("loopDataOutputRef", "x"),
            "<bpmn:outputDataItem id='one' itemSubjectRef='number'/>",
        ),
        _repeated(
            gives("x", itemSubjectRef="texts", isCollection="true"),
            refs("loopDataOutputRef", "x"),
            "<bpmn:outputDataItem id='one' itemSubjectRef='text'/>",
        ),
        "a",
    ),
    case(
        "data.loop-source",
        Plain(task(loop(refs("loopDataInputRef", "d")), more="<bpmn:dataObject id='d'/>")),
        Plain(task(takes("x") + loop(refs("loopDataInputRef", "x")))),
        "a",
    ),
    case("data.of-event", _event("x", "y"), _event("x"), "a"),
    case("data.set-choice", _set("y"), _set("x"), "a"),
    case("data.set-member", Plain(task(data("<bpmn:dataInput id='x'/>"))), Plain(task(takes("x"))), "a"),
    case("data.set-pair", _pair(""), _pair("in"), "in"),
)


def _service(own: str, tag: str = "serviceTask", **attributes: str) -> Plain:
    return Plain(task(own, tag, **(attributes or {"operationRef": "op"})), SERVICE)


def _message_event(inner: str) -> Plain:
    trigger = element("bpmn:messageEventDefinition", inner, messageRef="m")
    return Plain(chain(node("intermediateCatchEvent", "a", trigger)), SERVICE)


def _exposed(item_ref: str, *, bound: bool = True) -> Plain:
    own = data(
        element("bpmn:dataInput", id="x", itemSubjectRef=item_ref),
        element("bpmn:dataOutput", id="y", itemSubjectRef="number"),
        element("bpmn:inputSet", refs("dataInputRefs", "x")),
        element("bpmn:outputSet", refs("dataOutputRefs", "y")),
    )
    binding = element("bpmn:ioBinding", id="b", operationRef="op", inputDataRef="x", outputDataRef="y")
    inner = refs("supportedInterfaceRef", "if") + own + (binding if bound else "")
    return Plain(task(), SERVICE + element("bpmn:globalTask", inner, id="g", name="g"))


OPERATIONS = (
    case(
        "operation.sets",
        _service(data(output_sets="<bpmn:outputSet/><bpmn:outputSet/>")),
        _service(data()),
        "a",
    ),
    case(
        "operation.data",
        _service(takes("x", "y", itemSubjectRef="text"), "sendTask", messageRef="m"),
        _service(takes("x", itemSubjectRef="text"), "sendTask", messageRef="m"),
        "a",
    ),
    case(
        "operation.item",
        _service(takes("x", itemSubjectRef="number")),
        _service(takes("x", itemSubjectRef="text")),
        "a",
    ),
    case("operation.binding", _exposed("number"), _exposed("text"), "b"),
    case("operation.unbound", _exposed("text", bound=False), _exposed("text"), "g"),
    case("operation.message-event", _message_event(""), _message_event(refs("operationRef", "op")), "a"),
)


def _call(own: str, wanted: str, start: str = "") -> Plain:
    inside = wanted + node("startEvent", "s2", start) + node("endEvent", "e2")
    flow = element("bpmn:sequenceFlow", id="f2", sourceRef="s2", targetRef="e2")
    called = element("bpmn:process", inside + flow, id="q")
    return Plain(task(own, "callActivity", calledElement="q"), ITEMS + called)


CALLS = (
    case("call.plain-start", _call("", "", "<bpmn:signalEventDefinition/>"), _call("", ""), "a"),
    case(
        "call.data",
        _call(takes("x", itemSubjectRef="number"), takes("y", itemSubjectRef="text")),
        _call(takes("x", itemSubjectRef="text"), takes("y", itemSubjectRef="text")),
        "a",
    ),
)

CASES = (*DATA, *OPERATIONS, *CALLS)
