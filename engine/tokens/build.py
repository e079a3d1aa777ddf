"""From the data of a diagram to SpiffWorkflow specs of our own; SpiffWorkflow's XML parser is not used.

Elements are numbered by the diagram alone: all ids of the process sorted, two numbers each, so that saved states fit
every spec built from the same process. 0 is the process itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from engine.bpmn.model import EventType, Kind, Node, Process, Scope
from engine.decisions import Decisions
from engine.errors import N_, InvalidDefinition
from engine.tokens import compensation, gateways, throwing
from engine.tokens.activities import Activity, External, Root, Script, SubProcess
from engine.tokens.decisions import BusinessRule
from engine.tokens.elements import Element, Path
from engine.tokens.events import WAITED_FOR, Alternative, Catch, CatchSeveral
from engine.tokens.expressions import Value, value
from engine.tokens.listeners import BoundaryListener, Listener, StartListener
from engine.tokens.multi import MultiInstance
from engine.tokens.reach import mark_reach
from engine.tokens.refuse import ACTIVITIES, CAUGHT, refuse
from engine.tokens.repeating import Repeating, StandardLoop
from engine.tokens.spec import Spec
from engine.tokens.variables import mappings

E = TypeVar("E", bound=Element)

_GATEWAYS = {
    Kind.EXCLUSIVE: gateways.Exclusive,
    Kind.PARALLEL: gateways.Parallel,
    Kind.INCLUSIVE: gateways.Inclusive,
    Kind.EVENT_BASED: gateways.EventBased,
}
_PASSES = (Kind.TASK, Kind.MANUAL_TASK)
_THROWS: dict[EventType, type[Element]] = {
    EventType.ERROR: throwing.ThrowError,
    EventType.ESCALATION: throwing.Throw,
    EventType.SIGNAL: throwing.Throw,
    EventType.MESSAGE: throwing.Throw,
    EventType.MULTIPLE: throwing.Throw,
    EventType.TERMINATE: throwing.Terminate,
    EventType.COMPENSATION: compensation.ThrowCompensation,
    EventType.CANCEL: compensation.Cancel,
}


def build(process: Process, decisions: Decisions | None = None) -> Spec:
    """Make the spec of a process; share it between instances and threads, and cache it by definition version.

    ``decisions`` are those that its business rule tasks may call. Raises InvalidDefinition for whatever would not run
    as BPMN 2.0 says, for expressions that are not FEEL and for decisions that are not there.
    """
    builder = _Builder(process, decisions or Decisions())
    node = Node(process.key, Kind.SUB_PROCESS, process.name, process.line, scope=process.scope)
    root = Root(builder.spec, f"{process.key}#process", 0, node)
    builder.spec.by_number[0] = builder.spec.root = root
    builder.fill(root, process.scope)
    builder.starts(root, process.scope)
    return builder.spec


class _Builder:
    def __init__(self, process: Process, decisions: Decisions) -> None:
        self.spec = Spec(process.key)
        self.decisions = decisions
        if _depth(process.scope) > _DEEPEST:
            raise InvalidDefinition(N_("流程“{key}”的子流程套了超过 {deepest} 层。"), key=process.key, deepest=_DEEPEST)
        ids = [node.id for node in _all_nodes(process.scope)]
        if len(ids) != len(set(ids)):
            raise InvalidDefinition(N_("流程“{key}”里有重复的元素 id。"), key=process.key)
        self.numbers = {id: 2 * place + 1 for place, id in enumerate(sorted(ids))}
        self.elements: dict[str, Element] = {}
        self.activities: dict[str, Activity] = {}
        #: The sub-processes around what is being built, the outermost first.
        self.around: list[Node] = []

    def fill(self, container: SubProcess, scope: Scope) -> None:
        """Build what is inside ``container``."""
        refuse(scope, self.around)
        for node in scope.nodes.values():
            element = self._element(node)
            element.container = container
            self.elements[node.id] = element
        for node in scope.nodes.values():
            self._connect(node, scope)
            self._attach(node, container, scope)
        container.starts = [self.elements[node.id] for node in _starting(scope, container.label)]
        self.spec.has_inclusive_joins |= mark_reach(scope, self.elements)

    def starts(self, root: Root, scope: Scope) -> None:
        """Where a new instance may begin."""
        events = [node for node in scope.nodes.values() if node.kind is Kind.START_EVENT]
        self.spec.starts = {node.id: (self.elements[node.id],) for node in events}
        if root.starts:
            self.spec.starts[""] = tuple(root.starts)

    def _element(self, node: Node) -> Element:
        if node.kind not in ACTIVITIES:
            return self._register(self._event_or_gateway(node), node)
        self.activities[node.id] = activity = self._whole_activity(node)
        activity.tokens_in, activity.tokens_out = int(node.start_quantity), int(node.completion_quantity)
        return activity

    def _whole_activity(self, node: Node) -> Activity:
        number = self.numbers[node.id]
        if node.standard_loop is not None:
            loop = StandardLoop(self.spec, node.id, number, node, node.standard_loop, self._body(node, number))
            return self._register(loop, None)
        if node.multi_instance is not None:
            many = MultiInstance(self.spec, node.id, number, node, node.multi_instance, self._body(node, number))
            return self._register(many, None)
        return self._activity(node, node.id, number)

    def _body(self, node: Node, number: int) -> Activity:
        return self._activity(node, f"{node.id}#body", number + 1)

    def _activity(self, node: Node, name: str, number: int) -> Activity:
        activity = self._plain_activity(node, name, number)
        self._register(activity, node)
        if isinstance(activity, SubProcess) and node.scope is not None:
            self.around.append(node)
            self.fill(activity, node.scope)
            self.around.pop()
        return activity

    def _plain_activity(self, node: Node, name: str, number: int) -> Activity:
        if node.scope is not None:
            return SubProcess(self.spec, name, number, node)
        if node.script is not None and node.kind is Kind.SCRIPT_TASK:
            return Script(self.spec, name, number, node, Value(node.script, node.id))
        if node.kind is Kind.BUSINESS_RULE_TASK and node.job_type is None:
            return BusinessRule(self.spec, name, number, node, self.decisions)
        if node.kind is Kind.SEND_TASK and node.job_type is None:
            return throwing.Send(self.spec, name, number, node)
        return (Activity if node.kind in _PASSES else External)(self.spec, name, number, node)

    def _event_or_gateway(self, node: Node) -> Element:
        number, type_ = self.numbers[node.id], node.event.type if node.event else EventType.NONE
        if node.kind in _GATEWAYS:
            return _GATEWAYS[node.kind](self.spec, node.id, number, node)
        if node.kind is Kind.INTERMEDIATE_CATCH and type_ is EventType.MULTIPLE:
            alternative = Alternative(self.spec, f"{node.id}#alternative", number + 1, node)
            return CatchSeveral(self.spec, node.id, number, node, self._register(alternative, None))
        if node.kind is Kind.INTERMEDIATE_CATCH and type_ is not EventType.LINK:
            return Catch(self.spec, node.id, number, node)
        if node.kind in (Kind.INTERMEDIATE_THROW, Kind.END_EVENT):
            if node.job_type is not None and type_ is EventType.MESSAGE:
                return External(self.spec, node.id, number, node)
            return _THROWS.get(type_, Element)(self.spec, node.id, number, node)
        return Element(self.spec, node.id, number, node)

    def _register(self, element: E, node: Node | None) -> E:
        self.spec.by_number[element.number] = element
        if node is not None:
            element.inputs_from = mappings(node.inputs, node.id)
            element.outputs_to = mappings(node.outputs, node.id)
            element.declared = node.declared if node.kind in ACTIVITIES else ()
            self.spec.has_conditions |= EventType.CONDITIONAL in node.event_types
        return element

    def _connect(self, node: Node, scope: Scope) -> None:
        element = self.elements[node.id]
        for flow in (scope.flows[id] for id in node.outgoing):
            place = sorted(scope.nodes[flow.target].incoming).index(flow.id)
            path = Path(flow.id, self.elements[flow.target], place, value(flow.condition, flow.id))
            element.lead_to(path)
            if flow.id == node.default_flow:
                element.default = path
        if node.kind is Kind.INTERMEDIATE_THROW and node.event and node.event.type is EventType.LINK:
            element.lead_to(Path("", self.elements[linked(node, scope)], 0, None))

    def _attach(self, node: Node, container: SubProcess, scope: Scope) -> None:
        if node.kind is Kind.BOUNDARY_EVENT:
            host, types = self.activities[node.attached_to or ""], node.event_types
            if types & WAITED_FOR:
                host.listeners.append(self._listener(BoundaryListener, node))
            if EventType.COMPENSATION in types:
                done = host.body if isinstance(host, Repeating) else host
                done.undo, done.has_undo = self.activities[scope.compensations[node.id][0]], True
            if types & CAUGHT:
                host.catchers.append(self.elements[node.id])
        elif node.triggered_by_event and node.scope is not None:
            start = next(inner for inner in node.scope.nodes.values() if inner.kind is Kind.START_EVENT)
            self._attach_event_sub_process(start, container)

    def _attach_event_sub_process(self, start: Node, container: SubProcess) -> None:
        element, types = self.elements[start.id], start.event_types
        inner = element.container
        inner.start_by_number[element.number] = element
        if EventType.COMPENSATION in types:
            container.undo_start, container.has_undo = element, True
            return
        container.start_by_number[element.number] = element
        if types & WAITED_FOR:
            container.start_listeners.append(self._listener(StartListener, start))
        if types & CAUGHT:
            container.start_catchers.append(element)

    def _listener(self, kind: type[Listener], node: Node) -> Listener:
        listener = kind(self.spec, f"{node.id}#listener", self.numbers[node.id] + 1, node)
        listener.target = self.elements[node.id]
        self._register(listener, None)
        return listener


def linked(node: Node, scope: Scope) -> str:
    """The id of the link catch event that a link throw event leads to."""
    return next(
        other.id
        for other in scope.nodes.values()
        if other.kind is Kind.INTERMEDIATE_CATCH and other.event and node.event
        and other.event.type is EventType.LINK and other.event.link == node.event.link
    )  # fmt: skip


def _starting(scope: Scope, label: str) -> list[Node]:
    """The none start event; without any start event, whatever nothing leads to (BPMN 2.0, 10.4.2)."""
    starts = [node for node in scope.nodes.values() if node.kind is Kind.START_EVENT]
    if starts:
        return [node for node in starts if node.event is None or node.event.type is EventType.NONE]
    alone = [node for node in scope.nodes.values() if _begins_alone(node)]
    if not alone:
        raise InvalidDefinition(N_("流程或子流程“{id}”没有开始的地方。请加上开始事件。"), id=label)
    return alone


def _begins_alone(node: Node) -> bool:
    is_link = node.event is not None and node.event.type is EventType.LINK and node.kind is Kind.INTERMEDIATE_CATCH
    return not (node.incoming or node.attached_to or node.triggered_by_event or node.for_compensation or is_link)


def _all_nodes(scope: Scope) -> Iterator[Node]:
    for node in scope.nodes.values():
        yield node
        if node.scope is not None:
            yield from _all_nodes(node.scope)


def _depth(scope: Scope) -> int:
    depth, level = 0, [scope]
    while level:
        depth += 1
        level = [node.scope for inner in level for node in inner.nodes.values() if node.scope is not None]
    return depth


#: Building and interrupting go down the nesting by recursion.
_DEEPEST = 50
