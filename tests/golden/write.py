"""Writes golden files: ``python -m tests.golden.write NAME``. See README.md."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from engine import migrations
from engine.database import Engine
from tests.bpmn_xml import element, event, extension, message, timer, zeebe
from tests.clock import START, FrozenClock
from tests.engine.commands.house import CLAUSE, GIVEN, House, io, process
from tests.golden.state import FOLDER, dump
from webapp import demo, library

Written = tuple[UUID, list[Mapping[str, Any]], str]
CLERK = {"by": "jinxing-clerk"}


def appeal_in_the_group(house: House) -> Written:
    """An appeal that waits in the group's sub-process, with its timers and the withdrawal open."""
    filed = {
        "诉求标题": "楼道堆放杂物", "诉求内容": "三楼楼道堆满纸箱。", "诉求类别": "环境卫生", "地址": "3号楼",
        "联系人": "3号楼居民", "联系电话": "13800000000",
    }  # fmt: skip
    case = house.start("appeal", filed)
    house.complete(case, "task_accept", {"受理意见": "受理", "事项性质": "共性问题"}, "jinxing-1-leader")
    house.drain()
    return case, [{"message": "撤回诉求", "values": {"撤回原因": "解决了"}}], "jinxing-1"


def everything_at_once(house: House) -> Written:
    """Tokens of every kind: parallel branches at a join, bodies, a cycle, a message, a gateway of events."""
    loop = element(
        "bpmn:multiInstanceLoopCharacteristics",
        extension(zeebe("loopCharacteristics", inputCollection="=[1, 2, 3]", inputElement="号",
                        outputCollection="各号", outputElement="=乙 * 10")),
    )  # fmt: skip
    drawing = process("golden").gateway("parallel", "fork").user_task("a").gateway("parallel", "join")
    drawing.script("s", "=合计 + 1", "合计").user_task("last", form="g").end()
    drawing.at("fork").user_task("each", form="g", inner=loop).flow("each", "join")
    drawing.at("fork").gateway("eventBased", "choice").catch("told", event("message", messageRef="m"))
    drawing.gateway("exclusive", "either").flow("either", "join")
    drawing.at("choice").catch("late", timer("Duration", "P30D")).flow("late", "either")
    drawing.at("fork").sub_process(
        "sub",
        lambda inside: (
            inside.start("s1").user_task("in", groups="community_clerk@community", form="g", clause=CLAUSE).end("s2")
        ),
        inner=extension(io(inputs={"局部": "=100"}, outputs={"合计": "=局部 + 乙"})),
    ).flow("sub", "join")
    drawing.boundary("cycle", "a", timer("Cycle", "R/PT1H"), cancelActivity="false").script("c", "=1", "响").end("e2")
    house.deploy(drawing.root(message(key='="K-1"')))
    case = house.start("golden")
    house.complete(case, "each", {"乙": 4})
    rest = [
        {"hours": 2},
        {"complete": "a", "values": GIVEN, **CLERK},
        {"message": "补充材料", "values": {"附言": "到"}},
        *({"complete": "each", "values": {"乙": number}, **CLERK} for number in (5, 6)),
        {"complete": "in", "values": {"乙": 11}, **CLERK},
        {"complete": "last", "values": {}, **CLERK},
    ]
    return case, rest, "jinxing-1"


GOLDEN: dict[str, Callable[[House], Written]] = {
    "appeal-in-the-group": appeal_in_the_group,
    "everything-at-once": everything_at_once,
}


def main(name: str) -> None:
    """Play the case on a database of its own and write its file."""
    target = FOLDER / f"{name}.json"
    with tempfile.TemporaryDirectory() as folder, target.open("x", encoding="utf-8") as file:
        clock = FrozenClock(START - timedelta(days=30))
        with Engine(f"sqlite:///{Path(folder) / 'golden.db'}", clock=clock) as engine:
            migrations.upgrade(engine)
            demo.load(engine, "golden-files-only")
            library.deploy(engine)
            clock.move_to(START)
            house = House(engine, clock)
            case, steps, unit = GOLDEN[name](house)
            file.write(dump(house, case, steps, unit))


if __name__ == "__main__":
    main(sys.argv[1])
