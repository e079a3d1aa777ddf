"""All that can happen to the tokens of a net, as far as a bounded search sees: where they get stuck or multiply."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.net import Net, Places, Transition

#: How many markings are looked at; diagrams of normal size have some hundreds.
MAX_STATES = 4000
#: How many tokens are moved or copied on the way; hostile diagrams have markings of a thousand tokens.
MAX_WORK = 400_000

Marking = Places


@dataclass(frozen=True)
class Stuck:
    """A marking in which nothing can move on, and the nodes that were passed on a way there."""

    marking: Marking
    path: tuple[str, ...]


@dataclass
class Verdict:
    """What was found. ``complete`` says that every marking was seen, ``ends`` that the scope can come to its end.

    ``stuck`` holds one example for each node that waits in vain, ``doubled`` the nodes that put a second token on a
    place, each with a way there. ``markings`` are those that were seen.
    """

    complete: bool = True
    ends: bool = False
    stuck: dict[str, Stuck] = field(default_factory=dict)
    doubled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    markings: frozenset[Marking] = frozenset()


def explore(net: Net, start: Places, limit: int = MAX_STATES) -> Verdict:
    """Search breadth first from the tokens of one start, so that the ways in the examples are the shortest."""
    verdict = Verdict()
    before: dict[Marking, tuple[Marking, str] | None] = {start: None}
    waiting = deque([start])
    work = 0
    while waiting:
        marking = waiting.popleft()
        if work > MAX_WORK:
            verdict.complete = False
            break
        if not marking:
            verdict.ends = True
            continue
        moved = False
        for transition, after in _moves(net, marking):
            moved = True
            work += len(after) + 1
            crowded = _crowded(marking, after)
            if crowded - net.harmless:
                verdict.doubled.setdefault(transition.node, _path(before, marking, transition.node))
                continue
            after = _once(after, crowded)
            if after not in before:
                if len(before) >= limit:
                    verdict.complete = False
                    continue
                before[after] = (marking, transition.node)
                waiting.append(after)
        if not moved:
            for node in _blamed(net, marking):
                verdict.stuck.setdefault(node, Stuck(marking, _path(before, marking)))
    verdict.markings = frozenset(before)
    return verdict


def _moves(net: Net, marking: Marking) -> Iterator[tuple[Transition, Marking]]:
    present = frozenset(marking)
    takers = (transition for place in dict.fromkeys(marking) for transition in net.takers.get(place, ()))
    for transition in dict.fromkeys(takers):
        takes = _taken(net, transition, marking, present)
        if takes is None:
            continue
        left = list(marking)
        for place in takes:
            left.remove(place)
        for outcome in transition.outcomes:
            yield transition, () if transition.clears else tuple(sorted([*left, *outcome]))


def _taken(net: Net, transition: Transition, marking: Marking, present: frozenset[str]) -> Places | None:
    """What the transition would take now; None when it can't. Inclusive joins: BPMN 2.0, 13.3.3."""
    if not transition.waits_for:
        takes = transition.takes
        return takes if takes and all(marking.count(place) >= takes.count(place) for place in takes) else None
    has = present & frozenset(transition.waits_for)
    if not has:
        return None
    for place in present - has:
        comes_to = net.reached(transition).get(place, frozenset())
        if comes_to and not comes_to & has:
            return None
    return tuple(sorted(has))


def _crowded(before: Marking, after: Marking) -> frozenset[str]:
    """The places that have got a second token."""
    if len(set(after)) == len(after):
        return frozenset()
    had, has = Counter(before), Counter(after)
    return frozenset(place for place, times in has.items() if times > max(1, had[place]))


def _once(marking: Marking, places: frozenset[str]) -> Marking:
    """The marking with one token on each of these places: a second one would end just like it."""
    return tuple(place for n, place in enumerate(marking) if place not in places or place not in marking[:n])


def _blamed(net: Net, marking: Marking) -> list[str]:
    """The joins that hold some of the tokens that they wait for."""
    present = frozenset(marking)
    return [node for node, takes in net.joins.items() if present & frozenset(takes)]


def _path(
    before: dict[Marking, tuple[Marking, str] | None], marking: Marking, last: str | None = None
) -> tuple[str, ...]:
    nodes = [last] if last else []
    at: Marking | None = marking
    while at is not None and (step := before[at]):
        at, node = step
        nodes.append(node)
    return tuple(reversed(nodes))
