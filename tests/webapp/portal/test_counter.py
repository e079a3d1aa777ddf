"""What a resident does at the counter once the case runs: reads with telephone digits, adds material, complains."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.additions import MOST_A_DAY
from engine.database import Engine
from engine.receipts import MOST_GUESSES
from tests.clock import FrozenClock
from tests.conftest import DEMO_PASSWORD
from tests.webapp.portal.resident import APPEAL, LEADER, case_of, errors, file_appeal, open_task, photo, texts, values


@pytest.fixture
def number(client: FlaskClient) -> str:
    """An appeal that the client has filed without an account."""
    return file_appeal(client, 照片=photo())[0]


@pytest.fixture
def address(number: str, platform: Engine) -> str:
    """The address of its page."""
    return f"/follow/case/{case_of(platform, number)}"


@pytest.fixture
def reader(app: Flask, number: str) -> FlaskClient:
    """A browser that has opened the case with the last digits of the telephone number."""
    browser = app.test_client()
    answer = browser.post("/follow", data={"number": number, "code": APPEAL["联系电话"][-4:]})
    assert answer.status_code == 303
    return browser


def test_the_digits_show_the_case_without_personal_data(reader: FlaskClient, address: str) -> None:
    page = reader.get(address).text
    assert "正在金星社区一组办理。" in page
    assert APPEAL["联系电话"] not in page
    assert "/files/" not in page
    assert not texts(page, "//form[contains(@action, 'withdraw')]")


def test_the_digits_let_nobody_act(reader: FlaskClient, address: str) -> None:
    for act, fields in (
        ("withdraw", {"reason": "不是我的"}),
        ("add", {"text": "说明"}),
        ("complain", {"text": "太慢"}),
    ):
        assert reader.post(f"{address}/{act}", data=fields).status_code == 401
    assert reader.get(f"{address}/add").location == "/follow"
    assert "凭手机号码只能查看" in reader.get("/follow").text


def test_wrong_digits_and_an_unknown_number_read_the_same(app: Flask, number: str) -> None:
    pages = []
    for asked in (number, "SQ-1999-00001"):
        answer = app.test_client().post("/follow", data={"number": asked, "code": "9999"})
        assert answer.status_code == 422
        pages.append([text.replace(asked, "…") for text in texts(answer.text, "//main//*[not(*)]")])
    assert pages[0] == pages[1]


def test_guessing_digits_ends_and_says_what_else_there_is(app: Flask, number: str) -> None:
    browser = app.test_client()
    answers = [browser.post("/follow", data={"number": number, "code": f"9{n:03}"}) for n in range(MOST_GUESSES)]
    assert [each.status_code for each in answers] == [422] * (MOST_GUESSES - 1) + [429]
    assert "请改用查询码查询，或者明天再试" in answers[-1].text


def test_the_receipt_has_a_picture_of_the_address_and_says_who_has_it_until_when(client: FlaskClient) -> None:
    number, _code = file_appeal(client)
    page = client.get("/receipt").text
    assert "<svg" in page[page.index("receipt-picture") :]
    assert "style=" not in page
    [step, *_others] = texts(page, "//section[@aria-labelledby='next']//li")
    assert "金星社区一组组长" in step
    assert "还有" in step
    assert values(client.get(f"/follow?number={number}").text, "number") == [number]


def test_material_reaches_the_desk(
    client: FlaskClient, app: Flask, platform: Engine, number: str, address: str
) -> None:
    fields = {"text": "昨晚又排了一次。", "files": photo("昨晚.png")}
    answer = client.post(f"{address}/add", data=fields, content_type="multipart/form-data", follow_redirects=True)
    assert "已补充，办理的人已经收到提醒。" in answer.text
    assert "昨晚又排了一次。" in answer.text
    assert "昨晚.png" in answer.text
    desk = app.test_client()
    desk.post("/login", data={"login": LEADER, "password": DEMO_PASSWORD})
    page = desk.get(f"/tasks/{open_task(platform, number, 'task_accept')}").text
    assert "昨晚又排了一次。" in page
    assert "昨晚.png" in page
    assert "申请人补充材料" in page


def test_what_was_typed_survives_a_file_that_is_not_taken(client: FlaskClient, address: str) -> None:
    fields = {"text": "写了很久的说明", "files": photo("病毒.png", b"MZ\x90\x00\x03")}
    answer = client.post(f"{address}/add", data=fields, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "病毒.png" in errors(answer.text)[0]
    assert values(answer.text, "text") == ["写了很久的说明"]
    # and a file that was taken stays ticked when the text is wrong
    long = {"text": "长" * 1001, "files": photo("昨晚.png")}
    again = client.post(f"{address}/add", data=long, content_type="multipart/form-data")
    assert again.status_code == 422
    assert len(values(again.text, "files")) == 1


def test_too_much_in_one_day_is_refused_with_another_way(client: FlaskClient, address: str) -> None:
    answers = [client.post(f"{address}/add", data={"text": f"第{n}次"}) for n in range(MOST_A_DAY + 1)]
    assert [each.status_code for each in answers] == [303] * MOST_A_DAY + [409]
    assert "请明天再补充" in answers[-1].text


def test_a_delay_can_be_complained_about_once_it_is_one(client: FlaskClient, clock: FrozenClock, address: str) -> None:
    assert f"{address}/complain" not in client.get(address).text
    assert client.post(f"{address}/complain", data={"text": "太慢"}).status_code == 409
    clock.advance(days=5)
    assert f"{address}/complain" in client.get(address).text
    empty = client.post(f"{address}/complain", data={"text": " "})
    assert empty.status_code == 422
    assert errors(empty.text)
    answer = client.post(f"{address}/complain", data={"text": "没有人联系我。"}, follow_redirects=True)
    assert "已转给上一级" in answer.text
    assert "投诉办理缓慢" in "".join(texts(answer.text, "//*[@class='timeline-title']"))
    assert f"{address}/complain" not in answer.text
    assert "没有进展的，12月2日 09:00起可以再次投诉。" in answer.text
