"""Commands on units, positions, accounts and appointments. All need the permission people.manage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from engine.clock import local_day
from engine.database import Transaction
from engine.errors import N_, Conflict, InvalidState, InvalidVariables
from engine.history import record_system
from engine.model.base import new_id
from engine.model.people import Account, AccountKind, Appointment, Level, OrgUnit, Position
from engine.people.actor import PERMISSIONS
from engine.people.handover import review_claims
from engine.people.tree import LEVEL_NAMES

_MANAGE = "people.manage"
_CODE = re.compile(r"[a-z][a-z0-9_-]*")
_LONGEST_CODE = 60
#: Landlines with their area code, mobile numbers, and the short numbers of offices such as 12345.
_PHONE = re.compile(r"[0-9]{3,6}|\+?[0-9](?:[ -]?[0-9]){6,14}", re.ASCII)
#: Which levels may hang below which.
_PARENTS: dict[Level, frozenset[Level | None]] = {
    Level.DISTRICT: frozenset({None}),
    Level.SUBDISTRICT: frozenset({Level.DISTRICT}),
    Level.COMMUNITY: frozenset({Level.SUBDISTRICT}),
    Level.GROUP: frozenset({Level.COMMUNITY}),
    Level.DEPARTMENT: frozenset({Level.DISTRICT, Level.SUBDISTRICT}),
    Level.PARTY: frozenset({Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY}),
}


def add_unit(
    tx: Transaction, level: Level, code: str, name: str, parent_id: UUID | None = None, phone: str = ""
) -> OrgUnit:
    """Add a unit below another one; only a district has none above it.

    Raises InvalidVariables for a code that is not lower-case Latin or is the name of a level and for what is no
    telephone number, InvalidState for a parent of a level that doesn't fit, Conflict when the code is taken.
    """
    tx.actor.require(_MANAGE)
    _ensure_code(code, "code")
    if code in set(Level):
        raise InvalidVariables.at("code", N_("代码“{code}”是层级的名称，不能用作单位代码。"), code=code)
    _ensure_free(tx, N_("单位代码“{value}”已经使用。"), code, select(OrgUnit.id).where(OrgUnit.code == code))
    parent = tx.get(OrgUnit, parent_id, N_("上级单位")) if parent_id else None
    if (parent.level if parent else None) not in _PARENTS[level]:
        raise InvalidState(
            N_("“{level}”不能设在“{parent}”之下。"),
            level=LEVEL_NAMES[level],
            parent=parent.name if parent else N_("最上层"),
        )
    unit = OrgUnit(id=new_id(), level=level, code=code, name=_filled(name, "name"), phone=_dialled(phone))
    unit.place_below(parent)
    tx.add(unit)
    _settle(tx, "unit_added", {"unit": str(unit.id), "code": code, "name": unit.name, "level": str(level)})
    return unit


def close_unit(tx: Transaction, unit_id: UUID) -> OrgUnit:
    """Let no new work find the unit; cases and history keep it. Raises InvalidState while units below are active."""
    tx.actor.require(_MANAGE)
    unit = tx.get(OrgUnit, unit_id, N_("单位"))
    below = select(OrgUnit.name).where(OrgUnit.parent_id == unit_id, OrgUnit.active.is_(True))
    if name := tx.session.scalar(below.limit(1)):
        raise InvalidState(N_("“{unit}”下面还有“{child}”，请先停用下级单位。"), unit=unit.name, child=name)
    unit.active = False
    _settle(tx, "unit_closed", {"unit": str(unit.id), "code": unit.code, "name": unit.name})
    return unit


def set_phone(tx: Transaction, unit_id: UUID, phone: str) -> OrgUnit:
    """Set the telephone that residents call, or take it away with an empty text; the same again changes nothing.

    Raises InvalidVariables (``phone``) for what is no telephone number.
    """
    tx.actor.require(_MANAGE)
    number, unit = _dialled(phone), tx.get(OrgUnit, unit_id, N_("单位"))
    if number != unit.phone:
        unit.phone = number
        _settle(tx, "unit_phone_set", {"unit": str(unit.id), "name": unit.name, "phone": number or ""})
    return unit


def _dialled(phone: str) -> str | None:
    """A telephone number as it is dialled, None for an empty text."""
    number = unicodedata.normalize("NFKC", phone).strip()
    if number and not _PHONE.fullmatch(number):
        raise InvalidVariables.at("phone", N_("请填写正确的电话，如 0543-1234567 或 12345。"))
    return number or None


def add_position(
    tx: Transaction, key: str, name: str, level: Level, permissions: Iterable[str] = (), rank: int = 100
) -> Position:
    """Add a kind of post, which exists at one level. Raises InvalidVariables for an unknown permission."""
    tx.actor.require(_MANAGE)
    _ensure_code(key, "key")
    granted = sorted(set(permissions))
    for permission in granted:
        if permission not in PERMISSIONS:
            raise InvalidVariables.at("permissions", N_("没有“{permission}”这项权限。"), permission=permission)
    _ensure_free(tx, N_("岗位“{value}”已经存在。"), key, select(Position.key).where(Position.key == key))
    position = tx.add(Position(key=key, name=_filled(name, "name"), level=level, permissions=list(granted), rank=rank))
    _settle(tx, "position_added", {"position": key, "level": str(level), "permissions": granted})
    return position


def create_account(
    tx: Transaction, login: str, password_hash: str, name: str, kind: AccountKind = AccountKind.OFFICIAL
) -> Account:
    """Add an account. The hash comes from ``accounts.hash_password``, made before the transaction began.

    Raises InvalidVariables for a login that is not lower-case Latin letters, digits, ``-`` and ``_``; Conflict when it
    is taken.
    """
    tx.actor.require(_MANAGE)
    _ensure_code(login, "login")
    _ensure_free(tx, N_("登录名“{value}”已经使用。"), login, select(Account.id).where(Account.login == login))
    account = tx.add(
        Account(
            id=new_id(),
            login=login,
            password_hash=password_hash,
            name=_filled(name, "name"),
            kind=kind,
            active=True,
            created_at=tx.now,
        )
    )
    record_system(tx, "account_created", {"account": str(account.id), "login": login, "kind": str(kind)})
    return account


def appoint(
    tx: Transaction,
    account_id: UUID,
    position_key: str,
    unit_id: UUID,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Appointment:
    """Let an account hold a position at a unit, from today or ``starts_on`` up to and including ``ends_on``.

    Raises InvalidState when the position does not exist at the unit's level, the unit is closed, or it ends before it
    begins.
    """
    tx.actor.require(_MANAGE)
    # Rows added in this transaction must be found by the look-ups below and before the foreign keys are checked.
    tx.session.flush()
    account, unit = tx.get(Account, account_id, N_("账号")), tx.get(OrgUnit, unit_id, N_("单位"))
    position = tx.get(Position, position_key, N_("岗位"))
    _ensure_fits(position, unit)
    first = starts_on or local_day(tx.now)
    if ends_on is not None and ends_on < first:
        raise InvalidState(N_("结束日期不能早于任职开始日期（{day}）。"), day=first)
    row = Appointment(
        id=new_id(),
        account_id=account.id,
        position_key=position.key,
        unit_id=unit.id,
        starts_on=first,
        ends_on=ends_on,
    )
    tx.add(row)
    _settle(tx, "appointed", _data(row))
    return row


def end_appointment(tx: Transaction, appointment_id: UUID, last_day: date | None = None) -> Appointment:
    """Let an appointment end; without a day it is over at once, and what was claimed in it falls back to the post.

    With a day of today or later, ``review_ended_claims`` gives the tasks back once the day is over.
    """
    tx.actor.require(_MANAGE)
    row = tx.get(Appointment, appointment_id, N_("任职"))
    today = local_day(tx.now)
    if last_day is None:
        row.end_before(today)
    else:
        row.end(last_day)
    if not row.is_valid_on(today):
        review_claims(tx, [row.account_id], "appointment_ended", appointment=str(row.id))
    _settle(tx, "appointment_ended", _data(row))
    return row


def _data(row: Appointment) -> dict[str, str | None]:
    return {
        "appointment": str(row.id),
        "account": str(row.account_id),
        "position": row.position_key,
        "unit": str(row.unit_id),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }


def _settle(tx: Transaction, event: str, data: Mapping[str, Any]) -> None:
    tx.touch_settings()
    record_system(tx, event, data)


def _ensure_fits(position: Position, unit: OrgUnit) -> None:
    if position.level is not unit.level:
        raise InvalidState(
            N_("岗位“{position}”只设在“{level}”一级，不能任命到“{unit}”。"),
            position=position.name,
            level=LEVEL_NAMES[position.level],
            unit=unit.name,
        )
    if not unit.active:
        raise InvalidState(N_("单位“{unit}”已停用，不能再任命。"), unit=unit.name)


def _ensure_code(value: str, field: str) -> None:
    if not _CODE.fullmatch(value) or len(value) > _LONGEST_CODE:
        raise InvalidVariables.at(
            field, N_("“{value}”应以小写字母开头，只含小写字母、数字、“-”和“_”，最多 60 个字符。"), value=value
        )


def _ensure_free(tx: Transaction, template: str, value: str, query: Select[Any]) -> None:
    tx.session.flush()  # the query must see what this transaction has added
    if tx.session.scalar(query) is not None:
        raise Conflict(template, value=value)


def _filled(text: str, field: str) -> str:
    if not text.strip():
        raise InvalidVariables.at(field, N_("请填写名称。"))
    return text.strip()
