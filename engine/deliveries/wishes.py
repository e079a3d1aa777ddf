"""Commands of a person on the own wishes: what to hear of, when, and at which address, which has to be proved."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables
from engine.handlers.mail import is_address
from engine.history import record_system
from engine.model.delivery import MessageSettings
from engine.model.people import Account
from engine.notifications import KINDS, Outside

_HOURS = range(24)
_CODE_LIVES = timedelta(minutes=30)
_MOST_WRONG_CODES = 5
#: Mails that a person can have sent by pressing a button, in an hour.
_MOST_MAILS = 5
_LONGEST_ADDRESS = 254


def settings_of(tx: Transaction) -> MessageSettings:
    """The wishes of the actor's account, or the usual ones. Not yet written where there are none."""
    account = tx.actor.require_account()
    return tx.session.get(MessageSettings, account) or _usual(account)


def choose(
    tx: Transaction,
    choices: Mapping[str, Outside],
    digest_hour: int,
    workdays_only: bool,
    quiet: tuple[int, int] | None,
    locale: str,
) -> None:
    """Set what goes out when, and in which language; hours are local.

    Raises InvalidVariables (``digest_hour``, ``quiet_from``).
    """
    if digest_hour not in _HOURS:
        raise InvalidVariables.at("digest_hour", N_("请选择汇总邮件的发送时间。"))
    if quiet is not None and not (quiet[0] in _HOURS and quiet[1] in _HOURS and quiet[0] != quiet[1]):
        raise InvalidVariables.at("quiet_from", N_("请选择免打扰的开始和结束时间，两个时间不能相同。"))
    row = _own(tx)
    row.choices = {kind: str(wish) for kind, wish in choices.items() if kind in KINDS}
    row.digest_hour, row.workdays_only = digest_hour, workdays_only
    tx.get(Account, row.account_id, N_("账号")).locale = locale
    row.quiet_from, row.quiet_until = quiet or (None, None)
    if _is_quiet(row, digest_hour):
        raise InvalidVariables.at("digest_hour", N_("汇总邮件的时间在免打扰时段内，请改其中一个。"))


def ask_for_proof(tx: Transaction, address: str) -> str:
    """Begin to use an address; the code of six digits that has to be mailed there. Raises InvalidVariables."""
    address = address.strip()
    if len(address) > _LONGEST_ADDRESS or not is_address(address) or "." not in address.rpartition("@")[2]:
        raise InvalidVariables.at("address", N_("请填写正确的邮箱地址，如 name@example.cn。"))
    row = _own(tx)
    _count_mail(row, tx.now)
    code = f"{secrets.randbelow(1_000_000):06}"
    row.new_address, row.code_hash, row.wrong_codes = address, _hash(row.account_id, code), 0
    row.code_until = tx.now + _CODE_LIVES
    return code


def prove(tx: Transaction, code: str) -> bool:
    """Use the address from now on when the code is right; False (counted) when it is wrong.

    Raises InvalidState when no code waits, it is too old, or wrong ones were typed too often.
    """
    row = _own(tx)
    if row.new_address is None or row.code_hash is None or row.code_until is None:
        raise InvalidState(N_("没有等待验证的邮箱。请先填写邮箱，再获取验证码。"))
    if tx.now > row.code_until or row.wrong_codes >= _MOST_WRONG_CODES:
        raise InvalidState(N_("验证码已失效，请重新获取。"))
    if not hmac.compare_digest(_hash(row.account_id, code.strip()), row.code_hash):
        row.wrong_codes += 1
        return False
    row.address = row.new_address
    row.new_address = row.code_hash = row.code_until = None
    record_system(tx, "mail_address_proved", {"account": str(row.account_id)})
    return True


def forget_address(tx: Transaction) -> None:
    """Use no address any more, and drop one that waits for its proof. What waits to be mailed is dropped later."""
    row = _own(tx)
    if row.address is not None:
        record_system(tx, "mail_address_forgotten", {"account": str(row.account_id)})
    row.address = row.new_address = row.code_hash = row.code_until = None


def count_test(tx: Transaction) -> str:
    """The proved address, for a test mail. Raises InvalidState without one, or after too many mails."""
    row = _own(tx)
    if row.address is None:
        raise InvalidState(N_("还没有验证过的邮箱。"))
    _count_mail(row, tx.now)
    return row.address


def _own(tx: Transaction) -> MessageSettings:
    account = tx.actor.require_account()
    tx.hold(f"message settings {account}")
    tx.session.flush()  # the row may be new in this very transaction
    return tx.session.get(MessageSettings, account, populate_existing=True) or tx.add(_usual(account))


def _usual(account: UUID) -> MessageSettings:
    return MessageSettings(
        account_id=account, choices={}, digest_hour=8, workdays_only=True, quiet_from=21, quiet_until=7,
        wrong_codes=0, mailed_at=[],
    )  # fmt: skip


def _is_quiet(row: MessageSettings, hour: int) -> bool:
    begin, end = row.quiet_from, row.quiet_until
    if begin is None or end is None:
        return False
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def _count_mail(row: MessageSettings, now: datetime) -> None:
    lately = [text for text in row.mailed_at if now - datetime.fromisoformat(text) < timedelta(hours=1)]
    if len(lately) >= _MOST_MAILS:
        raise InvalidState(N_("一小时内最多发 {most} 封验证或者测试邮件，请稍后再试。"), most=_MOST_MAILS)
    row.mailed_at = [*lately, now.isoformat()]


def _hash(account: UUID, code: str) -> str:
    """A million codes are soon tried: what protects them is their short life and the count of wrong ones."""
    return hashlib.sha256(f"{account} {code}".encode()).hexdigest()
