"""Starting a case: its number, title, receipt and first history; who may, and with which values."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import instances, policy
from engine.errors import InvalidVariables, NotAuthorized, NotFound
from engine.execution import latest_release
from engine.instances import receipt_hash
from engine.people import ANONYMOUS, SYSTEM
from tests.engine.commands.house import CLERK, Drawing, House, process

POLICY = """
期限:
  value: 3
  unit: 工作日
  source: assumption
"""


def plain(key: str = "p", **facts: Any) -> Drawing:
    return process(key, **facts).user_task().end()


def start_two(house: House, *keys: str) -> None:
    unit = house.unit("jinxing-1")
    with house.at() as tx:
        for key in keys:
            instances.start(tx, key, {}, unit)


def test_cases_are_numbered_by_prefix_and_year_without_gaps(house: House) -> None:
    house.deploy(plain(numberPrefix="JY", starters="public"))
    house.deploy(plain("q"))
    numbers = [house.case(house.start()).business_key for _ in range(2)]
    with pytest.raises(NotFound):
        start_two(house, "p", "nothing")  # the number of the first is not lost with it
    numbers.append(house.case(house.start()).business_key)
    house.clock.move_to(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))  # 2027 here
    numbers += [house.case(house.start()).business_key, house.case(house.start("q")).business_key]

    assert numbers == ["JY-2026-00001", "JY-2026-00002", "JY-2026-00003", "JY-2027-00001", "SX-2027-00001"]


def test_first_starts_at_the_same_moment_get_different_numbers(house: House) -> None:
    house.deploy(plain(numberPrefix="JY"))
    unit = house.unit("jinxing-1")

    def start(_: int) -> str:
        with house.engine.begin(SYSTEM) as tx:
            return instances.start(tx, "p", {}, unit).instance.business_key

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(start, range(12)))
    assert numbers == [f"JY-2026-{number:05d}" for number in range(1, 13)]


def test_the_title_comes_from_the_start_form_and_the_name_stands_in(house: House) -> None:
    house.deploy(plain(title='="关于" + 意见', start_form=True))
    house.deploy(plain("q", title="=没有"))
    assert house.case(house.start(values={"意见": "加装电梯"})).title == "关于加装电梯"
    house.deploy(plain("r", title='=children("nowhere")'))
    assert [house.case(house.start(key)).title for key in ("q", "r")] == ["流程", "流程"]


def test_a_receipt_is_stored_as_a_hash_only(house: House) -> None:
    house.deploy(plain(starters="public"))
    with house.at(ANONYMOUS) as tx:
        started = instances.start(tx, "p", {}, None)
    row = house.case(started.instance.id)
    assert row.receipt_hash == receipt_hash(row.id, started.receipt_code.lower())
    assert started.receipt_code not in "".join(str(value) for value in vars(row).values())
    assert row.receipt_hash != receipt_hash(house.start(), started.receipt_code)


def test_only_the_starters_may_start(house: House) -> None:
    house.deploy(plain(starters="group_leader,resident"))
    house.start(by="jinxing-1-leader")
    for stranger in (CLERK, "auditor", ANONYMOUS):
        with pytest.raises(NotAuthorized, match="您的岗位不能发起“流程”"):
            house.start(by=stranger)
    house.deploy(plain("q"))
    house.start("q", by=CLERK)
    with pytest.raises(NotAuthorized):
        house.start("q", by="auditor")


def test_a_wrong_start_form_starts_nothing(house: House) -> None:
    house.deploy(plain(start_form=True))
    before = house.events()
    with pytest.raises(InvalidVariables) as caught:
        house.start(values={"结果": "伪造", "数量": "abc"})
    assert set(caught.value.errors) == {"意见", "结果", "数量"}
    assert house.events() == before
    assert house.case(house.start(values={"意见": "好"})).business_key.endswith("00001")


def test_history_begins_with_the_version_and_the_policy_that_counted(house: House) -> None:
    house.deploy(plain(start_form=True, searchVariables="意见,数量"), POLICY)
    with house.at() as tx:
        setting = latest_release(tx, "p").settings["期限"]
        policy.override(tx, "p", setting, house.unit("jinxing"), 7, "试点")
    case = house.start(values={"意见": "好", "数量": 2, "电话": "13800000000"})

    (row, data), *rest = house.history(case)
    assert (row.type, [event.type for event, _ in rest]) == ("instance_started", ["advanced", "user_task_created"])
    assert data["policy"] == {"期限": "7"}
    assert (data["definition"]["key"], data["definition"]["version"]) == ("p", 1)
    assert data["variables"]["意见"] == "好"
    assert "13800000000" not in row.payload
    assert "13800000000" in str(row.private)
    assert house.search(case) == {"意见": "好", "数量": "2"}


def test_an_unknown_process_or_unit_is_said(house: House) -> None:
    with pytest.raises(NotFound, match="没有已发布的流程“nothing”"):
        house.start("nothing")
    house.deploy(plain())
    with pytest.raises(NotFound, match="没有找到单位"), house.at() as tx:
        instances.start(tx, "p", {}, latest_release(tx, "p").id)
