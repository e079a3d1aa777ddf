"""The decisions of a bundle: its DMN files, compiled once, found by the id of a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine import dmn
from engine.errors import N_, InvalidDefinition, StepFailed
from engine.expressions import HOST_FUNCTIONS
from engine.feel import Environment
from engine.values import ensure_storable


@dataclass(frozen=True)
class Made:
    """A decision that was made: what it used, what it came to, and which rules matched if it is a table."""

    id: str
    name: str
    inputs: Mapping[str, Any]
    value: Any
    rules: tuple[dmn.RuleHit, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of a decision; ``made`` are those on the way in their order, the one that was asked for last."""

    value: Any
    made: tuple[Made, ...]


class Decision:
    """One decision; immutable, so threads may share it."""

    def __init__(self, model: dmn.Model, about: dmn.Decision) -> None:
        self._model = model
        self.id = about.id
        self.name = about.name
        #: The variables that it needs: those that the model declares, and those that its expressions just read.
        self.inputs = tuple(dict.fromkeys([*(each.name for each in about.inputs), *sorted(about.reads)]))
        #: Its own decision tables and those of what it requires, as far as they are in the same file.
        reached = _reached(model, about.id)
        self.tables = tuple(table for table in model.tables if table.where in reached)
        #: Names that a business knowledge model reads though nobody hands them to it, each with the model's name.
        self.unseen = tuple(
            (each.name, name)
            for each in model.decisions.values()
            if each.kind == "function" and each.name in reached
            for name in sorted(each.reads)
        )

    def decide(self, variables: Mapping[str, Any], env: Environment) -> Outcome:
        """Make the decision with these variables.

        Raises StepFailed when a variable is missing or of the wrong type, when the rules that match contradict the hit
        policy, or when the result can't be stored; DmnError when the logic is at fault.
        """
        for name in self.inputs:
            if name not in variables:
                template = N_("决策“{decision}”要用“{name}”，现在没有这个变量。请在输入映射里写明它从哪里来，再重试。")
                raise StepFailed(template, decision=self.name, name=name)
        found = self._model.trace(self.name, variables, replace(env, limits=dmn.DEFAULT.limits))
        if found.violations:
            template = N_("决策“{decision}”得不出结论。{reason}")
            raise StepFailed(template, decision=self.name, reason=found.violations[0])
        ensure_storable(found.value)
        return Outcome(found.value, tuple(_made(step) for step in found.steps))


def _reached(model: dmn.Model, id: str) -> set[str]:
    """The names of a decision and of all that it requires or calls in the same file."""
    elements = {element.id: element for element in model.definitions.elements}
    names, waiting = set[str](), [id]
    while waiting:
        element = elements.get(waiting.pop())
        if element is not None and element.name not in names:
            names.add(element.name)
            required = (*getattr(element, "requires", ()), *getattr(element, "knowledge", ()))
            parts = (reference.rpartition("#") for reference in required)
            waiting += [own for namespace, _, own in parts if namespace in ("", model.namespace)]
    return names


def _made(step: dmn.Step) -> Made:
    # A decision that calls other tables as functions has no rules of its own to name.
    rules = step.tables[0].rules if len(step.tables) == 1 else ()
    return Made(step.id, step.name, step.inputs, step.value, rules)


class Decisions:
    """The decisions of one bundle by their id."""

    def __init__(self, found: Mapping[str, Decision] | None = None) -> None:
        self._found = dict(found or {})

    def __iter__(self) -> Iterator[Decision]:
        return iter(self._found.values())

    def find(self, id: str) -> Decision | None:
        """The decision with this id."""
        return self._found.get(id)


def load(texts: Mapping[str, str]) -> Decisions:
    """Compile DMN files, by name, that may import one another. The last ones are kept.

    Raises InvalidDefinition, naming file and line, for a faulty one, and when two decisions have the same id.
    """
    return _load(tuple(sorted(texts.items())))


@lru_cache(maxsize=32)
def _load(files: tuple[tuple[str, str], ...]) -> Decisions:
    found: dict[str, Decision] = {}
    for name, text in files:
        model = _model(name, text, files)
        for about in model.decisions.values():
            if about.kind != "decision":
                continue
            _ensure_drawn(name, model, about)
            if about.id in found:
                raise InvalidDefinition(N_("{file}：决策标识“{id}”已经用过。请改一个。"), file=name, id=about.id)
            found[about.id] = Decision(model, about)
    return Decisions(found)


def _model(name: str, text: str, files: tuple[tuple[str, str], ...]) -> dmn.Model:
    others = [other for file, other in files if file != name]
    try:
        model = dmn.load(text, others, HOST_FUNCTIONS)
    except dmn.DmnModelError as error:
        raise _faulty(*_culprit(files, (name, error))) from error
    if model.problems:
        raise _faulty(name, model.problems[0])
    return model


def _ensure_drawn(file: str, model: dmn.Model, about: dmn.Decision) -> None:
    """Without its arrow, something that the model declares would be read as null (DMN 1.5, 6.3.11)."""
    declared = {element.name for element in model.definitions.elements}
    for name in sorted(about.reads & declared):
        template = N_("{file}：决策“{decision}”用到“{name}”，但没有从它画过来的信息需求。请在需求图里连上。")
        raise InvalidDefinition(template, file=file, decision=about.name, name=name)


def _culprit(files: tuple[tuple[str, str], ...], found: tuple[str, dmn.DmnModelError]) -> tuple[str, dmn.DmnModelError]:
    """The file that can't be read, with its fault: a file is read with all that it may import."""
    for name, text in files:
        try:
            dmn.load(text)
        except dmn.DmnModelError as error:
            return name, error
    return found


def _faulty(file: str, error: dmn.DmnModelError) -> InvalidDefinition:
    return InvalidDefinition(N_("{file}：{reason}"), file=file, reason=error)
