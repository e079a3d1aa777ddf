"""The page of published results, and taking one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.database import Engine
from engine.people import SYSTEM
from engine.queries.results import Wish, published
from tests.clock import FrozenClock
from tests.webapp.portal.resident import case_of, file_appeal, official, open_task, settle, texts


@pytest.fixture
def settled(app: Flask, client: FlaskClient, platform: Engine, clock: FrozenClock) -> str:
    """The number of an appeal about all neighbours, which its group has settled and its applicant rated."""
    number, _code = file_appeal(client)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("task_accept", {"受理意见": "受理", "事项性质": "共性问题"}),
        ("task_topic", {"议题": "油烟", "议事时间": "2026-11-25T19:00", "议事地点": "活动室", "通知方式": ["微信群"]}),
        ("task_council", {"参会人数": 18, "议事意见": "装净化器。", "小组结果": "形成议事意见", "涉及重大利益": "否"}),
        ("task_implement", {"落实说明": "已装。", "落实情况": "已落实", "答复": "已装好。", "公开摘要": SUMMARY}),
    ]
    for element, answers in steps:
        official(app, platform, number, element, answers)
    clock.advance(seconds=timedelta(days=3).total_seconds())
    rating = open_task(platform, number, "task_rating")
    client.post(f"/follow/case/{case_of(platform, number)}/tasks/{rating}", data={"满意度": "满意"})
    settle(app)
    return number


SUMMARY = "3号楼居民反映的油烟问题，餐馆已加装净化器，有事请打 138 0000 0000。"


def result_id(engine: Engine) -> UUID:
    with engine.read(SYSTEM) as tx:
        return published(tx, Wish()).items[0].row.id


def test_everybody_reads_what_came_of_it_and_nobody_for_whom(
    app: Flask, client: FlaskClient, platform: Engine, settled: str
) -> None:
    assert "/results" in app.test_client().get("/").text
    page = app.test_client().get("/results").text
    (card,) = texts(page, "//ul[contains(@class, 'results')]/li")
    told = " ".join(card.split())
    assert told.startswith("环境卫生 金星社区 小组办结 2026年11月办结，用时 3 天 ")
    assert told.endswith(" ＊＊＊反映的油烟问题，餐馆已加装净化器，有事请打 ＊＊＊。")
    assert settled not in page
    assert "撤下" not in page
    # and the applicant is told so
    mine = client.get(f"/follow/case/{case_of(platform, settled)}").text
    assert "公开办理结果，不含个人信息" in "".join(texts(mine, "//*[@class='timeline-title']"))


def test_words_and_units_narrow_the_list(client: FlaskClient, settled: str) -> None:
    for query, count in (("?q=油烟+金星", 1), ("?unit=shizhong", 1), ("?unit=pengli", 0), ("?q=路灯", 0)):
        assert len(texts(client.get(f"/results{query}").text, "//ul[contains(@class, 'results')]/li")) == count
    assert "没有符合条件的办理结果" in client.get("/results?q=路灯").text


def test_an_admin_takes_it_back(
    client: FlaskClient, platform: Engine, sign_in: Callable[[str], FlaskClient], settled: str
) -> None:
    address = f"/results/{result_id(platform)}/withdraw"
    assert client.post(address, data={"reason": "写错"}).status_code == 401
    assert sign_in("jinxing-1-leader").post(address, data={"reason": "写错"}).status_code == 403
    admin = sign_in("admin")
    missing = admin.post(address, data={"reason": " "})
    assert missing.status_code == 422
    assert "请写明撤下的原因。" in missing.text
    assert "已撤下" in admin.post(address, data={"reason": "写到了人"}, follow_redirects=True).text
    assert "已经撤下" in admin.post(address, data={"reason": "写到了人"}, follow_redirects=True).text
    assert "还没有公开的办理结果" in client.get("/results").text
