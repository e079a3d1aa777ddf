"""A reference to something of the wrong kind is one warning in a drawing, not a heap of errors that follow from it."""

from __future__ import annotations

import pytest

from engine.bpmn import check, read
from tests.bpmn_xml import element
from tests.engine.bpmn.data_cases import ITEMS
from tests.engine.bpmn.drawing_cases import Plain, chain, data, flow, formal, loop, node, refs, takes, task

WRONG = {
    "a flow that leads to the process": Plain(
        node("startEvent", "s", element("bpmn:outgoing", "x"))
        + node("endEvent", "e", element("bpmn:incoming", "x"))
        + element("bpmn:sequenceFlow", id="x", sourceRef="s", targetRef="p")
    ),
    "an event whose definition is a flow": Plain(
        chain(node("intermediateCatchEvent", "a", refs("eventDefinitionRef", "s_a")))
    ),
    "an optional input that is the task": Plain(
        task(
            data(
                "<bpmn:dataInput id='x'/>",
                input_sets=element("bpmn:inputSet", refs("dataInputRefs", "x") + refs("optionalInputRefs", "a")),
            )
        )
    ),
    "a loop over the task": Plain(task(loop(refs("loopDataInputRef", "a")))),
    "an output item of the task": Plain(
        task(
            loop(
                formal("loopCardinality", "3")
                + refs("loopDataOutputRef", "a")
                + "<bpmn:outputDataItem id='one' itemSubjectRef='number'/>"
            )
        ),
        ITEMS,
    ),
    "an association from a message": Plain(
        task(
            takes("x", itemSubjectRef="number")
            + element("bpmn:dataInputAssociation", refs("sourceRef", "m") + refs("targetRef", "x"))
        ),
        ITEMS + "<bpmn:message id='m' itemRef='text'/>",
    ),
    "a call of a task": Plain(
        task(
            takes("x"),
            "callActivity",
            more=node("task", "b", data()) + flow("s", "b") + flow("b", "e"),
            calledElement="b",
        )
    ),
    "an interface that is an item": Plain(
        task(), ITEMS + element("bpmn:globalTask", refs("supportedInterfaceRef", "text"), id="g", name="g")
    ),
    "an object's reference to a named item": Plain(
        task(
            more=element(
                "bpmn:dataObjectReference",
                "<bpmn:dataState name='signed'/>",
                id="r",
                name="Paper",
                dataObjectRef="m",
            )
        ),
        "<bpmn:message id='m' name='Letter'/>",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_reference_is_a_warning_and_causes_no_errors(name: str) -> None:
    found = check(read(WRONG[name].xml()), deploy=False)

    assert {(each.rule, each.severity) for each in found} == {("reference.target", "warning")}
