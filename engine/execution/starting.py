"""Creating an instance: number, row, first variables, first steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine import people
from engine.database import Transaction
from engine.errors import N_, EngineError, NotFound, StepFailed
from engine.execution.advance import advance
from engine.execution.environment import environment
from engine.execution.loaded import Loaded, is_caught_above
from engine.feel import FeelError
from engine.lifecycle import DefinitionState, InstanceState
from engine.model.base import new_id
from engine.model.process import ProcessDefinition, ProcessInstance
from engine.numbering import next_number
from engine.release import Release, load_release
from engine.tokens import Run
from engine.variables import ROOT, Scopes

_DEFAULT_PREFIX = "SX"


@dataclass(frozen=True)
class Origin:
    """Where an instance comes from: the unit it belongs to, its caller if any, and what started it.

    ``payload`` came with the message or signal, ``correlation_key`` is the key of the message.
    """

    unit_id: UUID | None
    parent: ProcessInstance | None = None
    parent_token: UUID | None = None
    start_event: str | None = None
    receipt_hash: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    #: Whether whoever starts it files a matter of one's own.
    own_matter: bool = False
    #: Whether whoever starts it does so for a resident without an account, who came in person.
    for_resident: bool = False
    correlation_key: str | None = None


def latest_release(tx: Transaction, key: str) -> Release:
    """The newest published version of a process. Raises NotFound when there is none."""
    query = (
        select(ProcessDefinition.id)
        .where(ProcessDefinition.key == key, ProcessDefinition.state == DefinitionState.PUBLISHED)
        .order_by(ProcessDefinition.version.desc())
        .limit(1)
    )
    definition_id = tx.session.scalar(query)
    if definition_id is None:
        raise NotFound(N_("没有已发布的流程“{key}”。"), key=key)
    return load_release(tx, definition_id)


def called_release(tx: Transaction, caller: Release, key: str, binding: str, tag: str | None) -> Release:
    """The version of a process that a call activity calls.

    ``latest`` is the newest one now, ``deployment`` the newest one that there was when the caller's version was
    published (itself, if it calls itself), ``versionTag`` the newest one with this tag. Raises NotFound.
    """
    if binding == "latest":
        return latest_release(tx, key)
    if binding == "deployment" and key == caller.key:
        return caller
    query = select(ProcessDefinition.id).where(
        ProcessDefinition.key == key, ProcessDefinition.state == DefinitionState.PUBLISHED
    )
    if binding == "versionTag":
        query = query.where(ProcessDefinition.version_tag == tag)
    else:
        published = select(ProcessDefinition.published_at).where(ProcessDefinition.id == caller.id).scalar_subquery()
        query = query.where(ProcessDefinition.published_at <= published)
    definition_id = tx.session.scalar(query.order_by(ProcessDefinition.version.desc()).limit(1))
    if definition_id is not None:
        return load_release(tx, definition_id)
    if binding == "versionTag":
        raise NotFound(N_("流程“{key}”没有版本标签是“{tag}”的已发布版本。"), key=key, tag=tag)
    raise NotFound(N_("流程“{key}”在“{caller}”第 {version} 版发布时还没有发布。"), key=key, caller=caller.bundle.name,
                   version=caller.version)  # fmt: skip


def create_instance(
    tx: Transaction, release: Release, variables: Mapping[str, Any], origin: Origin, instance_id: UUID | None = None
) -> Loaded:
    """Create an instance with its first variables and run it to its first wait."""
    instance = _row(tx, release, origin, instance_id or new_id())
    scopes = Scopes()
    env = environment(tx, release, instance, partial(is_caught_above, tx, instance))
    for name, value in variables.items():
        scopes.set_local(ROOT, name, value)
    run = Run.start(release.spec, scopes, env, origin.start_event, origin.payload)
    instance.title = _title(release, scopes, env) or release.bundle.name
    loaded = Loaded(tx, instance, release, scopes, env, run)
    loaded.before = {}
    helped: dict[str, Any] = {"for_resident": True} if origin.for_resident else {}
    loaded.record(
        "instance_started",
        definition={"key": release.key, "version": release.version, "digest": release.bundle.digest},
        number=instance.business_key,
        unit=str(origin.unit_id) if origin.unit_id else None,
        parent=str(origin.parent.id) if origin.parent else None,
        policy={name: str(value) for name, value in env.globals["policy"].items()},
        start_event=origin.start_event,
        variables={**variables, **origin.payload},
        **helped,
    )
    advance(loaded)
    tx.add(instance)
    return loaded


def starting_unit(tx: Transaction, release: Release, thrower: UUID | None = None) -> UUID | None:
    """The unit of a case that nobody starts by hand: property ``startUnit`` (a code), else the thrower's, else the top.

    Raises StepFailed for a code that no unit has.
    """
    code = release.process.property("startUnit")
    if code is None:
        return thrower or next((unit.id for unit in people.org_tree(tx)), None)
    unit = people.org_tree(tx).by_code(code)
    if unit is None:
        raise StepFailed(N_("流程属性 startUnit 写的单位“{code}”不存在。"), code=code)
    return unit.id


def _row(tx: Transaction, release: Release, origin: Origin, instance_id: UUID) -> ProcessInstance:
    unit = people.org_tree(tx).unit(origin.unit_id) if origin.unit_id else None
    filer = people.ANONYMOUS if origin.for_resident else tx.actor
    return ProcessInstance(
        id=instance_id,
        definition_id=release.id,
        process_key=release.key,
        business_key=next_number(tx, release.process.property("numberPrefix") or _DEFAULT_PREFIX),
        title="",
        state=InstanceState.ACTIVE,
        unit_id=origin.unit_id,
        unit_path=unit.path if unit else "",
        confidential=release.process.property("confidential") == "true",
        started_at=tx.now,
        started_by=origin.parent.started_by if origin.parent else filer.account_id,
        started_by_name=origin.parent.started_by_name if origin.parent else filer.name,
        helped_by=tx.actor.account_id if origin.for_resident else None,
        applicant_id=origin.parent.applicant_id if origin.parent else _applicant(tx, origin),
        receipt_hash=origin.receipt_hash,
        parent_id=origin.parent.id if origin.parent else None,
        parent_token=origin.parent_token,
        correlation_key=origin.correlation_key,
        token_state=b"",
        variables=Scopes().dump(),
        incidents=0,
        history_seq=0,
        history_head=b"",
    )


def _applicant(tx: Transaction, origin: Origin) -> UUID | None:
    """The official whose own matter it is; residents handle nothing anyway."""
    return tx.actor.account_id if origin.own_matter and tx.actor.is_official else None


def _title(release: Release, scopes: Scopes, env: Any) -> str:
    """The title, empty when there is none. A faulty one keeps nobody from filing."""
    if release.title is None:
        return ""
    try:
        value = release.title.evaluate(scopes.view(ROOT, env.globals), env.feel_env)
    except (FeelError, EngineError):
        return ""
    return str(value) if value is not None else ""
