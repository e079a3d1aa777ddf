"""My work: the own numbers, those of the units below a leader, the same as a file, and another month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from engine.queries import workload
from engine.queries.workload import figures
from tests.clock import START, FrozenClock
from tests.webapp.official import file_appeal, open_task, words

LEADER = "jinxing-1-leader"
ACCEPTED = {"受理意见": "受理", "事项性质": "共性问题"}


def test_figures_are_counted_from_what_was_done() -> None:
    done = [
        ("a", START, START + timedelta(hours=hours), START + timedelta(hours=limit) if limit else None)
        for hours, limit in ((1, 2), (3, 2), (5, None))
    ]
    found = figures(done)
    assert (found.done, found.with_deadline, found.in_time, found.late) == (3, 2, 1, 1)
    assert (found.share, found.median) == (0.5, timedelta(hours=3))
    assert figures([]).share is None


def test_the_own_numbers_and_those_of_the_units_below(
    platform: Engine, clock: FrozenClock, sign_in: Callable[[str], FlaskClient]
) -> None:
    # given one appeal that is accepted an hour later, and one that waits
    leader = sign_in(LEADER)
    first = open_task(platform, file_appeal(platform).id)
    file_appeal(platform)
    clock.now += timedelta(hours=1)
    leader.post(f"/tasks/{first.id}", data=ACCEPTED)
    # then the leader of the group sees it in the own numbers, and no units below
    page = words(leader.get("/work").text)
    assert "反向协调诉求 1 1 100% 1 小时" in page
    assert "下级单位" not in page
    # and the secretary of the community sees it for the group, without any person
    above = words(sign_in("jinxing-secretary").get("/work").text)
    assert "金星社区一组 1 1 100% 1 小时 1 0" in above
    assert "组长" not in above[above.rindex("下级单位") :]


def test_a_leader_finds_what_is_overdue_below(
    platform: Engine, clock: FrozenClock, sign_in: Callable[[str], FlaskClient]
) -> None:
    # given an appeal of the first group that is overdue, and one of the second group that has just come
    late = file_appeal(platform)
    clock.advance(days=10)
    fresh = file_appeal(platform, "jinxing-2")
    # when the secretary of their community follows the number of what is overdue
    secretary = sign_in("jinxing-secretary")
    work = secretary.get("/work").text
    link = next(part for part in work.split('"') if part.startswith("/cases/below?unit=") and "state=overdue" in part)
    overdue = words(secretary.get(link.replace("&amp;", "&")).text)
    # then the late one is there with who has it, and leads to the page on which it is urged
    assert late.business_key in overdue
    assert "受理登记 金星社区一组组长 逾期" in overdue
    assert fresh.business_key not in overdue
    assert f"/cases/{late.id}" in secretary.get("/cases/below?state=overdue").text
    # and everything that goes on is there without conditions, but nothing of another community
    everything = secretary.get(f"/cases/below?unit={late.id}").text
    assert (late.business_key in everything, fresh.business_key in everything) == (True, True)
    assert late.business_key not in sign_in("chaoyang-secretary").get("/cases/below").text
    # and whoever leads no units is told so
    refused = sign_in(LEADER).get("/cases/below")
    assert (refused.status_code, "没有下级单位" in refused.text) == (403, True)


def test_another_month_and_the_file(
    platform: Engine, clock: FrozenClock, sign_in: Callable[[str], FlaskClient]
) -> None:
    leader = sign_in(LEADER)
    leader.post(f"/tasks/{open_task(platform, file_appeal(platform).id).id}", data=ACCEPTED)
    month = f"{clock.now:%Y-%m}"
    clock.now += timedelta(days=31)
    leader = sign_in(LEADER)
    assert "没有办结的环节" in leader.get("/work").text
    assert "没有办结的环节" not in leader.get(f"/work?month={month}").text
    answer = leader.get(f"/work?month={month}&format=csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[1].startswith("本人,合计,1,1,1,")
    assert leader.get("/work?month=nonsense").status_code == 200


def test_numbers_stop_counting_and_very_many_completions_are_counted_once_for_a_while(
    platform: Engine, clock: FrozenClock, sign_in: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workload, "MANY", 1)
    monkeypatch.setattr(workload, "MOST_COUNTED", 2)
    leader, secretary = sign_in(LEADER), sign_in("jinxing-secretary")
    tasks = [open_task(platform, file_appeal(platform).id) for _n in range(4)]
    leader.post(f"/tasks/{tasks[0].id}", data=ACCEPTED)
    # given what waits, and what was completed, as first seen
    assert "金星社区一组 1 1 100% 0 分钟 2 0" in words(secretary.get("/work").text)
    # when more is completed
    leader.post(f"/tasks/{tasks[1].id}", data=ACCEPTED)
    clock.now += timedelta(minutes=9)
    page = words(secretary.get("/work").text)
    # then the page says of when its numbers are, and soon has the new ones
    assert "金星社区一组 1 1 100% 0 分钟 2 0" in page
    assert "每 10 分钟更新一次" in page
    clock.now += timedelta(minutes=1)
    page = words(secretary.get("/work").text)
    assert "金星社区一组 2 2 100% 0 分钟 2 0" in page
    assert "每 10 分钟更新一次" not in page
