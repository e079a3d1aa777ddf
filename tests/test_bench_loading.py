"""What the bench loads past the triggers and indexes is what those would have made."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, inspect, select, update

from bench import population
from engine.database import Engine
from engine.model.inbox import InboxEntry, SearchGram
from engine.model.process import ProcessInstance
from engine.model.work import TaskCandidate, UserTask
from engine.people import SYSTEM
from engine.search import grams
from tests.engine.inbox.lists import Desk, expected_entries, expected_waiting, kept_entries, kept_waiting


def test_loaded_tasks_stand_in_lists_and_are_found_like_all_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SUBDISTRICTS", "_COMMUNITIES"):
        monkeypatch.setattr(population, name, 1)
    monkeypatch.setattr(population, "_SHARES", {"community_clerk": 0.5, "group_leader": 0.5})
    desk = Desk(engine)
    desk.task("早先的一件")
    before = _indexes(engine)
    population.fill(engine, 120)
    assert _indexes(engine) == before
    assert len(kept_entries(engine)) > 120
    assert kept_entries(engine) == expected_entries(engine)
    assert kept_waiting(engine) == expected_waiting(engine)
    with engine.read(SYSTEM) as tx:
        cases = tx.session.execute(select(ProcessInstance.id, ProcessInstance.search_text)).all()
        kept = {tuple(row) for row in tx.session.execute(select(SearchGram.instance_id, SearchGram.gram))}
        lines = _lines(tx.session)
    assert kept == {(id, gram) for id, text in cases for gram in grams(text)}
    with engine.begin(SYSTEM) as tx:  # the triggers, which are there again, make the same lines
        candidates = [
            {"task_id": each.task_id, "holder": each.holder} for each in tx.session.scalars(select(TaskCandidate))
        ]
        tx.session.execute(delete(TaskCandidate))
        tx.session.execute(update(UserTask).values(priority=UserTask.priority))
        tx.session.execute(TaskCandidate.__table__.insert(), candidates)
        tx.session.execute(update(ProcessInstance).values(unit_id=ProcessInstance.unit_id))
        assert _lines(tx.session) == lines


def _indexes(engine: Engine) -> set[str]:
    found = inspect(engine.sql)
    return {str(index["name"]) for table in found.get_table_names() for index in found.get_indexes(table)}


def _lines(session: Any) -> set[tuple[Any, ...]]:
    table = InboxEntry.__table__
    return {tuple(row) for row in session.execute(select(*table.columns))}
