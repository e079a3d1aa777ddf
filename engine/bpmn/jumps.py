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
from enum import StrEnum

from engine.bpmn.assignment import assignment_of
from engine.bpmn.beside import runs_beside
from engine.bpmn.effects import is_final, parts, tells, tells_outsiders
from engine.bpmn.model import EventType, Kind, Node, Process, Scope
from engine.bpmn.net import Net, Places, net_of
from engine.bpmn.statespace import Marking, Verdict, explore
from engine.bpmn.walk import reach

#: The property of a user task by which an analyst forbids to send back from it, ``false``, or says that it is meant.
PROPERTY = "mayReturn"
#: The candidate group of whoever is asked by officials, and sends nothing back to them.
_ASKED = "@applicant"


class Bar(StrEnum):
    """Why the diagram lets no case go back from one task to another that lies before it."""

    #: The token would leave one of several branches, or enter one, and a join would wait in vain.
    BRANCHES = "branches"
    #: A boundary event in between lets something go on beside that meets the main way again.
    BESIDE = "beside"
    #: One of both lies in a sub-process, or is done several times.
    INSIDE = "inside"
    #: Not all states are known, or branches meet without waiting for each other.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class WayBack:
    """That a case may go back to the user task ``target``.

    ``told`` are the ids of elements in between that told people something; ``final`` those that can't be undone once
    they are passed: a called case, a notice, an agenda, a vote, a message or signal that was sent or received, or what
    the analyst has marked, the later task among it.
    ``is_repeated`` says that several runs of the scope around may be under way at the same time. Nothing is ever sent
    back when it ``is_shut``: the target is final, or every way between the two passes something that is.
    ``tells_outsiders`` says that one of these may tell people who are no officials.
    """

    target: str
    told: tuple[str, ...]
    final: tuple[str, ...]
    is_repeated: bool = False
    is_shut: bool = False
    tells_outsiders: bool = False


@dataclass(frozen=True)
class NoWay:
    """That no case may go back to ``target``, a user task or a sub-process with user tasks, and why."""

    target: str
    bar: Bar


@dataclass(frozen=True)
class Judgement:
    """The ways back from a user task, the nearest first, and the earlier ones to which none leads."""

    ways: tuple[WayBack, ...] = ()
    barred: tuple[NoWay, ...] = ()


def ways_back(process: Process) -> dict[str, tuple[WayBack, ...]]:
    """For every user task, the tasks to which its token may go back; the nearest first. Without any, it is left out."""
    return {task: found.ways for task, found in _in_scope(process.scope, False) if found.ways}


def judged(process: Process) -> dict[str, Judgement]:
    """For every user task, where it leads back to and where not; without any task before it, it is left out."""
    return {task: found for task, found in _in_scope(process.scope, False) if found.ways or found.barred}


def may_send_back(process: Process, node: Node) -> bool:
    """Whether whoever does this task may send back: officials, unless the analyst forbids it."""
    assignment = assignment_of(process, node)
    groups = [group.value for group in assignment.groups] if assignment else []
    asked = bool(groups) and all(_ASKED in group for group in groups)
    return node.property(PROPERTY) != "false" and not asked


def _in_scope(scope: Scope, is_repeated: bool) -> Iterator[tuple[str, Judgement]]:
    tasks = [node for node in scope.nodes.values() if node.kind is Kind.USER_TASK and not node.for_compensation]
    goals = [node for node in scope.nodes.values() if node in tasks or _holds_tasks(node)]
    if tasks and len(goals) > 1:
        following = _following(scope)
        touching = frozenset(node.id for node in scope.nodes.values() if any(map(_touches, parts(node))))
        search = _Search(scope, _Game.of(scope), following, _backwards(following), touching, is_repeated)
        for task in tasks:
            yield task.id, _judge(search, task, goals)
    for node in scope.nodes.values():
        if node.scope is not None:
            yield from _in_scope(node.scope, is_repeated or runs_beside(node))


def _touches(node: Node) -> bool:
    return tells(node) or is_final(node)


def _holds_tasks(node: Node) -> bool:
    """Whether it is a step of the main way with user tasks inside."""
    if node.scope is None or node.triggered_by_event or node.for_compensation:
        return False
    return any(inner.kind is Kind.USER_TASK for inner in parts(node))


def _is_plain_task(node: Node) -> bool:
    return node.kind is Kind.USER_TASK and node.multi_instance is None and node.standard_loop is None


@dataclass(frozen=True)
class _Search:
    """What is known of a scope; without a ``game``, nothing can be said about its tokens."""

    scope: Scope
    game: _Game | None
    following: dict[str, list[str]]
    leading: dict[str, list[str]]
    #: What tells people something or is final, or holds what does.
    touching: frozenset[str]
    is_repeated: bool


def _judge(search: _Search, task: Node, goals: Iterable[Node]) -> Judgement:
    behind = _order(task.id, search.leading)
    ways, barred = list[WayBack](), list[NoWay]()
    for goal in sorted((each for each in goals if each is not task and each.id in behind), key=lambda n: behind[n.id]):
        between = _between(search, goal.id, task.id)
        bar = _bar(search.game, task, goal, between)
        if bar is None:
            ways.append(_way(search, task, goal, between))
        else:
            barred.append(NoWay(goal.id, bar))
    return Judgement(tuple(ways), tuple(barred))


def _bar(game: _Game | None, task: Node, goal: Node, between: set[str]) -> Bar | None:
    if not (_is_plain_task(task) and _is_plain_task(goal)):
        return Bar.INSIDE
    if game is None:
        return Bar.UNKNOWN
    if not game.allows(task.id, goal.id):
        return Bar.BRANCHES
    return None if game.is_calm((*between, task.id, goal.id)) else Bar.BESIDE


def _way(search: _Search, task: Node, goal: Node, between: set[str]) -> WayBack:
    inside = [node for id in sorted(between & search.touching) for node in parts(search.scope.nodes[id])]
    final = tuple(node.id for node in (*inside, task) if is_final(node))
    return WayBack(
        goal.id,
        tuple(node.id for node in inside if tells(node)),
        final,
        search.is_repeated,
        is_final(goal) or (bool(final) and not _is_open(search, task.id, goal.id, between)),
        any(tells_outsiders(node) for node in inside),
    )


def _is_open(search: _Search, task: str, goal: str, between: set[str]) -> bool:
    """Whether one can come from the one to the other without passing anything final."""
    free = {id for id in between if _leaves_nothing(search.scope.nodes[id])} | {task, goal}
    onward = {id: [each for each in search.following[id] if each in free] for id in free}
    return task in reach([goal], {**onward, task: []})


def _leaves_nothing(node: Node) -> bool:
    """Whether some way through the node passes nothing that is final."""
    if is_final(node) or node.scope is None:
        return not is_final(node)
    nodes, following = node.scope.nodes, _following(node.scope)
    free = {id for id in nodes if _leaves_nothing(nodes[id])}
    starts = [id for id in free if nodes[id].kind is Kind.START_EVENT]
    onward = {id: [each for each in following[id] if each in free] for id in free}
    return not starts or any(not following[id] for id in reach(starts, onward))


class _Game:
    """The states that the tokens of a scope can come to, for each way to begin."""

    def __init__(self, scope: Scope, net: Net, verdicts: Iterable[Verdict]) -> None:
        self.net = net
        beside = (node for node in scope.nodes.values() if node.attached_to is not None and not node.interrupting)
        self.disturbed = frozenset(node.attached_to for node in beside if node.id not in net.starts)
        #: For each place, the markings in which a token stands there, each with all that its start reaches.
        self.standing: dict[str, list[tuple[Marking, frozenset[Marking]]]] = {}
        for verdict in verdicts:
            for marking in verdict.markings:
                for place in dict.fromkeys(marking):
                    self.standing.setdefault(place, []).append((marking, verdict.markings))

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
        back = self.net.entered[target]
        there = [(place, each) for place in self.net.entered[task] for each in self.standing.get(place, ())]
        return bool(there) and all(_is_reached(marking, place, reached, back) for place, (marking, reached) in there)

    def is_calm(self, nodes: Iterable[str]) -> bool:
        """Whether no boundary event of these lets something go on beside that meets the main way again."""
        return self.disturbed.isdisjoint(nodes)


def _is_reached(marking: Marking, place: str, reached: frozenset[Marking], back: Places) -> bool:
    left = list(marking)
    left.remove(place)
    return any(tuple(sorted([*left, each])) in reached for each in back)


def _following(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {key: [] for key in scope.nodes}
    for flow in scope.flows.values():
        if flow.source in found and flow.target in found:
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


def _between(search: _Search, target: str, task: str) -> set[str]:
    """The nodes that may be passed on the way from the one to the other, neither of them passed again."""
    onward = _reach_up_to(target, search.following, task)
    return (onward & _reach_up_to(task, search.leading, target)) - {target, task}


def _reach_up_to(start: str, graph: dict[str, list[str]], end: str) -> set[str]:
    """What can be reached without passing ``end``, where every walk stops."""
    found, waiting = {start}, [start]
    while waiting:
        for each in graph[waiting.pop()]:
            if each not in found:
                found.add(each)
                if each != end:
                    waiting.append(each)
    return found
