"""Number and code of a case: what somebody without an account shows to follow it."""

from __future__ import annotations

import hmac
import math
import unicodedata
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from engine.attempts import Limit
from engine.database import Engine
from engine.errors import N_, Conflict, NotAuthenticated
from engine.instances import receipt_hash
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS

#: So many wrong pairs from one address, each within ``WITHIN`` of the one before, shut it out for as long.
MOST_FAILURES = 10
WITHIN = timedelta(minutes=10)
_LIMIT = Limit("receipt", MOST_FAILURES, WITHIN, WITHIN)
_NOBODY = UUID(int=0)


class TooManyFailures(NotAuthenticated):
    """So many wrong pairs came from this address that it has to wait."""

    code = "too_many_failures"


def find_case(engine: Engine, number: str, code: str, client: str) -> UUID:
    """The case with this number, if the code is right. Spaces, dashes, width and case of the letters do not matter.

    An unknown number takes the same work and reads the same as a wrong code. ``client`` is the address that failures
    are counted for. Raises NotAuthenticated, and TooManyFailures while the address is shut out.
    """
    with engine.read(ANONYMOUS) as tx:
        if left := _LIMIT.left(tx, client):
            raise _shut_out(left)
        query = select(ProcessInstance.id, ProcessInstance.receipt_hash)
        found = tx.session.execute(query.where(ProcessInstance.business_key == _plain_number(number))).one_or_none()
    case_id, expected = found if found else (_NOBODY, None)
    given = receipt_hash(case_id, _plain(code))
    if not hmac.compare_digest(given, expected or "-" * len(given)):
        raise _count_failure(engine, client)
    return case_id


def _count_failure(engine: Engine, client: str) -> NotAuthenticated:
    wrong = NotAuthenticated(N_("编号或查询码不正确，请核对后重新填写。"))
    try:
        with engine.begin(ANONYMOUS) as tx:
            wait = _LIMIT.count(tx, client)
    except Conflict:  # the first two failures of an address at the same moment: one of them is counted
        return wrong
    return _shut_out(wait) if wait else wrong


def _shut_out(left: timedelta) -> TooManyFailures:
    minutes = math.ceil(left / timedelta(minutes=1))
    return TooManyFailures(N_("编号或查询码连续填错次数过多，请在 {minutes} 分钟后再试。"), minutes=minutes)


def _plain_number(text: str) -> str:
    """A number as it is stored, whatever dashes and spaces it was typed with."""
    text = unicodedata.normalize("NFKC", text).upper()
    return "".join("-" if unicodedata.category(char) == "Pd" else char for char in text if not char.isspace())


def _plain(code: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", code).upper() if char.isalnum())
