"""Where a message goes: to the one case that waits for it, to a start event, or into the mailbox.

A transaction locks one instance at most. What it can't settle with that is left to a job of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from engine.database import Transaction
from engine.errors import N_, InvalidVariables
from engine.execution import mailbox
from engine.execution.advance import advance
from engine.execution.ending import withdraw_notices
from engine.execution.loaded import Loaded, is_over, lock_instance
from engine.execution.mailbox import DEFAULT_TTL, MOST_CHARACTERS, Letter
from engine.execution.scheduling import schedule_alone
from engine.execution.starting import Origin, create_instance, starting_unit
from engine.execution.throwing import PUBLISH
from engine.lifecycle import InstanceState
from engine.model.message import StartSubscription
from engine.model.process import ProcessInstance
from engine.model.work import MessageSubscription
from engine.release import load_release
from engine.values import decode, encode

MESSAGE = "message"
#: The message with which residents take a case back.
WITHDRAWAL = "撤回诉求"


class Outcome(StrEnum):
    """What became of a message."""

    #: A case that waited for it took it.
    DELIVERED = "delivered"
    #: A new case was started by it.
    STARTED = "started"
    #: Nobody waits; it is kept until its time is over.
    KEPT = "kept"
    #: A message with this id was there before; nothing happened.
    DUPLICATE = "duplicate"
    #: Nobody waits, and it was not to be kept.
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class Published:
    """What became of a message, and the case that took it, if one did."""

    outcome: Outcome
    instance_id: UUID | None = None


def publish(tx: Transaction, letter: Letter, ttl: timedelta = DEFAULT_TTL, message_id: str | None = None) -> Published:
    """Bring a message to exactly one taker: a case that waits, else a start event; else keep it for ``ttl``.

    ``message_id`` makes a second message with the same name, key and id a duplicate, as long as the first one's time
    is not over. Raises InvalidVariables for an id that is too long.
    """
    if message_id is not None:
        if not 0 < len(message_id) <= MOST_CHARACTERS:
            raise InvalidVariables(N_("消息的标识最多 {most} 个字，不能为空。"), {}, most=MOST_CHARACTERS)
        if before := mailbox.known(tx, letter.name, letter.key, message_id):
            return Published(Outcome.DUPLICATE, before.instance_id)
    published = _bring(tx, letter)
    if published is None:
        return _keep(tx, letter, ttl, message_id)
    if message_id is not None:
        mailbox.keep(tx, letter, message_id, tx.now + ttl, published.instance_id)
    return published


def match(tx: Transaction, name: str, key: str) -> None:
    """Bring the oldest message that waits with this name and key to somebody."""
    message = mailbox.oldest(tx, name, key)
    if message is None:
        return
    letter = Letter(name, key, decode(message.payload), message.unit_id)
    published = _bring(tx, letter)
    if published is not None:
        message.taken_at, message.instance_id, message.payload = tx.now, published.instance_id, {}
        return
    mailbox.hold_to_keep(tx, name, key)
    if _is_awaited(tx, letter):
        mailbox.schedule_match(tx, name, key)


def match_next_start(tx: Transaction, process_key: str, key: str) -> None:
    """A case that a message had started is over: the next message with its key may start one."""
    query = select(StartSubscription.name).where(
        StartSubscription.process_key == process_key, StartSubscription.kind == MESSAGE
    )
    for name in tx.session.scalars(query.order_by(StartSubscription.name)):
        mailbox.expect(tx, name, key)


def deliver(tx: Transaction, letter: Letter) -> UUID | None:
    """Give a message to the case that has waited longest for it; its id, or None when nobody does (any more)."""
    waiting = select(MessageSubscription).where(_is_for(letter))
    found = tx.session.scalars(waiting.order_by(MessageSubscription.opened_at, MessageSubscription.token_id)).first()
    if found is None:
        return None
    instance = lock_instance(tx, found.instance_id)
    if is_over(instance):
        return None
    loaded = Loaded.load(tx, instance)
    if found.token_id not in loaded.before:
        return None
    variables = dict(letter.variables)
    loaded.record("message_received", found.element_id, name=letter.name, variables=variables)
    loaded.run.trigger(found.token_id, variables)
    loaded.recorded_changes = len(loaded.scopes.changes)
    advance(loaded)
    if letter.name == WITHDRAWAL:
        withdraw_notices(loaded, N_("事项已撤回"))
    return instance.id


def mention(tx: Transaction, letter: Letter) -> None:
    """Leave a job that brings a message to whoever still waits for it then; if nobody waits now, none does."""
    if _is_awaited(tx, letter):
        unit = str(letter.unit_id) if letter.unit_id else None
        values = encode(dict(letter.variables))
        schedule_alone(tx, PUBLISH, name=letter.name, key=letter.key, values=values, unit=unit, ttl="PT0S")


def _bring(tx: Transaction, letter: Letter) -> Published | None:
    if taker := deliver(tx, letter):
        return Published(Outcome.DELIVERED, taker)
    if taker := _start(tx, letter):
        return Published(Outcome.STARTED, taker)
    return None


def _start(tx: Transaction, letter: Letter) -> UUID | None:
    """Start a case, unless one that a message with this key started still runs."""
    found = _start_event(tx, letter.name)
    if found is None:
        return None
    tx.hold(f"start {found.process_key}\0{letter.key}")
    if _runs(tx, found.process_key, letter.key):
        return None
    release = load_release(tx, found.definition_id)
    unit = starting_unit(tx, release, letter.unit_id)
    origin = Origin(unit, start_event=found.element_id, correlation_key=letter.key or None, payload=letter.variables)
    return create_instance(tx, release, {}, origin).instance.id


def _keep(tx: Transaction, letter: Letter, ttl: timedelta, message_id: str | None) -> Published:
    mailbox.hold_to_keep(tx, letter.name, letter.key)
    awaited = _is_awaited(tx, letter)  # somebody came in the meantime
    if ttl <= timedelta() and not awaited:
        return Published(Outcome.UNWANTED)
    mailbox.keep(tx, letter, message_id, tx.now + (ttl if ttl > timedelta() else DEFAULT_TTL), None)
    if awaited:
        mailbox.schedule_match(tx, letter.name, letter.key)
    return Published(Outcome.KEPT)


def _is_awaited(tx: Transaction, letter: Letter) -> bool:
    if tx.session.scalar(select(exists().where(_is_for(letter)))):
        return True
    start = _start_event(tx, letter.name)
    return start is not None and not _runs(tx, start.process_key, letter.key)


def _is_for(letter: Letter) -> ColumnElement[bool]:
    subscription = MessageSubscription
    return and_(subscription.kind == MESSAGE, subscription.name == letter.name, subscription.key == letter.key)


def _start_event(tx: Transaction, name: str) -> StartSubscription | None:
    query = select(StartSubscription).where(StartSubscription.kind == MESSAGE, StartSubscription.name == name)
    return tx.session.scalars(query.order_by(StartSubscription.process_key, StartSubscription.element_id)).first()


def _runs(tx: Transaction, process_key: str, key: str) -> bool:
    if not key:
        return False
    running = exists().where(
        ProcessInstance.process_key == process_key,
        ProcessInstance.correlation_key == key,
        ProcessInstance.state == InstanceState.ACTIVE,
    )
    return bool(tx.session.scalar(select(running)))
