"""Files that leave the house: JSONL verifies offline, CSV is harmless, XES is a log as IEEE 1849 wants it."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from uuid import UUID

import pytest
from lxml import etree

from engine.database import Engine
from engine.errors import InvalidVariables, NotAuthorized
from engine.history import export, verify
from engine.history.selection import BATCH, Selection, walk
from engine.model.history import SYSTEM_CHAIN, HistoryEvent
from engine.people import ANONYMOUS, SYSTEM
from engine.queries import audit
from tests.clock import FrozenClock
from tests.engine.history.chains import events, file_appeal

NOTHING = export.Export(Selection(), "xes", 0, "", "", {})
XES = {"x": "http://www.xes-standard.org/"}


def written(engine: Engine, format: str, selection: Selection, case: str | None = None) -> str:
    with engine.begin(SYSTEM) as tx:
        begun = export.begin(tx, selection, format, case)
    writer, _ = export.WRITERS[format]
    return "".join(writer(begun, audit.export_rows(engine, SYSTEM, begun)))


def of_case(engine: Engine, format: str, **changes: str) -> tuple[UUID, str]:
    case = file_appeal(engine, **changes)
    return case.id, written(engine, format, Selection(chain=case.id), case.business_key)


def test_jsonl_verifies_without_the_database(platform: Engine) -> None:
    chain, text = of_case(platform, "jsonl")
    report = verify.verify_file(text.splitlines())
    assert report.ok
    assert (report.chains, report.events) == (1, len(events(platform, chain)))


def test_jsonl_holds_no_personal_value(platform: Engine) -> None:
    _, text = of_case(platform, "jsonl")
    assert "13800000000" not in text
    assert "commitment" in text


@pytest.mark.parametrize(("seen", "changed"), [("环境卫生", "物业服务"), ("instance_started", "instance_canceled")])
def test_a_changed_line_is_found(platform: Engine, seen: str, changed: str) -> None:
    _, text = of_case(platform, "jsonl")
    report = verify.verify_file(text.replace(seen, changed).splitlines())
    assert [fault.seq for fault in report.faults] == [1]


def test_a_line_taken_out_is_found(platform: Engine) -> None:
    _, text = of_case(platform, "jsonl")
    lines = text.splitlines()
    sentences = [fault.message for fault in verify.verify_file([*lines[:2], *lines[3:]]).faults]
    assert sentences[0] == "缺少第 2 条。"
    assert "文件可能被截断" in sentences[-1]


def test_a_cut_file_is_found(platform: Engine) -> None:
    _, text = of_case(platform, "jsonl")
    (fault,) = verify.verify_file(text.splitlines()[:-1]).faults
    assert "文件可能被截断" in fault.message


def test_a_file_that_is_something_else_is_said(platform: Engine) -> None:
    report = verify.verify_file(["no json", "[]", "{}"])
    assert report.faults[0].message == "文件第 1 行读不出来。"
    assert report.fault_count == 3


def test_a_period_is_cut_out_of_its_chains_and_still_verifies(platform: Engine, clock: FrozenClock) -> None:
    file_appeal(platform)
    clock.advance(days=2)
    later = file_appeal(platform)
    since = clock.now - timedelta(days=1)
    clock.advance(hours=1)
    text = written(platform, "jsonl", Selection(None, since, clock.now + timedelta(days=1)))
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]["export"]["count"] == len(lines) - 1 == len(events(platform, later.id))
    assert {line["case"] for line in lines[1:]} == {later.business_key}
    assert verify.verify_file(text.splitlines()).ok


def test_an_export_is_recorded_before_it_is_written(platform: Engine) -> None:
    case = file_appeal(platform)
    written(platform, "csv", Selection(chain=case.id), case.business_key)
    last = events(platform, SYSTEM_CHAIN)[-1]
    data = json.loads(last.payload)["data"]
    assert last.type == "history_exported"
    assert (data["case"], data["format"], data["count"]) == (case.business_key, "csv", case.history_seq)


def test_csv_opens_in_a_spreadsheet_and_starts_no_formula(platform: Engine) -> None:
    _, text = of_case(platform, "csv", 诉求标题='=HYPERLINK("http://evil.example";"点我")')
    assert text.startswith("\ufeff事项编号,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["事项"].startswith("'=HYPERLINK")
    assert rows[0]["经过"].startswith("提出事项 SQ-")
    assert [row["序号"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]


def test_xes_has_a_trace_for_each_case(platform: Engine, clock: FrozenClock) -> None:
    cases = [file_appeal(platform), file_appeal(platform, 诉求标题='<a & "b"> 楼道')]
    clock.advance(minutes=1)
    text = written(platform, "xes", Selection(None, cases[0].started_at, clock.now))
    log = etree.fromstring(text.encode())
    names = log.xpath("x:trace/x:string[@key='concept:name']/@value", namespaces=XES)
    assert sorted(names) == sorted(case.business_key for case in cases)
    assert '<a & "b"> 楼道' in log.xpath("x:trace/x:string[@key='wuji:title']/@value", namespaces=XES)
    for event in log.xpath("x:trace/x:event", namespaces=XES):
        keys = event.xpath("*/@key")
        assert {"concept:name", "time:timestamp", "org:resource", "lifecycle:transition"} <= set(keys)
    offered = log.xpath("//x:event[x:string[@key='wuji:type'][@value='user_task_created']]", namespaces=XES)
    assert {each.xpath("string(x:string[@key='concept:name']/@value)", namespaces=XES) for each in offered} == {
        "受理登记"
    }
    assert log.get("xes.version") == "1849.2016"


def test_xes_leaves_out_what_xml_cannot_hold(clock: FrozenClock) -> None:
    event = HistoryEvent(chain_id=SYSTEM_CHAIN, seq=1, at=clock.now, type="signed_in", actor="a\x01b", hash=b"")
    row = export.Row(event, b"", "", "", "", "", "\x0b登录\ud800")
    log = etree.fromstring("".join(export.xes(NOTHING, [row])).encode())
    assert log.xpath("//x:event/x:string[@key='org:resource']/@value", namespaces=XES) == ["ab"]
    assert log.xpath("//x:event/x:string[@key='concept:name']/@value", namespaces=XES) == ["登录"]


def test_an_empty_log_is_a_log() -> None:
    assert not etree.fromstring("".join(export.xes(NOTHING, [])).encode()).xpath("x:trace", namespaces=XES)


def test_a_long_selection_is_read_in_batches(platform: Engine) -> None:
    case = file_appeal(platform)
    batches = list(walk(platform, SYSTEM, Selection(chain=case.id)))
    assert all(len(batch) <= BATCH for batch in batches)
    assert [linked.event.seq for batch in batches for linked in batch] == list(range(1, case.history_seq + 1))


def test_only_who_may_export_can(platform: Engine) -> None:
    case = file_appeal(platform)
    with pytest.raises(NotAuthorized), platform.begin(ANONYMOUS) as tx:
        export.begin(tx, Selection(chain=case.id), "csv")


def test_an_unknown_format_and_an_empty_period_are_refused(platform: Engine, clock: FrozenClock) -> None:
    with pytest.raises(InvalidVariables, match="docx"), platform.begin(SYSTEM) as tx:
        export.begin(tx, Selection(), "docx")
    with pytest.raises(InvalidVariables, match="早于"), platform.begin(SYSTEM) as tx:
        export.begin(tx, Selection(None, clock.now, clock.now - timedelta(days=1)), "csv")
