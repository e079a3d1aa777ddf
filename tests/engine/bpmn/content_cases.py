"""What breaks the rules about tasks, jobs, expressions, clauses, variables, and what the engine does not run."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, element, event, extension, properties, simple, timer, zeebe
from tests.engine.bpmn.world import Case


def _task(**options: str | None) -> Drawing:
    return Drawing().start().user_task(**options).end()  # type: ignore[arg-type] # a test may pass any option


def _script(expression: str = "=1", result: str | None = "x") -> Drawing:
    return Drawing().start().user_task().script("b", expression, result).end()


def _service(type_: str = "notify", more: str = "", **attributes: str) -> Drawing:
    return Drawing().start().service("c", type_, more, **attributes).end()


def _mapping(source: str = "=1", target: str = "x") -> Drawing:
    return _service("notify", zeebe("ioMapping", zeebe("input", source=source, target=target)))


def _looped(inner: str = "", **attributes: str) -> Drawing:
    return _task(inner=element("bpmn:standardLoopCharacteristics", inner, **attributes))


def _repeated(loop: str, inner: str = "", **attributes: str) -> Drawing:
    extra = extension(zeebe("loopCharacteristics", **dict(pair.split(":") for pair in loop.split()))) if loop else ""
    return _task(inner=element("bpmn:multiInstanceLoopCharacteristics", extra + inner, **attributes))


def _node(tag: str, inner: str = "", **attributes: str | None) -> Drawing:
    return Drawing().start().node(tag, "n", inner, **attributes).end()


def _associated() -> Drawing:
    line = element("bpmn:dataInputAssociation", element("bpmn:targetRef", "d"))
    return _task(inner=line).raw(element("bpmn:dataObject", id="d"))


def _all_of(parallel: str) -> Drawing:
    events = timer("Duration", "PT1H") + timer("Duration", "PT2H")
    return simple().boundary("all", "a", events, parallelMultiple=parallel, cancelActivity="false").end("e")


def _call(**attributes: str) -> Drawing:
    return _node("callActivity", extension(zeebe("calledElement", processId="other", **attributes)))


def _signal(name: str) -> str:
    return element("bpmn:signal", id="s", name=name)


def _fields(*more: str, **form: str) -> str:
    return extension(zeebe("formDefinition", **(form or {"formId": "f"})), properties(clause="5.2.2 a"), *more)


TASKS = (
    Case("user-task.form", _task(form=None), _task(), "a"),
    Case(
        "user-task.form-key",
        _node("userTask", _fields(zeebe("assignmentDefinition", candidateGroups="clerk@group"), formKey="k")),
        _task(),
        "n",
    ),
    Case("user-task.form-unknown", _task(form="nothing"), _task(), "a"),
    Case("user-task.assignment", _task(groups=None), _task(), "a"),
    Case("user-task.candidate-form", _task(groups="clerk"), _task(groups="clerk@group, @applicant"), "a"),
    Case("user-task.position", _task(groups="king@group"), _task(groups="group_leader@group"), "a"),
    Case("user-task.level", _task(groups="group_leader@community"), _task(groups="group_leader@group"), "a"),
    Case("user-task.place", _task(groups="clerk@moon"), _task(groups="clerk@civil_affairs, clerk@group"), "a"),
    Case("user-task.party", _task(groups="@stranger"), _task(groups="@applicant"), "a"),
    Case(
        "user-task.computed-place",
        _task(groups="clerk@=unit"),
        _task(groups='="clerk@" + unit'),
        "a",
    ),
    Case(
        "user-task.assignee",
        _node("userTask", _fields(zeebe("assignmentDefinition", assignee="li", candidateGroups="clerk@group"))),
        _node("userTask", _fields(zeebe("assignmentDefinition", candidateGroups="clerk@group"))),
        "n",
    ),
    Case(
        "user-task.due",
        _task(more=zeebe("taskSchedule", dueDate="P3D")),
        _task(more=zeebe("taskSchedule", dueDate="2030-01-02", followUpDate="=now()")),
        "a",
    ),
    Case(
        "user-task.priority",
        _task(more=zeebe("priorityDefinition", priority="101")),
        _task(more=zeebe("priorityDefinition", priority="80")),
        "a",
    ),
    Case("user-task.bulk", _task(more=properties(bulk="yes")), _task(more=properties(bulk="true")), "a"),
    Case("clause.missing", _task(clause=None), _task(clause=None, more=properties(assumption="惯例")), "a"),
    Case("clause.unknown", _task(clause="5.2.2 a; 9.9.9"), _task(clause="5.2.2 a; 5.2.2 b"), "a"),
)

AUTOMATION = (
    Case("script.missing", _node("scriptTask"), _script(), "n"),
    Case(
        "script.both",
        _node(
            "scriptTask",
            extension(zeebe("script", expression="=1", resultVariable="x"), zeebe("taskDefinition", type="notify")),
        ),
        _script(),
        "n",
    ),
    Case("script.result", _script(result=None), _script(), "b"),
    Case("job.type", _node("serviceTask"), _service(), "n"),
    Case("job.handler", _service("teleport"), _service("mail"), "c"),
    Case(
        "job.backoff",
        _service("notify", zeebe("taskHeaders", zeebe("header", key="retryBackoff", value="30 秒"))),
        _service("notify", zeebe("taskHeaders", zeebe("header", key="retryBackoff", value="PT30S"))),
        "c",
    ),
    Case("job.secret", _mapping('="Bearer {{secrets.T}}"'), _mapping('="Bearer"'), "c"),
    Case("job.retries", _service(retries="三"), _service(retries="3"), "c"),
    Case(
        "call.missing",
        _node("callActivity"),
        _node("callActivity", extension(zeebe("calledElement", processId="other"))),
        "n",
    ),
    Case("call.binding", _call(bindingType="newest"), _call(bindingType="deployment"), "n"),
    Case(
        "call.version-tag",
        _call(bindingType="versionTag", versionTag="1999"),
        _call(bindingType="versionTag", versionTag="2026"),
        "n",
    ),
    Case(
        "call.unknown",
        _node("callActivity", extension(zeebe("calledElement", processId="nothing"))),
        _node("callActivity", extension(zeebe("calledElement", processId="p"))),
        "n",
    ),
    Case("mapping.target", _mapping(target="a + b"), _mapping(target="通知.标题"), "c"),
    Case(
        "variable.kept-inside",
        _task(more=zeebe("ioMapping", zeebe("input", source="=1", target="金额"))),
        _task(
            more=zeebe(
                "ioMapping",
                zeebe("input", source="=1", target="金额") + zeebe("output", source="=金额", target="金额"),
            )
        ),
        "a",
    ),
    Case("mapping.source", _mapping(source=""), _mapping(source="文字"), "c"),
    Case("multi-instance.collection", _repeated(""), _repeated("inputCollection:=名单"), "a"),
    Case(
        "multi-instance.output",
        _repeated("inputCollection:=名单 outputCollection:意见们"),
        _repeated("inputCollection:=名单 outputCollection:意见们 outputElement:=已解决"),
        "a",
    ),
    Case(
        "multi-instance.behavior",
        _repeated("inputCollection:=名单", behavior="None"),
        _repeated("inputCollection:=名单", behavior="None", noneBehaviorEventRef="told").root(
            event("signal", id="told", signalRef="news"), element("bpmn:signal", id="news", name="有结果")
        ),
        "a",
    ),
    Case(
        "multi-instance.cardinality",
        _repeated("", element("bpmn:loopCardinality", "每户")),
        _repeated("", element("bpmn:loopCardinality", "=金额")),
        "a",
    ),
    Case(
        "loop.both",
        _task(
            inner=element("bpmn:standardLoopCharacteristics", loopMaximum="3")
            + element("bpmn:multiInstanceLoopCharacteristics", element("bpmn:loopCardinality", "3"))
        ),
        _repeated("", element("bpmn:loopCardinality", "3")),
        "a",
    ),
    Case("loop.endless", _looped(), _looped(loopMaximum="3"), "a"),
    Case("loop.maximum", _looped(loopMaximum="2001"), _looped(element("bpmn:loopCondition", "=金额 &gt; 1")), "a"),
)

EXPRESSIONS = (
    Case("feel.equals", _script("1 + 1"), _script("=1 + 1"), "b"),
    Case("feel.syntax", _script("=1 +"), _script("=1 + 2"), "b"),
    Case("feel.function", _script("=变魔术(1)"), _script("=工作日后(1, 2)"), "b"),
    Case("feel.policy", _script("=policy.没有"), _script("=policy.期限"), "b"),
    Case("variable.unwritten", _script("=没人写 + 1"), _script("=金额 + 1"), "b"),
)


def _searchable(name: str) -> Drawing:
    inner = extension(properties(searchVariables=f"金额，{name}", inputVariables="来源"))
    return Drawing(process_inner=inner).start().user_task().end()


VARIABLES = (Case("variable.search", _searchable("没人写"), _searchable("来源"), "p"),)

SUPPORT = (
    Case("support.kind", _node("complexGateway"), _script(), "n"),
    Case(
        "support.multiple",
        simple().boundary("any", "a", event("compensate") + timer("Duration", "PT2H")).end("e"),
        simple().boundary("any", "a", timer("Duration", "PT1H") + timer("Duration", "PT2H")).end("e"),
        "any",
        frozenset({"compensation.association", "boundary.compensation-flow"}),
    ),
    Case("support.parallel-multiple", _all_of("true"), _all_of("false"), "all"),
    Case("support.quantity", _node("manualTask", startQuantity="1000"), _node("manualTask", startQuantity="2"), "n"),
    Case(
        "support.instantiate",
        _node("eventBasedGateway", instantiate="true"),
        _node("manualTask"),
        "n",
        frozenset({"event-gateway.branches", "event-gateway.instantiate", "event-gateway.target"}),
    ),
    Case(
        "support.start-name",
        simple().start("told", event("signal", signalRef="s")).flow("told", "a").root(_signal('="停" + "水"')),
        simple().start("told", event("signal", signalRef="s")).flow("told", "a").root(_signal("停水")),
        "told",
    ),
    Case("support.part", _task(more=zeebe("taskListeners")), _task(), "a"),
    Case("support.data", _associated(), _task(), "a"),
    Case("support.unknown", _task(more=zeebe("hologram")), _task(), "a"),
    Case(
        "support.choreography",
        simple()
        .raw(element("bpmn:choreographyTask", id="h", initiatingParticipantRef="one"))
        .root(element("bpmn:collaboration", element("bpmn:participant", id="one"), id="all")),
        simple(),
        "h",
    ),
    Case("support.foreign", _task(more=element("camunda:formData")), _task(), "a"),
)

CASES = (*TASKS, *AUTOMATION, *EXPRESSIONS, *VARIABLES, *SUPPORT)
