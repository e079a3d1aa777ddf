"""What breaks the rules of BPMN itself, in files of no dialect, checked as drawings."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bpmn_xml import element
from tests.engine.bpmn.world import Case

_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
FORMAL = "bpmn:tFormalExpression"


@dataclass(frozen=True)
class Plain:
    """A file without extensions: a process with these contents, and what stands beside it."""

    inside: str
    beside: str = ""
    process: str = 'isExecutable="true"'

    def xml(self) -> bytes:
        """The whole file."""
        process = f'<bpmn:process id="p" {self.process}>{self.inside}</bpmn:process>'
        head = f'<bpmn:definitions {_NAMESPACES} targetNamespace="http://wuji.example/bpmn">'
        return f"{head}{self.beside}{process}</bpmn:definitions>".encode()


def flow(source: str, target: str, inner: str = "", **attributes: str) -> str:
    """A sequence flow named after its ends."""
    return element(
        "bpmn:sequenceFlow", inner, id=f"{source}_{target}", sourceRef=source, targetRef=target, **attributes
    )


def node(tag: str, node_id: str, inner: str = "", **attributes: str) -> str:
    """A flow node."""
    return element(f"bpmn:{tag}", inner, id=node_id, **attributes)


def chain(middle: str, name: str = "a", more: str = "") -> str:
    """Start, what stands in the middle, end; ``more`` lies beside."""
    ends = node("startEvent", "s") + node("endEvent", "e")
    return ends + middle + flow("s", name) + flow(name, "e") + more


def task(inner: str = "", tag: str = "task", more: str = "", **attributes: str) -> str:
    """A chain around one task ``a``."""
    return chain(node(tag, "a", inner, **attributes), more=more)


def item(item_id: str, structure: str = "", **attributes: str) -> str:
    """An item definition."""
    return element("bpmn:itemDefinition", id=item_id, structureRef=structure or None, **attributes)


def refs(tag: str, *ids: str) -> str:
    """Children that hold an id each."""
    return "".join(element(f"bpmn:{tag}", each) for each in ids)


def data(inputs: str = "", outputs: str = "", input_sets: str = "", output_sets: str = "") -> str:
    """An input and output specification."""
    sets = (input_sets or element("bpmn:inputSet")) + (output_sets or element("bpmn:outputSet"))
    return element("bpmn:ioSpecification", inputs + outputs + sets)


def gives(*ids: str, **attributes: str) -> str:
    """A specification with these data outputs in one set."""
    outputs = "".join(element("bpmn:dataOutput", id=each, **attributes) for each in ids)
    return data(outputs=outputs, output_sets=element("bpmn:outputSet", refs("dataOutputRefs", *ids)))


def takes(*ids: str, **attributes: str) -> str:
    """A specification with these data inputs in one set."""
    inputs = "".join(element("bpmn:dataInput", id=each, **attributes) for each in ids)
    return data(inputs=inputs, input_sets=element("bpmn:inputSet", refs("dataInputRefs", *ids)))


def formal(tag: str, text: str = "", **attributes: str) -> str:
    """A formal expression."""
    return element(f"bpmn:{tag}", text, **{"xsi:type": FORMAL}, **attributes)


def loop(inner: str = "") -> str:
    """A multi-instance marker."""
    return element("bpmn:multiInstanceLoopCharacteristics", inner)


def case(rule: str, broken: Plain, clean: Plain, at: str, *also: str) -> Case:
    """A case that is checked as a drawing."""
    return Case(rule, broken, clean, at, frozenset(also), drawing=True)


RESOURCE = "<bpmn:resource id='r' name='r'/>"
GOOD = Plain(task())
PICTURE = 'isExecutable="false"'


def _import(location: str) -> str:
    kind = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    return element("bpmn:import", importType=kind, location=location, namespace="http://wuji.example/other")


SCHEMA = (
    case("schema.element", Plain(task() + "<bpmn:hologram/>"), GOOD, "p"),
    case("import.missing", Plain(task(), _import("far.bpmn")), Plain(task(), _import("other.bpmn")), ""),
    case("schema.child", Plain(task("<bpmn:lane/>")), GOOD, "a"),
    case("schema.count", Plain(task("<bpmn:ioSpecification/>")), Plain(task(data())), "a"),
    case(
        "schema.required",
        Plain(task(), "<bpmn:resource id='r'/>"),
        Plain(task(), RESOURCE),
        "r",
    ),
    case("schema.value", Plain(task(startQuantity="0")), Plain(task(startQuantity="2")), "a"),
    case("schema.attribute", Plain(task(colour="red")), GOOD, "a"),
    case(
        "reference.target",
        Plain(task(messageRef="s", tag="sendTask")),
        Plain(task(messageRef="m", tag="sendTask"), "<bpmn:message id='m' name='m'/>"),
        "a",
    ),
)

FORMALITY = (
    case(
        "formal.type",
        Plain(task(loop(element("bpmn:loopCardinality", "each house")))),
        Plain(task(loop(formal("loopCardinality", "3")))),
        "a",
        "multi-instance.cardinality",
    ),
    case(
        "formal.body",
        Plain(task(loop(formal("loopCardinality", "3") + formal("completionCondition")))),
        Plain(task(loop(formal("loopCardinality", "3") + formal("completionCondition", "done")))),
        "a",
    ),
    case(
        "formal.condition",
        Plain(task(loop(formal("loopCardinality", "3") + formal("completionCondition", "23")))),
        Plain(task(loop(formal("loopCardinality", "3") + formal("completionCondition", "count = 23")))),
        "a",
    ),
    case(
        "formal.script",
        Plain(task("<bpmn:script>x = 1</bpmn:script>", "scriptTask")),
        Plain(task("<bpmn:script>x = 1</bpmn:script>", "scriptTask", scriptFormat="text/javascript")),
        "a",
    ),
    case("formal.loop", Plain(task(loop())), Plain(task(loop(formal("loopCardinality", "3")))), "a"),
    case(
        "flow.immediate",
        Plain(node("startEvent", "s") + node("endEvent", "e") + flow("s", "e", isImmediate="false")),
        Plain(node("startEvent", "s") + node("endEvent", "e") + flow("s", "e", isImmediate="true")),
        "s_e",
    ),
    case(
        "timer.several",
        Plain(
            chain(
                node(
                    "intermediateCatchEvent",
                    "a",
                    element("bpmn:timerEventDefinition", formal("timeDuration", "P1D") + formal("timeCycle", "R/P1D")),
                )
            )
        ),
        Plain(
            chain(
                node(
                    "intermediateCatchEvent",
                    "a",
                    element("bpmn:timerEventDefinition", formal("timeDuration", "PT1H")),
                )
            )
        ),
        "a",
    ),
    case(
        "escalation.code",
        Plain(
            chain(node("intermediateThrowEvent", "a", "<bpmn:escalationEventDefinition escalationRef='x'/>")),
            "<bpmn:escalation id='x'/>",
        ),
        Plain(
            chain(node("intermediateThrowEvent", "a", "<bpmn:escalationEventDefinition escalationRef='x'/>")),
            "<bpmn:escalation id='x' escalationCode='1'/>",
        ),
        "a",
    ),
)


def _links(target: str, *sources: str) -> Plain:
    throw = element("bpmn:linkEventDefinition", refs("target", target), id="out", name="out")
    catch = element("bpmn:linkEventDefinition", refs("source", *sources), id="in", name="in")
    other = element("bpmn:linkEventDefinition", refs("target", "in"), id="other", name="other")
    throws = node("intermediateThrowEvent", "a", throw) + node("intermediateThrowEvent", "b", other)
    ends = node("startEvent", "s") + node("endEvent", "e") + flow("s", "a") + flow("s", "b")
    return Plain(ends + throws + node("intermediateCatchEvent", "c", catch) + flow("c", "e"))


def _compensation(mark: str, more: str = "", *, linked: bool = True) -> Plain:
    event = node("boundaryEvent", "b", "<bpmn:compensateEventDefinition/>", attachedToRef="a")
    handler = node("task", "h", isForCompensation=mark)
    line = element("bpmn:association", id="line", sourceRef="b", targetRef="h")
    return Plain(task(more=event + handler + (line if linked else "") + more))


def _receives(*incoming: str, instantiate: str = "true") -> Plain:
    begin = node("startEvent", "s") + node("task", "t") + flow("s", "t") + flow("t", "e") + node("endEvent", "e")
    first = node("receiveTask", "a", instantiate=instantiate)
    return Plain(begin + first + flow("a", "e") + "".join(flow(each, "a") for each in incoming))


STRUCTURE = (
    case(
        "graph.no-incoming",
        Plain(task(more=node("task", "lost") + flow("lost", "e"))),
        Plain(task(more=node("task", "lost") + flow("lost", "e") + flow("s", "lost"))),
        "lost",
    ),
    case(
        "graph.no-outgoing",
        Plain(task(more=node("task", "lost") + flow("s", "lost"))),
        Plain(task(more=node("task", "lost") + flow("lost", "e") + flow("s", "lost"))),
        "lost",
    ),
    case("process.start-before-end", Plain(node("task", "a") + node("endEvent", "e") + flow("a", "e")), GOOD, "p"),
    case(
        "process.public",
        Plain(task(), process='isExecutable="true" processType="Public"'),
        Plain(task(), process='isExecutable="false" processType="Public"'),
        "p",
    ),
    case(
        "link.unpaired",
        Plain(task(more=node("intermediateThrowEvent", "t", "<bpmn:linkEventDefinition name='x'/>") + flow("s", "t"))),
        _links("in", "out", "other"),
        "t",
    ),
    case("link.other-end", _links("in", "other"), _links("in", "out", "other"), "a"),
    case("compensation.unlinked", _compensation("true", linked=False), _compensation("true"), "b"),
    case("compensation.handler", _compensation("false"), _compensation("true"), "b"),
    case("compensation.flows", _compensation("true", flow("s", "h")), _compensation("true"), "h"),
    case("operation.instantiating-receive", _receives("t"), _receives(), "a"),
    case(
        "ad-hoc.content",
        Plain(task(tag="adHocSubProcess")),
        Plain(task(node("task", "inner"), tag="adHocSubProcess")),
        "a",
    ),
    case(
        "resource.choice",
        Plain(
            task(
                element(
                    "bpmn:potentialOwner",
                    refs("resourceRef", "r")
                    + element("bpmn:resourceAssignmentExpression", element("bpmn:formalExpression", "f")),
                    id="o",
                )
            ),
            RESOURCE,
        ),
        Plain(task(element("bpmn:potentialOwner", refs("resourceRef", "r"), id="o")), RESOURCE),
        "o",
    ),
)


CASES = (*SCHEMA, *FORMALITY, *STRUCTURE)
