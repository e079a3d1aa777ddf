"""An auditor searches histories, sees one verified, takes files away; others may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from engine.database import Engine
from engine.history import verify
from engine.model.history import SYSTEM_CHAIN
from tests.clock import FrozenClock
from tests.engine.history.chains import events, file_appeal, tamper
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]


def rows(page: str) -> list[str]:
    return texts(page, "//tbody/tr")


@pytest.mark.parametrize("login", ["jinxing-1-leader", "admin"])
@pytest.mark.parametrize("path", ["/audit", "/audit/system"])
def test_only_auditors_may_read_histories(sign_in: SignIn, login: str, path: str) -> None:
    answer = sign_in(login).get(path)
    assert answer.status_code == 403
    assert "不能使用这个功能" in answer.text


@pytest.mark.parametrize("path", ["/audit/verify", "/audit/export"])
def test_only_auditors_may_verify_and_export(sign_in: SignIn, path: str) -> None:
    assert sign_in("admin").post(path, data={"format": "csv"}).status_code == 403


def test_conditions_narrow_the_search(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    case = file_appeal(platform, 诉求标题="电梯停运")
    clock.advance(days=2)
    other = file_appeal(platform, 诉求标题="楼道灯不亮")
    auditor = sign_in("auditor")
    day = clock.now.date().isoformat()

    def found(query: str) -> int:
        return len(rows(auditor.get(f"/audit?{query}").text))

    assert found(f"q={case.business_key}") == case.history_seq
    assert found("q=楼道灯") == other.history_seq
    assert found("q=楼道灯&type=instance_started") == 1
    assert found("type=instance_started") == 2
    assert found(f"type=instance_started&since={day}") == 1
    assert found(f"type=instance_started&until={(clock.now - timedelta(days=1)).date().isoformat()}") == 1
    assert found("element=task_accept&type=user_task_created") == 2
    assert found("actor=审计员&type=signed_in") == 1
    assert found("q=没有这样的") == 0
    assert found("since=gestern&type=instance_started") == 2


def test_what_the_system_did_is_found_too(sign_in: SignIn) -> None:
    page = sign_in("auditor").get("/audit?type=definition_published").text
    assert any("发布流程 appeal" in row for row in rows(page))


def test_posts_are_called_by_their_names(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    for path in ("/audit?type=appointed", "/audit/system"):
        page = auditor.get(path).text
        assert re.search("岗位 [\u4e00-\u9fff]", page)
        assert not re.search("岗位 [a-z]", page)


def test_a_history_is_shown_with_its_proof(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    page = sign_in("auditor").get(f"/audit/cases/{case.id}").text
    assert "校验通过" in page
    assert len(rows(page)) == case.history_seq
    assert events(platform, case.id)[0].hash.hex() in page


def test_the_systems_history_is_shown(platform: Engine, sign_in: SignIn) -> None:
    page = sign_in("auditor").get("/audit/system").text
    assert "系统留痕" in page
    assert "校验通过" in page


def test_a_changed_row_is_shown_with_its_number(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    file_appeal(platform)
    first = events(platform, case.id)[0]
    tamper(platform, case.id, 1, payload=first.payload.replace("环境卫生", "物业服务"))
    auditor = sign_in("auditor")
    page = auditor.get(f"/audit/cases/{case.id}").text
    assert "校验失败" in page
    assert "第 1 条" in texts(page, "//div[@role='alert']//li")[0]
    page = auditor.post("/audit/verify").text
    (fault,) = texts(page, "//div[@role='alert']//li")
    assert fault.startswith(case.business_key)
    assert "第 1 条" in fault


def test_all_is_verified_at_a_button(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    page = sign_in("auditor").post("/audit/verify").text
    assert "校验通过" in page
    assert "校验了 2 条链" in page


def test_an_unknown_history_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("auditor").get("/audit/cases/00000000-0000-0000-0000-000000000001").status_code == 404


@pytest.mark.parametrize(
    ("format", "type", "start"),
    [
        ("jsonl", "application/x-ndjson", b'{"export": '),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("xes", "application/xml; charset=utf-8", b"<?xml"),
    ],
)
def test_a_case_is_exported(platform: Engine, sign_in: SignIn, format: str, type: str, start: bytes) -> None:
    case = file_appeal(platform)
    answer = sign_in("auditor").post("/audit/export", data={"format": format, "chain": str(case.id)})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == type
    assert f'filename="history-{case.business_key}.{format}"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(start)
    recorded = events(platform, SYSTEM_CHAIN)[-1]
    assert (recorded.type, recorded.actor) == ("history_exported", "滨城区审计员")


def test_a_period_is_exported_and_verifies_offline(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform)
    clock.advance(minutes=1)
    day = clock.now.date().isoformat()
    answer = sign_in("auditor").post("/audit/export", data={"format": "jsonl", "since": day, "until": day})
    report = verify.verify_file(answer.text.splitlines())
    assert report.ok
    assert report.chains >= 1
    assert f"history-{day}-{day}.jsonl" in answer.headers["Content-Disposition"]


def test_an_export_is_found_in_the_history_in_plain_words(
    platform: Engine, sign_in: SignIn, clock: FrozenClock
) -> None:
    case = file_appeal(platform)
    auditor = sign_in("auditor")
    auditor.post("/audit/export", data={"format": "csv", "chain": str(case.id)})
    auditor.post("/audit/export", data={"format": "xes", "since": "2026-01-01", "until": "2026-01-31"})
    found = "".join(rows(auditor.get("/audit?type=history_exported").text))
    assert f"导出留痕 {case.history_seq} 条，格式 csv，范围：{case.business_key}" in found
    assert "导出留痕 0 条，格式 xes，范围：2026-01-01 00:00 – 2026-02-01 00:00" in found


def test_a_result_leads_to_its_place_in_a_long_history(platform: Engine, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.get("/audit?type=signed_in").text
    seq = events(platform, SYSTEM_CHAIN)[-1].seq
    assert seq > 50
    assert f"/audit/system?page={(seq - 1) // 50 + 1}" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"format": "csv"}, "请选择导出的开始日期和结束日期。"),
        ({"format": "csv", "since": "2026-11-24", "until": "2026-11-20"}, "结束日期不能早于开始日期。"),
        ({"format": "docx", "since": "2026-11-20", "until": "2026-11-24"}, "不能导出“docx”格式。"),
    ],
)
def test_a_wrong_wish_is_said(sign_in: SignIn, data: dict[str, str], sentence: str) -> None:
    assert sentence in sign_in("auditor").post("/audit/export", data=data, follow_redirects=True).text


def test_every_kind_of_event_reads_well_in_english(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    auditor = sign_in("auditor")
    auditor.set_cookie("locale", "en")
    page = auditor.get(f"/audit/cases/{case.id}").text
    assert "Verifies" in page
    assert f"Case {case.business_key} filed" in page
