"""The database itself refuses to change history; personal values alone can be erased."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from engine.database import Engine
from engine.model.history import HistoryEvent
from tests.engine.history.chains import events, file_appeal, guard

REFUSED = "append-only"


def change(engine: Engine, **columns: Any) -> None:
    with engine.sql.begin() as connection:
        connection.execute(update(HistoryEvent).where(HistoryEvent.seq == 1).values(**columns))


@pytest.mark.parametrize(
    "columns",
    [
        {"payload": "{}"},
        {"actor": "x"},
        {"type": "x"},
        {"element_id": "x"},
        {"hash": b"x"},
        {"private": {"a": 1}},
        {"seq": 99},
        {"private": None, "actor": "x"},
    ],
)
def test_no_column_can_be_changed(platform: Engine, columns: dict[str, Any]) -> None:
    case = file_appeal(platform)
    guard(platform)
    before = [event.payload for event in events(platform, case.id)]
    with pytest.raises(DBAPIError, match=REFUSED):
        change(platform, **columns)
    assert [event.payload for event in events(platform, case.id)] == before


def test_no_event_can_be_deleted(platform: Engine) -> None:
    file_appeal(platform)
    guard(platform)
    with pytest.raises(DBAPIError, match=REFUSED), platform.sql.begin() as connection:
        connection.execute(delete(HistoryEvent))


def test_the_table_cannot_be_emptied_at_once(platform: Engine) -> None:
    if platform.is_sqlite:  # has no TRUNCATE: its DELETE without a condition is guarded above
        return
    guard(platform)
    with pytest.raises(DBAPIError, match=REFUSED), platform.sql.begin() as connection:
        connection.execute(text("TRUNCATE history_event"))


def test_personal_values_can_be_erased(platform: Engine) -> None:
    case = file_appeal(platform)
    guard(platform)
    change(platform, private=None)
    assert events(platform, case.id)[0].private is None


def test_the_platform_goes_on_writing(platform: Engine) -> None:
    guard(platform)
    guard(platform)
    case = file_appeal(platform)
    assert len(events(platform, case.id)) == case.history_seq
