"""Whether a case waits for a message, or may still come to wait for it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select

from engine.bpmn.ahead import ahead, is_repeated
from engine.bpmn.model import EventType, Kind, Node
from engine.database import Transaction
from engine.execution.loaded import Loaded, is_over
from engine.model.process import ProcessInstance
from engine.model.work import Job, MessageSubscription
from engine.tokens import Standing

_CATCHES = frozenset({Kind.START_EVENT, Kind.INTERMEDIATE_CATCH, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK})


def awaits(tx: Transaction, instance_id: UUID, name: str, key: str, since: UUID) -> bool:
    """Whether the case waits for the message ``name`` with ``key``, or may still do so.

    The key was made by the job ``since``. As long as some way leads from where the case stands to an element that
    catches ``name``, and does not pass the element of that job again (which would make another key), the case may only
    not have got there yet. Read without locks: a case that moves on afterwards finds the message kept for it.
    """
    instance = tx.session.get_one(ProcessInstance, instance_id)
    if is_over(instance):
        return False
    subscription = MessageSubscription
    waits = exists().where(subscription.kind == "message", subscription.name == name, subscription.key == key)
    return bool(tx.session.scalar(select(waits))) or _may_come_to_wait(Loaded.load(tx, instance), name, since)


def _may_come_to_wait(loaded: Loaded, name: str, since: UUID) -> bool:
    job = loaded.tx.session.get_one(Job, since)
    nodes, made_by = loaded.release.nodes, job.element_id or ""
    standing = list(_that_have_the_key(loaded.run.standing(), nodes[made_by], job.token_id))
    entering = [each.element_id for each in standing if each.is_entering]
    inside = [each.element_id for each in standing]
    reached = ahead(loaded.release.process, entering, inside, closed=made_by)
    return any(_catches(nodes[id], name) for id in (*reached, *entering))


def _that_have_the_key(standing: Iterable[Standing], made_by: Node, token: UUID | None) -> Iterable[Standing]:
    """Another token at the element that made the key is there to make another one."""
    repeated = is_repeated(made_by)
    return (each for each in standing if each.token_id == token or each.element_id != made_by.id or repeated)


def _catches(node: Node, name: str) -> bool:
    messages = (each.name for each in node.definitions if each.type is EventType.MESSAGE and node.kind in _CATCHES)
    return any(text is not None and (text.is_feel or text.value == name) for text in messages)
