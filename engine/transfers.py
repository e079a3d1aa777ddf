"""The command that hands a whole case to another unit of the same level (移交), because it came to the wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import commonpath
from uuid import UUID

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables, NotAuthorized
from engine.execution import MAY_TRANSFER, holders_of_open_tasks, lock_instance, resettle
from engine.model.process import ProcessInstance
from engine.model.work import UserTask
from engine.people import Right, Unit
from engine.reasons import Faults, written
from engine.release import load_release

#: A list to choose from is no longer than this; the search finds the others.
MOST_SHOWN = 60


def transfer(tx: Transaction, instance_id: UUID, unit_id: UUID | None, reason: str) -> ProcessInstance:
    """Hand the case to another unit of the same level, with a reason; its deadlines and drafts stay.

    Open tasks wait for the posts of the new unit; claims on them end, and questions and requests about them are
    withdrawn. Old and new posts, watchers and the applicant are told.

    Raises NotAuthorized, InvalidVariables, naming the field, for a unit that won't do or a missing reason, and
    InvalidState, saying what stands against it.
    """
    instance = lock_instance(tx, instance_id)
    tasks = holders_of_open_tasks(tx, instance)
    right = _right(tx, instance, tasks)
    if right is None:
        raise NotAuthorized(N_("当前岗位不能移交这件事项。"))
    _ensure_movable(tx, instance)
    faults = Faults()
    with faults:
        target = _target(tx, instance, unit_id)
    with faults:
        why = written(reason, "reason", N_("请填写移交原因。"))
    faults.settle()
    resettle(tx, instance, target, why, right.signed(tx.actor), right.facts)
    return instance


def may_transfer(tx: Transaction, instance: ProcessInstance) -> bool:
    """Whether the actor may hand the case on to another unit, as far as nothing stands against it."""
    try:
        _ensure_movable(tx, instance)
    except InvalidState:
        return False
    return _right(tx, instance, holders_of_open_tasks(tx, instance)) is not None


def units_to_choose(tx: Transaction, instance: ProcessInstance, search: str = "") -> list[Unit]:
    """Units of the same level: with a search those whose name holds its words, else all, the nearest first."""
    tree, words = people.org_tree(tx), search.split()
    if instance.unit_id is None:
        return []
    own = tree.unit(instance.unit_id)
    near = [each for each in tree if each.level is own.level and each.active and each.id != own.id]
    if words:
        found = [each for each in near if all(word in each.name for word in words)]
    else:
        found = sorted(near, key=lambda each: -len(commonpath([each.path, own.path])))
    return found[:MOST_SHOWN]


def _right(tx: Transaction, instance: ProcessInstance, tasks: Mapping[UserTask, frozenset[str]]) -> Right | None:
    """Whoever may do one of its tasks, and who leads (``task.assign``) its unit or one above; no applicant."""
    actor = tx.actor
    if not people.reads_inside(actor, instance):
        return None
    for task, candidates in tasks.items():
        for right in people.rights_to(actor, task, instance.process_key, candidates):
            return right
    leads = actor.may("task.assign") and bool(actor.unit_path) and instance.unit_path.startswith(actor.unit_path)
    return Right() if leads and not instance.confidential else None


def _ensure_movable(tx: Transaction, instance: ProcessInstance) -> None:
    instance.ensure_active()
    if instance.unit_id is None:
        raise InvalidState(N_("这件事项不属于任何单位，不能移交。"))
    if instance.parent_id is not None:
        raise InvalidState(N_("这件事项由另一件事项转入，请在那件事项里移交。"))
    release = load_release(tx, instance.definition_id)
    if release.process.property(MAY_TRANSFER) == "false":
        raise InvalidState(N_("“{process}”的事项不能移交其他单位。"), process=release.bundle.name)


def _target(tx: Transaction, instance: ProcessInstance, unit_id: UUID | None) -> Unit:
    """The unit to which the case is to come."""
    tree = people.org_tree(tx)
    target = next((each for each in tree if each.id == unit_id), None)
    if target is None or instance.unit_id is None:
        raise InvalidVariables.at("unit", N_("请选择移交到哪个单位。"))
    source = tree.unit(instance.unit_id)
    if target.id == source.id:
        raise InvalidVariables.at("unit", N_("事项已经属于{unit}，请选择其他单位。"), unit=target.name)
    if target.level is not source.level:
        raise InvalidVariables.at("unit", N_("只能移交给同级的单位，{unit}不是同一级。"), unit=target.name)
    if not target.active:
        raise InvalidVariables.at("unit", N_("{unit}已停用，请选择其他单位。"), unit=target.name)
    return target
