"""Filing at the counter, where anybody may: as often as people do, not as often as machines could."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from engine import counter_limits, filing_drafts, instances, people
from engine.database import Engine, Transaction
from engine.errors import N_, AlreadyDone
from engine.execution import latest_release
from engine.instances import Started
from engine.model.people import Level
from engine.people import Actor, Unit


@dataclass(frozen=True)
class Sender:
    """Whence it comes: an address, the session of the uploads, and the draft that it was filled in as, if any."""

    client: str
    upload_session: str | None = None
    draft: UUID | None = None
    drafts_of: Collection[str] = ()


def file(
    engine: Engine,
    actor: Actor,
    key: str,
    values: Mapping[str, Any],
    group: Unit,
    level: Level,
    sender: Sender,
) -> Started:
    """Start a case of a process for the unit of this level that a group belongs to, and count it for the sender.

    Raises TooMuch while the address or the telephone number has to wait, AlreadyDone when the draft was sent or
    discarded meanwhile, and what ``instances.start`` raises.
    """
    with engine.begin(actor) as tx:
        draft = _lock_draft(tx, sender)
        phone = _phone(tx, key, values)
        counter_limits.ensure_may_file(tx, sender.client, phone)
        unit = _unit(tx, group, level)
        started = instances.start(tx, key, values, unit.id, sender.upload_session, own_matter=True)
        if draft is not None:
            filing_drafts.sent(tx, draft)
        counter_limits.count_filing(tx, sender.client, phone)
    return started


def file_for(engine: Engine, actor: Actor, key: str, values: Mapping[str, Any], group: Unit, level: Level) -> Started:
    """Start a case for a resident who came in person; the official who acts is no party to it (帮办代办).

    It belongs to the unit of this level above the resident's group, whichever window the resident came to. Counted for
    the resident's telephone number only: all who come to a window share its address.
    Raises NotAuthorized without the permission case.start, TooMuch, and what ``instances.start`` raises.
    """
    actor.require("case.start")
    with engine.begin(actor) as tx:
        phone = _phone(tx, key, values)
        counter_limits.ensure_may_file(tx, "", phone)
        started = instances.start(tx, key, values, _unit(tx, group, level).id, for_resident=True)
        counter_limits.count_filing(tx, "", phone)
    return started


def _unit(tx: Transaction, group: Unit, level: Level) -> Unit:
    """The unit of this level that the group belongs to."""
    return people.org_tree(tx).ancestor(group.id, level) or group


def _lock_draft(tx: Transaction, sender: Sender) -> Any:
    if sender.draft is None:
        return None
    draft = filing_drafts.opened(tx, sender.draft, sender.drafts_of, to_change=True)
    if draft is None:
        raise AlreadyDone(N_("这份内容已经提交或者删除了。"))
    return draft


def _phone(tx: Transaction, key: str, values: Mapping[str, Any]) -> str:
    return instances.phone_of(latest_release(tx, key).start_form(), values)
