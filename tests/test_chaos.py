"""The chaos run in small: kills under load lose nothing; and its checks do find what they look for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bench import chaos, verdict
from bench.databases import furnish
from bench.duel import Duels
from bench.ours import Ours
from engine.model.history import HistoryEvent
from engine.model.notification import Notification


def test_kills_lose_nothing_and_two_people_never_both_win(capsys: pytest.CaptureFixture[str]) -> None:
    violations = chaos.main(["--completions", "60", "--kills", "2", "--duels", "5", "--database", "sqlite"])
    said = capsys.readouterr().out
    assert violations == 0, said
    acknowledged = re.search(r"sqlite: (\d+) completions acknowledged", said)
    # A kill may fall between the commit and the answer: then it is done, but nobody was told.
    assert acknowledged is not None
    assert 40 <= int(acknowledged[1]) <= 60
    assert "kill -9: server 2, worker 1" in said
    assert "不需要再次提交" in said


def test_the_checks_find_what_is_lost_stuck_or_tampered_with(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'chaos.db'}"
    furnish(url)
    ours = Ours(url)
    done, stuck = (ours.start("bench-chaos")[0] for _ in range(2))
    ours.complete_next(done, 2)
    verdict.drain(url)
    assert sum(check.found for check in verdict.checks(url, [done], [])) == 0

    with ours.engine.sql.begin() as connection:
        connection.execute(delete(Notification).where(Notification.instance_id == done))
        connection.exec_driver_sql("DROP TRIGGER history_event_update")  # as somebody would who owns the database
        forged = update(HistoryEvent).where(HistoryEvent.chain_id == done, HistoryEvent.seq == 2)
        connection.execute(forged.values(actor="somebody else"))
    waiting = ours.open_task(stuck)
    ours.engine.close()

    found = {check.what.rpartition(" ")[0]: check.found for check in verdict.checks(url, [done, stuck], [waiting])}
    assert {name: count for name, count in found.items() if count} == {
        "acknowledged, not in history": 1,
        "acknowledged, task still open": 1,
        "cases without both tasks": 2,
        "notices not sent exactly once": 2,
        "cases not at their end": 1,
        "faults in the history chains": 1,
    }


def test_a_duel_that_both_win_is_a_violation() -> None:
    duels = Duels([((302, ""), (302, "")), ((302, ""), (409, "")), ((409, "已办结"), (302, ""))])
    assert [check.found for check in duels.checks()] == [1, 2]
