"""The checker: every diagram that we deploy runs as BPMN 2.0 says, or is refused with element, rule and sentence.

``RULES`` is the table of all rules by id, for generated documentation.
"""

from __future__ import annotations

from engine.bpmn.check import (  # noqa: F401  importing a family registers its rules
    automation,
    calls,
    clauses,
    collaborations,
    compensation,
    data,
    data_sets,
    decisions,
    events,
    expressions,
    flows,
    formal,
    gateways,
    graph,
    links,
    loops,
    messages,
    operations,
    processes,
    references,
    returns,
    schema,
    soundness,
    subprocesses,
    support,
    timers,
    user_tasks,
    variables,
)
from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import RULES, Rule
from engine.bpmn.diagram import Diagram
from engine.bpmn.finding import Finding
from engine.bpmn.world import UNKNOWN_WORLD, World

__all__ = ["RULES", "Rule", "check"]


def check(diagram: Diagram, world: World = UNKNOWN_WORLD, *, deploy: bool = True) -> tuple[Finding, ...]:
    """Return what is wrong with the diagram, by line, errors first within a line.

    Without ``deploy`` only the rules of BPMN itself are applied, to every process of the file; with it also what
    running here needs, of the processes that are executable.
    """
    everything = Context(diagram, world, diagram.processes, deploy)
    running = Context(diagram, world, tuple(each for each in diagram.processes if each.executable), deploy)
    found = [
        Finding(problem.element, rule.id, rule.severity, rule.template, problem.params, problem.line)
        for rule in RULES.values()
        if deploy or not rule.deploy
        for problem in rule.search(running if rule.deploy else everything)
    ]
    return tuple(sorted(found, key=lambda each: (each.line, each.severity, each.rule, each.element)))
