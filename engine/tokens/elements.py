"""The base of all our task specs: a flow node, its number in saved states, and how a token enters and leaves it.

SpiffWorkflow calls ``_run_hook`` when a ready token runs: ``None`` lets the token wait (``STARTED``), ``True``
completes it, an exception puts it into ``ERROR``. We run each element in two phases, so that a failure is retried where
it happened: :meth:`Element.enter`, and, once nothing is awaited any more, :meth:`Element.leave`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node
from engine.errors import N_, InvalidState, StepFailed
from engine.tokens.expressions import Value
from engine.tokens.variables import Mappings, apply_inputs, apply_outputs

if TYPE_CHECKING:
    from engine.tokens.activities import Activity, SubProcess
    from engine.tokens.core import Token
    from engine.tokens.events import Wait
    from engine.tokens.spec import Spec


@dataclass(frozen=True)
class Path:
    """An outgoing sequence flow: where it leads, under which condition, and its number among the target's incoming."""

    flow_id: str
    target: Element
    number: int
    condition: Value | None


class Element(TaskSpec):
    """A flow node that tokens pass. ``number`` names it in saved states and depends on the diagram only."""

    #: Whether arriving tokens must remember by which flow they came.
    joins = False
    #: Whether its tokens keep the scope open in which they are.
    is_flow = True
    #: Whether its arrival is nothing for history.
    silent = False
    #: Whether what it holds are mere possibilities, and nothing for history until one comes true.
    holds_choices = False
    #: Whether it is one run of a multi-instance activity or of a loop.
    is_body = False
    #: Whether nothing of its variables leaves it by itself: one instance of a multi-instance activity.
    confines = False
    #: Whether it takes its turn only when nothing else can move.
    patient = False
    #: Whether it is a process or a sub-process: its tokens hold the tokens of a flow.
    is_scope = False
    #: Whether its completion must be remembered, since it can be undone.
    has_undo = False
    #: The compensation activity that undoes it.
    undo: Activity | None = None
    #: Whether what it was completed with goes out when there are no output mappings.
    propagates = True

    def __init__(self, spec: Spec, name: str, number: int, node: Node) -> None:
        super().__init__(spec, name, inputs=[], outputs=[])  # type: ignore[no-untyped-call] # the library has no types
        self.number = number
        self.node = node
        #: The spec of the sub-process or process around it.
        self.container: SubProcess
        self.paths: list[Path] = []
        self.default: Path | None = None
        self.inputs_from: Mappings = ()
        self.outputs_to: Mappings = ()
        #: The names of variables that the diagram declares as its own.
        self.declared: tuple[str, ...] = ()
        #: Bit masks of the incoming flows of inclusive joins that a token here can still reach, by the join's number.
        self.reach: dict[int, int] = {}

    @property
    def label(self) -> str:
        """How to call the element to people: its name, or its id when it has none."""
        return self.node.name or self.node.id

    def lead_to(self, path: Path) -> None:
        """Add an outgoing flow."""
        self.paths.append(path)
        self.connect(path.target)  # type: ignore[no-untyped-call] # the library has no types

    def enter(self, token: Token) -> bool:
        """Do what the element does on arrival; say whether the token may leave at once."""
        apply_inputs(token)
        return True

    def leave(self, token: Token) -> Sequence[Path]:
        """Do what the element does at its end and choose the flows to take. May fail, and is then retried."""
        apply_outputs(token, self.outputs_to)
        return self.choose(token)

    def choose(self, token: Token) -> Sequence[Path]:
        """The flows out of an activity or event: all without condition and all whose condition is true.

        The default flow is taken when no condition is true (BPMN 2.0, 8.3.13 and 13.2). Raises StepFailed if there
        are flows but none may be taken.
        """
        if not self.paths or (len(self.paths) == 1 and self.paths[0].condition is None):
            return self.paths
        taken = [path for path in self.paths if path is not self.default and self.holds(token, path)]
        if self.default is not None and not any(path.condition for path in taken):
            taken.append(self.default)
        return taken or self.stuck()

    def stuck(self) -> Sequence[Path]:
        """Fail because no outgoing flow may be taken."""
        raise StepFailed(
            N_("“{name}”没有一条出线的条件成立，也没有默认出线。请检查条件和变量，再重试。"), name=self.label
        )

    def holds(self, token: Token, path: Path) -> bool:
        """Whether a flow's condition is true; null is not true."""
        return path.condition is None or path.condition.of(token) is True

    def wait(self, token: Token) -> Wait | None:
        """What the world must do before a token that is ``STARTED`` here goes on; None if it is not for the world."""
        return None

    def fire(self, token: Token, variables: Mapping[str, Any] | None) -> None:
        """Take what the token waited for."""
        raise InvalidState(N_("“{name}”现在没有在等待。"), name=self.label)

    def is_entered(self, token: Token) -> bool:
        """Whether history has seen the token enter, so that it must see it interrupted."""
        if token.state == TaskState.READY:
            return bool(token.internal_data.keys() & {"d", "r"})
        return token.state in (TaskState.STARTED, TaskState.ERROR)

    def released(self, token: Token) -> None:
        """Called on the token that holds another when that one has completed and is gone."""

    def branch_fired(self, token: Token) -> None:
        """Called on the token's holder when ``token`` caught its event."""

    def completed(self, token: Token) -> None:
        """Let the token go where it has decided to go."""
        holder = token.holder
        for path in token.taken:
            target = path.target
            token.workflow.flows.append(path.flow_id)
            holder.put(target, f=path.number) if target.joins else holder.put(target)

    def _run_hook(self, my_task: Token) -> bool | None:
        workflow, data = my_task.workflow, my_task.internal_data
        if "d" not in data:
            if not data.pop("r", 0) and not self.silent:
                workflow.note(my_task, "entered")
            if not self.enter(my_task):
                return None
            data["d"] = 1
        my_task.taken = self.leave(my_task)
        return True

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        my_task.workflow.queue(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        workflow = my_task.workflow
        for child in my_task.held:
            workflow.remove(child)
        workflow.note(my_task, "completed")
        if not my_task.is_root:
            self.completed(my_task)

    def _on_error_hook(self, my_task: Token) -> None:
        """Nothing to tell anybody: the run notes the failure."""

    def serialize(self, serializer: Any, **kwargs: Any) -> Any:
        """Specs are never saved: they are built from the diagram. Raises TypeError."""
        raise TypeError(self.name)

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted."""
