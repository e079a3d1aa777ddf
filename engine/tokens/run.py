"""One instance in memory: start or load it, move it, ask what it waits for, save it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventType, Node
from engine.errors import N_, EngineError, InvalidState, StepFailed
from engine.feel import Environment, FeelError
from engine.tokens import state
from engine.tokens.core import Env, Failure, Step, Thrown, Token, Tokens
from engine.tokens.decisions import Decided
from engine.tokens.events import Wait, fire_conditions
from engine.tokens.gateways import fire_inclusive_joins
from engine.tokens.spec import Spec
from engine.tokens.throwing import broadcast, end_by_error, handler_for
from engine.tokens.variables import nested, submit
from engine.variables import ScopeId, Scopes

#: The most automatic steps between two rests; a loop without a wait ends here as a failure.
MOST_STEPS = 20_000


@dataclass(frozen=True)
class Standing:
    """A token at an element; ``is_entering`` when it has to pass the element still, because it failed or waits to."""

    token_id: UUID
    element_id: str
    is_entering: bool


class Run:
    """The tokens of one instance. Not for several threads at once; the spec may be shared."""

    def __init__(self, workflow: Tokens) -> None:
        self._workflow = workflow

    @classmethod
    def start(
        cls,
        spec: Spec,
        scopes: Scopes,
        env: Env,
        start_event_id: str | None = None,
        payload: Mapping[str, Any] | None = None,
    ) -> Run:
        """A new instance with a token at the none start event, or at ``start_event_id``; not yet moved.

        ``payload`` came with the message or signal: the start event's output mappings take what they want, without
        any all of it becomes variables. Raises InvalidState if the process has no such start event.
        """
        start = spec.starts.get(start_event_id or "")
        if start is None:
            raise InvalidState(N_("流程“{key}”没有可用的开始事件“{id}”。"), key=spec.name, id=start_event_id or "")
        workflow = Tokens(spec, scopes, env)
        workflow.task_tree = Token(workflow, spec.root, None, TaskState.STARTED)
        spec.root.listen_in(workflow.task_tree)
        for element in start:
            submit(workflow.task_tree.put(element), payload)
        return cls(workflow)

    @classmethod
    def load(cls, spec: Spec, blob: bytes, scopes: Scopes, env: Env) -> Run:
        """An instance from what :meth:`dump` gave, also with a spec built anew from the same process."""
        return cls(state.load(blob, spec, scopes, env))

    def dump(self) -> bytes:
        """The live tokens as an opaque blob."""
        return state.dump(self._workflow)

    @property
    def steps(self) -> list[Step]:
        """What happened since the run was started or loaded, in order."""
        return self._workflow.steps

    @property
    def flows(self) -> list[str]:
        """The ids of the sequence flows taken since the run was started or loaded, in order; "" for a link."""
        return self._workflow.flows

    @property
    def failures(self) -> list[Failure]:
        """The steps that failed in the last ``advance``; their tokens wait for a retry."""
        return self._workflow.failures

    @property
    def thrown(self) -> list[Thrown]:
        """What the last ``advance`` threw for others; a signal has already reached those who wait in here."""
        return self._workflow.thrown

    @property
    def decided(self) -> list[Decided]:
        """The decisions that the last ``advance`` made, in order."""
        return self._workflow.decided

    @property
    def completed(self) -> bool:
        """Whether the instance has ended, in whatever way."""
        return bool(self._workflow.completed)

    @property
    def terminated(self) -> bool:
        """Whether a terminate end event of the process itself ended it."""
        return self._workflow.terminated

    @property
    def end_error(self) -> str | None:
        """The code of the error that nobody caught and that ended the instance ("" for one without code)."""
        return self._workflow.end_error

    def advance(self) -> None:
        """Run automatic steps to rest. A step that fails becomes an entry in ``failures``; others go on."""
        workflow, left = self._workflow, MOST_STEPS
        workflow.failures.clear()
        workflow.thrown.clear()
        workflow.decided.clear()
        while True:
            while token := workflow.next_ready():
                self._step(token, left)
                left -= 1
                while self._fire_conditions():
                    pass
            if not self._fire_at_rest():
                return

    def waits(self) -> dict[UUID, Wait]:
        """All that the instance waits for, by token."""
        found = ((token.id, token.task_spec.wait(token)) for token in self._workflow.live() if token.is_waiting)
        return {id: wait for id, wait in found if wait is not None}

    def complete(self, token_id: UUID, variables: Mapping[str, Any] | None = None) -> None:
        """A user task, job or called process is done; the token moves on at :meth:`advance`.

        Raises InvalidState if the token is gone or does not wait.
        """
        token = self._waiting(token_id)
        token.task_spec.fire(token, variables)

    def jump(self, token_id: UUID, element_id: str) -> UUID:
        """Take a waiting token off its element, with all that listens there, and let it enter another of the same flow.

        The id of the token that enters. Whether the diagram allows it says :mod:`engine.bpmn.jumps`; here only what
        would break the tree is refused: InvalidState if the token is gone or does not wait, or if the element lies in
        another scope or is repeated.
        """
        token = self._waiting(token_id)
        holder, target = token.holder, self._workflow.spec.element(element_id)
        if target is None or target.container is not holder.task_spec:
            template = N_("“{name}”不能直接转到“{id}”：它们不在同一段流程里。")
            raise InvalidState(template, name=token.task_spec.label, id=element_id)
        self._workflow.interrupt(token)
        return holder.put(target).id

    def trigger(self, token_id: UUID, payload: Mapping[str, Any] | None = None) -> None:
        """The timer, message or signal has come that the token waits for. Raises InvalidState like ``complete``."""
        self.complete(token_id, payload)

    def throw(self, token_id: UUID, error_code: str | None, payload: Mapping[str, Any] | None = None) -> bool:
        """What the token stands for ended in a BPMN error: let the nearest handler catch it, else return False."""
        token = self._waiting(token_id)
        handler = handler_for(token, EventType.ERROR, error_code)
        if handler is None:
            return False
        self._workflow.note(token, "error_thrown")
        handler(payload)
        return True

    def catches(self, token_id: UUID, error_code: str | None) -> bool:
        """Whether :meth:`throw` would find a handler. Raises InvalidState like it."""
        return handler_for(self._waiting(token_id), EventType.ERROR, error_code) is not None

    def end_by_error(self, error_code: str | None) -> None:
        """End the instance by an error that nobody in it catches; what calls it will."""
        end_by_error(self._workflow, error_code)

    def escalate(self, token_id: UUID, code: str | None, payload: Mapping[str, Any] | None = None) -> bool:
        """What the token stands for escalated: let the nearest handler catch it, else return False."""
        handler = handler_for(self._waiting(token_id), EventType.ESCALATION, code)
        if handler is None:
            return False
        handler(payload)
        return True

    def signal(self, name: str, payload: Mapping[str, Any] | None = None) -> None:
        """A signal from outside, for all that wait for it here."""
        broadcast(self._workflow, name, payload)

    @property
    def failed(self) -> set[UUID]:
        """The live tokens whose step failed; one that was interrupted or retried with success is not among them."""
        return {token.id for token in self._workflow.live() if token.state == TaskState.ERROR}

    def standing(self) -> list[Standing]:
        """Where the instance stands: its innermost tokens. Events that wait at a gateway stand for the gateway."""
        return [
            Standing(token.id, token.task_spec.node.id, not token.is_waiting)
            for token in self._workflow.live()
            if not token.is_root and (token.state == TaskState.ERROR or not _holds_others(token))
        ]

    def retry(self, token_id: UUID) -> None:
        """Run a failed step again at the next ``advance``. Raises InvalidState if the token has not failed."""
        token = self._workflow.tasks.get(token_id)
        if token is None or token.state != TaskState.ERROR:
            raise InvalidState(N_("这一步没有出错，或者已经不在了，不用重试。"))
        if "d" not in token.internal_data:
            token.internal_data["r"] = 1
        token._ready()

    def scope_of(self, token_id: UUID) -> ScopeId:
        """The scope that the token sees first. Raises InvalidState if the token is gone."""
        return self._token(token_id).scope

    def owner_of(self, scope: ScopeId) -> tuple[Node, int | None]:
        """The element that a live local scope belongs to, and which run of it that is, from 1, if it is repeated.

        Raises InvalidState if the scope is gone.
        """
        token = self._token(UUID(hex=scope))
        return token.task_spec.node, token.internal_data["x"] + 1 if token.task_spec.is_body else None

    def map_again(
        self, scope: ScopeId, names: Collection[str], see: Mapping[str, Any], feel_env: Environment
    ) -> dict[str, Any]:
        """What those input mappings of a live local scope come to that write ``names``, in order; nothing is written.

        ``see`` is what expressions see beside the variables, ``feel_env`` has the clock. Raises ExpressionFailed.
        """
        scopes, found = self._workflow.scopes, dict[str, Any]()
        for source, path in self._token(UUID(hex=scope)).task_spec.inputs_from:
            if path[0] in names:
                view = {**scopes.view(scope, see), **found}
                old = view.get(path[0]) if len(path) > 1 else None
                found[path[0]] = nested(old, path[1:], source.storable(view, feel_env))
        return found

    def move_timer(self, token_id: UUID, due: datetime) -> None:
        """Let a timer that waits be due at another moment. Raises InvalidState if the token is gone."""
        self._token(token_id).internal_data["u"] = due.isoformat()

    def _token(self, token_id: UUID) -> Token:
        token: Token | None = self._workflow.tasks.get(token_id)
        if token is None:
            raise InvalidState(N_("这一步已经不在了，可能已被办理或取消。请刷新页面。"))
        return token

    def _waiting(self, token_id: UUID) -> Token:
        token = self._token(token_id)
        if not token.is_waiting or token.task_spec.wait(token) is None:
            raise InvalidState(N_("“{name}”现在没有在等待。"), name=token.task_spec.label)
        return token

    def _fire_at_rest(self) -> bool:
        workflow = self._workflow
        if workflow.spec.has_inclusive_joins and fire_inclusive_joins(workflow):
            return True
        return self._fire_conditions()

    def _fire_conditions(self) -> bool:
        """Conditions are tested after every step: one that is true for a moment only has come true, too."""
        workflow = self._workflow
        return workflow.spec.has_conditions and fire_conditions(workflow, self._fail_expression)

    def _step(self, token: Token, left: int) -> None:
        try:
            if left <= 0:
                raise StepFailed(
                    N_("流程连续自动执行了 {limit} 步还没有停下。请在循环里加上等待或出口。"), limit=MOST_STEPS
                )
            token.run()
        except EngineError as error:
            self._fail(token, error.template, error.params, None)
        except FeelError as error:
            self._fail_expression(token, error)

    def _fail_expression(self, token: Token, error: FeelError) -> None:
        self._fail(token, error.message, error.params, getattr(error, "expression", None))

    def _fail(self, token: Token, template: str, params: dict[str, Any], expression: str | None) -> None:
        token._set_state(TaskState.ERROR)
        self.failures.append(Failure(token.id, token.task_spec.node.id, template, params, expression))


def _holds_others(token: Token) -> bool:
    return token.task_spec.is_scope or token.task_spec.holds_choices
