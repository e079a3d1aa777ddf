"""Activities: tasks, scripts, what is done outside, sub-processes and the process itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Kind, Node
from engine.tokens.elements import Element, Path
from engine.tokens.events import Trigger, Wait, WaitKind
from engine.tokens.expressions import Value
from engine.tokens.listeners import Listener
from engine.tokens.undoing import remember, undo_inside, undone
from engine.tokens.variables import apply_inputs, apply_outputs, open_scope, submit

if TYPE_CHECKING:
    from engine.tokens.core import Token
    from engine.tokens.repeating import Repeating
    from engine.tokens.spec import Spec

_KINDS = {Kind.USER_TASK: WaitKind.USER_TASK, Kind.CALL_ACTIVITY: WaitKind.CALL}


class Activity(Element):
    """A task that passes at once (none and manual tasks), and the base of all other activities."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        #: What listens on its boundary while it runs.
        self.listeners: list[Listener] = []
        #: Boundary events for errors and escalations: they need no listener, whoever throws looks for them.
        self.catchers: list[Element] = []
        #: How many tokens it needs to begin, and how many leave it by each flow (startQuantity, completionQuantity).
        self.tokens_in = self.tokens_out = 1
        #: The multi-instance activity or loop of which this is one run.
        self.whole: Repeating | None = None

    def be_body_of(self, whole: Repeating) -> None:
        """Become what another activity repeats: its end is told there."""
        self.whole = whole
        self.is_body = True

    def listen(self, token: Token) -> None:
        """Start the boundary events."""
        for listener in self.listeners:
            listener.begin(token)

    def leave(self, token: Token) -> Sequence[Path]:
        if token.is_beside:
            return ()
        apply_outputs(token, self.outputs_to)
        if self.whole is not None:
            self.whole.collect(token)
            return ()
        return self.choose(token)

    def completed(self, token: Token) -> None:
        if "y" in token.internal_data:
            undone(token)
            return
        remember(token)
        if self.whole is not None:
            self.whole.body_completed(token.holder, token)
        else:
            for _ in range(self.tokens_out):
                super().completed(token)

    def _update_hook(self, my_task: Token) -> bool:
        if self.tokens_in == 1:
            return True
        my_task._set_state(TaskState.WAITING)
        arrived = [each for each in my_task.holder.held if each.task_spec is self and each.state == TaskState.WAITING]
        if len(arrived) == self.tokens_in:
            for other in arrived[1:]:
                my_task.workflow.remove(other)
            arrived[0]._ready()
        return False


class Script(Activity):
    """A script task: its FEEL value goes to the result variable, in the step itself."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node, script: Value) -> None:
        super().__init__(spec, name, number, node)
        self.script = script
        self.result = node.result_variable

    def enter(self, token: Token) -> bool:
        apply_inputs(token)
        value = self.script.kept(token)
        if self.result is not None:
            submit(token, {self.result: value})
        return True


class External(Activity):
    """What is done outside: user tasks, jobs, called processes, and tasks that receive a message."""

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        receives = node.kind is Kind.RECEIVE_TASK
        self.kind = _KINDS.get(node.kind, WaitKind.JOB)
        self.trigger = Trigger(node.event, node.id) if receives and node.event else None
        self.propagates = node.kind is not Kind.CALL_ACTIVITY or node.propagate_all_children

    def enter(self, token: Token) -> bool:
        apply_inputs(token)
        if self.trigger is not None:
            self.trigger.arm(token)
        self.listen(token)
        return False

    def wait(self, token: Token) -> Wait | None:
        if self.trigger is not None:
            return self.trigger.wait(token)
        return Wait(token.id, self.node, token.scope, self.kind, event=self.node.event)

    def fire(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        token.holder.task_spec.branch_fired(token)
        submit(token, variables)
        token.finish_waiting()


class SubProcess(Activity):
    """An embedded or event sub-process: a scope of variables that holds tokens until the last one is gone."""

    is_scope = True

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, number, node)
        #: What begins when a token enters.
        self.starts: list[Element] = []
        #: What listens for the events of event sub-processes in here.
        self.start_listeners: list[Listener] = []
        #: Start events of event sub-processes for errors and escalations.
        self.start_catchers: list[Element] = []
        #: Start event of the event sub-process that undoes this when it has completed.
        self.undo_start: Element | None = None
        #: Start events of this (an event sub-process) and of the event sub-processes in here, by number.
        self.start_by_number: dict[int, Element] = {}

    def enter(self, token: Token) -> bool:
        open_scope(token)
        if token.is_beside:
            return undo_inside(token, self)
        apply_inputs(token)
        self.listen(token)
        self.populate(token)
        return False

    def populate(self, token: Token) -> None:
        """Start what is inside."""
        self.listen_in(token)
        if "b" in token.internal_data:
            start = self.start_by_number[token.internal_data["b"]]
            token.workflow.note(token.put(start, d=1), "entered")
            return
        for start in self.starts:
            token.put(start)

    def listen_in(self, token: Token) -> None:
        """Start listening for the event sub-processes."""
        for listener in self.start_listeners:
            listener.begin(token)

    def released(self, token: Token) -> None:
        waiting = token.is_waiting and "d" not in token.internal_data
        if waiting and not token.holds(_is_flow):
            for child in token.held:
                if child.task_spec in self.start_listeners:
                    token.workflow.remove(child)
            token.finish_waiting()


class Root(SubProcess):
    """The process itself, held by the root of the tree."""

    def released(self, token: Token) -> None:
        if not token.holds(_is_flow):
            token.complete()

    def _on_complete_hook(self, my_task: Token) -> None:
        for child in my_task.held:
            my_task.workflow.remove(child)


def _is_flow(element: Element) -> bool:
    return element.is_flow
