"""Commands on comments: say something about a case, mention posts and people, change it, take it back.

Whoever is mentioned is told and may see the case from then on. In history the text is a commitment: it may be personal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from engine import people
from engine.database import Transaction
from engine.errors import N_, InvalidState, NotAuthorized, NotFound
from engine.execution import lock_instance
from engine.history import record
from engine.model.comment import Comment, Mention
from engine.model.people import Account, AccountKind
from engine.model.process import ProcessInstance
from engine.notifications import tell
from engine.reasons import written

LONGEST = 2_000
#: No person needs more in an hour; a program that has lost its way would.
MOST_AN_HOUR = 60
MOST_MENTIONS = 10
_LONGEST_NAME = 40
_MISSING = N_("请填写评论。")
_TEXT = "评论"  # zh: the name under which history keeps the text


@dataclass(frozen=True)
class Said:
    """A new comment, the names of those who were told, and what followed an @ without naming anybody."""

    comment: Comment
    told: tuple[str, ...]
    unknown: tuple[str, ...]


def add(tx: Transaction, instance_id: UUID, text: str) -> Said:
    """Comment on a case. ``@岗位`` or ``@姓名`` mentions; the longest name that fits counts.

    Raises NotFound unless the actor may see the case, NotAuthorized for whoever is no official, InvalidVariables for an
    empty or too long text, InvalidState when somebody is mentioned on a confidential case or there are too many.
    """
    instance = _locked(tx, instance_id)
    text = written(text, "text", _MISSING, LONGEST)
    _ensure_not_too_many(tx)
    named, unknown = _mentioned(tx, text)
    if named and instance.confidential:
        raise InvalidState(N_("这个事项的流程需要保密，不能在评论中提及其他岗位或者人员。"))
    comment = Comment(
        instance_id=instance.id,
        account_id=tx.actor.account_id,
        author=tx.actor.name,
        text=text,
        created_at=tx.now,
    )
    tx.add(comment)
    tx.session.flush()  # the mentions need its id
    for holder in named:
        tx.add(Mention(comment_id=comment.id, holder=holder, instance_id=instance.id))
    _record(tx, instance, "comment_added", comment, mentions=list(named.values()))
    facts = {"who": tx.actor.name, "case": instance.title}
    tell(tx, "mentioned", named, instance, N_("{who}在“{case}”的评论中点名提醒，请查看"), facts)
    return Said(comment, tuple(named.values()), unknown)


def change(tx: Transaction, comment_id: UUID, text: str) -> Comment:
    """Say something else, within ten minutes; nobody is mentioned anew. Raises as ``add`` does."""
    comment, instance = _own(tx, comment_id)
    comment.change(written(text, "text", _MISSING, LONGEST), tx.now)
    _record(tx, instance, "comment_changed", comment)
    return comment


def take_back(tx: Transaction, comment_id: UUID) -> Comment:
    """Delete it within ten minutes; later only withdraw it, so that it stays visible that there was one."""
    comment, instance = _own(tx, comment_id)
    if comment.is_changeable(tx.now):
        tx.session.delete(comment)
    else:
        comment.withdraw(tx.now)
    record(tx, instance, "comment_withdrawn", None, {"comment": str(comment.id)})
    return comment


def _locked(tx: Transaction, instance_id: UUID) -> ProcessInstance:
    instance = lock_instance(tx, instance_id)
    seen = select(ProcessInstance.id).where(
        ProcessInstance.id == instance_id, people.visible_to(tx.actor, [instance_id])
    )
    if tx.session.scalar(seen) is None:
        raise NotFound(N_("没有找到这个事项，或者当前岗位不能查看它。"))
    looks_after = tx.actor.may("task.handle") or tx.actor.may("case.view_all")
    if not looks_after or not people.reads_inside(tx.actor, instance):
        raise NotAuthorized(N_("只有办理和管理人员可以评论，本人提出的事项除外。"))
    return instance


def _own(tx: Transaction, comment_id: UUID) -> tuple[Comment, ProcessInstance]:
    comment = tx.get(Comment, comment_id, N_("评论"))
    instance = _locked(tx, comment.instance_id)
    if comment.account_id != tx.actor.account_id:
        raise NotAuthorized(N_("只能修改或者撤回本人的评论。"))
    return comment, instance


def _ensure_not_too_many(tx: Transaction) -> None:
    recent = select(func.count()).where(
        Comment.account_id == tx.actor.account_id, Comment.created_at > tx.now - timedelta(hours=1)
    )
    if (tx.session.scalar(recent) or 0) >= MOST_AN_HOUR:
        raise InvalidState(N_("一小时内最多发表 {limit} 条评论，请稍后再试。"), limit=MOST_AN_HOUR)


def _mentioned(tx: Transaction, text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The holders who are mentioned, with their names, and what names nobody."""
    beginnings = [list(_beginnings(part)) for part in text.split("@")[1 : MOST_MENTIONS + 1]]
    wanted = {name for each in beginnings for name in each}
    known = {**_people(tx, wanted), **_posts(tx, wanted)} if wanted else {}
    found: dict[str, str] = {}
    unknown = []
    for names in beginnings:
        name = next((name for name in names if name in known), None)
        if name is not None:
            found[known[name]] = name
        elif names:
            unknown.append(names[0])
    return found, tuple(unknown)


def _beginnings(part: str) -> Iterator[str]:
    """The words after an @, longest first: Chinese writes on without a space, so any beginning may be the name."""
    word = part.split(maxsplit=1)[0][:_LONGEST_NAME] if part.strip() and not part[0].isspace() else ""
    yield from (word[:length] for length in range(len(word), 1, -1))


def _posts(tx: Transaction, wanted: set[str]) -> Mapping[str, str]:
    tree = people.org_tree(tx)
    return {
        name: people.post_holder(kind.key, unit.id)
        for unit in tree
        if unit.active and any(name.startswith(unit.name) for name in wanted)
        for kind in tree.positions.values()
        if kind.level is unit.level and (name := tree.post_name(kind.key, unit.id)) in wanted
    }


def _people(tx: Transaction, wanted: set[str]) -> Mapping[str, str]:
    query = select(Account).where(Account.name.in_(sorted(wanted)), Account.kind == AccountKind.OFFICIAL)
    return {account.name: people.account_holder(account.id) for account in tx.session.scalars(query)}


def _record(
    tx: Transaction, instance: ProcessInstance, type: str, comment: Comment, mentions: list[str] | None = None
) -> None:
    data = {"comment": str(comment.id), "variables": {_TEXT: comment.text}}
    if mentions is not None:
        data["mentions"] = mentions
    record(tx, instance, type, None, data, {_TEXT})
