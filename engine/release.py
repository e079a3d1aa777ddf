"""A release: the bundle of a process version, and what it compiles to.

The bundle is the unit of release (diagram, decisions, policy, digests of the forms); its digest names the version in
history. The compiled release is made once per process and version and shared by all threads; nothing in it changes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import bpmn, decisions, feel, policy, tokens
from engine import forms as form_files
from engine.bpmn.beside import repeated
from engine.bpmn.dates import Dates, dates_of
from engine.bpmn.jumps import WayBack, ways_back
from engine.bpmn.model import Lane, Node, Process, Scope
from engine.copies import with_copies
from engine.database import Transaction
from engine.errors import N_, InvalidDefinition, NotFound
from engine.expressions import compile_expression
from engine.forms import Form
from engine.ledger import Ledger
from engine.model.process import FormDefinition, ProcessDefinition
from engine.publication import Publication

#: What people wrote in objections, as collect_objections and the message 收到异议 bring it.
_OBJECTIONS = frozenset({"objections", "异议内容"})
NO_DECISIONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Bundle:
    """What an analyst releases.

    ``forms`` maps form ids to the SHA-256 of their text, ``decisions`` the names of DMN files to their text.
    """

    key: str
    name: str
    diagram: str
    policy: str
    forms: Mapping[str, str]
    decisions: Mapping[str, str] = field(default_factory=lambda: NO_DECISIONS)

    @cached_property
    def text(self) -> str:
        """The canonical JSON that is stored and digested; without decisions it does not mention them."""
        content: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "diagram": self.diagram,
            "policy": self.policy,
            "forms": dict(self.forms),
        }
        if self.decisions:
            content["decisions"] = dict(self.decisions)
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @property
    def digest(self) -> str:
        """SHA-256 of the bundle, hexadecimal."""
        return sha256(self.text)

    def pack(self) -> bytes:
        """The bundle for its column."""
        return zlib.compress(self.text.encode())

    @classmethod
    def unpack(cls, blob: bytes) -> Bundle:
        """The inverse of :meth:`pack`."""
        return cls(**json.loads(zlib.decompress(blob)))


@dataclass(frozen=True)
class Release:
    """A compiled version of a process."""

    id: UUID
    version: int
    bundle: Bundle
    process: Process
    spec: tokens.Spec
    forms: Mapping[str, Form]
    settings: Mapping[str, policy.Setting]

    @property
    def key(self) -> str:
        """The process key."""
        return self.bundle.key

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """All flow nodes of the process and its sub-processes, by id."""
        return {node.id: node for node in all_nodes(self.process.scope)}

    @cached_property
    def lanes(self) -> dict[str, Lane]:
        """The lane of each node; what is inside a sub-process stands in the sub-process's lane."""
        direct = {node: lane for lane in self.process.lanes for node in lane.nodes}
        return dict(_in_lanes(self.process.scope, direct, None))

    @cached_property
    def personal(self) -> frozenset[str]:
        """Names of variables that hold personal data: fields of all forms, what people wrote in objections, copies."""
        fields = {name for form in self.forms.values() for name in form.personal}
        return with_copies(tuple(self.nodes.values()), _OBJECTIONS | fields)

    @cached_property
    def dates(self) -> Dates:
        """What the deadlines and timers of the process rest on."""
        return dates_of(self.process)

    @cached_property
    def ways_back(self) -> dict[str, tuple[WayBack, ...]]:
        """For each user task, the tasks to which its token may go back."""
        return ways_back(self.process)

    @cached_property
    def repeated(self) -> frozenset[str]:
        """The activities of which several runs may be under way at the same time, by id."""
        return repeated(self.process)

    @cached_property
    def ledger(self) -> Ledger | None:
        """The columns of the process's ledger, if it keeps one."""
        return Ledger.of(self.process)

    @cached_property
    def publication(self) -> Publication | None:
        """What the process publishes of settled cases, if it does."""
        return Publication.of(self.process)

    @cached_property
    def search_variables(self) -> tuple[str, ...]:
        """Names of the variables that are mirrored for searching."""
        return names(self.process.property("searchVariables"))

    @cached_property
    def search_people(self) -> tuple[str, ...]:
        """Names of the variables with names and telephone numbers under which people look for a case."""
        return names(self.process.property("searchPeople"))

    @cached_property
    def title(self) -> feel.Expression | None:
        """The FEEL expression that gives a case its title."""
        text = self.process.property("title")
        return compile_expression(text.removeprefix("=")) if text else None

    @property
    def starts_by_hand(self) -> bool:
        """Whether it begins without a trigger: for people and for calls."""
        return "" in self.spec.starts

    def start_form(self) -> Form | None:
        """The form that starts a case, if there is one."""
        start = next((n for n in self.process.scope.nodes.values() if n.form_id and n.kind == "startEvent"), None)
        form_id = (start.form_id if start else None) or self.process.property("startForm")
        return self.forms.get(form_id) if form_id else None

    def form_of(self, element_id: str) -> Form | None:
        """The form of a user task, if it has one."""
        form_id = self.nodes[element_id].form_id
        return self.forms.get(form_id) if form_id else None


def names(text: str | None) -> tuple[str, ...]:
    """Split a comma-separated property (either kind of comma) into names."""
    return tuple(part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip())


def sha256(text: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def all_nodes(scope: Scope) -> list[Node]:
    """All flow nodes of a scope, those of its sub-processes included."""
    found: list[Node] = []
    for node in scope.nodes.values():
        found.append(node)
        if node.scope:
            found.extend(all_nodes(node.scope))
    return found


def _in_lanes(scope: Scope, direct: Mapping[str, Lane], around: Lane | None) -> Iterator[tuple[str, Lane]]:
    for node in scope.nodes.values():
        lane = direct.get(node.id, around)
        if lane is not None:
            yield node.id, lane
        if node.scope is not None:
            yield from _in_lanes(node.scope, direct, lane)


def form_ids(process: Process) -> tuple[str, ...]:
    """The ids of all forms that a process uses, in order, each once."""
    used = [node.form_id for node in all_nodes(process.scope) if node.form_id]
    start = process.property("startForm")
    return tuple(dict.fromkeys([*used, *([start] if start else [])]))


def keep_release(tx: Transaction, release: Release) -> None:
    """Let the next transactions use a release that this one has compiled, once it is published."""
    tx.after_commit(partial(tx.engine.cache.__setitem__, ("release", release.id), release))


def load_release(tx: Transaction, definition_id: UUID) -> Release:
    """The compiled release of a definition, from the cache or made now."""
    cached = tx.engine.cache.get(("release", definition_id))
    if cached is None:
        query = select(ProcessDefinition).where(ProcessDefinition.id == definition_id)
        row = tx.session.scalars(query.options(undefer(ProcessDefinition.bundle))).one_or_none()
        if row is None:
            raise NotFound(N_("没有找到这个流程版本。"))
        cached = compile_bundle(tx, row.id, row.version, Bundle.unpack(row.bundle))
        tx.engine.cache["release", definition_id] = cached
    return cast(Release, cached)


def compile_bundle(tx: Transaction, id: UUID, version: int, bundle: Bundle) -> Release:
    """Compile a bundle whose forms are in the database. Raises InvalidDefinition when it does not fit together."""
    process = bpmn.read(bundle.diagram.encode()).process(bundle.key)
    if process is None:
        raise InvalidDefinition(N_("流程图里没有可执行的流程“{key}”。"), key=bundle.key)
    texts = form_texts(tx, bundle.forms)
    return Release(
        id=id,
        version=version,
        bundle=bundle,
        process=process,
        spec=tokens.build(process, decisions.load(bundle.decisions)),
        forms={form_id: compiled_form(tx, digest, texts[digest]) for form_id, digest in bundle.forms.items()},
        settings=policy.parse(bundle.policy),
    )


def compiled_form(tx: Transaction, digest: str, text: str) -> Form:
    """A form by the digest of its text, which never changes: compiled once. Raises InvalidDefinition."""
    cached = tx.engine.cache.get(("form", digest))
    if cached is None:
        cached = tx.engine.cache["form", digest] = form_files.compile(text)
    return cast(Form, cached)


def form_of_digest(tx: Transaction, digest: str) -> Form | None:
    """A version of a form by its digest, also one that no release uses any more; None when it is not known."""
    row = tx.session.get(FormDefinition, digest) if digest else None
    return compiled_form(tx, digest, row.content) if row is not None else None


def form_texts(tx: Transaction, digests: Mapping[str, str]) -> dict[str, str]:
    """The texts of forms by digest. Raises InvalidDefinition when one is missing."""
    rows = tx.session.scalars(select(FormDefinition).where(FormDefinition.digest.in_(digests.values())))
    found: dict[str, Any] = {row.digest: row.content for row in rows}
    for form_id, digest in digests.items():
        if digest not in found:
            raise InvalidDefinition(N_("没有找到表单“{form}”。"), form=form_id)
    return found
