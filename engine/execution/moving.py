"""A case that comes to another unit: whatever its unit decides is worked out anew, and nothing else.

Tasks whose posts are the same afterwards stay as they are, with whoever has claimed them: those of a department, or of
a level that both units have above them. All others wait for the posts that the diagram gives them at the new unit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select

from engine import people
from engine.bpmn.dates import names_in
from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidState
from engine.execution.consulting import withdraw_requests
from engine.execution.loaded import Loaded
from engine.execution.waits import Assigned, assigned_to, evaluate, record_relief, unit_of
from engine.feel import FeelError
from engine.lifecycle import InstanceState, UserTaskState
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import Unit
from engine.tokens import Wait, WaitKind
from engine.variables import ROOT

UNIT = "unit"
#: The names by which expressions know the unit of a case.
_NAMES = frozenset({UNIT, "单位"})
_MOVED = N_("事项已移交")


class MovedTask(NamedTuple):
    """A task that waits for others now: who could do it before, who can do it, and who had claimed it."""

    task: UserTask
    before: frozenset[str]
    after: frozenset[str]
    assignee: UUID | None


class MovedCase(NamedTuple):
    """A case as it is at its new unit; rows are as before, and nothing is recorded yet.

    ``variables`` are those that followed, ``tasks`` what waits for others now, ``calls`` the called cases that belong
    to another unit, too.
    """

    loaded: Loaded
    variables: dict[str, str]
    tasks: list[tuple[UserTask, Assigned]]
    calls: list[tuple[ProcessInstance, Unit]]


def holders_of_open_tasks(tx: Transaction, instance: ProcessInstance) -> dict[UserTask, frozenset[str]]:
    """The tasks of a case that wait, the oldest first, with their candidates."""
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED)
    found: dict[UserTask, set[str]] = {
        task: set() for task in tx.session.scalars(query.order_by(UserTask.created_at, UserTask.id))
    }
    tasks = {task.id: task for task in found}
    for row in tx.session.scalars(select(TaskCandidate).where(TaskCandidate.task_id.in_(tasks))):
        found[tasks[row.task_id]].add(row.holder)
    return {task: frozenset(holders) for task, holders in found.items()}


def move_case(loaded: Loaded, target: Unit, open_tasks: Mapping[UserTask, frozenset[str]]) -> MovedCase:
    """Let the case belong to another unit. ``open_tasks`` are the candidates of each.

    Variables that the unit has worked out follow: mappings to ``unit`` of live sub-processes and calls, and variables
    of the case that hold its id.

    Raises InvalidState, saying what stands against it: work that is spread over the units below, a message that waits
    under the unit's name, a task of the old unit that the new one does not have, or posts there that nobody holds.
    """
    tx, instance = loaded.tx, loaded.instance
    ways = Ways(tx, instance.unit_path, target.path)
    before = {task.id: _assigned(loaded, loaded.before[task.id]) for task in open_tasks}
    old = str(instance.unit_id)
    instance.move(target.id, target.path)
    moved = Loaded.load(tx, instance)
    variables = {**_follow_in_case(moved, old), **_follow_in_scopes(moved)}
    _ensure_nothing_is_spread(loaded, moved)
    _ensure_no_message_names_the_unit(moved)
    found = [(task, _new(moved, task, open_tasks[task], before[task.id], ways)) for task in open_tasks]
    tasks = [(task, new) for task, new in found if new is not None]
    return MovedCase(moved, variables, tasks, list(_calls(loaded, moved)))


def move_tasks(moved: MovedCase, open_tasks: Mapping[UserTask, frozenset[str]]) -> list[MovedTask]:
    """Let the tasks wait for whom they go to now: claims end, and so do questions and requests about them."""
    tx, told = moved.loaded.tx, []
    for task, new in moved.tasks:
        told.append(MovedTask(task, open_tasks[task], frozenset(new.holders), task.assignee))
        task.move(new.unit_id, new.barred, tx.now)
        tx.session.execute(delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
        for holder in new.holders:
            tx.add(TaskCandidate(task_id=task.id, holder=holder))
        record_relief(moved.loaded, task.element_id, task.id, new)
    withdraw_requests(moved.loaded, [task.id for task, _new in moved.tasks], _MOVED)
    return told


class Ways:
    """The paths of the old and the new unit, to tell what belongs to the old one alone."""

    def __init__(self, tx: Transaction, old: str, new: str) -> None:
        self._tree, self._old, self._new = people.org_tree(tx), old, new

    def left_behind(self, holders: Collection[str]) -> list[str]:
        """The posts on the path of the old unit, or below it, that are not on that of the new one."""
        posts = {each: self._tree.unit(UUID(each.partition("@")[2])).path for each in holders if "@" in each}
        return [post for post, path in posts.items() if _along(path, self._old) and not _along(path, self._new)]


def _along(path: str, way: str) -> bool:
    return way.startswith(path) or path.startswith(way)


def _assigned(loaded: Loaded, wait: Wait) -> Assigned | None:
    """Whom it goes to now; None where that can't be worked out, as when the unit is closed."""
    try:
        return assigned_to(loaded, wait)
    except (EngineError, FeelError):
        return None


def _follow_in_case(moved: Loaded, old: str) -> dict[str, str]:
    """Variables of the case that hold the id of its unit."""
    new = str(moved.instance.unit_id)
    found = {name: new for name, value in moved.scopes.local(ROOT).items() if value == old}
    for name in found:
        moved.scopes.set_local(ROOT, name, new)
    return found


def _follow_in_scopes(moved: Loaded) -> dict[str, str]:
    """Units that input mappings of live sub-processes, calls and tasks have worked out, from the outside in."""
    scopes, found = moved.scopes, dict[str, str]()
    for scope in scopes.locals():
        node, _run = moved.run.owner_of(scope)
        around = scopes.parent(scope)
        if around is None or not any(each.target == UNIT for each in node.inputs):
            continue
        before = scopes.local(scope).get(UNIT)
        # The mapping reads the unit around it, not the one that it has written itself.
        scopes.set_local(scope, UNIT, scopes.view(around, moved.env.globals).get(UNIT))
        new = moved.run.map_again(scope, {UNIT}, moved.env.globals, moved.env.feel_env)[UNIT]
        scopes.set_local(scope, UNIT, new)
        if new != before:
            found[UNIT] = new
    return found


def _ensure_nothing_is_spread(loaded: Loaded, moved: Loaded) -> None:
    """Bodies of a multi-instance are those of the old collection: it must be the same at the new unit."""
    for scope in moved.scopes.locals():
        node, run = moved.run.owner_of(scope)
        around, loop = moved.scopes.parent(scope), node.multi_instance
        if run is None or loop is None or loop.input_collection is None or around is None:
            continue
        if evaluate(loaded, loop.input_collection, around) != evaluate(moved, loop.input_collection, around):
            raise InvalidState(N_("“{step}”正在分给几个单位办理，办完以后才能移交。"), step=node.name or node.id)


def _calls(loaded: Loaded, moved: Loaded) -> Iterator[tuple[ProcessInstance, Unit]]:
    """The running called cases that belong to another unit now, with that unit."""
    for token, wait in moved.before.items():
        unit_id = unit_of(moved, wait.scope) if wait.kind is WaitKind.CALL else None
        if unit_id is None or unit_id == unit_of(loaded, wait.scope):
            continue
        query = select(ProcessInstance).where(
            ProcessInstance.parent_id == moved.instance.id,
            ProcessInstance.parent_token == token,
            ProcessInstance.state == InstanceState.ACTIVE,
        )
        for called in moved.tx.session.scalars(query):
            yield called, people.org_tree(moved.tx).unit(unit_id)


def _ensure_no_message_names_the_unit(moved: Loaded) -> None:
    for wait in moved.before.values():
        key = wait.event.correlation if wait.event is not None and wait.kind is WaitKind.MESSAGE else None
        if key is not None and names_in(key) & _NAMES:
            name = wait.element.name or wait.element.id
            raise InvalidState(N_("“{step}”正在等待发给原单位的消息，现在不能移交。"), step=name)


def _new(moved: Loaded, task: UserTask, before: frozenset[str], old: Assigned | None, ways: Ways) -> Assigned | None:
    """Whom the task goes to now; None when it stays as it is."""
    new = _assigned_there(moved, task)
    if old is not None and set(old.holders) == set(new.holders) and not ways.left_behind(before):
        return None
    _ensure_somebody_is_there(moved, task, new, ways)
    return new


def _assigned_there(moved: Loaded, task: UserTask) -> Assigned:
    try:
        return assigned_to(moved, moved.before[task.id])
    except (EngineError, FeelError) as error:
        template = N_("“{task}”在新单位找不到办理的岗位，不能移交：{why}")
        raise InvalidState(template, task=task.name, why=error) from error


def _ensure_somebody_is_there(moved: Loaded, task: UserTask, new: Assigned, ways: Ways) -> None:
    if left := ways.left_behind(new.holders):
        who = people.names_of(moved.tx, left)
        raise InvalidState(N_("“{task}”按内容指定由{who}办理，不能随事项移交。"), task=task.name, who=who)
    vacant = people.vacant_posts(moved.tx, new.holders)
    if set(vacant) == set(new.holders):
        who = people.names_of(moved.tx, vacant)
        raise InvalidState(N_("{who}现在没有人任职，不能移交。"), who=who)
