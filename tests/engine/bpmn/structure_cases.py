"""What breaks the rules about processes, references, flows and the ways through a diagram."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, element, event, extension, message, properties, simple, timer, zeebe
from tests.engine.bpmn.world import Case

LISTING = element("bpmn:outgoing", "start_a")


def _inside(drawing: Drawing) -> Drawing:
    return drawing.start("inner_start").script("inner").end("inner_end")


def _with_sub(**attributes: str) -> Drawing:
    return Drawing().start().sub_process("sub", _inside, **attributes).end()


def _pools(source: str, target: str, *, two: bool = True) -> Drawing:
    parts = element("bpmn:participant", id="pool", name="社区", processRef="p")
    parts += element("bpmn:participant", id="resident", name="居民") if two else ""
    flow = element("bpmn:messageFlow", id="talk", sourceRef=source, targetRef=target)
    return simple().root(element("bpmn:collaboration", parts + flow, id="all"))


def _unlisted() -> Drawing:
    start = Drawing().start(inner=element("bpmn:outgoing", "start_a"))
    return start.user_task(inner=element("bpmn:incoming", "start_a")).end()


def _listed() -> Drawing:
    listing = element("bpmn:incoming", "start_a") + element("bpmn:outgoing", "a_end")
    start = Drawing().start(inner=element("bpmn:outgoing", "start_a"))
    return start.user_task(inner=listing).end(inner=element("bpmn:incoming", "a_end"))


def _choice(default: str | None = "choice_end") -> Drawing:
    drawing = Drawing().start().gateway("exclusive", "choice", default=default)
    return drawing.when("=金额 > 5").user_task().end().at("choice").flow("choice", "end")


def _circle(wait: bool) -> Drawing:
    drawing = Drawing().start().gateway("exclusive", "merge")
    drawing = drawing.user_task() if wait else drawing.script("a", "=1", "金额")
    return drawing.gateway("exclusive", "choice", default="choice_end").end().flow("choice", "merge", "=金额 > 5")


def _handling(inner: str = "") -> Drawing:
    drawing = simple().lift()
    return drawing.sub_process(
        "sub",
        lambda inside: inside.start("s", timer("Duration", "PT1H")).end("e"),
        inner=inner,
        triggeredByEvent="true",
    )


PROCESSES = (
    Case("process.executable", Drawing(executable=False).start().user_task().end(), simple(), "p"),
    Case(
        "process.single",
        simple().root(Drawing("second").start("s2").user_task("a2").end("e2").process()),
        simple().root(Drawing("second", executable=False).start("s2").user_task("a2").end("e2").process()),
        "p",
    ),
    Case("process.id", Drawing("").start().user_task().end(), simple(), ""),
    Case("process.name", Drawing(name=None).start().user_task().end(), simple(), "p"),
    Case("process.start", Drawing().user_task().end(), simple(), "p"),
    Case("process.several-starts", simple().start("again").at("again").flow("again", "a"), simple(), "again"),
    Case("process.end", Drawing().start().user_task(), simple(), "p"),
    Case(
        "process.starters",
        Drawing(process_inner=extension(zeebe("properties", zeebe("property", name="starters", value="king"))))
        .start()
        .user_task()
        .end(),
        Drawing(process_inner=extension(zeebe("properties", zeebe("property", name="starters", value="clerk"))))
        .start()
        .user_task()
        .end(),
        "p",
    ),
)


def _by_the_clock(level: str, inner: str = timer("Cycle", "=policy.期限")) -> Drawing:
    return Drawing(process_inner=extension(properties(startUnits=level))).start("tick", inner).user_task().end()


def _with_ledger(text: str) -> Drawing:
    return Drawing(process_inner=extension(properties(ledger=text))).start().user_task().end()


def _published(text: str) -> Drawing:
    return Drawing(process_inner=extension(properties(publishedResult=text))).start().user_task().end()


UNITS = (
    Case("process.published", _published("={标题: 金额}"), _published("={结果: 金额, 摘要: 金额}"), "p"),
    Case("process.start-units", _by_the_clock("街道"), _by_the_clock("subdistrict"), "p"),
    Case("process.ledger", _with_ledger("=[金额]"), _with_ledger("={金额: 金额, 办结: 办结时间, 状态: 状态}"), "p"),
)

REFERENCES = (
    Case("id.duplicate", simple().root(message("m"), message("m")), simple().root(message("m"), message("n")), "m"),
    Case(
        "id.missing",
        simple().raw(element("bpmn:sequenceFlow", sourceRef="start", targetRef="end")),
        simple().raw(element("bpmn:sequenceFlow", id="x", sourceRef="start", targetRef="end")),
        "wuji_line_10_8",
    ),
    Case(
        "reference.dangling",
        simple().flow("start", "nowhere"),
        simple().flow("start", "end", flow_id="x"),
        "start_nowhere",
    ),
    Case(
        "reference.kind",
        simple().raw(element("bpmn:laneSet", element("bpmn:lane", element("bpmn:flowNodeRef", "p"), id="lane"))),
        simple().raw(element("bpmn:laneSet", element("bpmn:lane", element("bpmn:flowNodeRef", "a"), id="lane"))),
        "lane",
    ),
    Case("reference.default", _choice("start_choice"), _choice(), "choice", frozenset({"gateway.condition"})),
    Case(
        "reference.default-holder",
        Drawing().start(default="start_a").user_task().end(),
        simple(),
        "start",
    ),
)

SHARED = element("bpmn:eventDefinitionRef", "shared")
NOTE = element("bpmn:textAnnotation", id="note")
POINTERS = (
    Case(
        "reference.shared-event",
        simple()
        .boundary("one", "a", event("escalation", id="shared"))
        .end("e1")
        .boundary("two", "a", SHARED)
        .end("e2"),
        simple().root(event("escalation", id="shared")).boundary("two", "a", SHARED).end("e2"),
        "two",
        frozenset({"event.type"}),
    ),
    Case("reference.artifact", simple().raw(NOTE).flow("a", "note"), simple().raw(NOTE), "a_note"),
)

FLOWS = (
    Case(
        "flow.ends",
        simple().raw(element("bpmn:sequenceFlow", id="loose", sourceRef="start", targetRef="")),
        simple().flow("start", "end", flow_id="loose"),
        "loose",
    ),
    Case("flow.border", _with_sub().flow("start", "inner"), _with_sub(), "start_inner"),
    Case("flow.into-start", simple().flow("a", "start"), simple(), "start"),
    Case("flow.out-of-end", simple().flow("end", "a"), simple(), "end"),
    Case(
        "flow.from-start",
        simple().start("other", timer("Date", "=policy.期限")),
        simple(),
        "other",
    ),
    Case("flow.to-end", simple().end("other"), simple(), "other"),
    Case("flow.listed", _unlisted(), _listed(), "a_end"),
    Case("flow.condition-place", Drawing().start().when("=1 = 1").user_task().end(), simple(), "start_a"),
    Case("flow.single-conditional", Drawing().start().user_task().when("=1 = 1").end(), simple(), "a"),
    Case(
        "flow.default-condition",
        Drawing()
        .start()
        .gateway("exclusive", "choice", default="choice_a")
        .when("=金额 > 5")
        .user_task()
        .end()
        .flow("choice", "end", "=金额 <= 5"),
        _choice(),
        "choice_a",
    ),
    Case(
        "flow.empty-condition",
        Drawing()
        .start()
        .gateway("exclusive", "choice", default="choice_end")
        .when(" ")
        .user_task()
        .end()
        .flow("choice", "end"),
        _choice(),
        "choice_a",
    ),
    Case("flow.message-within-pool", _pools("a", "pool"), _pools("a", "resident"), "talk"),
    Case("flow.message-ends", _pools("resident", "end"), _pools("resident", "a"), "talk"),
)

GRAPH = (
    Case("graph.unreachable", simple().user_task("lost").flow("lost", "end"), simple(), "lost"),
    Case("graph.no-end", simple().at("start").user_task("stuck"), simple(), "stuck"),
    Case("graph.busy-loop", _circle(wait=False), _circle(wait=True), "merge"),
)

SUB_PROCESSES = (
    Case(
        "sub-process.start",
        Drawing()
        .start()
        .sub_process("sub", lambda inside: _inside(inside).start("two").at("two").flow("two", "inner"))
        .end(),
        _with_sub(),
        "sub",
    ),
    Case(
        "event-sub-process.flows",
        simple()
        .root(message())
        .at("start")
        .sub_process(
            "sub",
            lambda inside: inside.start("inner_start", event("message", messageRef="m")).end("inner_end"),
            triggeredByEvent="true",
        ),
        simple()
        .root(message())
        .event_sub_process(
            "sub", lambda inside: inside.start("inner_start", event("message", messageRef="m")).end("inner_end")
        ),
        "sub",
    ),
    Case(
        "event-sub-process.start",
        simple().event_sub_process("sub", lambda inside: inside.script("inner")),
        simple().event_sub_process("sub", lambda inside: inside.start("s", timer("Duration", "PT1H")).end("e")),
        "sub",
    ),
    Case(
        "event-sub-process.loop",
        _handling(element("bpmn:multiInstanceLoopCharacteristics", element("bpmn:loopCardinality", "2"))),
        _handling(),
        "sub",
    ),
    Case(
        "event-sub-process.boundary",
        simple()
        .event_sub_process("sub", lambda inside: inside.start("s", timer("Duration", "PT1H")).end("e"))
        .boundary("edge", "sub", timer("Duration", "PT1H"))
        .end("late"),
        simple().boundary("edge", "a", timer("Duration", "PT1H")).end("late"),
        "edge",
    ),
)

CASES = (*PROCESSES, *UNITS, *REFERENCES, *POINTERS, *FLOWS, *GRAPH, *SUB_PROCESSES)
