"""The standard, read both ways: from a clause to the steps that carry it out, and from a process to its clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from engine.bpmn.basis import clauses_of
from engine.bpmn.diagram import Diagram
from engine.bpmn.layout import outline
from engine.bpmn.model import Node
from engine.coverage import NEEDS_A_BASIS, citations
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.model.process import Clause
from engine.queries.newest import newest_releases
from engine.release import Release


@dataclass(frozen=True)
class Spot:
    """A step of a process that cites a clause; ``element`` is empty for the process as a whole."""

    process: str
    process_name: str
    element: str
    name: str
    lane: str


@dataclass(frozen=True)
class Line:
    """A clause and where it is carried out."""

    clause: Clause
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Step:
    """A step of a process in reading order, with what it rests on."""

    element: str
    name: str
    lane: str
    clauses: tuple[Clause, ...]
    assumption: str


def clauses(tx: Transaction, search: str = "", exempt: bool | None = None) -> list[Line]:
    """All clauses in the order of the standard, narrowed by words and by whether a process carries them out."""
    spots = _spots(newest_releases(tx))
    words = search.split()
    found = [Line(row, spots.get(row.id, ())) for row in tx.session.scalars(select(Clause).order_by(Clause.position))]
    return [
        line
        for line in found
        if all(word in f"{line.clause.id} {line.clause.text} {line.clause.actor}" for word in words)
        and exempt in (None, bool(line.clause.exempt))
    ]


def clause(tx: Transaction, id: str) -> Line:
    """One clause. Raises NotFound."""
    return Line(tx.get(Clause, id, N_("条款")), _spots(newest_releases(tx)).get(id, ()))


def process(tx: Transaction, key: str) -> tuple[Release, list[Step]]:
    """A process with its steps and what they rest on. Raises NotFound."""
    release = next((each for each in newest_releases(tx) if each.key == key), None)
    if release is None:
        raise NotFound(N_("没有找到流程“{key}”。"), key=key)
    known = {row.id: row for row in tx.session.scalars(select(Clause))}
    return release, _steps(release, known)


def processes(tx: Transaction) -> list[Release]:
    """The newest releases of all processes."""
    return newest_releases(tx)


def assumptions(tx: Transaction) -> list[tuple[Release, list[Step]]]:
    """By process, the steps that the standard does not give, each with what it rests on instead."""
    known = {row.id: row for row in tx.session.scalars(select(Clause))}
    found = ((release, [step for step in _steps(release, known) if step.assumption]) for release in newest_releases(tx))
    return [(release, steps) for release, steps in found if steps]


def _spots(releases: Sequence[Release]) -> dict[str, tuple[Spot, ...]]:
    found: dict[str, list[Spot]] = {}
    for release in releases:
        for id, place in citations([release.process]):
            lane = release.lanes[place.element].name if place.element in release.lanes else ""
            spot = Spot(release.key, release.bundle.name, place.element, place.name, lane)
            found.setdefault(id, []).append(spot)
    return {id: tuple(spots) for id, spots in found.items()}


def _steps(release: Release, known: Mapping[str, Clause]) -> list[Step]:
    nodes = (release.nodes[item.id] for item in outline(Diagram((release.process,))) if item.id in release.nodes)
    return [_step(release, node, known) for node in nodes if _tells_a_basis(node)]


def _tells_a_basis(node: Node) -> bool:
    return node.kind in NEEDS_A_BASIS or bool(clauses_of(node) or node.property("assumption"))


def _step(release: Release, node: Node, known: Mapping[str, Clause]) -> Step:
    lane = release.lanes[node.id].name if node.id in release.lanes else ""
    cited = tuple(known[id] for id in clauses_of(node) if id in known)
    return Step(node.id, node.name or node.id, lane, cited, node.property("assumption") or "")
