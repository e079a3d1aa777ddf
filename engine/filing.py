"""Filing at the counter, where anybody may: as often as people do, not as often as machines could."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from engine import instances, people
from engine.attempts import Limit
from engine.database import Engine
from engine.errors import N_, Conflict, EngineError, Unavailable
from engine.instances import Started
from engine.model.people import Level
from engine.people import ANONYMOUS, Actor, Unit

#: So many from one address, which a whole building may share, each within ten minutes of the one before.
MOST, WITHIN, WAIT = 30, timedelta(minutes=10), timedelta(hours=1)
_LIMIT = Limit("filing", MOST, WITHIN, WAIT)


class TooManyFilings(EngineError):
    """So many cases came from this address at once that it has to wait."""

    code = "too_many_filings"


def file(
    engine: Engine,
    actor: Actor,
    key: str,
    values: Mapping[str, Any],
    group: Unit,
    level: Level,
    upload_session: str | None,
    client: str,
) -> Started:
    """Start a case of a process for the unit of this level that a group belongs to, and count it for ``client``.

    Raises TooManyFilings while the address has to wait, and what ``instances.start`` raises.
    """
    with engine.read(ANONYMOUS) as tx:
        left = _LIMIT.left(tx, client)
    if left:
        minutes = math.ceil(left / timedelta(minutes=1))
        template = N_("这个网络地址短时间内提交得太多，请在 {minutes} 分钟后再提交，或者联系所在社区。填写的内容还在。")
        raise TooManyFilings(template, minutes=minutes)
    with engine.begin(actor) as tx:
        unit = people.org_tree(tx).ancestor(group.id, level) or group
        started = instances.start(tx, key, values, unit.id, upload_session, own_matter=True)
    # The first two of an address at once: one is counted. Whatever goes wrong here, the case is filed.
    with suppress(Conflict, Unavailable), engine.begin(ANONYMOUS) as tx:
        _LIMIT.count(tx, client)
    return started
