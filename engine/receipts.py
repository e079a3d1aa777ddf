"""What somebody without an account shows to follow a case: its number, and the code or the last digits of a telephone.

The code stands for the applicant: whoever shows it may act. Four digits can be guessed and known to others, so they
only open the case for reading, and few guesses are allowed for each number.
"""

from __future__ import annotations

import hmac
import math
import unicodedata
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from engine.attempts import Limit
from engine.database import Engine, Transaction
from engine.errors import N_, Conflict, NotAuthenticated
from engine.instances import receipt_hash
from engine.model.counter import ReceiptPhone
from engine.model.process import ProcessInstance
from engine.numbering import as_written
from engine.people import ANONYMOUS

#: So many wrong pairs from one address, each within ``WITHIN`` of the one before, shut it out for as long.
MOST_FAILURES = 10
WITHIN = timedelta(minutes=10)
_LIMIT = Limit("receipt", MOST_FAILURES, WITHIN, WITHIN)
#: So many wrong digits for one number, from wherever, and for a day its case opens with the code only.
MOST_GUESSES = 5
_A_DAY = timedelta(days=1)
_BY_NUMBER = Limit("receipt phone", MOST_GUESSES, _A_DAY, _A_DAY)
_NOBODY = UUID(int=0)


class TooManyFailures(NotAuthenticated):
    """So many wrong pairs came from this address, or for this number, that one has to wait."""

    code = "too_many_failures"


def find_case(engine: Engine, number: str, code: str, client: str) -> UUID:
    """The case with this number, if the code is right. Spaces, dashes, width and case of the letters do not matter.

    An unknown number takes the same work and reads the same as a wrong code. ``client`` is the address that failures
    are counted for. Raises NotAuthenticated, and TooManyFailures while the address is shut out.
    """
    query = select(ProcessInstance.id, ProcessInstance.receipt_hash)
    with engine.read(ANONYMOUS) as tx:
        if left := _LIMIT.left(tx, client):
            raise _shut_out(left)
        found = _compared(tx, query, number, _plain(code))
    if found is None:
        raise _count_failure(engine, client, N_("编号或查询码不正确，请核对后重新填写。"))
    return found


def find_by_phone(engine: Engine, number: str, digits: str, client: str) -> UUID:
    """The case with this number, if its applicant's telephone number ends with these four digits; for reading only.

    What fails is counted for the address and for the number, known or not; all else as for ``find_case``.
    """
    query = select(ReceiptPhone.instance_id, ReceiptPhone.tail_hash)
    query = query.join(ProcessInstance, ProcessInstance.id == ReceiptPhone.instance_id)
    with engine.read(ANONYMOUS) as tx:
        if left := _LIMIT.left(tx, client):
            raise _shut_out(left)
        if _BY_NUMBER.left(tx, as_written(number)):
            raise _number_shut()
        found = _compared(tx, query, number, _plain(digits))
    if found is None:
        raise _count_guess(engine, number, client)
    return found


def _compared(tx: Transaction, query: Select[*tuple[Any, ...]], number: str, given: str) -> UUID | None:
    found = tx.session.execute(query.where(ProcessInstance.business_key == as_written(number))).one_or_none()
    case_id, expected = found if found else (_NOBODY, None)
    is_right = hmac.compare_digest(receipt_hash(case_id, given), expected or "-" * 64)
    return case_id if is_right else None


def _count_guess(engine: Engine, number: str, client: str) -> NotAuthenticated:
    wrong = _count_failure(engine, client, N_("编号或手机号码后四位不正确，请核对后重新填写。"))
    try:
        with engine.begin(ANONYMOUS) as tx:
            wait = _BY_NUMBER.count(tx, as_written(number))
    except Conflict:  # as below
        return wrong
    return _number_shut() if wait else wrong


def _count_failure(engine: Engine, client: str, sentence: str) -> NotAuthenticated:
    wrong = NotAuthenticated(sentence)
    try:
        with engine.begin(ANONYMOUS) as tx:
            wait = _LIMIT.count(tx, client)
    except Conflict:  # the first two failures of an address at the same moment: one of them is counted
        return wrong
    return _shut_out(wait) if wait else wrong


def _shut_out(left: timedelta) -> TooManyFailures:
    minutes = math.ceil(left / timedelta(minutes=1))
    return TooManyFailures(N_("连续填错次数过多，请在 {minutes} 分钟后再试。"), minutes=minutes)


def _number_shut() -> TooManyFailures:
    return TooManyFailures(N_("这个编号填错手机号码的次数过多，请改用查询码查询，或者明天再试。"))


def _plain(code: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", code).upper() if char.isalnum())
