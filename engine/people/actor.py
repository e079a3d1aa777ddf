"""Who acts: a value, made once per request, with all that permission checks and queries need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine.errors import N_, NotAuthenticated, NotAuthorized

#: Every permission and what it allows, for the pages that show posts.
PERMISSIONS: dict[str, str] = {
    "case.start": N_("发起事项"),
    "task.handle": N_("办理分派给本岗位的环节"),
    "task.assign": N_("转办本单位和下级单位的环节"),
    "case.view_below": N_("查看本单位和下级单位的事项"),
    "case.view_all": N_("查看所有事项"),
    "case.cancel": N_("终止事项"),
    "incident.retry": N_("处理异常"),
    "personal_data.unmask": N_("查看完整的个人信息"),
    "definition.edit": N_("编辑流程图和表单"),
    "definition.publish": N_("发布流程"),
    "history.read": N_("查询留痕"),
    "history.export": N_("导出留痕"),
    "people.manage": N_("管理单位、岗位和账号"),
    "settings.manage": N_("管理工作日历、制度参数和定期启动"),
}


@dataclass(frozen=True, slots=True)
class StandIn:
    """A post whose work somebody does for the time being, because its holder is away (委托).

    ``name`` is the post as people say it, ``principal`` the account of its holder. ``processes`` are the keys of the
    processes that it is for; none for all of them.
    """

    holder: str
    name: str
    principal: UUID
    processes: frozenset[str] = frozenset()
    #: The first day of it.
    since: date = date.min

    def covers(self, process_key: str) -> bool:
        """Whether it is for this process."""
        return not self.processes or process_key in self.processes


@dataclass(frozen=True)
class Actor:
    """Somebody who acts in one post.

    ``name`` is the post as people say it (金星社区一组组长). ``holders`` are the strings that task candidates are
    matched with: ``position@unit-id``, ``account:id``, ``receipt:instance-id``.
    """

    account_id: UUID | None
    name: str
    holders: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    position: str | None = None
    unit_id: UUID | None = None
    unit_path: str = ""
    locale: str = "zh-CN"
    #: Whether the account is an official's, in whichever post.
    is_official: bool = False
    #: The holder strings of all posts that the account holds today: what was claimed in one is done from any of them.
    posts: frozenset[str] = frozenset()
    #: The posts of others whose tasks the account may do today; it gets none of their permissions.
    standing_in: tuple[StandIn, ...] = ()

    def may(self, permission: str) -> bool:
        """Whether the acting post carries the permission."""
        return permission in self.permissions

    def require_account(self) -> UUID:
        """The account. Raises NotAuthenticated for somebody who has not signed in."""
        if self.account_id is None:
            raise NotAuthenticated(N_("请先登录。"))
        return self.account_id

    def require(self, permission: str) -> None:
        """Raise NotAuthorized, naming what is missing, unless the acting post carries the permission."""
        if not self.may(permission):
            raise NotAuthorized(
                N_("{who}没有“{what}”的权限。如果工作需要，请联系系统管理员。"),
                who=self.name,
                what=PERMISSIONS[permission],
            )


#: The platform itself: timers, jobs, set-up.
SYSTEM = Actor(None, N_("系统"), permissions=frozenset(PERMISSIONS))
#: Somebody who has not signed in.
ANONYMOUS = Actor(None, N_("居民"))


def post_holder(position: str, unit_id: UUID) -> str:
    """The holder string of a post: whoever holds the position at the unit."""
    return f"{position}@{unit_id}"


def account_holder(account_id: UUID) -> str:
    """The holder string of one account."""
    return f"account:{account_id}"


def receipt_holder(instance_id: UUID) -> str:
    """The holder string of whoever knows number and code of a case."""
    return f"receipt:{instance_id}"


def receipt_reader(instance_id: UUID) -> Actor:
    """Somebody without an account who showed number and telephone digits: may read about the case and do nothing."""
    return Actor(None, N_("申请人"), holders=frozenset({receipt_holder(instance_id)}))


def receipt_actor(instance_id: UUID) -> Actor:
    """Somebody without an account who showed number and code of the case."""
    return Actor(
        None, N_("申请人"), holders=frozenset({receipt_holder(instance_id)}), permissions=frozenset({"task.handle"})
    )
