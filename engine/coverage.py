"""Which clause of the standard is carried out by which element of which process, and what is left over.

Pure: it compares clauses, diagrams and what scenarios have passed, and reads nothing itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.basis import clauses_of
from engine.bpmn.model import Kind, Process
from engine.model.process import Clause
from engine.release import all_nodes

#: What has to say on what it rests: the steps that people, tables or other processes do.
NEEDS_A_BASIS = frozenset({Kind.USER_TASK, Kind.MANUAL_TASK, Kind.CALL_ACTIVITY, Kind.BUSINESS_RULE_TASK})
#: As many scenarios of one process are named for a clause.
MOST_NAMED = 3

#: The scenarios (as ``process/file``) that passed an element, by the element's process and id.
Passed = Mapping[str, Mapping[str, Collection[str]]]


@dataclass(frozen=True, order=True)
class Place:
    """An element of a process; ``element`` is empty where the process as a whole is meant."""

    process: str
    element: str
    name: str


@dataclass(frozen=True)
class Coverage:
    """The comparison. ``cited`` has places and ``executed`` scenarios (``process/file``) by clause id."""

    cited: Mapping[str, tuple[Place, ...]]
    unknown: tuple[tuple[str, Place], ...]
    uncited: tuple[str, ...]
    exempt: tuple[str, ...]
    assumed: tuple[Place, ...]
    baseless: tuple[Place, ...]
    executed: Mapping[str, tuple[str, ...]]
    unexecuted: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every clause is carried out by a scenario or exempt, and every step says what it rests on."""
        return not (self.unknown or self.uncited or self.baseless or self.unexecuted)


def compare(clauses: Iterable[Clause], processes: Iterable[Process], passed: Passed) -> Coverage:
    """Hold the clauses against the diagrams and against what the scenarios passed."""
    known = {clause.id: clause for clause in clauses}
    drawn = list(processes)
    found: dict[str, list[Place]] = {}
    for id, place in citations(drawn):
        found.setdefault(id, []).append(place)
    cited = {id: tuple(found[id]) for id in known if id in found}
    executed = {id: _scenarios(places, passed) for id, places in cited.items()}
    bare = [place for place, rests in steps(drawn) if rests == ""]
    return Coverage(
        cited=cited,
        unknown=tuple((id, place) for id, places in found.items() if id not in known for place in places),
        uncited=tuple(id for id, clause in known.items() if id not in found and not clause.exempt),
        exempt=tuple(id for id, clause in known.items() if clause.exempt),
        assumed=tuple(place for place, rests in steps(drawn) if rests == "assumption"),
        baseless=tuple(bare),
        executed=executed,
        unexecuted=tuple(id for id, names in executed.items() if not names and not known[id].exempt),
    )


def citations(processes: Iterable[Process]) -> Iterator[tuple[str, Place]]:
    """Every clause id that a process or one of its elements cites, with the place."""
    for process in processes:
        for id in clauses_of(process):
            yield id, Place(process.key, "", process.name)
        for node in all_nodes(process.scope):
            for id in clauses_of(node):
                yield id, Place(process.key, node.id, node.name or node.id)


def steps(processes: Iterable[Process]) -> Iterator[tuple[Place, str]]:
    """Every step that needs a basis, and whether it has a ``clause``, only an ``assumption``, or neither (empty)."""
    for process in processes:
        for node in all_nodes(process.scope):
            if node.kind in NEEDS_A_BASIS:
                rests = "clause" if clauses_of(node) else "assumption" if node.property("assumption") else ""
                yield Place(process.key, node.id, node.name or node.id), rests


def _scenarios(places: Iterable[Place], passed: Passed) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for process in sorted({place.process for place in places}):
        elements = [place.element for place in places if place.process == process]
        by_element = passed.get(process, {})
        through = {name for element in elements for name in _through(by_element, element)}
        own_first = sorted(through, key=lambda name: (not name.startswith(f"{process}/"), name))
        names.update(dict.fromkeys(own_first[:MOST_NAMED]))
    return tuple(names)


def _through(by_element: Mapping[str, Collection[str]], element: str) -> Collection[str]:
    """The scenarios through an element; through anything, where the process as a whole is meant."""
    return by_element.get(element, ()) if element else {name for names in by_element.values() for name in names}
