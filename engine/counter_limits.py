"""How much the counter takes from whom: settings that administrators change, and what has come within the last hours.

Counts are rows, so that several processes count together: one row for each hour of an address or a telephone number.
Asking and counting read at most the rows of a day, however many others there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.database import Transaction
from engine.errors import N_, EngineError, InvalidVariables
from engine.history import record_system
from engine.model.counter import CounterSetting, CounterUsage
from engine.snapshots import snapshot

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS, PHONE = "address", "phone"
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The settings of the counter: whole numbers, 0 switches a limit off where that makes sense."""

    draft_days: int = 7
    address_hour: int = 30
    address_day: int = 100
    phone_hour: int = 5
    phone_day: int = 10
    least_seconds: int = 3
    files: int = 9
    megabytes: int = 30
    address_megabytes: int = 200


@dataclass(frozen=True)
class Setting:
    """What one of them means, and between which numbers it may be."""

    label: str
    hint: str
    unit: str
    low: int
    high: int


SETTINGS: Mapping[str, Setting] = {
    "draft_days": Setting(N_("没有提交的内容保存几天"), N_("到期连同上传的文件一起删除。"), N_("天"), 1, 60),
    "address_hour": Setting(
        N_("一个网络地址每小时最多提交"),
        N_("对公示提出的异议也计算在内。同一栋楼、同一个单位可能共用一个网络地址。"),
        N_("件"),
        1,
        10_000,
    ),
    "address_day": Setting(N_("一个网络地址每天最多提交"), N_("按最近 24 小时计算。"), N_("件"), 1, 100_000),
    "phone_hour": Setting(N_("一个电话号码每小时最多提交"), N_("代居民提交的也计算在内。"), N_("件"), 1, 1_000),
    "phone_day": Setting(N_("一个电话号码每天最多提交"), N_("按最近 24 小时计算。"), N_("件"), 1, 10_000),
    "least_seconds": Setting(
        N_("填写至少需要几秒"), N_("比这更快的，请对方再提交一次；填 0 表示不限。"), N_("秒"), 0, 60
    ),
    "files": Setting(N_("一次最多上传"), N_("包括照片和材料；补充材料每次分别计算。"), N_("个文件"), 1, 50),
    "megabytes": Setting(N_("一次上传的文件合计不超过"), N_("单个文件不超过 10 MB。"), "MB", 1, 500),
    "address_megabytes": Setting(
        N_("一个网络地址每天最多上传"), N_("补充材料也计算在内；按最近 24 小时计算。"), "MB", 1, 10_000
    ),
}


class TooMuch(EngineError):
    """More came from an address, or under a telephone number, than people send; ``template`` says when to go on."""

    code = "too_much"


def limits(tx: Transaction) -> Limits:
    """The settings as they are now; costs no statement while nothing changed."""

    def load() -> Limits:
        rows = tx.session.execute(select(CounterSetting.name, CounterSetting.value))
        return replace(Limits(), **{name: value for name, value in rows if name in SETTINGS})

    return snapshot(tx, "counter_limits", load)


def set_limits(tx: Transaction, values: Mapping[str, str]) -> Limits:
    """Set those that are given. Needs the permission settings.manage.

    Raises InvalidVariables, naming every setting that is no whole number within its bounds.
    """
    tx.actor.require("settings.manage")
    wanted = {name: _read(name, text) for name, text in values.items() if name in SETTINGS}
    wrong = [name for name, value in wanted.items() if value is None]
    if wrong:
        raise InvalidVariables(N_("有的数字不合要求。"), {name: [_range(name)] for name in wrong})
    now = limits(tx)
    changed = {name: value for name, value in wanted.items() if value is not None and value != getattr(now, name)}
    for name, value in changed.items():
        row = tx.session.get(CounterSetting, name) or tx.add(CounterSetting(name=name))
        row.value, row.set_by, row.at = value, tx.actor.name, tx.now
    if changed:
        tx.touch_settings()
        record_system(tx, "counter_limits_set", {"changed": changed})
    return replace(now, **changed)


def ensure_may_file(tx: Transaction, client: str, phone: str) -> None:
    """Raise TooMuch while the address or the telephone number has to wait; either may be empty."""
    now = limits(tx)
    for kind, value, most_hour, most_day in (
        (ADDRESS, client, now.address_hour, now.address_day),
        (PHONE, phone, now.phone_hour, now.phone_day),
    ):
        hour, day, _bytes = _usage(tx, kind, value)
        if hour >= most_hour:
            minutes = int((_hour_of(tx.now) + _HOUR - tx.now) / timedelta(minutes=1)) + 1
            raise TooMuch(_IN_AN_HOUR[kind], minutes=minutes)
        if day >= most_day:
            raise TooMuch(_IN_A_DAY[kind])


def count_filing(tx: Transaction, client: str, phone: str) -> None:
    """Count one filing, in the transaction that files: both are there or neither is."""
    for kind, value in ((ADDRESS, client), (PHONE, phone)):
        _count(tx, kind, value, filings=1)


def bytes_left(tx: Transaction, client: str) -> int:
    """How many bytes the address may still upload today."""
    return limits(tx).address_megabytes * _MEGABYTE - _usage(tx, ADDRESS, client)[2]


def count_bytes(tx: Transaction, client: str, size: int) -> None:
    """Count what was uploaded."""
    _count(tx, ADDRESS, client, bytes=size)


def forget_usage(tx: Transaction) -> None:
    """Drop the counts that no limit asks for any more."""
    tx.session.execute(delete(CounterUsage).where(CounterUsage.hour <= tx.now - _DAY - _HOUR))


_IN_AN_HOUR = {
    ADDRESS: N_("这个网络地址一小时内提交得太多，请在 {minutes} 分钟后再提交。填写的内容还在。"),
    PHONE: N_("这个电话号码一小时内提交得太多，请在 {minutes} 分钟后再提交。填写的内容还在。"),
}
_IN_A_DAY = {
    ADDRESS: N_("这个网络地址一天内提交得太多，请明天再提交。填写的内容还在。"),
    PHONE: N_("这个电话号码一天内提交得太多，请明天再提交。填写的内容还在。"),
}


def _read(name: str, text: str) -> int | None:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return None
    return int(text) if SETTINGS[name].low <= int(text) <= SETTINGS[name].high else None


def _range(name: str) -> str:
    return N_("请填写 {low} 至 {high} 的整数。").format(low=SETTINGS[name].low, high=SETTINGS[name].high)


def _usage(tx: Transaction, kind: str, value: str) -> tuple[int, int, int]:
    """Filings of this hour and of the last day, and bytes of the last day."""
    if not value:
        return 0, 0, 0
    query = select(CounterUsage.hour, CounterUsage.filings, CounterUsage.bytes)
    rows = tx.session.execute(query.where(CounterUsage.subject == _subject(kind, value))).all()
    day = [row for row in rows if row.hour > tx.now - _DAY]
    hour = sum(row.filings for row in day if row.hour == _hour_of(tx.now))
    return hour, sum(row.filings for row in day), sum(row.bytes for row in day)


def _count(tx: Transaction, kind: str, value: str, filings: int = 0, bytes: int = 0) -> None:
    """Add to the row of this hour, or begin it: one statement, so that nobody who comes at once is turned away."""
    if not value:
        return
    insert = (sqlite.insert if tx.engine.is_sqlite else postgresql.insert)(CounterUsage)
    row = {"subject": _subject(kind, value), "hour": _hour_of(tx.now), "filings": filings, "bytes": bytes}
    sums = {"filings": CounterUsage.filings + filings, "bytes": CounterUsage.bytes + bytes}
    tx.session.execute(insert.values(row).on_conflict_do_update(index_elements=["subject", "hour"], set_=sums))


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()
