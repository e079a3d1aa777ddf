"""Whoever changes history is found out: the report names the chain, the event and what does not fit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from engine.database import Engine
from engine.errors import NotFound
from engine.history import verify
from engine.history.events import link
from engine.model.history import SYSTEM_CHAIN, HistoryChain, HistoryEvent
from engine.model.process import ProcessInstance
from engine.people import SYSTEM
from tests.engine.history.chains import events, file_appeal, tamper, unguard


def report_of(engine: Engine, case: ProcessInstance) -> verify.Report:
    with engine.read(SYSTEM) as tx:
        return verify.verify_chain(tx, case.id)


def faults_of(engine: Engine, case: ProcessInstance) -> list[tuple[str, int, str]]:
    return [(fault.name, fault.seq, fault.message) for fault in report_of(engine, case).faults]


def test_what_was_written_verifies(platform: Engine) -> None:
    case = file_appeal(platform)
    with platform.read(SYSTEM) as tx:
        report = verify.verify_all(tx)
    assert report.ok
    assert report.faults == []
    assert report.chains == 2
    assert report.events == len(events(platform, case.id)) + len(events(platform, SYSTEM_CHAIN))


def test_a_changed_payload_is_named_with_chain_and_number(platform: Engine) -> None:
    case = file_appeal(platform)
    other = file_appeal(platform)
    first = events(platform, case.id)[0]
    tamper(platform, case.id, 1, payload=first.payload.replace("环境卫生", "物业服务"))
    with platform.read(SYSTEM) as tx:
        report = verify.verify_all(tx)
    assert [(fault.chain, fault.name, fault.seq) for fault in report.faults] == [(case.id, case.business_key, 1)]
    assert "内容可能被改动" in report.faults[0].message
    assert report_of(platform, other).ok


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [("type", "signed_in", "类型"), ("actor", "金星社区一组组长", "岗位"), ("element_id", "task_vote", "环节")],
)
def test_a_column_must_say_what_the_payload_says(platform: Engine, column: str, value: Any, name: str) -> None:
    case = file_appeal(platform)
    tamper(platform, case.id, 2, **{column: value})
    ((_, seq, message),) = faults_of(platform, case)
    assert seq == 2
    assert message.startswith(f"“{name}”一栏是“{value}”")


def test_a_moved_moment_is_found(platform: Engine) -> None:
    case = file_appeal(platform)
    tamper(platform, case.id, 1, at=case.started_at - timedelta(days=1))
    ((_, seq, message),) = faults_of(platform, case)
    assert seq == 1
    assert "时间" in message


def test_an_event_rewritten_with_its_hash_breaks_the_next(platform: Engine) -> None:
    case = file_appeal(platform)
    first = events(platform, case.id)[0]
    forged = first.payload.replace("环境卫生", "物业服务")
    tamper(platform, case.id, 1, payload=forged, hash=link(b"", forged))
    assert [seq for _, seq, _ in faults_of(platform, case)] == [2]


def test_a_missing_event_is_found(platform: Engine) -> None:
    case = file_appeal(platform)
    unguard(platform)
    with platform.sql.begin() as connection:
        connection.execute(delete(HistoryEvent).where(HistoryEvent.chain_id == case.id, HistoryEvent.seq == 2))
    messages = [message for _, _, message in faults_of(platform, case)]
    assert messages[0] == "缺少第 2 条。"


def test_a_cut_end_is_found_by_the_head(platform: Engine) -> None:
    case = file_appeal(platform)
    last = events(platform, case.id)[-1].seq
    unguard(platform)
    with platform.sql.begin() as connection:
        connection.execute(delete(HistoryEvent).where(HistoryEvent.chain_id == case.id, HistoryEvent.seq == last))
    ((_, seq, message),) = faults_of(platform, case)
    assert seq == last - 1
    assert f"登记的链头（第 {last} 条）不符" in message


def test_an_event_put_in_after_the_head_is_found(platform: Engine) -> None:
    case = file_appeal(platform)
    last = events(platform, case.id)[-1]
    payload = last.payload.replace(f'"seq":{last.seq}', f'"seq":{last.seq + 1}')
    with platform.begin(SYSTEM) as tx:
        columns = {name: getattr(last, name) for name in ("chain_id", "at", "type", "actor", "element_id")}
        tx.add(HistoryEvent(seq=last.seq + 1, payload=payload, hash=link(last.hash, payload), **columns))
    ((_, seq, message),) = faults_of(platform, case)
    assert (seq, message) == (last.seq, f"登记的链头（第 {last.seq} 条）之后多出 1 条。")


def test_the_head_of_the_system_is_verified(platform: Engine) -> None:
    with platform.sql.begin() as connection:
        connection.execute(update(HistoryChain).values(head=b"x" * 32))
    with platform.read(SYSTEM) as tx:
        report = verify.verify_all(tx)
    assert [fault.name for fault in report.faults] == ["系统"]


def test_a_changed_personal_value_does_not_fit_its_commitment(platform: Engine) -> None:
    case = file_appeal(platform)
    private = events(platform, case.id)[0].private
    assert private is not None
    salt, _ = private["variables.联系电话"]
    tamper(platform, case.id, 1, private={**private, "variables.联系电话": [salt, "13900000000"]})
    assert faults_of(platform, case) == [(case.business_key, 1, "个人信息“联系电话”与留痕时的承诺值不符。")]


def test_erased_personal_values_leave_the_chain_whole(platform: Engine) -> None:
    case = file_appeal(platform)
    tamper(platform, case.id, 1, private=None)
    assert report_of(platform, case).ok


def test_unreadable_content_is_a_fault_and_not_a_crash(platform: Engine) -> None:
    case = file_appeal(platform)
    tamper(platform, case.id, 1, payload="{")
    assert [seq for _, seq, _ in faults_of(platform, case)] == [1, 1]


def test_events_without_a_case_are_found(platform: Engine) -> None:
    case = file_appeal(platform)
    orphan = events(platform, case.id)[0]
    chain = orphan.chain_id
    with platform.begin(SYSTEM) as tx:
        columns = {name: getattr(orphan, name) for name in ("at", "type", "actor", "payload", "hash")}
        tx.add(HistoryEvent(chain_id=type(chain)(int=7), seq=1, **columns))
    with platform.read(SYSTEM) as tx:
        report = verify.verify_all(tx)
    assert [fault.message for fault in report.faults] == ["有留痕，但没有对应的事项。"]


def test_a_limit_says_how_many_are_left(platform: Engine) -> None:
    for _ in range(3):
        file_appeal(platform)
    with platform.read(SYSTEM) as tx:
        report = verify.verify_all(tx, most_events=1)
    assert report.ok
    assert (report.chains, report.left) == (1, 3)


def test_an_unknown_number_is_said(platform: Engine) -> None:
    with platform.read(SYSTEM) as tx, pytest.raises(NotFound, match="SQ-1999-00001"):
        verify.chain_of(tx, "SQ-1999-00001")
