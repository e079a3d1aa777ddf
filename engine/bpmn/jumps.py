"""From which user task a case may be sent back to which earlier one, as far as the diagram alone can tell.

The rule is about tokens, not about drawings: wherever the token of the later task may stand, together with whatever
other tokens, the same tokens with this one back at the earlier task must be a state that the diagram reaches by itself.
So a jump never enters or leaves one of several branches, and never leads to where a join waits in vain; a block of
branches that has come together again may be jumped over. Sub-processes, and runs of what is repeated, are left alone:
a jump stays in its scope.

Beyond that, what lies between may have had effects outside, which no jump takes back: those are named, so that a
command can refuse when the case has really passed them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.assignment import assignment_of
from engine.bpmn.model import EventType, Kind, Node, Process, Scope
from engine.bpmn.net import Net, Places, net_of
from engine.bpmn.statespace import Marking, Verdict, explore
from engine.bpmn.walk import reach

#: The property of a user task by which an analyst forbids to send back from it: ``false``.
PROPERTY = "mayReturn"
#: Service tasks that only tell people something: it was said, but nothing outside rests on it.
_TELLING = frozenset({"notify", "mail", "webhook"})
#: Candidate groups of people who are asked by officials, and send nothing back to them.
_ASKED = ("@applicant", "@party")
_JOBS = frozenset({Kind.SERVICE_TASK, Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK})
_TALK = frozenset({EventType.MESSAGE, EventType.SIGNAL})
_EVENTS = frozenset({Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW, Kind.BOUNDARY_EVENT})


@dataclass(frozen=True)
class WayBack:
    """That a case may go back to the user task ``target``.

    ``told`` are the ids of elements in between that told people something; ``final`` those that can't be undone once
    they are passed: a called case, a notice, an agenda, a vote, a message or signal that was sent or received.
    ``is_repeated`` says that several runs of the scope around may be under way at the same time.
    """

    target: str
    told: tuple[str, ...]
    final: tuple[str, ...]
    is_repeated: bool = False


def ways_back(process: Process) -> dict[str, tuple[WayBack, ...]]:
    """For every user task, the tasks to which its token may go back; the nearest first. Without any, it is left out."""
    return dict(_in_scope(process.scope, False))


def may_send_back(process: Process, node: Node) -> bool:
    """Whether whoever does this task may send back: officials, unless the analyst forbids it."""
    assignment = assignment_of(process, node)
    groups = [group.value for group in assignment.groups] if assignment else []
    asked = bool(groups) and all(any(word in group for word in _ASKED) for group in groups)
    return node.property(PROPERTY) != "false" and not asked


def _in_scope(scope: Scope, is_repeated: bool) -> Iterator[tuple[str, tuple[WayBack, ...]]]:
    tasks = [node for node in scope.nodes.values() if _is_plain_task(node)]
    game = _Game.of(scope) if len(tasks) > 1 else None
    if game is not None:
        for task in tasks:
            if ways := tuple(_ways(scope, game, task, tasks, is_repeated)):
                yield task.id, ways
    for node in scope.nodes.values():
        if node.scope is not None:
            several = node.multi_instance is not None or (node.triggered_by_event and not _interrupts(node.scope))
            yield from _in_scope(node.scope, is_repeated or several)


def _interrupts(handler: Scope) -> bool:
    return all(node.interrupting for node in handler.nodes.values() if node.kind is Kind.START_EVENT)


def _is_plain_task(node: Node) -> bool:
    repeated = node.multi_instance is not None or node.standard_loop is not None
    return node.kind is Kind.USER_TASK and not repeated and not node.for_compensation


def _ways(scope: Scope, game: _Game, task: Node, tasks: Iterable[Node], is_repeated: bool) -> Iterator[WayBack]:
    following = _following(scope)
    behind = _order(task.id, _backwards(following))
    targets = {node.id for node in tasks if node is not task} & behind.keys()
    for target in sorted(targets, key=lambda id: behind[id]):
        between = _between(following, target, task.id)
        if game.allows(task.id, target) and game.is_calm((*between, task.id, target)):
            inside = [node for id in sorted(between) for node in _all(scope.nodes[id])]
            told = tuple(node.id for node in inside if _tells(node))
            yield WayBack(target, told, tuple(node.id for node in inside if _is_final(node)), is_repeated)


class _Game:
    """The states that the tokens of a scope can come to, for each way to begin."""

    def __init__(self, scope: Scope, net: Net, verdicts: Iterable[Verdict]) -> None:
        self.scope = scope
        self.net = net
        self.reached = [verdict.markings for verdict in verdicts]

    @classmethod
    def of(cls, scope: Scope) -> _Game | None:
        """None where not all of them are known, or where branches meet without waiting for each other."""
        net = net_of(scope)
        if net is None:
            return None
        verdicts = [explore(net, start) for start in net.starts.values()]
        if any(not verdict.complete or verdict.doubled for verdict in verdicts):
            return None
        return cls(scope, net, verdicts)

    def allows(self, task: str, target: str) -> bool:
        """Whether the token of ``task``, put back to ``target``, always leaves a state that is reached anyway."""
        there, back = self.net.entered[task], self.net.entered[target]
        standing = [
            (marking, place, reached)
            for reached in self.reached
            for marking in reached
            for place in there
            if place in marking
        ]
        return bool(standing) and all(_is_reached(*each, back) for each in standing)

    def is_calm(self, nodes: Iterable[str]) -> bool:
        """Whether no boundary event of these lets something go on beside that meets the main way again."""
        hosts = set(nodes)
        beside = (node for node in self.scope.nodes.values() if node.attached_to in hosts and not node.interrupting)
        return all(node.id in self.net.starts for node in beside)


def _is_reached(marking: Marking, place: str, reached: frozenset[Marking], back: Places) -> bool:
    left = list(marking)
    left.remove(place)
    return any(tuple(sorted([*left, each])) in reached for each in back)


def _following(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in scope.nodes}
    for flow in scope.flows.values():
        found[flow.source].append(flow.target)
    for node in scope.nodes.values():
        if node.attached_to in found and EventType.COMPENSATION not in node.event_types:
            found[node.attached_to].append(node.id)
        if node.kind is Kind.INTERMEDIATE_THROW and node.event and node.event.type is EventType.LINK:
            found[node.id] += [each.id for each in scope.nodes.values() if _is_link_to(node, each)]
    return found


def _is_link_to(throw: Node, node: Node) -> bool:
    links = throw.event is not None and node.event is not None and throw.event.link == node.event.link
    return links and node.kind is Kind.INTERMEDIATE_CATCH


def _backwards(following: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in following}
    for source, targets in following.items():
        for target in targets:
            found[target].append(source)
    return found


def _order(start: str, following: dict[str, list[str]]) -> dict[str, int]:
    """What can be reached, with its distance."""
    found, waiting = {start: 0}, [start]
    for at in waiting:
        for target in following[at]:
            if target not in found:
                found[target] = found[at] + 1
                waiting.append(target)
    return found


def _between(following: dict[str, list[str]], target: str, task: str) -> set[str]:
    """The nodes that may be passed on the way from the one to the other, neither of them passed again."""
    onward = reach([target], {**following, task: []})
    back = _backwards(following)
    return (onward & reach([task], {**back, target: []})) - {target, task}


def _all(node: Node) -> Iterator[Node]:
    yield node
    if node.scope is not None:
        for inner in node.scope.nodes.values():
            yield from _all(inner)


def _tells(node: Node) -> bool:
    type = node.job_type
    return type is not None and not type.is_feel and type.value in _TELLING


def _is_final(node: Node) -> bool:
    if node.kind is Kind.CALL_ACTIVITY or node.kind is Kind.RECEIVE_TASK:
        return True
    if node.kind in _JOBS or node.job_type is not None:
        does_something = node.job_type is not None or node.kind is Kind.SEND_TASK
        return does_something and not _tells(node)
    return node.kind in _EVENTS and not _TALK.isdisjoint(node.event_types)
