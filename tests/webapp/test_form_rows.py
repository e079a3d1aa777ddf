"""Lists, tables and signatures on pages: all of it by plain requests, as without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from engine.database import Engine
from engine.model.process import ProcessInstance
from engine.people import SYSTEM, org_tree
from engine.queries import cases
from tests.engine.forms.form_builder import ENV, form, upload
from tests.webapp.household import ID_CARD, publish_household
from tests.webapp.official import words
from tests.webapp.test_forms_view import PNG
from webapp import forms_view

SignIn = Callable[[str], FlaskClient]
START = "/processes/household/start"
MEMBERS = {
    "住址": "金星街道和平路 12 号",
    "单位": "",
    "家庭成员": ["0", "1"],
    "家庭成员.0.姓名": "户主",
    "家庭成员.0.月收入": "3000",
    "家庭成员.1.姓名": "小户",
    "家庭成员.1.关系": "子女",
    "家庭成员.1.身份证号码": ID_CARD,
    "签名._typed": "户主",
    "签名._sure": "true",
}


def leader(platform: Engine, sign_in: SignIn) -> FlaskClient:
    """A group leader who may start it."""
    publish_household(platform)
    return sign_in("jinxing-1-leader")


def tree(page: str) -> Any:
    """The page as a tree."""
    return html.fromstring(page)


def keys(page: str) -> list[str]:
    """The keys of the rows of the family."""
    return [str(found) for found in tree(page).xpath("//input[@type='hidden'][@name='家庭成员']/@value")]


def case(platform: Engine) -> tuple[ProcessInstance, dict[str, Any]]:
    """The one case that was started, and its variables."""
    with platform.read(SYSTEM) as tx:
        found = tx.session.scalars(select(ProcessInstance).where(ProcessInstance.process_key == "household")).one()
        return found, cases.variables(found)


def test_a_row_is_added_and_gets_the_focus(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)
    assert keys(browser.get(START).text) == ["0"]

    page = browser.post(START, data={"家庭成员": ["0"], "家庭成员.0.姓名": "户主", "_do": "add:家庭成员"})

    assert page.status_code == 200
    assert keys(page.text) == ["0", "1"]
    assert tree(page.text).xpath("//input[@name='家庭成员.0.姓名']/@value") == ["户主"]
    assert tree(page.text).xpath("//*[@autofocus]/@name") == ["家庭成员.1.姓名"]
    assert "error-summary" not in page.text


def test_a_row_is_taken_away_and_the_others_stay_as_they_are(platform: Engine, sign_in: SignIn) -> None:
    page = leader(platform, sign_in).post(START, data={**MEMBERS, "_do": "remove:家庭成员.0"}).text

    assert keys(page) == ["1"]
    assert tree(page).xpath("//input[@name='家庭成员.1.身份证号码']/@value") == [ID_CARD]
    assert tree(page).xpath("//*[@autofocus]/@id") == ["f-家庭成员"]
    assert "家庭成员（共 1 项）" in page


def test_there_is_no_button_for_more_rows_than_there_may_be(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)

    page = browser.post(START, data={"家庭成员": ["0", "1", "2", "3"], "_do": "add:家庭成员"}).text

    assert keys(page) == ["0", "1", "2", "3"]
    assert not tree(page).xpath("//button[starts-with(@value, 'add:')]")


def test_enter_in_a_field_sends_the_form_and_takes_no_row_away(platform: Engine, sign_in: SignIn) -> None:
    page = tree(leader(platform, sign_in).get(START).text)

    first = page.xpath("(//form[@id='form']//button)[1]")[0]

    assert first.get("name") is None
    assert first.get("aria-hidden") == "true"


def test_errors_name_the_row_and_lead_into_it(platform: Engine, sign_in: SignIn) -> None:
    data = {**MEMBERS, "家庭成员.1.身份证号码": "110105194912310021"}

    page = leader(platform, sign_in).post(START, data=data)

    assert page.status_code == 422
    [link] = tree(page.text).xpath("//div[@data-error-summary]//a")
    assert link.text == "成员 2：身份证号码的最后一位校验不对，请核对。"
    assert tree(page.text).xpath("//input[@id=$id]", id=link.get("href")[1:])


def test_what_was_filled_in_is_stored_and_read_again(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)

    answer = browser.post(START, data=MEMBERS, follow_redirects=True)

    _found, values = case(platform)
    assert [each["姓名"] for each in values["家庭成员"]] == ["户主", "小户"]
    assert values["月收入合计"] == 3000
    assert values["签名"][0]["name"] == "签名.txt"
    page = tree(answer.text)
    assert page.xpath("//table[contains(@class, 'form-rows')]//th/text()")[:3] == ["姓名", "关系", "身份证号码"]
    assert ID_CARD in answer.text
    assert "3000 元" in words(answer.text)


def test_a_list_with_personal_data_reaches_no_history_and_is_masked_for_others(
    platform: Engine, sign_in: SignIn
) -> None:
    leader(platform, sign_in).post(START, data=MEMBERS)
    found, _values = case(platform)

    history = sign_in("auditor").get(f"/audit/cases/{found.id}").text
    assert ID_CARD not in history
    assert "小户" not in history


def test_a_name_that_is_typed_counts_once_it_is_confirmed(platform: Engine, sign_in: SignIn) -> None:
    data = {name: value for name, value in MEMBERS.items() if name != "签名._sure"}

    page = leader(platform, sign_in).post(START, data=data)

    assert page.status_code == 422
    assert "请勾选“以键入的姓名作为签名”" in page.text
    assert tree(page.text).xpath("//input[@name='签名._typed']/@value") == ["户主"]


def test_a_picture_is_a_signature_and_a_new_one_takes_its_place(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)
    data = {**MEMBERS, "住址": "", "签名._typed": "", "签名": (BytesIO(PNG), "签名.png")}
    page = tree(browser.post(START, data=data, content_type="multipart/form-data").text)
    [kept] = page.xpath("//input[@name='签名'][@type='checkbox']/@value")

    again = {**MEMBERS, "签名._typed": "", "签名": [kept, (BytesIO(PNG + b"2"), "又签.png")]}
    assert browser.post(START, data=again, content_type="multipart/form-data").status_code == 302

    assert [each["name"] for each in case(platform)[1]["签名"]] == ["又签.png"]


def test_a_table_folds_what_is_too_long(platform: Engine, sign_in: SignIn) -> None:
    page = tree(leader(platform, sign_in).get(START).text)

    tables = page.xpath("//div[contains(@class, 'form-table')]//table")
    assert [len(each.xpath(".//tbody/tr")) for each in tables] == [2, 1]
    assert tables[0].xpath(".//td/@data-label") == ["项目的", "金额的"] * 2
    assert page.xpath("//div[contains(@class, 'form-table')]//summary/text()") == ["其余 1 行"]


def test_units_are_found_by_what_they_are_called(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)
    options = tree(browser.get(START).text).xpath("//datalist/option/@value")
    assert "金星社区" in options

    browser.post(START, data={**MEMBERS, "单位": "金星社区"})

    with platform.read(SYSTEM) as tx:
        unit = org_tree(tx).by_code("jinxing")
        assert unit is not None
        assert case(platform)[1]["单位"] == str(unit.id)


def test_hostile_rows_are_answered_with_a_page(platform: Engine, sign_in: SignIn) -> None:
    browser = leader(platform, sign_in)
    for data in (
        {**MEMBERS, "家庭成员": [str(key) for key in range(1500)]},
        {**MEMBERS, "家庭成员": ["9999999", "-1", "0", "0", "x.y"]},
        {**MEMBERS, "_do": "add:住址"},
        {**MEMBERS, "_do": "remove:家庭成员"},
        {**MEMBERS, "_do": "remove:家庭成员.77", "家庭成员.77.姓名": "x"},
        {"家庭成员.3.姓名": ["x"] * 50, "_do": "add:家庭成员.3"},
    ):
        assert browser.post(START, data=data).status_code in (200, 302, 422)


def test_a_draft_keeps_a_typed_signature_as_it_was_typed_and_stores_no_file() -> None:
    compiled = form(upload("签名", properties={"signature": "true"}))
    typed = {"签名._typed": "户主", "签名._sure": "true"}

    posted = forms_view.read(compiled, MultiDict({**typed, "_do": "draft"}), MultiDict())
    again = compiled.initial({}, ENV, posted.draft({}))

    assert posted.uploads == {}
    assert again.raw == {"签名": [], **{name: [text] for name, text in typed.items()}}
