"""A small town to test with: a district, a subdistrict, two communities with groups, a department; nobody in it yet."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from engine.database import Engine
from engine.model.people import AccountKind, Level
from engine.people import SYSTEM, OrgTree, org_tree
from engine.people.commands import add_position, add_unit, appoint, create_account

PASSWORD = "plum-river-seven"


@dataclass
class Town:
    """The ids of the units by code; ``person`` adds somebody with posts."""

    engine: Engine
    units: dict[str, UUID]

    @property
    def tree(self) -> OrgTree:
        with self.engine.read(SYSTEM) as tx:
            return org_tree(tx)

    def person(
        self, login: str, *posts: str, password_hash: str = "", kind: AccountKind = AccountKind.OFFICIAL
    ) -> UUID:
        """Add an account that holds the posts ``position@code``; its id."""
        with self.engine.begin(SYSTEM) as tx:
            account = create_account(tx, login, password_hash, f"账号{login}", kind)
            for post in posts:
                position, _, code = post.partition("@")
                appoint(tx, account.id, position, self.units[code])
        return account.id


def build_town(engine: Engine) -> Town:
    """Add the units and positions."""
    units: dict[str, UUID] = {}
    with engine.begin(SYSTEM) as tx:
        for level, code, name, parent in _UNITS:
            units[code] = add_unit(tx, level, code, name, units.get(parent)).id
        for rank, (key, name, level, permissions) in enumerate(_POSITIONS):
            add_position(tx, key, name, level, permissions, rank)
    return Town(engine, units)


_UNITS = [
    (Level.DISTRICT, "bincheng", "滨城区", ""),
    (Level.DEPARTMENT, "civil_affairs", "区民政局", "bincheng"),
    (Level.SUBDISTRICT, "shizhong", "市中街道", "bincheng"),
    (Level.COMMUNITY, "jinxing", "金星社区", "shizhong"),
    (Level.GROUP, "jinxing-1", "金星社区一组", "jinxing"),
    (Level.GROUP, "jinxing-2", "金星社区二组", "jinxing"),
    (Level.COMMUNITY, "chaoyang", "朝阳社区", "shizhong"),
    (Level.GROUP, "chaoyang-1", "朝阳社区一组", "chaoyang"),
]
_POSITIONS = [
    ("community_secretary", "书记", Level.COMMUNITY, ["task.handle", "case.view_below"]),
    ("group_leader", "组长", Level.GROUP, ["task.handle", "case.view_below"]),
    ("officer", "经办人", Level.DEPARTMENT, ["task.handle"]),
    ("admin", "系统管理员", Level.DISTRICT, ["case.view_all", "people.manage", "settings.manage"]),
    ("resident", "居民", Level.GROUP, ["case.start", "task.handle"]),
]
