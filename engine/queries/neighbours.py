"""What lies around a case: its files, and earlier cases of the same applicant or the same place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select

from engine import people
from engine.database import Transaction
from engine.errors import N_
from engine.model.files import FileLink, StoredFile
from engine.model.people import Account, AccountKind
from engine.model.process import ProcessDefinition, ProcessInstance, SearchVariable
from engine.queries.cases import holder_name
from engine.queries.reading import open_files

#: Search variables that name a place.
PLACES = ("地址", "发生地点", "项目位置")
_MOST = 5
APPLICANT, PLACE = N_("同一申请人"), N_("同一地点")


@dataclass(frozen=True)
class Neighbour:
    """Another case, the name of its process, and what it has in common."""

    case: ProcessInstance
    process: str
    why: str


def neighbours(tx: Transaction, instance: ProcessInstance) -> list[Neighbour]:
    """The latest cases of the same resident and at the same place, as far as the actor may see them; five of each.

    What was called goes with the case that called it, and is not told again.
    """
    found: dict[UUID, Neighbour] = {}
    for why, query in ((APPLICANT, _of_applicant(instance)), (PLACE, _at_place(instance))):
        filed = (ProcessInstance.parent_id.is_(None), ProcessInstance.id.not_in(_itself(instance)))
        latest = query.where(*filed, people.visible_to(tx.actor))
        for case, process in tx.session.execute(latest.order_by(ProcessInstance.started_at.desc()).limit(_MOST)):
            found.setdefault(case.id, Neighbour(case, process, why))
    return list(found.values())


def _itself(instance: ProcessInstance) -> list[UUID]:
    return [instance.id] if instance.parent_id is None else [instance.id, instance.parent_id]


def _cases() -> Select[ProcessInstance, str]:
    return select(ProcessInstance, ProcessDefinition.name).join(ProcessDefinition)


def _of_applicant(instance: ProcessInstance) -> Select[ProcessInstance, str]:
    # Officials file for many; what they filed has nothing else in common.
    residents = select(Account.id).where(Account.id == instance.started_by, Account.kind == AccountKind.RESIDENT)
    return _cases().where(ProcessInstance.started_by == instance.started_by, residents.exists())


def _at_place(instance: ProcessInstance) -> Select[ProcessInstance, str]:
    own = SearchVariable.__table__.alias("own").c
    same = (
        select(SearchVariable.instance_id)
        .join(own.instance_id.table, (own.name == SearchVariable.name) & (own.value == SearchVariable.value))
        .where(own.instance_id == instance.id, own.name.in_(PLACES), own.value != "")
    )
    return _cases().where(ProcessInstance.id.in_(same))


@dataclass(frozen=True)
class AttachedFile:
    """A file of a case. ``size`` is in bytes."""

    id: UUID
    name: str
    media_type: str
    size: int
    added_at: datetime
    added_by: str

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it in the page."""
        return self.media_type.startswith("image/")


def files_of(tx: Transaction, instance: ProcessInstance) -> list[AttachedFile]:
    """The files of a case that the actor may open, the oldest first."""
    query = select(FileLink, StoredFile.media_type, StoredFile.size).join(StoredFile)
    query = query.where(FileLink.instance_id == instance.id).order_by(FileLink.uploaded_at, FileLink.id)
    open_ids = open_files(tx, instance)
    return [
        AttachedFile(link.id, link.name, kind, size, link.uploaded_at, _who(tx, instance, link))
        for link, kind, size in tx.session.execute(query)
        if open_ids is None or str(link.id) in open_ids
    ]


def _who(tx: Transaction, instance: ProcessInstance, link: FileLink) -> str:
    if link.uploaded_by.startswith("session:"):
        return instance.started_by_name
    return holder_name(tx, instance, link.uploaded_by)
