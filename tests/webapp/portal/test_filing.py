"""Filing an appeal: every kind of wrong input comes back with a sentence and with all that was typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, org_tree
from engine.queries import cases
from tests.webapp.portal.resident import APPEAL, case_of, errors, file_appeal, photo, send, texts, values

ATTACK = '"><script>alert(1)</script>{{7*7}}'


def number_of_cases(engine: Engine) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalar(select(func.count()).select_from(ProcessInstance)) or 0


def test_the_first_page_leads_to_filing_and_following(client: FlaskClient) -> None:
    page = client.get("/").text
    assert texts(page, "//a[@href='/file/appeal']") == ["提出诉求"]
    assert texts(page, "//form[@action='/follow']//button") == ["查询进度"]


def test_an_official_finds_the_way_to_work_on_the_first_page(sign_in: Callable[[str], FlaskClient]) -> None:
    assert texts(sign_in("jinxing-1-leader").get("/").text, "//main//a[@href='/tasks']") == ["去办理工作"]


def test_a_resident_files_without_an_account(client: FlaskClient, platform: Engine) -> None:
    number, code = file_appeal(client, 照片=photo())
    assert number.startswith("SQ-")
    assert len(code) == 8
    with platform.read(SYSTEM) as tx:
        case = tx.get(ProcessInstance, case_of(platform, number))
        unit = org_tree(tx).by_code("jinxing-1")
        assert unit is not None
        assert (case.title, case.unit_id, case.started_by) == (APPEAL["诉求标题"], unit.id, None)
        assert [each["name"] for each in cases.variables(case)["照片"]] == ["油烟.png"]


def test_residents_with_an_account_ask_their_community_for_disclosure(
    client: FlaskClient, platform: Engine, sign_in: Callable[[str], FlaskClient]
) -> None:
    asked = {
        "_group": "jinxing-1",
        "公开缘由": "居民要求公开",
        "公开事项": "电梯维修费用",
        "公开说明": "请公开花了多少。",
    }
    assert not texts(client.get("/").text, "//a[@href='/start/disclosure']")
    assert client.post("/start/disclosure", data=asked).status_code == 404
    resident = sign_in("resident-1")
    assert texts(resident.get("/").text, "//a[@href='/start/disclosure']") == ["要求公开居务"]
    assert resident.post("/start/disclosure", data=asked).status_code == 303
    (number, _code) = texts(resident.get("/receipt").text, "//section[contains(@class, 'receipt')]//dd")
    with platform.read(SYSTEM) as tx:
        unit = org_tree(tx).by_code("jinxing")
        assert unit is not None
        assert tx.get(ProcessInstance, case_of(platform, number)).unit_id == unit.id


def test_the_group_of_a_signed_in_resident_is_chosen_already(sign_in: Callable[[str], FlaskClient]) -> None:
    assert values(sign_in("resident-1").get("/start/appeal").text, "_group") == ["jinxing-1"]


def test_a_poster_can_lead_to_the_own_group(client: FlaskClient) -> None:
    assert values(client.get("/start/appeal?group=qingfeng-2").text, "_group") == ["qingfeng-2"]


@pytest.mark.parametrize("group", [None, "", "jinxing", "bincheng", "no-such-group"])
def test_without_a_group_nothing_is_filed_and_nothing_is_lost(
    client: FlaskClient, platform: Engine, group: str | None
) -> None:
    answer = send(client, _group=group)
    assert answer.status_code == 422
    assert errors(answer.text) == ["请选择您所在的居民小组。"]
    assert values(answer.text, "诉求内容") == [APPEAL["诉求内容"]]
    assert number_of_cases(platform) == 0


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("诉求标题", None, "请填写“诉求标题”。"),
        ("诉求标题", "   ", "请填写“诉求标题”。"),
        ("诉求标题", "长" * 41, "诉求标题"),
        ("诉求内容", "长" * 100_000, "诉求内容"),
        ("诉求类别", "伪造的类别", "诉求类别"),
        ("联系电话", "abc", "联系电话"),
        ("联系人", "", "请填写“称呼”。"),
    ],
)
def test_a_wrong_field_is_named_and_everything_typed_stays(
    client: FlaskClient, platform: Engine, field: str, value: str | None, sentence: str
) -> None:
    answer = send(client, **{field: value})
    assert answer.status_code == 422
    [found] = errors(answer.text)
    assert sentence in found
    assert values(answer.text, "地址") == [APPEAL["地址"]]
    assert values(answer.text, "_group") == ["jinxing-1"]
    if value and field != "诉求类别":
        assert values(answer.text, field) == [value]
    assert number_of_cases(platform) == 0


def test_what_is_typed_is_shown_and_never_executed(client: FlaskClient) -> None:
    answer = send(client, 诉求内容=ATTACK, 联系电话="abc")
    assert values(answer.text, "诉求内容") == [ATTACK]
    assert "<script>alert" not in answer.text


def test_an_upload_is_kept_while_other_fields_are_corrected(client: FlaskClient, platform: Engine) -> None:
    answer = send(client, 照片=photo(), 联系电话="abc")
    [kept] = values(answer.text, "照片")
    number, _code = file_appeal(client, 照片=kept)
    with platform.read(SYSTEM) as tx:
        case = tx.get(ProcessInstance, case_of(platform, number))
        assert [each["id"] for each in cases.variables(case)["照片"]] == [kept]


def test_a_file_that_is_not_ones_own_any_more_is_said_to_be_lost(
    client: FlaskClient, app: Flask, platform: Engine
) -> None:
    [foreign] = values(send(client, 照片=photo(), 联系电话="abc").text, "照片")
    other = app.test_client()
    answer = send(other, 照片=foreign)
    assert answer.status_code == 422
    assert errors(answer.text) == ["之前上传的 1 个文件已经失效，请重新选择。"]
    assert values(answer.text, "照片") == []
    number, _code = file_appeal(other)
    with platform.read(SYSTEM) as tx:
        assert not cases.variables(tx.get(ProcessInstance, case_of(platform, number))).get("照片")


def test_a_resident_who_signs_in_comes_to_the_residents_page(sign_in: Callable[[str], FlaskClient]) -> None:
    browser = sign_in("resident-1")
    number, _code = file_appeal(browser)
    page = browser.get("/").text
    assert texts(page, "//a[@href='/mine']") == ["我的事项（1）"]
    assert not texts(page, "//main//a[@href='/tasks']")
    assert number in browser.get("/mine").text


def test_a_file_of_another_kind_is_refused_with_its_name(client: FlaskClient) -> None:
    answer = send(client, 照片=photo("病毒.png", b"MZ\x90\x00\x03\x00\x00\x00"))
    assert answer.status_code == 422
    assert any("病毒.png" in sentence for sentence in errors(answer.text))


def test_a_refresh_shows_the_form_without_filing(client: FlaskClient, platform: Engine) -> None:
    answer = send(client, _do="refresh", 联系人="")
    assert answer.status_code == 200
    assert errors(answer.text) == []
    assert values(answer.text, "诉求标题") == [APPEAL["诉求标题"]]
    assert number_of_cases(platform) == 0


@pytest.mark.parametrize("key", ["no-such-process", "../appeal"])
def test_an_unknown_process_is_a_page_with_a_sentence(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/start/{key}")
    assert answer.status_code == 404
    assert texts(answer.text, "//h1")


def test_the_code_is_shown_on_its_page_alone(client: FlaskClient) -> None:
    number, code = file_appeal(client)
    assert code in client.get("/receipt").text, "a reload of the page must not cost the resident the code"
    assert code not in client.get("/").text
    again = client.get("/receipt").text
    assert code not in again
    assert number in again


def test_without_anything_filed_the_receipt_leads_to_the_query(client: FlaskClient) -> None:
    assert client.get("/receipt").location == "/follow"


def test_the_pages_speak_english(client: FlaskClient) -> None:
    client.set_cookie("locale", "en")
    for address in ("/", "/follow", "/start/appeal", "/mine"):
        assert "您" not in "".join(texts(client.get(address).text, "//h1 | //h2 | //button")), address
