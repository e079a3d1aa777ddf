"""SpiffWorkflow's token machine, kept to its core: a tree of tasks with states, moved by ``Task.run``.

A :class:`Token` is a SpiffWorkflow task and :class:`Tokens` a SpiffWorkflow workflow. Three things differ from the
library's habits. The tree shows containment, not the past: the parent of a token is the token of the scope, activity or
gateway that holds it, and a token that has moved on is taken out at once, so the tree never grows with the length of
the run. Nothing is predicted. What is ready stands in an agenda, so a step never searches the tree.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine.bpmn.model import EventType, Kind
from engine.feel import DEFAULT, Environment
from engine.variables import ROOT, ScopeId, Scopes

if TYPE_CHECKING:
    from engine.tokens.decisions import Decided
    from engine.tokens.elements import Element, Path
    from engine.tokens.spec import Spec


@dataclass(frozen=True)
class Env:
    """What expressions see besides the variables: the FEEL environment with its clock, and read-only ``globals``.

    ``is_caught_above`` says whether an instance that called this one catches an error of this code, which nobody
    catches in here.
    """

    feel_env: Environment = DEFAULT
    globals: Mapping[str, Any] = field(default_factory=dict)
    is_caught_above: Callable[[str | None], bool] = lambda code: False


@dataclass(frozen=True)
class Step:
    """Something that happened: ``what`` is entered, completed, interrupted or error_thrown.

    ``run`` tells the runs of a repeated activity apart, from 1; it is None for the activity as a whole.
    """

    element_id: str
    kind: Kind
    token_id: UUID
    what: str
    run: int | None = None


@dataclass(frozen=True)
class Failure:
    """An automatic step that failed. The token stays, in error, until it is retried or interrupted."""

    token_id: UUID
    element_id: str
    template: str
    params: dict[str, Any]
    expression: str | None


@dataclass(frozen=True)
class Thrown:
    """A signal, message or escalation thrown by this instance, for others to catch, with what its inputs map."""

    type: EventType
    name: str | None
    key: str | None
    element_id: str
    token_id: UUID
    variables: Mapping[str, Any] = field(default_factory=dict)


class Token(Task):
    """A live token. ``internal_data`` holds what must survive saving; SpiffWorkflow's task data stays empty.

    Keys of ``internal_data`` (one letter each, they are stored): ``d`` done with waiting, ``f`` number of the incoming
    flow, ``s`` has a scope of its own, ``r`` entered before (a retry), ``w`` wrote its outputs, ``h`` remembers what
    can be undone, ``y`` undoes something for this token, ``z`` copy of a sub-process that is undone, ``a`` helps to
    undo. Elements add theirs.
    """

    workflow: Tokens
    task_spec: Element
    internal_data: dict[str, Any]
    #: The flows that it takes when it completes; decided in the same step, never stored.
    taken: Sequence[Path] = ()
    #: What the end of one instance of a multi-instance activity means; decided like ``taken``.
    outcome: Any = None

    @property
    def holder(self) -> Token:
        """The token that holds this one; the root has none and is never asked."""
        return self.workflow.tasks[self._parent]  # type: ignore[index] # the root is never asked

    @property
    def held(self) -> list[Token]:
        """The tokens that this one holds, oldest first."""
        tasks = self.workflow.tasks
        return [tasks[child] for child in self._children]

    def holds(self, matches: Callable[[Element], bool]) -> bool:
        """Whether it holds a token of an element that matches; stops at the first."""
        tasks = self.workflow.tasks
        return any(matches(tasks[child].task_spec) for child in self._children)

    @property
    def is_root(self) -> bool:
        """Whether this is the token of the process itself."""
        return self._parent is None

    @property
    def is_beside(self) -> bool:
        """Whether it only helps to undo and never goes on: nothing for history, nothing that joins wait for."""
        return "z" in self.internal_data or "a" in self.internal_data

    @property
    def is_waiting(self) -> bool:
        """Whether it has entered its element and something must happen before it goes on."""
        return self._state == TaskState.STARTED

    @property
    def scope(self) -> ScopeId:
        """The scope whose variables this token sees first."""
        token = self
        while token._parent is not None:
            if "s" in token.internal_data:
                return ScopeId(token.id.hex)
            token = token.holder
        return ROOT

    def put(self, spec: Element, **data: Any) -> Token:
        """Place a new token of ``spec`` into this one and let SpiffWorkflow update it."""
        token = Token(self.workflow, spec, self, TaskState.FUTURE)
        token.internal_data = data
        spec._update(token)
        return token

    def finish_waiting(self) -> None:
        """Let the token leave its element in the next step."""
        self.internal_data["d"] = 1
        self._ready()

    def _set_state(self, value: int) -> None:
        # The library writes a log record with the whole context at every change; nobody reads it, and it is slow.
        self._state = value


class Tokens(Workflow):
    """The tokens of one instance while it is in memory, and what they did since then."""

    spec: Spec
    task_tree: Token
    tasks: dict[UUID, Token]

    def __init__(self, spec: Spec, scopes: Scopes, env: Env) -> None:
        super().__init__(spec, deserializing=True)
        self.scopes = scopes
        self.env = env
        self.agenda: deque[Token] = deque()
        #: Ready tokens that run only when the agenda is empty.
        self.patient: deque[Token] = deque()
        self.steps: list[Step] = []
        #: The ids of the sequence flows taken, in order.
        self.flows: list[str] = []
        self.failures: list[Failure] = []
        self.thrown: list[Thrown] = []
        self.decided: list[Decided] = []
        self.terminated = False
        self.end_error: str | None = None

    def queue(self, token: Token) -> None:
        """Remember a ready token for its step."""
        (self.patient if token.task_spec.patient else self.agenda).append(token)

    def next_ready(self) -> Token | None:
        """Take the token whose step is next; None at rest."""
        while queue := self.agenda or self.patient:
            token = queue.popleft()
            if token.state == TaskState.READY and token.id in self.tasks:
                return token
        return None

    def note(self, token: Token, what: str) -> None:
        """Remember a step for history."""
        if token.is_beside or token._parent is None:
            return
        if not token.holder.task_spec.holds_choices:
            node = token.task_spec.node
            run = token.internal_data["x"] + 1 if token.task_spec.is_body else None
            self.steps.append(Step(node.id, node.kind, token.id, what, run))

    def remove(self, token: Token) -> None:
        """Take a token, what it holds and their scopes out of the tree."""
        if token.id not in self.tasks:
            return
        for child in token.held:
            self.remove(child)
        if "s" in token.internal_data:
            self.scopes.close(ScopeId(token.id.hex))
        del self.tasks[token.id]
        if token._parent is not None:
            token.holder._children.remove(token.id)

    def interrupt(self, token: Token) -> None:
        """Cancel a token and all that it holds, the innermost first, and say so."""
        for child in token.held:
            self.interrupt(child)
        if token.task_spec.is_entered(token):
            self.note(token, "interrupted")
        token._set_state(TaskState.CANCELLED)
        self.remove(token)

    def live(self) -> Iterator[Token]:
        """All tokens of the instance."""
        return iter(self.tasks.values())

    def _task_completed_notify(self, task: Token) -> None:  # type: ignore[override] # all our tasks are tokens
        """Called by SpiffWorkflow when a token has completed: take it out, and let its holder know."""
        if task.id not in self.tasks:
            return
        if task.is_root:
            self.tasks.clear()
            self.completed = True
            return
        holder = task.holder
        self.remove(task)
        holder.task_spec.released(holder)
