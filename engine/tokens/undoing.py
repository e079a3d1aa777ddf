"""What compensation needs of every activity: remembering its completion, undoing it, and telling when that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.tokens.variables import open_scope
from engine.values import decode, encode
from engine.variables import ScopeId

if TYPE_CHECKING:
    from engine.tokens.activities import SubProcess
    from engine.tokens.core import Token

#: Number of the element, entries remembered inside it, its variables (encoded, None without a scope), and 1 when only
#: what is inside is to be undone, since it had not completed itself.
Entry = list[Any]


def remember(token: Token) -> None:
    """Note in the scope around that an activity has completed, if anything can undo it."""
    activity = token.task_spec
    inside = token.internal_data.pop("h", [])
    if not activity.has_undo and not inside:
        return
    scope = token.holder
    while not scope.task_spec.is_scope:
        scope = scope.holder
    scope.internal_data.setdefault("h", []).append([activity.number, inside, _variables(token), 0])


def remembered_in(scope: Token) -> list[Entry]:
    """Take off all that a running scope remembers, what still runs inside it included; the latest last.

    What others inside have begun to undo one after the other, and not come to yet, is part of it.
    """
    found: list[Entry] = scope.internal_data.pop("h", [])
    for child in scope.held:
        inside = remembered_in(child) + [entry[1:] for entry in child.internal_data.pop("q", [])]
        if inside and child.task_spec.is_scope:
            found.append([child.task_spec.number, inside, _variables(child), 1])
        else:
            found.extend(inside)
    return found


def undo_next(waiter: Token) -> bool:
    """Start to undo the latest entry that ``waiter`` still has to; False when there is none left."""
    queue = waiter.internal_data["q"]
    if not queue:
        return False
    place, number, inside, variables, is_partly = queue.pop()
    workflow = waiter.workflow
    scope, activity = workflow.tasks[UUID(place)], workflow.spec.by_number[number]
    if activity.undo is not None and not is_partly:
        token = scope.put(activity.undo, y=waiter.id.hex)
    else:
        token = scope.put(activity, y=waiter.id.hex, z=is_partly, h=inside)
    if variables is not None:
        open_scope(token, decode(variables))
    return True


def undo_inside(token: Token, activity: SubProcess) -> bool:
    """Undo a completed sub-process in the copy of it that ``token`` is; say whether nothing is left to wait for.

    By its compensation event sub-process, which may undo what is inside itself; without one all inside is undone.
    """
    if activity.undo_start is not None and not token.internal_data["z"]:
        token.put(activity.undo_start.container, b=activity.undo_start.number)
        return False
    token.internal_data["q"] = [[token.id.hex, *entry] for entry in token.internal_data.pop("h")]
    return not undo_next(token)


def undone(token: Token) -> None:
    """Tell who waits for it that ``token`` has undone what it should: the next one, or all is done."""
    waiter = token.workflow.tasks.get(UUID(token.internal_data["y"]))
    if waiter is not None and not undo_next(waiter):
        waiter.finish_waiting()


def _variables(token: Token) -> Any:
    """The variables that a sub-process, or one run of a repeated activity, had at its end."""
    if "s" not in token.internal_data or not (token.task_spec.is_body or token.task_spec.is_scope):
        return None
    return encode(token.workflow.scopes.local(ScopeId(token.id.hex)))
