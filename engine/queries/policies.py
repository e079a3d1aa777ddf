"""Policy settings as people look them up: what each is, where it comes from, who has it otherwise, what hangs on it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import people, policy
from engine.bpmn.check.context import Context
from engine.bpmn.check.uses import uses
from engine.bpmn.dates import basis_of
from engine.bpmn.diagram import Diagram
from engine.bpmn.model import Flow, Node
from engine.bpmn.world import UNKNOWN_WORLD
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import latest_release
from engine.model.process import Clause, ProcessInstance
from engine.model.settings import PolicyOverride
from engine.people import Unit
from engine.policy import Setting
from engine.queries.newest import newest_releases
from engine.queries.paging import Page, cut
from engine.release import Release, load_release


@dataclass(frozen=True)
class Wish:
    """What the list is narrowed to; with a unit it gives the values that hold there."""

    search: str = ""
    process_key: str = ""
    unit_id: UUID | None = None
    overridden_only: bool = False
    page: int = 1


@dataclass(frozen=True)
class Override:
    """Another value, for a unit and all below it."""

    row: PolicyOverride
    unit: Unit
    raw: Any


@dataclass(frozen=True)
class Line:
    """A setting with the value that holds, the override that it comes from, and how many units have their own."""

    release: Release
    setting: Setting
    raw: Any
    override: Override | None
    overrides: int


@dataclass(frozen=True)
class Use:
    """Where a setting matters: the name of a step, and which of its fields."""

    name: str
    where: str


@dataclass(frozen=True)
class Detail:
    """A setting with all that is known of it. ``moves_deadlines``: dates of running cases may hang on it."""

    release: Release
    setting: Setting
    clauses: list[Clause]
    overrides: list[Override]
    uses: list[Use]
    moves_deadlines: bool


def lines(tx: Transaction, wish: Wish) -> Page[Line]:
    """One page of the settings of the published processes that fit."""
    overrides = _overrides(tx)
    found = [
        _line(tx, release, setting, wish.unit_id, overrides)
        for release in _releases(tx)
        for setting in release.settings.values()
        if wish.process_key in ("", release.key) and _matches(wish.search, release, setting)
    ]
    return cut([line for line in found if line.overrides or not wish.overridden_only], wish.page)


def process_names(tx: Transaction) -> dict[str, str]:
    """The names of the published processes that have settings, by key."""
    return {release.key: release.bundle.name for release in _releases(tx) if release.settings}


def detail(tx: Transaction, process_key: str, name: str) -> Detail:
    """One setting of the newest version of a process. Raises NotFound."""
    release = latest_release(tx, process_key)
    setting = release.settings.get(name)
    if setting is None:
        raise NotFound(N_("流程“{process}”没有参数“{name}”。"), process=release.bundle.name, name=name)
    overrides = [each for each in _overrides(tx) if (each.row.process_key, each.row.name) == (process_key, name)]
    ids = [part.strip() for part in setting.clause.replace("；", ";").split(";") if part.strip()]
    known = {row.id: row for row in tx.session.scalars(select(Clause).where(Clause.id.in_(ids)))}
    return Detail(
        release,
        setting,
        [known[id] for id in ids if id in known],
        overrides,
        list(dict.fromkeys(_uses(release, name))),
        release.dates.hang_on(name),
    )


def value_at(tx: Transaction, release: Release, setting: Setting, unit_id: UUID | None) -> tuple[Any, Unit | None]:
    """The value that holds for a unit, as it was written, and the unit that has set it; None for the process itself."""
    at = policy.set_at(tx, release.key, setting.name, unit_id) if unit_id else None
    for each in _overrides(tx) if at else ():
        if (each.row.process_key, each.row.name, each.row.unit_id) == (release.key, setting.name, at):
            return each.raw, each.unit
    return setting.raw, None


def behind_deadlines(
    tx: Transaction, case: ProcessInstance, elements: Collection[str]
) -> dict[str, list[tuple[Setting, Any]]]:
    """The settings that the deadlines of these tasks rest on, with the values that hold for the case now."""
    release = load_release(tx, case.definition_id)
    due = release.dates.due
    names = {element: sorted(due[element].settings) for element in elements if element in due}
    newest = latest_release(tx, case.process_key).settings if any(names.values()) else {}
    values = {
        name: (newest[name], value_at(tx, release, newest[name], case.unit_id)[0])
        for name in {name for each in names.values() for name in each} & newest.keys()
    }
    return {element: [values[name] for name in each if name in values] for element, each in names.items()}


def _releases(tx: Transaction) -> list[Release]:
    return sorted(newest_releases(tx), key=lambda release: (release.bundle.name, release.key))


def _overrides(tx: Transaction) -> list[Override]:
    tree = people.org_tree(tx)
    order = {unit.id: number for number, unit in enumerate(tree)}
    rows = sorted(tx.session.scalars(select(PolicyOverride)), key=lambda row: order[row.unit_id])
    return [Override(row, tree.unit(row.unit_id), json.loads(row.value)) for row in rows]


def _line(tx: Transaction, release: Release, setting: Setting, unit_id: UUID | None, overrides: list[Override]) -> Line:
    own = [each for each in overrides if (each.row.process_key, each.row.name) == (release.key, setting.name)]
    at = policy.set_at(tx, release.key, setting.name, unit_id) if unit_id and own else None
    holding = next((each for each in own if each.row.unit_id == at), None)
    return Line(release, setting, holding.raw if holding else setting.raw, holding, len(own))


def _matches(search: str, release: Release, setting: Setting) -> bool:
    text = f"{setting.name} {setting.note} {setting.source} {setting.clause} {release.bundle.name}".lower()
    return all(word in text for word in search.lower().split())


def _uses(release: Release, name: str) -> Iterator[Use]:
    """Where expressions name a setting, and the deadlines that it reaches through mappings."""
    context = Context(Diagram((release.process,)), UNKNOWN_WORLD, (release.process,))
    for use in uses(context):
        if basis_of(use.text).rests_on(name):
            yield Use(_name_of(release, use.element), use.where)
    for element, basis in release.dates.due.items():
        if basis.rests_on(name):
            yield Use(release.nodes[element].name or element, N_("办理期限"))
    for file, text in release.bundle.decisions.items():
        if f"policy.{name}" in text:
            yield Use(file, N_("决策"))


def _name_of(release: Release, element: Any) -> str:
    if isinstance(element, Flow):
        source = release.nodes.get(element.source)
        return element.name or (source.name if source else "") or element.id
    if isinstance(element, Node):
        return element.name or element.id
    return str(element.name or element.key)
