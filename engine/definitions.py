"""Commands on process definitions: forms, drafts, checking, publishing.

The unit of release is the bundle. A file never replaces a release that an analyst has published: it becomes a draft.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine import bpmn, decision_faults, people, policy
from engine.bpmn import Finding
from engine.bpmn.diagram import Diagram
from engine.bpmn.model import Process
from engine.database import Transaction
from engine.errors import N_, Conflict, InvalidDefinition, NotAuthorized
from engine.execution import GLOBAL_NAMES, arm, feel_environment
from engine.handlers import RESULTS, registry
from engine.history import record_system
from engine.known_forms import KnownForms, newest_digests
from engine.lifecycle import DefinitionState
from engine.model.base import new_id
from engine.model.message import StartSubscription
from engine.model.process import Clause, FormDefinition, ProcessDefinition, ProcessDraft
from engine.release import (
    NO_DECISIONS,
    Bundle,
    all_nodes,
    compile_bundle,
    compiled_form,
    form_ids,
    keep_release,
    sha256,
)
from engine.xml_reading import as_text

_MAX_KEY = 80  # characters, as in the database


def add_form(tx: Transaction, content: str) -> str:
    """Store a form unless this very text is there already; its digest. Raises InvalidDefinition for a faulty form."""
    digest = sha256(content)
    if tx.session.get(FormDefinition, digest) is None:
        form = compiled_form(tx, digest, content)
        tx.add(FormDefinition(digest=digest, form_id=form.id, content=content, added_at=tx.now))
        tx.session.flush()  # the publication that follows in this transaction looks forms up
        record_system(tx, "form_added", {"form": form.id, "digest": digest})
    return digest


def check(
    tx: Transaction, diagram: str, policy_text: str = "", decision_texts: Mapping[str, str] = NO_DECISIONS
) -> tuple[Finding, ...]:
    """Everything the checker says about a diagram, as it would run here with this policy and these DMN files.

    Raises InvalidDefinition for a faulty DMN file.
    """
    return bpmn.check(bpmn.read(diagram.encode()), world(tx, policy_text, decision_texts))


def save_draft(tx: Transaction, key: str, diagram: str, seen_version: int | None = None) -> ProcessDraft:
    """Keep an analyst's work, finished or not. ``seen_version`` is the lock version of the draft that was opened.

    Raises InvalidDefinition when it is not a diagram, Conflict when somebody else saved in the meantime.
    """
    _ensure_may(tx, "definition.edit")
    process = _only_process(bpmn.read(diagram.encode()), key)
    draft = tx.session.get(ProcessDraft, key, with_for_update=True)
    if draft is not None and seen_version is not None and draft.lock_version != seen_version:
        raise Conflict(
            N_("“{name}”的草稿已由{who}在您打开之后保存。请另存您的图后重新打开。"), name=draft.name, who=draft.saved_by
        )
    if draft is None:
        draft = tx.add(ProcessDraft(key=key, base_version=_latest_version(tx, key)))
    draft.name, draft.diagram = process.name or key, diagram
    draft.saved_at, draft.saved_by = tx.now, tx.actor.name
    return draft


def open_file(tx: Transaction, source: bytes) -> str:
    """Begin a process as a draft with a diagram that came as a file, from whatever tool; returns its key.

    The key is the id of the first executable process of the file, or of its first one. Raises InvalidDefinition for
    what is no diagram or holds no process, Conflict when there is such a process already.
    """
    diagram = bpmn.read(source)
    process = diagram.process() or next(iter(diagram.processes), None)
    if process is None or not 0 < len(process.key) <= _MAX_KEY:
        raise InvalidDefinition(N_("文件里没有流程，或者流程的 id 超过 {n} 个字符。请另选一个文件。"), n=_MAX_KEY)
    if _latest_version(tx, process.key) or tx.session.get(ProcessDraft, process.key):
        raise Conflict(N_("已经有标识为“{key}”的流程。请到它的画图页上打开这个文件。"), key=process.key)
    save_draft(tx, process.key, as_text(source))
    return process.key


def publish(tx: Transaction, key: str, diagram: str, note: str = "") -> ProcessDefinition:
    """Release a diagram as the next version of a process, with the newest forms and what ``beside`` says.

    New cases start on it; running ones stay on theirs. Raises InvalidDefinition with the findings when it can't run.
    """
    _ensure_may(tx, "definition.publish")
    process = _only_process(bpmn.read(diagram.encode()), key)
    row = _release(tx, _bundle(tx, process, diagram, *beside(tx, key)), "studio", note)
    draft = tx.session.get(ProcessDraft, key)
    if draft is not None:
        tx.session.delete(draft)
    return row


def is_newest(tx: Transaction, key: str, diagram: str, policy_text: str, decision_texts: Mapping[str, str]) -> bool:
    """Whether these files with the newest forms are what the newest version was made of; found without reading them."""
    latest = _latest(tx, key)
    if latest is None:
        return False
    newest = Bundle.unpack(latest.bundle)
    digests = newest_digests(tx)
    held = (newest.diagram, newest.policy, dict(newest.decisions))
    return held == (diagram, policy_text, dict(decision_texts)) and newest.forms.items() <= digests.items()


def calls(diagram: str, key: str) -> frozenset[str]:
    """The keys of the processes that a process calls by name. Raises InvalidDefinition for what is no diagram."""
    nodes = all_nodes(_only_process(bpmn.read(diagram.encode()), key).scope)
    texts = (node.called_process for node in nodes if node.called_process)
    return frozenset(text.value for text in texts if not text.is_feel)


def deploy_file(
    tx: Transaction, key: str, diagram: str, policy_text: str, decision_texts: Mapping[str, str] = NO_DECISIONS
) -> tuple[str, str]:
    """Release a process that came as files, if it is new: (outcome, digest); outcome is published, known or draft.

    ``decision_texts`` maps the names of DMN files to their text.
    """
    process = _only_process(bpmn.read(diagram.encode()), key)
    bundle = _bundle(tx, process, diagram, policy_text, decision_texts)
    query = select(ProcessDefinition).where(ProcessDefinition.key == key).order_by(ProcessDefinition.version.desc())
    versions = list(tx.session.scalars(query))
    if any(row.digest == bundle.digest for row in versions):
        return "known", bundle.digest
    if versions and versions[0].source == "studio":
        return _draft_of_files(tx, bundle), bundle.digest
    return "published", _release(tx, bundle, "file", "").digest


def beside(tx: Transaction, key: str) -> tuple[str, Mapping[str, str]]:
    """The policy and the DMN files that go with a diagram from the drawing board.

    They are those of the newest version, or those that came with the draft when it came as files.
    """
    latest, draft = _latest(tx, key), tx.session.get(ProcessDraft, key)
    if draft is not None and draft.policy is not None and draft.decisions is not None:
        return draft.policy, draft.decisions
    newest = Bundle.unpack(latest.bundle) if latest else None
    return (newest.policy, newest.decisions) if newest else ("", NO_DECISIONS)


def _draft_of_files(tx: Transaction, bundle: Bundle) -> str:
    """Keep files as a draft, draft or known; an analyst's unfinished work is worth more than a file."""
    draft = tx.session.get(ProcessDraft, bundle.key)
    held = (bundle.diagram, bundle.policy, bundle.decisions)
    if draft is not None and (draft.saved_by != tx.actor.name or (draft.diagram, *beside(tx, bundle.key)) == held):
        return "known"
    draft = save_draft(tx, bundle.key, bundle.diagram)
    draft.policy, draft.decisions = bundle.policy, dict(bundle.decisions)
    return "draft"


def world(tx: Transaction, policy_text: str = "", decision_texts: Mapping[str, str] = NO_DECISIONS) -> bpmn.World:
    """What diagrams may refer to here: forms, decisions, posts, places, settings, processes, handlers, functions…"""
    tree = people.org_tree(tx)
    published = select(ProcessDefinition.key).where(ProcessDefinition.state == DefinitionState.PUBLISHED)
    return bpmn.World(
        forms=KnownForms(tx),
        positions=frozenset(tree.positions),
        places=tree.places,
        position_levels=tree.position_levels,
        place_levels=tree.place_levels,
        policy=frozenset(policy.parse(policy_text)),
        decisions=decision_faults.known(decision_texts),
        processes=frozenset(tx.session.scalars(published)),
        handlers=frozenset(registry()),
        results=RESULTS,
        functions=frozenset(feel_environment(tx).functions),
        message_starts=_message_starts(tx),
        version_tags=_version_tags(tx),
        clauses=frozenset(tx.session.scalars(select(Clause.id))),
        variables=GLOBAL_NAMES,
        now=tx.now,
    )


def _message_starts(tx: Transaction) -> dict[str, str]:
    query = select(StartSubscription.name, StartSubscription.process_key).where(StartSubscription.kind == "message")
    return {row[0]: row[1] for row in tx.session.execute(query)}


def _version_tags(tx: Transaction) -> dict[str, frozenset[str]]:
    query = select(ProcessDefinition.key, ProcessDefinition.version_tag).where(
        ProcessDefinition.state == DefinitionState.PUBLISHED, ProcessDefinition.version_tag.is_not(None)
    )
    found: dict[str, set[str]] = {}
    for key, tag in tx.session.execute(query):
        found.setdefault(key, set()).add(str(tag))
    return {key: frozenset(tags) for key, tags in found.items()}


def _release(tx: Transaction, bundle: Bundle, source: str, note: str) -> ProcessDefinition:
    findings = check(tx, bundle.diagram, bundle.policy, bundle.decisions)
    if any(finding.severity == "error" for finding in findings):
        raise InvalidDefinition(N_("流程图还不能发布，请先改正检查出的问题。"), findings)
    release = compile_bundle(tx, new_id(), (_latest_version(tx, bundle.key) or 0) + 1, bundle)
    row = ProcessDefinition(
        id=release.id,
        key=bundle.key,
        version=release.version,
        name=bundle.name,
        digest=bundle.digest,
        bundle=bundle.pack(),
        source=source,
        note=note,
        version_tag=release.process.version_tag,
        published_at=tx.now,
        published_by=tx.actor.name,
    )
    published = {"key": row.key, "version": row.version, "digest": row.digest, "note": note}
    record_system(tx, "definition_published", published)  # before the jobs, as whoever changes settings does
    arm(tx, release)
    keep_release(tx, release)
    return tx.add(row)


def _bundle(
    tx: Transaction, process: Process, diagram: str, policy_text: str, decision_texts: Mapping[str, str]
) -> Bundle:
    newest = newest_digests(tx)
    digests = {form_id: newest[form_id] for form_id in form_ids(process) if form_id in newest}
    return Bundle(process.key, process.name or process.key, diagram, policy_text, digests, decision_texts)


def _only_process(diagram: Diagram, key: str) -> Process:
    process = diagram.process(key)
    if process is None:
        raise InvalidDefinition(N_("流程图里没有标识为“{key}”的流程。"), key=key)
    return process


def _latest(tx: Transaction, key: str) -> ProcessDefinition | None:
    query = select(ProcessDefinition).where(ProcessDefinition.key == key)
    return tx.session.scalars(query.order_by(ProcessDefinition.version.desc()).limit(1)).first()


def _latest_version(tx: Transaction, key: str) -> int | None:
    latest = _latest(tx, key)
    return latest.version if latest else None


def _ensure_may(tx: Transaction, permission: str) -> None:
    if not tx.actor.may(permission):
        raise NotAuthorized(N_("您的岗位不能编辑或发布流程。"))
