"""A completion cut off at any statement leaves the database entirely before or entirely after; and it stays short."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import event

from engine import tasks
from engine.database import Engine
from engine.model.base import Base
from tests.bpmn_xml import timer
from tests.engine.commands.house import CLERK, GIVEN, Drawing, House, process

#: Guard, validation, history, index rows; BEGIN included, the one COMMIT beside them.
MOST_STATEMENTS = 8


class CutOff(Exception):
    """The process was killed here."""


@contextmanager
def watched(engine: Engine, cut_at: int | None = None) -> Iterator[list[str]]:
    """Note every statement, BEGIN and COMMIT included; raise CutOff before the one of number ``cut_at``."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if len(seen) == cut_at:
            raise CutOff(statement)
        seen.append(statement)

    def execute(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        note(statement)

    def commit(_connection: Any) -> None:
        note("COMMIT")

    event.listen(engine.sql, "before_cursor_execute", execute)
    event.listen(engine.sql, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(engine.sql, "before_cursor_execute", execute)
        event.remove(engine.sql, "commit", commit)


def rich() -> Drawing:
    """Its completion cancels a timer, mirrors a search variable, writes a script's result, a task and two jobs."""
    drawing = process(searchVariables="结果").user_task().script("s").gateway("parallel", "fork").user_task("b").end()
    drawing.at("fork").catch("wait", timer("Duration", "PT1H")).end("end2")
    return drawing.boundary("late", "a", timer("Duration", "PT1H"), cancelActivity="false").end("end3")


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.sql.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }


def complete(house: House, task: UUID) -> None:
    with house.at(CLERK) as tx:
        tasks.complete(tx, task, {**GIVEN, "结果": "同意"})


def test_a_completion_is_all_or_nothing(house: House) -> None:
    house.deploy(rich())
    case = house.start()
    (task,) = house.tasks(case)
    house.actor(CLERK)
    before = contents(house.engine)

    whole = 0
    for cut_at in count():
        try:
            with watched(house.engine, cut_at) as statements:
                complete(house, task.id)
        except CutOff:
            assert contents(house.engine) == before, statements[-1:]
        else:
            whole = cut_at
            break
    assert statements[-1] == "COMMIT"  # the last cut was just before it
    assert whole > 8
    after = contents(house.engine)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {
        "process_instance", "user_task", "task_candidate", "job", "search_variable", "history_event",
        "inbox_entry", "list_number", "search_gram", "waiting_task",
    }  # fmt: skip
    assert (house.open(case), house.incidents(case)) == (["b"], [])


def test_a_plain_completion_is_short(house: House) -> None:
    drawing = process().user_task().gateway("exclusive", "g").when('=意见 = "可行"').user_task("b").script("s").end()
    house.deploy(drawing.at("g", '=意见 != "可行"').end("end2"))
    actor = house.actor(CLERK)
    for case in (house.start(), house.start()):  # the first fills the caches of the release and the organisation
        (task,) = house.tasks(case)
        with house.engine.begin(actor) as tx:  # a warm engine, as in office hours
            assert tx.stamp > 0
        with watched(house.engine) as statements, house.engine.begin(actor) as tx:
            tasks.complete(tx, task.id, GIVEN)
    begin = [] if house.engine.is_sqlite else ["BEGIN"]  # psycopg sends it by itself
    assert statements.count("COMMIT") == 1
    assert len(begin + statements) - 1 <= MOST_STATEMENTS, "\n".join(statements)
