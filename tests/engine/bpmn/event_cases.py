"""What breaks the rules about events, gateways, messages and timers."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, element, event, extension, message, properties, simple, timer, zeebe
from tests.engine.bpmn.world import Case

HOUR = timer("Duration", "PT1H")
MESSAGE = event("message", messageRef="m")
ERROR = element("bpmn:error", id="err", name="失败", errorCode="E1")


def _caught(inner: str, **attributes: str | None) -> Drawing:
    return simple().boundary("edge", "a", inner, **attributes).end("late")


def _waiting(inner: str, *roots: str) -> Drawing:
    return Drawing().root(*roots).start().catch("wait", inner).end()


def _ending(inner: str, *roots: str) -> Drawing:
    return Drawing().root(*roots).start().user_task().end(inner=inner)


def _race(late: str = HOUR, *, one: bool = False, **attributes: str) -> Drawing:
    drawing = Drawing().root(message()).start().gateway("eventBased", "race", **attributes).catch("late", late)
    drawing.end()
    return drawing if one else drawing.at("race").catch("answer", MESSAGE).at("answer").flow("answer", "end").lift()


def _split(kind: str = "exclusive", **attributes: str | None) -> Drawing:
    drawing = Drawing().start().gateway(kind, "gate", **attributes)
    return (
        drawing.when("=金额 > 5")
        .user_task()
        .end()
        .flow("gate", "end", None if "default" in attributes else "=金额 < 5")
    )


EVENTS = (
    Case("event.type", _waiting(""), _waiting(HOUR), "wait"),
    Case(
        "event.condition",
        _waiting(event("conditional")),
        _waiting(HOUR),
        "wait",
    ),
    Case(
        "event.interrupting",
        _caught(event("error", errorRef="err"), cancelActivity="false").root(ERROR),
        _caught(event("error", errorRef="err")).root(ERROR),
        "edge",
    ),
    Case("event.cancel-place", _ending(event("cancel")), _ending(event("terminate")), "end"),
    Case(
        "boundary.attached",
        _caught(HOUR).boundary("lost", "end", HOUR).at("lost").flow("lost", "end"),
        _caught(HOUR),
        "lost",
        frozenset({"reference.kind"}),
    ),
    Case(
        "boundary.attachment-missing",
        simple().boundary("edge", None, HOUR).end("late"),
        _caught(HOUR),
        "edge",
        frozenset({"boundary.attached", "graph.unreachable"}),
    ),
    Case("boundary.incoming", _caught(HOUR).flow("start", "edge"), _caught(HOUR), "edge"),
    Case("boundary.outgoing", simple().boundary("edge", "a", HOUR), _caught(HOUR), "edge"),
    Case(
        "boundary.compensation-flow",
        _caught(event("compensate")),
        _caught(HOUR),
        "edge",
        frozenset({"compensation.association"}),
    ),
    Case(
        "event.intermediate-incoming",
        simple().lift().catch("wait", HOUR).at("wait").flow("wait", "end"),
        _waiting(HOUR),
        "wait",
    ),
    Case("event.intermediate-outgoing", simple().at("start").catch("wait", HOUR), _waiting(HOUR), "wait"),
)


def _jump(throw: str = "甲", catch: str = "甲") -> Drawing:
    drawing = Drawing().start().user_task().throw("away", event("link", name=throw)).lift()
    return drawing.catch("here", event("link", name=catch)).end()


LINKS = (
    Case("link.flows", _jump().flow("a", "here"), _jump(), "here"),
    Case(
        "link.single-target",
        _jump().at("start").catch("two", event("link", name="甲")).flow("two", "end"),
        _jump(),
        "two",
        frozenset({"link.flows"}),
    ),
    Case(
        "link.no-target",
        _jump().at("a").throw("lost", event("link", name="乙")),
        _jump(),
        "lost",
        frozenset({"graph.no-end"}),
    ),
    Case("link.no-source", _jump().lift().catch("lost", event("link", name="乙")).flow("lost", "end"), _jump(), "lost"),
)

GATEWAYS = (
    Case(
        "gateway.condition",
        _split(default="gate_end").flow("gate", "end", flow_id="bare"),
        _split(default="gate_end"),
        "bare",
    ),
    Case("gateway.default", _split(), _split(default="gate_end"), "gate"),
    Case(
        "gateway.direction",
        _split(gatewayDirection="Converging", default="gate_end"),
        _split(gatewayDirection="Diverging", default="gate_end"),
        "gate",
    ),
    Case(
        "gateway.unconnected",
        simple().lift().gateway("parallel", "alone"),
        simple(),
        "alone",
        frozenset({"gateway.dead-end", "graph.unreachable"}),
    ),
    Case(
        "gateway.dead-end",
        simple().at("start").gateway("parallel", "stop").at("a").flow("a", "stop"),
        simple(),
        "stop",
    ),
    Case("event-gateway.branches", _race(one=True), _race(), "race"),
    Case(
        "event-gateway.instantiate",
        _race(instantiate="true"),
        _race(),
        "race",
        frozenset({"support.instantiate"}),
    ),
    Case("event-gateway.target", _race().at("race").user_task().flow("a", "end"), _race(), "a"),
    Case(
        "event-gateway.target-incoming",
        _race().at("race").catch("third", HOUR).flow("third", "end").flow("late", "third"),
        _race(),
        "third",
    ),
    Case(
        "event-gateway.mixed",
        _race().at("race").node("receiveTask", "receive", messageRef="m").flow("receive", "end"),
        _race(),
        "race",
    ),
)

MESSAGES = (
    Case("message.name", _waiting(event("message")), _waiting(MESSAGE, message()), "wait"),
    Case("message.key", _waiting(MESSAGE, message(key=None)), _waiting(MESSAGE, message()), "wait"),
    Case(
        "message.thrown",
        _ending(event("message")),
        _ending(extension(zeebe("taskDefinition", type="notify")) + event("message")),
        "end",
    ),
    Case(
        "message.start-twice",
        simple().start("told", MESSAGE).flow("told", "a").start("again", MESSAGE).flow("again", "a").root(message()),
        simple().start("told", MESSAGE).flow("told", "a").root(message()),
        "again",
    ),
    Case(
        "message.ttl",
        _ending(extension(properties(messageTtl="一天")) + MESSAGE, message()),
        _ending(extension(properties(messageTtl="P1D")) + MESSAGE, message()),
        "end",
    ),
    Case(
        "signal.name",
        _waiting(event("signal")),
        _waiting(event("signal", signalRef="bell"), element("bpmn:signal", id="bell", name="放假")),
        "wait",
    ),
    Case("error.code", _ending(event("error")), _ending(event("error", errorRef="err"), ERROR), "end"),
    Case(
        "error.catch-twice",
        _caught(event("error", errorRef="err"))
        .root(ERROR)
        .boundary("again", "a", event("error", errorRef="err"))
        .end("e2"),
        _caught(event("error", errorRef="err")).root(ERROR).boundary("again", "a", event("error")).end("e2"),
        "again",
    ),
)

TIMERS = (
    Case("timer.missing", _waiting(event("timer")), _waiting(HOUR), "wait"),
    Case("timer.date", _waiting(timer("Date", "明天")), _waiting(timer("Date", "2030-01-02T09:00:00+08:00")), "wait"),
    Case(
        "timer.past",
        _waiting(timer("Date", "2020-01-02T09:00:00+08:00")),
        _waiting(timer("Date", "2030-01-02T09:00:00+08:00")),
        "wait",
    ),
    Case("timer.duration", _waiting(timer("Duration", "3 天")), _waiting(timer("Duration", "P3D")), "wait"),
    Case(
        "timer.cycle",
        _caught(timer("Cycle", "R/PT0S"), cancelActivity="false"),
        _caught(timer("Cycle", "R3/P1D"), cancelActivity="false"),
        "edge",
    ),
    Case(
        "timer.cron",
        _caught(timer("Cycle", "0 0 25 * * MON"), cancelActivity="false"),
        _caught(timer("Cycle", "0 0 9 * * MON-FRI"), cancelActivity="false"),
        "edge",
    ),
    Case(
        "timer.cycle-place",
        _caught(timer("Cycle", "R/P7D")),
        _caught(timer("Cycle", "R/P7D"), cancelActivity="false"),
        "edge",
    ),
    Case(
        "timer.start-names",
        Drawing().start("tick", timer("Cycle", "=金额")).user_task().end(),
        Drawing().start("tick", timer("Cycle", "=policy.期限")).user_task().end(),
        "tick",
    ),
    Case("timer.cycle-count", _race(timer("Cycle", "R4/PT1S")), _waiting(timer("Cycle", "R4/PT1S")), "late"),
)

CASES = (*EVENTS, *LINKS, *GATEWAYS, *MESSAGES, *TIMERS)
