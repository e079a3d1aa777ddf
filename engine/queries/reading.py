"""Which files of a case somebody may open: one place for pages, lists and downloads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from engine import files, people
from engine.database import Transaction
from engine.errors import N_, NotAuthorized
from engine.execution.personal import personal_names
from engine.forms import Form
from engine.model.files import FileLink
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import Actor
from engine.queries import portal
from engine.queries.cases import release_of
from engine.variables import ROOT, Scopes


def open_files(tx: Transaction, instance: ProcessInstance) -> set[str] | None:
    """The ids of the files of a visible case that the actor may open; None for all of them.

    What one has uploaded oneself is always among them. Officials open the others, those in personal fields only in
    posts that may see personal data. Applicants open what they sent and what their own forms hold, and parties what
    the forms of their own steps hold.
    """
    if not people.reads_inside(tx.actor, instance):
        return _own_uploads(tx, instance) | _sent(tx, instance) | _of_own_steps(tx, instance)
    if tx.actor.may("personal_data.unmask"):
        return None
    hidden = personal_names(tx, instance, release_of(tx, instance))
    return _own_uploads(tx, instance) | _ids(
        {name: value for name, value in values.items() if name not in hidden} for values in _all_values(instance)
    )


def ensure_open(tx: Transaction, instance: ProcessInstance, file_id: UUID) -> None:
    """Raise NotAuthorized unless the actor may open this file of the case."""
    ids = open_files(tx, instance)
    if ids is not None and str(file_id) not in ids:
        raise NotAuthorized(N_("这个文件只供办理人员查看，或者含有当前岗位不能查看的个人信息。"))


def _own_uploads(tx: Transaction, instance: ProcessInstance) -> set[str]:
    if tx.actor.account_id is None:
        return set()
    mine = FileLink.uploaded_by == people.account_holder(tx.actor.account_id)
    query = select(FileLink.id).where(FileLink.instance_id == instance.id, mine)
    return set(map(str, tx.session.scalars(query)))


def _sent(tx: Transaction, instance: ProcessInstance) -> set[str]:
    """What the applicant sent, for the applicant only."""
    if tx.actor.holders.isdisjoint(people.holders_of_applicant(instance)):
        return set()
    added = (each.files for each in portal.additions(tx, instance))
    return _in_forms(instance, portal.filed_forms(tx, instance)) | _ids(added)


def _of_own_steps(tx: Transaction, instance: ProcessInstance) -> set[str]:
    """What the forms of the steps hold that wait for the actor, or were done by the actor."""
    query = (
        select(UserTask.element_id).where(UserTask.instance_id == instance.id, own_steps(tx.actor, instance)).distinct()
    )
    release = release_of(tx, instance)
    forms = [release.form_of(element) for element in tx.session.scalars(query)]
    return _in_forms(instance, [form for form in forms if form is not None])


def own_steps(actor: Actor, instance: ProcessInstance) -> ColumnElement[bool]:
    """The condition on UserTask that it waits for the actor, or was done by the actor or in a post of the actor's.

    In a matter of one's own, only what one was asked as the applicant: the posts' work in it is done by others.
    """
    filed = people.holders_of_applicant(instance)
    holders = actor.holders if filed.isdisjoint(actor.holders) else actor.holders & filed
    asked = select(TaskCandidate.task_id).where(TaskCandidate.holder.in_(sorted(holders)))
    mine: list[ColumnElement[bool]] = [UserTask.id.in_(asked)]
    if actor.account_id is not None:
        mine += [UserTask.completed_by == actor.account_id, UserTask.assignee == actor.account_id]
    return or_(*mine)


def _in_forms(instance: ProcessInstance, forms: Iterable[Form]) -> set[str]:
    names = {item.variable for form in forms for item in form.inputs}
    return _ids({name: values[name] for name in names & values.keys()} for values in _all_values(instance))


def _all_values(instance: ProcessInstance) -> list[dict[str, Any]]:
    scopes = Scopes.load(instance.variables)
    return [scopes.local(scope) for scope in (ROOT, *scopes.locals())]


def _ids(values: Iterable[Any]) -> set[str]:
    return {str(one["id"]) for one in files.references_in(list(values))}
