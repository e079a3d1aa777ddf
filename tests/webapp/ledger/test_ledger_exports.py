"""A ledger is taken away as it is shown: narrowed, masked, and known to the history of the platform."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree

from engine.database import Engine
from engine.model.history import SYSTEM_CHAIN
from tests.clock import FrozenClock
from tests.engine.commands.house import House, process
from tests.engine.history.chains import events, file_appeal
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
EXPORT = "/ledgers/appeal/export"
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c"
_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"


def lines(answer: Any) -> list[list[str]]:
    text = answer.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def sheet(answer: Any) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        tree = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    return [["".join(cell.itertext()) for cell in row.iter(_CELL)] for row in tree.iter(_ROW)]


def test_a_csv_has_what_the_page_lists(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform, 诉求标题="楼道灯不亮")
    clock.advance(minutes=1)
    wanted = file_appeal(platform, 诉求标题="=电梯停运")
    answer = sign_in("admin").post(EXPORT, data={"format": "csv", "q": "电梯"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ledger-appeal-2026-11-24.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert lines(answer) == [
        ["编号", "诉求", "类别", "单位", "收到时间", "办结时间", "办结方式", "满意度"],
        [wanted.business_key, "'=电梯停运", "环境卫生", "金星社区一组", "2026-11-24 09:01", "", "", ""],
    ]


def test_a_workbook_has_moments_as_such(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    answer = sign_in("jinxing-1-leader").post(EXPORT, data={"format": "xlsx"})
    assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert 'filename="ledger-appeal-2026-11-24.xlsx"' in answer.headers["Content-Disposition"]
    (_header, row) = sheet(answer)
    assert row == [case.business_key, case.title, "环境卫生", "金星社区一组", "46350.375", "", "", ""]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_personal_data_are_masked_as_on_the_page(
    platform: Engine, sign_in: SignIn, clock: FrozenClock, format: str
) -> None:
    house = House(platform, clock)
    house.deploy(process(start_form=True, ledger="={编号: 编号, 电话: 电话, 数量: 数量}").user_task().end())
    house.start("p", {"意见": "可行", "电话": "13800000000", "数量": 3})
    read = lines if format == "csv" else sheet
    for login, phone in (("admin", "138****0000"), ("jinxing-1-leader", "13800000000")):
        answer = sign_in(login).post("/ledgers/p/export", data={"format": format})
        assert read(answer)[1][1:] == [phone, "3"], login


def test_others_cases_are_not_taken_away(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    assert len(lines(sign_in("pengli-officer").post(EXPORT, data={"format": "csv"}))) == 1


def test_an_export_of_many_keeps_their_order(
    platform: Engine, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.queries.ledgers._BATCH", 3)
    numbers = [file_appeal(platform, 诉求标题=f"第{number}件").business_key for number in range(8)]
    found = lines(sign_in("admin").post(EXPORT, data={"format": "csv", "sort": "number"}))
    assert [row[0] for row in found[1:]] == numbers


def test_the_history_of_the_platform_knows_of_it(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    sign_in("jinxing-1-leader").post(EXPORT, data={"format": "xlsx", "period": "year", "q": "油烟"})
    event = events(platform, SYSTEM_CHAIN)[-1]
    assert (event.type, event.actor) == ("ledger_exported", "金星社区一组组长")
    assert '"conditions":{"period":"year","q":"油烟"}' in event.payload
    page = sign_in("auditor").get("/audit?type=ledger_exported").text
    assert "导出流程 appeal 的台账 1 件，格式 xlsx" in texts(page, "//tbody/tr")[0]


def test_another_format_is_refused_in_words(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    answer = sign_in("admin").post(EXPORT, data={"format": "docx"}, follow_redirects=True)
    assert "不能导出“docx”格式。请选择 XLSX 或 CSV。" in answer.text
