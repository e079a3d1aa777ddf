"""What residents see: which processes are open to them, their own cases, and what a case waits for."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from engine import people
from engine.bpmn.assignment import assignment_of
from engine.bpmn.model import Kind
from engine.database import Transaction
from engine.errors import N_, NotFound
from engine.execution import WITHDRAWAL, Loaded, latest_release
from engine.forms import Form
from engine.lifecycle import AgendaState, InstanceState, UserTaskState
from engine.model.agenda import AgendaItem
from engine.model.counter import Addition
from engine.model.history import HistoryEvent
from engine.model.people import Level
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.model.work import MessageSubscription, TaskCandidate, UserTask
from engine.people import Unit
from engine.queries import starting
from engine.queries.bell import Message, of_case
from engine.queries.cases import release_of
from engine.queries.paging import Page, fetch
from engine.release import Release, names
from engine.tokens import WaitKind

#: The variable that carries the reason why residents take a case back.
WITHDRAWAL_REASON = "撤回原因"


def offered(tx: Transaction) -> list[Release]:
    """The newest versions of the processes that anybody may start, and those that the actor may as a resident."""
    return [release for release in starting.startable(tx) if _is_offered(tx, release)]


def offered_start(tx: Transaction, key: str) -> tuple[Release, Form]:
    """The newest version of a process that is offered, and its start form; NotFound for any other."""
    release = latest_release(tx, key)
    form = release.start_form()
    if form is None or not _is_offered(tx, release):
        raise NotFound(N_("“{process}”不能在这里提出，请与所在社区联系。"), process=release.bundle.name)
    return release, form


def _is_offered(tx: Transaction, release: Release) -> bool:
    """Officials start at their desk what residents with an account start here."""
    starters = names(release.process.property("starters"))
    is_resident = tx.actor.may("case.start") and not tx.actor.may("task.handle")
    return "public" in starters or (is_resident and tx.actor.position in starters)


@dataclass(frozen=True)
class Neighbourhood:
    """A community and its groups, for the choice of one's own."""

    name: str
    groups: tuple[Unit, ...]


def neighbourhoods(tx: Transaction) -> list[Neighbourhood]:
    """All communities with groups, from subdistrict to subdistrict."""
    tree = people.org_tree(tx)
    found = []
    for unit in tree:
        if unit.level is Level.COMMUNITY and unit.active:
            above = tree.ancestor(unit.id, Level.SUBDISTRICT)
            groups = tree.children(unit.id, Level.GROUP)
            found.append(Neighbourhood(f"{above.name} {unit.name}" if above else unit.name, groups))
    return [each for each in found if each.groups]


def group(tx: Transaction, code: str) -> Unit | None:
    """The active group with this code."""
    unit = people.org_tree(tx).by_code(code)
    return unit if unit is not None and unit.level is Level.GROUP and unit.active else None


def own_group(tx: Transaction) -> Unit | None:
    """The group that the actor's post belongs to."""
    if tx.actor.unit_id is None:
        return None
    unit = people.org_tree(tx).unit(tx.actor.unit_id)
    return unit if unit.level is Level.GROUP else None


def is_own_case(tx: Transaction, instance_id: UUID) -> bool:
    """Whether the actor's account filed the case."""
    if tx.actor.account_id is None:
        return False
    mine = ProcessInstance.started_by == tx.actor.account_id
    return bool(tx.session.scalar(select(exists().where(ProcessInstance.id == instance_id, mine))))


def own_cases(tx: Transaction, page: int, receipts: Collection[UUID] = ()) -> Page[ProcessInstance]:
    """The cases that the actor filed, and those whose receipts are given, the newest first."""
    mine = and_(ProcessInstance.started_by == tx.actor.account_id, people.visible_to(tx.actor))
    shown = ProcessInstance.id.in_(sorted(receipts))
    wanted = or_(mine, shown) if tx.actor.account_id else shown
    query = select(ProcessInstance).where(wanted, ProcessInstance.parent_id.is_(None))
    found = fetch(tx, query.order_by(ProcessInstance.started_at.desc()), page)
    return Page([row[0] for row in found.items], found.number, found.total, found.size)


@dataclass(frozen=True)
class Waiting:
    """A step that waits: where (金星社区), for whom, and whether it is the resident's turn."""

    task: UserTask
    places: tuple[str, ...]
    who: tuple[str, ...]
    is_mine: bool
    units: tuple[UUID, ...] = ()


def waiting(tx: Transaction, instance: ProcessInstance) -> list[Waiting]:
    """What the case waits for from people, the resident's own turn first, then the oldest."""
    query = select(UserTask, TaskCandidate.holder).join(TaskCandidate, TaskCandidate.task_id == UserTask.id)
    query = query.where(UserTask.instance_id == instance.id, UserTask.state == UserTaskState.CREATED)
    holders: dict[UUID, tuple[UserTask, list[str]]] = {}
    for task, holder in tx.session.execute(query.order_by(UserTask.created_at, TaskCandidate.holder)):
        holders.setdefault(task.id, (task, []))[1].append(holder)
    found = [_waiting(tx, instance, task, each) for task, each in holders.values()]
    return sorted(found, key=lambda each: not each.is_mine)


def _waiting(tx: Transaction, instance: ProcessInstance, task: UserTask, holders: list[str]) -> Waiting:
    tree = people.org_tree(tx)
    posts = [holder.partition("@") for holder in holders if "@" in holder]
    places = dict.fromkeys(tree.unit(UUID(unit)).name for _, _, unit in posts)
    names_of_posts = tuple(dict.fromkeys(tree.post_name(position, UUID(unit)) for position, _, unit in posts))
    who = (task.holder_name,) if task.holder_name else names_of_posts
    units = tuple(UUID(unit) for _, _, unit in posts)
    return Waiting(task, tuple(places), who, bool(people.holders_of_applicant(instance) & set(holders)), units)


def phone(tx: Transaction, instance: ProcessInstance, waiting: list[Waiting]) -> tuple[str, str] | None:
    """The name and telephone of the unit to call: the one that has the case now, else the case's, or one above it."""
    unit_id = next((unit for each in waiting for unit in each.units), instance.unit_id)
    found = people.org_tree(tx).phone_of(unit_id) if unit_id else None
    return (found[0].name, found[1]) if found else None


@dataclass(frozen=True)
class Elsewhere:
    """What a case waits for beside its own steps: a meeting of a unit, or a case that it called."""

    process: str
    unit: str
    is_meeting: bool


def elsewhere(tx: Transaction, instance: ProcessInstance) -> Elsewhere | None:
    """The meeting that will decide about the case, else the case that it called."""
    item = select(AgendaItem.meeting_key, AgendaItem.unit_id).where(AgendaItem.instance_id == instance.id)
    pending = AgendaItem.state.in_((AgendaState.WAITING, AgendaState.TAKEN))
    called = select(ProcessInstance.process_key, ProcessInstance.unit_id).where(
        ProcessInstance.parent_id == instance.id, ProcessInstance.state == InstanceState.ACTIVE
    )
    meeting = tx.session.execute(item.where(pending).limit(1)).one_or_none()
    found = meeting or tx.session.execute(called.limit(1)).one_or_none()
    if found is None:
        return None
    key, unit_id = found
    names_of = select(ProcessDefinition.name).where(ProcessDefinition.key == key)
    name = tx.session.scalar(names_of.order_by(ProcessDefinition.version.desc()).limit(1))
    unit = people.org_tree(tx).unit(unit_id).name if unit_id else ""
    return Elsewhere(name or key, unit, is_meeting=meeting is not None)


def messages(tx: Transaction, instance: ProcessInstance) -> list[Message]:
    """What the platform has told the resident about the case, the newest first."""
    return of_case(tx, instance.id, tx.actor.holders & people.holders_of_applicant(instance))


def additions(tx: Transaction, instance: ProcessInstance) -> list[Addition]:
    """What the applicant added to the case unasked, the oldest first."""
    query = select(Addition).where(Addition.instance_id == instance.id)
    return list(tx.session.scalars(query.order_by(Addition.added_at, Addition.id)))


def filed_forms(tx: Transaction, instance: ProcessInstance) -> list[Form]:
    """The forms that the resident has filled in: the one that started the case, and those of the own steps."""
    release = release_of(tx, instance)
    query = select(UserTask.element_id).where(
        UserTask.instance_id == instance.id, UserTask.state == UserTaskState.COMPLETED
    )
    done = dict.fromkeys(tx.session.scalars(query.order_by(UserTask.completed_at)))
    own = [release.form_of(element) for element in done if _is_for_applicant(release, element)]
    return [form for form in (release.start_form(), *own) if form is not None]


def _is_for_applicant(release: Release, element_id: str) -> bool:
    node = release.nodes.get(element_id)
    assignment = assignment_of(release.process, node) if node else None
    return assignment is not None and people.APPLICANT in [group.value for group in assignment.groups]


def may_withdraw(tx: Transaction, instance: ProcessInstance) -> bool:
    """Whether the case still waits for the message that takes it back, or would if it did not rest."""
    if instance.state is InstanceState.JOINED:
        waits = Loaded.load(tx, instance).run.waits().values()
        return any((wait.kind, wait.name) == (WaitKind.MESSAGE, WITHDRAWAL) for wait in waits)
    query = exists().where(
        MessageSubscription.instance_id == instance.id,
        MessageSubscription.kind == "message",
        MessageSubscription.name == WITHDRAWAL,
        MessageSubscription.key == instance.business_key,
    )
    return bool(tx.session.scalar(select(query)))


def outcome(tx: Transaction, instance: ProcessInstance) -> str:
    """The name of the end that the case came to, such as 已撤回; empty when the diagram gives it none.

    A case that was joined to another one came to the end of that.
    """
    if instance.joined_to is not None:
        instance = tx.session.get_one(ProcessInstance, instance.joined_to)
    query = select(HistoryEvent.payload).where(HistoryEvent.chain_id == instance.id, HistoryEvent.type == "advanced")
    last = tx.session.scalar(query.order_by(HistoryEvent.seq.desc()).limit(1))
    steps = json.loads(last)["data"]["steps"] if last else []
    ends = [step["element"] for step in steps if step["kind"] == Kind.END_EVENT and step["what"] == "completed"]
    node = release_of(tx, instance).nodes.get(ends[-1]) if ends else None
    return node.name if node else ""
