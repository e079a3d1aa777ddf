"""Commands of the administrator on the robots of group chats."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from engine import people
from engine.database import Transaction
from engine.deliveries.robots import BRANDS
from engine.errors import N_, InvalidState, InvalidVariables
from engine.history import record_system
from engine.model.delivery import Robot
from engine.notifications import KINDS

_SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,60}")
_LONGEST_NAME = 60


def add_robot(
    tx: Transaction,
    name: str,
    brand: str,
    secret: str,
    unit_id: UUID,
    position: str | None,
    kinds: Collection[str],
    locale: str,
) -> Robot:
    """Let a robot tell its group what comes to a post (None: to all posts) of a unit.

    ``secret`` is the name of the secret with its webhook address. Needs the permission settings.manage; raises
    InvalidVariables, naming the field.
    """
    tx.actor.require("settings.manage")
    name, secret = name.strip(), secret.strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        raise InvalidVariables.at("name", N_("请填写群聊的名称，最多 60 个字。"))
    if brand not in BRANDS:
        raise InvalidVariables.at("brand", N_("请选择群聊软件。"))
    if not _SECRET.fullmatch(secret):
        raise InvalidVariables.at("secret", N_("密钥名称由大写字母、数字和“_”组成，以字母开头。"))
    if not kinds or not set(kinds) <= KINDS.keys():
        raise InvalidVariables.at("kinds", N_("请至少勾选一类消息。"))
    _ensure_post(tx, unit_id, position)
    robot = tx.add(
        Robot(
            name=name,
            brand=brand,
            secret=secret,
            unit_id=unit_id,
            position_key=position,
            kinds=sorted(kinds),
            locale=locale,
            added_by=tx.actor.name,
            added_at=tx.now,
        )
    )
    record_system(tx, "robot_added", {"name": name, "brand": brand, "unit": str(unit_id), "position": position})
    return robot


def remove_robot(tx: Transaction, robot_id: UUID, reason: str) -> Robot:
    """Let a robot tell nothing any more. Needs the permission settings.manage; InvalidVariables without a reason."""
    tx.actor.require("settings.manage")
    robot = tx.get(Robot, robot_id, N_("机器人"))
    if robot.removed_at is not None:
        raise InvalidState(N_("这个机器人已经移除。"))
    if not reason.strip():
        raise InvalidVariables.at("reason", N_("请填写移除的原因。"))
    robot.removed_at = tx.now
    data = {"name": robot.name, "brand": robot.brand, "unit": str(robot.unit_id), "reason": reason.strip()}
    record_system(tx, "robot_removed", data)
    return robot


def _ensure_post(tx: Transaction, unit_id: UUID, position: str | None) -> None:
    tree = people.org_tree(tx)
    unit = tree.unit(unit_id)
    if position is None:
        return
    kind = tree.positions.get(position)
    if kind is None or kind.level is not unit.level:
        raise InvalidVariables.at("position", N_("这个单位没有所选的岗位。"))
