"""A running instance for tests: saved after every step and loaded again with a spec that was built anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from engine.bpmn.model import Process
from engine.feel import Environment
from engine.tokens import Env, Failure, Run, Spec, Step, Thrown, Wait, build
from engine.variables import ROOT, Scopes
from tests.builders import ProcessBuilder

BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Case:
    """Drives one instance by the ids of the elements on which it waits, on a virtual clock."""

    #: Whether another instance called this one.
    is_called = False

    def __init__(self, diagram: ProcessBuilder | Process, start_event: str | None = None, **variables: Any) -> None:
        self.process = diagram.build() if isinstance(diagram, ProcessBuilder) else diagram
        self.now = BEGIN
        self.steps: list[Step] = []
        self.flows: list[str] = []
        self.thrown: list[Thrown] = []
        self.failures: list[Failure] = []
        scopes = Scopes()
        for name, value in variables.items():
            scopes.set(ROOT, name, value)
        self._save(Run.start(self.spec(), scopes, self.env, start_event), scopes)
        self._load()
        self.run.advance()
        self._finish()

    def spec(self) -> Spec:
        """A spec built anew."""
        return build(self.process)

    @property
    def env(self) -> Env:
        return Env(Environment(now=lambda: self.now), {"policy": {"days": 3}}, lambda code: self.is_called)

    @property
    def open(self) -> list[str]:
        """The ids of the elements that wait, sorted; once for each token."""
        return sorted(wait.element.id for wait in self.waits.values())

    @property
    def waits(self) -> dict[UUID, Wait]:
        return self.run.waits()

    def wait(self, id: str, index: int = 0) -> Wait:
        """The wait on the element ``id``; ``index`` picks one of several, oldest first."""
        return [wait for wait in self.waits.values() if wait.element.id == id][index]

    def complete(self, id: str, index: int = 0, **variables: Any) -> Case:
        token = self.wait(id, index).token_id
        self._load()
        self.run.complete(token, variables)
        return self._go()

    def jump(self, token: UUID, to: str) -> Case:
        """Let a token go to another element."""
        self._load()
        self.run.jump(token, to)
        return self._go()

    def trigger(self, id: str, index: int = 0, **payload: Any) -> Case:
        return self.fire(self.wait(id, index).token_id, **payload)

    def fire(self, token: UUID, **payload: Any) -> Case:
        self._load()
        self.run.trigger(token, payload)
        return self._go()

    def throw(self, id: str, code: str | None = None, **payload: Any) -> bool:
        token = self.wait(id).token_id
        self._load()
        caught = self.run.throw(token, code, payload)
        self._go()
        return caught

    def escalate(self, id: str, code: str | None = None, **payload: Any) -> bool:
        token = self.wait(id).token_id
        self._load()
        caught = self.run.escalate(token, code, payload)
        self._go()
        return caught

    def signal(self, name: str, **payload: Any) -> Case:
        """A signal from outside."""
        self._load()
        self.run.signal(name, payload)
        return self._go()

    def retry(self) -> Case:
        """Retry what failed last."""
        failed = self.failures.pop()
        self._load()
        self.run.retry(failed.token_id)
        return self._go()

    def set(self, **variables: Any) -> Case:
        """Change variables from outside, as an admin does before a retry."""
        for name, value in variables.items():
            self.scopes.set(ROOT, name, value)
        self._save(self.run, self.scopes)
        return self

    def rest(self) -> Case:
        """Let what changed from outside have its effect."""
        self._load()
        return self._go()

    def pass_time(self, **duration: float) -> Case:
        """Let the clock go on and fire what has become due, the earliest first."""
        end = self.now + timedelta(**duration)
        while due := [wait for wait in self.waits.values() if wait.due is not None and wait.due <= end]:
            first = min(due, key=lambda wait: (wait.due, wait.element.id))
            self.now = max(self.now, first.due or end)
            self.fire(first.token_id)
        self.now = end
        return self

    @property
    def done(self) -> bool:
        return self.run.completed

    @property
    def variables(self) -> dict[str, Any]:
        return self.scopes.local(ROOT)

    def history(self, what: str) -> list[str]:
        """The ids of the elements to which ``what`` happened, in order."""
        return [step.element_id for step in self.steps if step.what == what]

    def _go(self) -> Case:
        self._save(self.run, self.scopes)
        self.steps += self.run.steps
        self.flows += self.run.flows
        self._load()
        self.run.advance()
        self._finish()
        return self

    def _finish(self) -> None:
        self.steps += self.run.steps
        self.flows += self.run.flows
        self.thrown += self.run.thrown
        self.failures += self.run.failures
        before = self.waits
        self._save(self.run, self.scopes)
        self._load()
        assert self.waits == before, "saving and loading must change nothing"

    def _save(self, run: Run, scopes: Scopes) -> None:
        self.run = run
        self.scopes = scopes
        self.saved = (run.dump(), scopes.dump())

    def _load(self) -> None:
        tokens, variables = self.saved
        self.scopes = Scopes.load(variables)
        self.run = Run.load(self.spec(), tokens, self.scopes, self.env)
