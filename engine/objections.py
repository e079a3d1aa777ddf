"""Objecting to a notice from the portal, where anybody may: as often as people do, not as often as machines could."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import timedelta

from engine import notices
from engine.attempts import Limit
from engine.database import Engine
from engine.errors import N_, Conflict, EngineError, Unavailable
from engine.people import ANONYMOUS, Actor

#: So many from one address, which a whole building may share, each within a minute of the one before.
MOST, WITHIN, WAIT = 20, timedelta(minutes=1), timedelta(minutes=10)
_LIMIT = Limit("objection", MOST, WITHIN, WAIT)


class TooManyObjections(EngineError):
    """So many objections came from this address at once that it has to wait."""

    code = "too_many_objections"


def file(engine: Engine, actor: Actor, number: str, text: str, name: str, phone: str, client: str) -> str:
    """Object to an open notice; the number of the objection. ``client`` is the address that objections are counted for.

    Raises TooManyObjections while the address has to wait, and what ``notices.file_objection`` raises.
    """
    with engine.read(ANONYMOUS) as tx:
        left = _LIMIT.left(tx, client)
    if left:
        minutes = math.ceil(left / timedelta(minutes=1))
        template = N_("这个网络地址短时间内提交的异议太多，请在 {minutes} 分钟后再提交。填写的内容还在。")
        raise TooManyObjections(template, minutes=minutes)
    with engine.begin(actor) as tx:
        filed = notices.file_objection(tx, number, text, name, phone)
    # The first two of an address at once: one is counted. Whatever goes wrong here, the objection is filed.
    with suppress(Conflict, Unavailable), engine.begin(ANONYMOUS) as tx:
        _LIMIT.count(tx, client)
    return filed
