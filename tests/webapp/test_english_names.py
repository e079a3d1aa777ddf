"""English pages call steps, levels and processes by the English names that their diagrams carry."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from engine.database import Engine
from engine.people import SYSTEM
from engine.queries.newest import english_names
from tests.bpmn_xml import extension, properties
from tests.clock import FrozenClock
from tests.engine.commands.house import CLAUSE, Drawing, House
from tests.webapp.official import file_appeal, open_task, words


@pytest.fixture
def english(sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """The group leader, who reads English."""
    browser = sign_in("jinxing-1-leader")
    browser.set_cookie("locale", "en")
    return browser


def test_a_task_is_called_by_its_english_name(platform: Engine, english: FlaskClient) -> None:
    file_appeal(platform)
    page = words(english.get("/tasks?tab=open").text)
    assert "受理登记" not in page
    assert "反向协调诉求" not in page
    assert "Appeals" in page or "appeal" in page.lower()


def test_the_steps_of_a_case_are_told_in_english(platform: Engine, english: FlaskClient) -> None:
    case = file_appeal(platform)
    page = words(english.get(f"/cases/{case.id}").text)
    assert "居民小组" not in page.replace("居民小组组长", "")
    assert "受理登记" not in page


@pytest.mark.parametrize("page", ["/policies", "/admin/schedules"])
def test_settings_are_filtered_by_the_english_names_of_processes(
    sign_in: Callable[[str], FlaskClient], page: str
) -> None:
    browser = sign_in("admin")
    browser.set_cookie("locale", "en")
    [offered] = html.fromstring(browser.get(page).text).xpath("//select[@name='process']")
    assert [text for text in offered.itertext() if re.search("[\u3400-\u9fff]", text)] == []


@pytest.mark.parametrize("key", ["appeal", "mediation_studio", "one_window"])
def test_residents_file_in_english(client: FlaskClient, key: str) -> None:
    client.set_cookie("locale", "en")
    for page in (client.get("/").text, client.get(f"/start/{key}").text, client.get(f"/file/{key}").text):
        [main] = html.fromstring(page).xpath("//main")
        said = [*main.itertext(), *main.xpath(".//@aria-label | .//@placeholder")]
        assert [text for text in said if re.search("[\u3400-\u9fff]", text)] == []
    wrong = client.post(f"/start/{key}", data={})
    assert not re.search("“[\u3400-\u9fff]", wrong.text), "errors call the fields as the page does"


def test_an_official_fills_in_a_form_in_english(platform: Engine, english: FlaskClient) -> None:
    task = open_task(platform, file_appeal(platform).id)
    page = english.get(f"/tasks/{task.id}").text
    assert "Check what the appeal says" in page
    assert "Time for the group to accept (2 working days)" in words(page)
    [form] = html.fromstring(page).xpath("//form[.//*[@name='受理意见']]")
    said = [*form.itertext(), *form.xpath(".//@aria-label | .//@placeholder")]
    assert "Whether to accept" in [text.strip() for text in said]
    assert [text for text in said if re.search("[\u3400-\u9fff]", text)] == []


def test_a_page_is_shown_where_the_names_cannot_be_read(
    app: Flask, english: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, clock, _ = app.extensions["wuji.i18n"]
    app.extensions["wuji.i18n"] = (account, clock, lambda: 1 / 0)
    assert english.get("/notices").status_code == 200


def test_chinese_pages_keep_the_chinese_names(platform: Engine, sign_in: Callable[[str], FlaskClient]) -> None:
    file_appeal(platform)
    assert "受理登记" in sign_in("jinxing-1-leader").get("/tasks?tab=open").text


def test_a_process_is_called_by_its_own_name_whatever_a_step_of_the_same_name_is_called(platform: Engine) -> None:
    house = House(platform, FrozenClock())
    for key, name, process_name, step in (("a", "共建", "Joint work", "x"), ("z", "别的", "Else", "Jointly")):
        facts = extension(properties(nameEn=process_name))
        drawing = Drawing(key, name=name, process_inner=facts).start()
        task = extension(properties(nameEn=step, clause=CLAUSE, candidateGroups="community_clerk@community"))
        house.deploy(drawing.node("manualTask", "t", task, name="共建").end())
    with platform.read(SYSTEM) as tx:
        assert english_names(tx)["共建"] == "Joint work"
