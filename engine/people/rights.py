"""Who may do which task: in the own post, or in the place of somebody who is away; never in one's own matter.

The lists keep the same rule in :mod:`engine.queries.worklist_sources`, along their own indexes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from engine.errors import N_, AlreadyDone, NotAuthorized
from engine.model.work import UserTask
from engine.people.actor import Actor, StandIn


@dataclass(frozen=True, slots=True)
class Right:
    """That an actor may do a task; ``for_whom`` when it is the work of another post."""

    for_whom: StandIn | None = None

    def signed(self, actor: Actor) -> str:
        """How it is signed: 金星社区一组组长（由金星社区二组组长代办）."""
        return f"{self.for_whom.name}（由{actor.name}代办）" if self.for_whom else actor.name

    @property
    def facts(self) -> dict[str, str]:
        """What history adds about the post in whose place somebody acts."""
        if self.for_whom is None:
            return {}
        return {"on_behalf_of": self.for_whom.name, "principal": str(self.for_whom.principal)}


def rights_to(actor: Actor, task: UserTask, process_key: str, candidates: Collection[str]) -> list[Right]:
    """Everything that lets the actor do the task, the own post first, whoever has claimed it.

    What one has claimed in one post, one may do from any other; but not once one has left the post.
    """
    if actor.account_id is not None and task.barred == actor.account_id:
        return []
    holders = actor.holders | actor.posts if _is_own(actor, task) else actor.holders
    mine = [Right()] if not holders.isdisjoint(candidates) else []
    return mine + [
        Right(each)
        for each in actor.standing_in
        if each.covers(process_key) and each.holder in candidates and each.principal != task.barred
    ]


def right_as(actor: Actor, holder: str, process_key: str, never_for: Collection[UUID | None]) -> Right | None:
    """Why the actor may act as this holder: in an own post, or standing in for somebody who is not among these."""
    if holder in actor.holders:
        return Right()
    for each in actor.standing_in:
        if each.holder == holder and each.covers(process_key) and each.principal not in never_for:
            return Right(each)
    return None


def right_now(actor: Actor, task: UserTask, rights: Collection[Right]) -> Right | None:
    """The one of the rights by which the actor may do the task now; None while somebody else has claimed it."""
    if task.assignee is None or _is_own(actor, task):
        return next(iter(rights), None)
    for right in rights:
        principal = right.for_whom.principal if right.for_whom else None
        if principal is None:
            if task.assignee == actor.account_id:
                return right
        elif (task.assignee, task.claimed_for) in ((principal, None), (actor.account_id, principal)):
            return right
    return None


def right_in_any_post(actor: Actor, task: UserTask, process_key: str, candidates: Collection[str]) -> Right | None:
    """Why the actor could do the task, in whichever own post; None when not."""
    everywhere = replace(actor, holders=actor.holders | actor.posts)
    return next(iter(rights_to(everywhere, task, process_key, candidates)), None)


def ensure_may(actor: Actor, task: UserTask, process_key: str, candidates: Collection[str]) -> Right:
    """Why the actor may do the task now.

    State before right: whoever comes second hears who was faster, not that something is forbidden. Raises
    NotAuthorized, saying what to do in one's own matter, or AlreadyDone, naming who was faster.
    """
    rights = rights_to(actor, task, process_key, candidates)
    if not rights and is_barred(actor, task):
        raise NotAuthorized(N_("“{task}”属于本人提出的事项，按回避要求不能由本人办理。请转办给他人。"), task=task.name)
    if not rights:
        raise NotAuthorized(N_("“{task}”没有分派给您现在的岗位（{post}）。"), task=task.name, post=actor.name)
    task.ensure_open()
    right = right_now(actor, task, rights)
    if right is None:
        raise AlreadyDone(N_("“{task}”已由{who}领取。"), task=task.name, who=task.holder_name or "")
    return right


def claim_for(actor: Actor, task: UserTask, right: Right, at: datetime) -> bool:
    """Give the task to the actor by this right; False when the actor has it already, as after a double click."""
    principal = right.for_whom.principal if right.for_whom else None
    if task.assignee is not None and (task.assignee, task.claimed_for) == (actor.account_id, principal):
        return False
    task.claim(actor.account_id, right.signed(actor), at, principal)
    return True


def is_barred(actor: Actor, task: UserTask) -> bool:
    """Whether it is the actor's own matter."""
    return task.barred is not None and task.barred == actor.account_id


def _is_own(actor: Actor, task: UserTask) -> bool:
    """Whether the actor claimed it for oneself, or a substitute did for the actor."""
    if actor.account_id is None:
        return False
    if task.claimed_for is not None:
        return task.claimed_for == actor.account_id
    return task.assignee == actor.account_id
