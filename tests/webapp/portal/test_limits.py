"""How much the counter takes: from an address, under a telephone number, of files; and whom it takes for a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine import counter_limits
from engine.database import Engine
from engine.model.counter import CounterUsage
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.webapp.portal.resident import (
    APPEAL,
    PNG,
    ask_for_material,
    case_of,
    errors,
    file_appeal,
    open_task,
    photo,
    send,
    texts,
    values,
)

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def limit(platform: Engine) -> Callable[..., None]:
    """Sets limits of the counter."""

    def set_limits(**values: int) -> None:
        with platform.begin(SYSTEM) as tx:
            counter_limits.set_limits(tx, {name: str(value) for name, value in values.items()})

    return set_limits


def test_an_address_that_files_too_much_waits_loses_nothing_and_reads_whom_to_call(
    client: FlaskClient, app: Flask, clock: FrozenClock, limit: Callable[..., None]
) -> None:
    limit(address_hour=2, address_day=3)
    clock.advance(minutes=20)
    assert [send(client, 联系电话=f"1380000000{n}").status_code for n in range(2)] == [303] * 2
    answer = send(client, 联系电话="13800000009")
    assert answer.status_code == 429
    assert "请在 41 分钟后再提交" in answer.text
    assert "请打电话联系金星社区：0543-1234511。" in answer.text
    assert values(answer.text, "诉求标题") == [APPEAL["诉求标题"]]
    other = app.test_client()
    other.environ_base.update(ELSEWHERE)
    assert send(other).status_code == 303, "everybody else goes on"
    clock.advance(minutes=41)
    assert send(client).status_code == 303
    clock.advance(hours=1)
    answer = send(client)
    assert answer.status_code == 429
    assert "请明天再提交" in answer.text
    clock.advance(days=1)
    assert send(client).status_code == 303


def test_a_telephone_number_has_its_own_limit_however_it_is_written_and_wherever_it_comes_from(
    client: FlaskClient, app: Flask, limit: Callable[..., None]
) -> None:
    limit(phone_hour=1)
    assert send(client).status_code == 303
    other = app.test_client()
    other.environ_base.update(ELSEWHERE)
    answer = send(other, 联系电话="138 0000 0000")
    assert answer.status_code == 429
    assert "这个电话号码一小时内提交得太多" in answer.text
    assert send(other, 联系电话="13800000001").status_code == 303


def test_what_is_refused_is_not_counted_and_old_counts_go(
    client: FlaskClient, platform: Engine, clock: FrozenClock
) -> None:
    assert send(client, 诉求标题="").status_code == 422
    query = select(func.count()).select_from(CounterUsage)
    with platform.read(SYSTEM) as tx:
        assert tx.session.scalar(query) == 0
    send(client)
    clock.advance(hours=26)
    with platform.begin(SYSTEM) as tx:
        counter_limits.forget_usage(tx)
        assert tx.session.scalar(query) == 0


def test_a_machine_is_asked_once_more_and_so_is_a_person_taken_for_one(
    client: FlaskClient, clock: FrozenClock, limit: Callable[..., None]
) -> None:
    [trap] = texts(client.get("/start/appeal").text, "//div[@class='trap']")
    assert trap == "请不要填写这一项"
    caught = send(client, _remark2="http://example.org")
    assert caught.status_code == 422
    assert "请再提交一次" in caught.text
    assert values(caught.text, "_remark2") == [""]
    # and by how fast it went
    limit(least_seconds=3)
    assert send(client).status_code == 422, "no page of ours was opened at all"
    assert send(client, _opened="made-up").status_code == 422
    [opened] = values(client.get("/start/appeal").text, "_opened")
    fast = send(client, _opened=opened)
    assert "提交得太快了" in fast.text
    assert values(fast.text, "诉求标题") == [APPEAL["诉求标题"]]
    clock.advance(seconds=4)
    assert send(client, _opened=values(fast.text, "_opened")).status_code == 303


def test_files_beyond_the_limits_are_refused_by_name_and_the_others_kept(
    client: FlaskClient, limit: Callable[..., None]
) -> None:
    limit(files=2)
    three = [photo(f"{n}.png", PNG + bytes([n])) for n in range(3)]
    answer = send(client, 照片=three)
    assert answer.status_code == 422
    assert errors(answer.text) == ["一次最多上传 2 个文件，“2.png”没有上传。"]
    assert len(values(answer.text, "照片")) == 2
    limit(files=9, megabytes=1)
    ids = [values(f"<form>{ahead(client, n).text}</form>", "照片")[0] for n in range(2)]
    large = send(client, 照片=[*ids, photo("2.png", PNG + b"c" * 400_000)])
    assert errors(large.text) == ["一次上传的文件合计不能超过 1 MB，“2.png”没有上传。其余的可以到社区窗口提交。"]
    limit(megabytes=30, address_megabytes=1)
    again = ahead(client, 3)
    assert again.status_code == 422
    assert "请明天再传" in again.text


def ahead(browser: FlaskClient, number: int) -> Any:
    """Send a file of 0.4 MB ahead of its form."""
    data = {"照片": photo(f"{number}.png", PNG + bytes([number]) * 400_000)}
    return browser.post("/file/appeal/uploads/照片", data=data)


def test_a_file_that_comes_ahead_is_part_of_the_form(client: FlaskClient, app: Flask) -> None:
    answer = client.post("/file/appeal/uploads/照片", data={"照片": photo()})
    [file_id] = values(f"<form>{answer.text}</form>", "照片")
    assert "油烟.png（1 KB）" in answer.text
    assert send(client, 照片=file_id).status_code == 303
    wrong = client.post("/file/appeal/uploads/照片", data={"照片": photo("病毒.png", b"MZ\x90\x00\x03")})
    assert (wrong.status_code, "病毒.png" in wrong.text) == (422, True)
    assert client.post("/file/appeal/uploads/照片", data={}).status_code == 400
    assert client.post("/file/appeal/uploads/诉求标题", data={"诉求标题": photo()}).status_code == 404


def test_what_is_sent_to_a_running_case_counts_for_the_address_too(
    client: FlaskClient, app: Flask, platform: Engine, limit: Callable[..., None]
) -> None:
    number, _code = file_appeal(client)
    case = f"/follow/case/{case_of(platform, number)}"
    limit(address_megabytes=1)
    for n in range(2):
        sent = {"text": "", "files": photo(f"{n}.png", PNG + bytes([n]) * 400_000)}
        assert client.post(f"{case}/add", data=sent).status_code == 303
    late = client.post(f"{case}/add", data={"text": "昨晚又排", "files": photo("3.png", PNG + b"c" * 400_000)})
    assert late.status_code == 422
    assert "“3.png”没有上传。请明天再传" in errors(late.text)[0]
    assert values(late.text, "text") == ["昨晚又排"]
    # and so does what an official has asked for
    ask_for_material(app, platform, number)
    task = open_task(platform, number, "task_supplement")
    asked = {"补充说明": "见照片", "补充材料": photo("4.png", PNG + b"d" * 400_000)}
    answer = client.post(f"{case}/tasks/{task}", data=asked, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "“4.png”没有上传。请明天再传" in errors(answer.text)[0]
