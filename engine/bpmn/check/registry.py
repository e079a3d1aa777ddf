"""The list of rules: each is a small function that says where its one sentence applies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.check.context import Context
from engine.bpmn.element import Element
from engine.bpmn.finding import Severity
from engine.bpmn.model import Flow, Node, Process


@dataclass(frozen=True)
class Problem:
    """Where a rule is broken, and what fills the placeholders of its sentence."""

    element: str
    line: int
    params: dict[str, Any] = field(default_factory=dict)


Search = Callable[[Context], Iterator[Problem]]


@dataclass(frozen=True)
class Rule:
    """``deploy`` marks rules about running here; the others are about BPMN itself and hold for every drawing.

    ``reference`` is the section of BPMN 2.0 (formal/2011-01-03), or of our dialect, that the rule rests on; ``ext``
    are the numbers that BPMNspector (Geiger et al., University of Bamberg) gave the constraints of the standard.
    """

    id: str
    severity: Severity
    reference: str
    template: str
    deploy: bool
    search: Search
    ext: tuple[int, ...] = ()


RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    reference: str,
    template: str,
    *,
    severity: Severity = "error",
    deploy: bool = False,
    ext: tuple[int, ...] = (),
) -> Callable[[Search], Search]:
    """Register the decorated function as the search of a rule."""

    def register(search: Search) -> Search:
        if rule_id in RULES:
            raise ValueError(f"two rules are called {rule_id}")
        RULES[rule_id] = Rule(rule_id, severity, reference, template, deploy, search, ext)
        return search

    return register


def at(element: Node | Flow | Process, **params: Any) -> Problem:
    """A problem of a node, a flow or a process; its name fills ``{element}``."""
    own_id = element.key if isinstance(element, Process) else element.id
    return Problem(own_id, element.line, {"element": label(element), **params})


def on(element: Element, /, **params: Any) -> Problem:
    """A problem of any element; it is found by its own id or that of the element around it."""
    return Problem(element.owner.id, element.line, {"element": called(element)} | params)


def called(element: Element) -> str:
    """What people call any element: its name in quotes, else its id, else its tag inside what has a name."""
    name = " ".join(element.get("name").split())
    if name or element.id:
        return f"“{name or element.id}”"
    around = element.owner
    return f"“{' '.join(around.get('name').split()) or around.id}”" if around.id else f"<{element.tag}>"


def label(element: Node | Flow | Process) -> str:
    """What people call the element: its name in quotes, else its id."""
    own_id = element.key if isinstance(element, Process) else element.id
    return f"“{element.name or own_id}”"
