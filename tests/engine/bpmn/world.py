"""The small world that the test diagrams run in, and the case of one rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from engine.bpmn import World
from engine.bpmn.world import Decision, TableFault

WORLD = World(
    forms={"f": frozenset({"金额", "已解决", "名单", "编号们"}), "g": frozenset({"意见"})},
    positions=frozenset({"clerk", "group_leader"}),
    places=frozenset({"community", "group", "civil_affairs"}),
    position_levels={"group_leader": "居民小组"},
    place_levels={"community": "社区", "group": "居民小组", "civil_affairs": "部门"},
    policy=frozenset({"期限"}),
    processes=frozenset({"other"}),
    handlers=frozenset({"notify", "mail"}),
    functions=frozenset({"工作日后"}),
    version_tags={"other": frozenset({"2026"})},
    decisions={
        "level": Decision("分级", frozenset({"金额"})),
        "unfed": Decision("缺料", frozenset({"户数"})),
        "doubled": Decision("重叠", faults=(TableFault("overlap", "重叠", (1, 3), "金额 = 5"),)),
        "unsure": Decision("不一", faults=(TableFault("conflict", "不一", (1, 3), "金额 = 5"),)),
        "open": Decision("遗漏", faults=(TableFault("gap", "遗漏", (), "金额 < 5"),)),
        "blind": Decision("看不见", faults=(TableFault("unseen", "标准", (), "policy"),)),
        "late": Decision("在后", faults=(TableFault("unreachable", "在后", (2,)),)),
    },
    clauses=frozenset({"5.2.2 a", "5.2.2 b"}),
    variables=frozenset({"policy", "编号", "unit"}),
    beside=frozenset({"other.bpmn"}),
    now=datetime(2026, 11, 23, 9, tzinfo=UTC),
)


class File(Protocol):
    """Whatever writes a whole file."""

    def xml(self) -> bytes: ...


@dataclass(frozen=True)
class Case:
    """``broken`` violates the rule (and what inevitably follows, ``also``) at ``element``; ``clean`` is its twin.

    With ``drawing`` both are checked as drawings only, without what running here needs.
    """

    rule: str
    broken: File
    clean: File
    element: str
    also: frozenset[str] = field(default_factory=frozenset)
    drawing: bool = False
