"""What stands in the lists of an inbox, in which order, on which page; and that indexes lead there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, event

from bench.loading import analyze
from bench.plans import explained
from engine.database import Engine
from engine.lifecycle import UserTaskState
from engine.model.people import Level
from engine.people import StandIn, post_holder
from engine.queries import worklist
from engine.queries.worklist import Acting, Due, Sort, Tab, Wish
from engine.queries.worklist_wish import PAGE_SIZE
from tests.clock import START, FrozenClock
from tests.engine.inbox.lists import Desk, begins_with_cases_below

_HOUR = timedelta(hours=1)


def test_the_most_urgent_comes_first(engine: Engine, clock: FrozenClock) -> None:
    desk = Desk(engine)
    desk.task("无期限")
    desk.task("无期限而优先", priority=90)
    desk.task("明天", due_at=START + timedelta(days=1))
    desk.task("逾期", due_at=START - _HOUR)
    desk.task("明天而优先", due_at=START + timedelta(days=1), priority=90)
    clock.advance(minutes=5)
    desk.task("无期限而更晚")
    assert desk.titles() == ["逾期", "明天而优先", "明天", "无期限而优先", "无期限", "无期限而更晚"]
    assert desk.titles(sort=Sort.NEWEST)[0] == "无期限而更晚"
    assert desk.titles(sort=Sort.OLDEST)[-1] == "无期限而更晚"


def test_pages_follow_each_other_while_others_work(engine: Engine) -> None:
    desk = Desk(engine)
    tasks = [desk.task(f"第{n}件", due_at=START + n * _HOUR) for n in range(45)]
    for sort in (Sort.URGENT, Sort.NEWEST):
        first = desk.list(sort=sort)
        second = desk.list(sort=sort, after=first.after)
        last = desk.list(sort=sort, after=second.after)
        assert [len(page.lines) for page in (first, second, last)] == [PAGE_SIZE, PAGE_SIZE, 5]
        every = [line.task_id for page in (first, second, last) for line in page.lines]
        assert sorted(every, key=str) == sorted(tasks, key=str)
        assert (first.before, last.after, first.total) == ("", "", None)
        assert desk.list(sort=sort, before=last.before).lines == second.lines
        assert desk.list(sort=sort, before=second.before).before == ""
    # when somebody takes tasks of the first page, the second one neither skips nor repeats any
    first = desk.list()
    for line in first.lines[3:9]:
        assert line.task_id is not None
        desk.change(line.task_id, state=UserTaskState.CANCELED)
    assert desk.titles(after=first.after) == [f"第{n}件" for n in range(20, 40)]


def test_a_place_that_nobody_gave_is_the_beginning(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task("一件")
    for place in ("x", "1", "1.x", f"{10**30}.{'0' * 32}", "99999999999999999999.", "-1.-1"):
        for sort in Sort:
            assert desk.titles(sort=sort, after=place) in (["一件"], []), place


def test_conditions_narrow_the_list(engine: Engine) -> None:
    desk = Desk(engine, "community_secretary@jinxing")
    desk.task("甲", due_at=START - _HOUR, unit="jinxing-1")
    desk.task("乙", due_at=START + _HOUR, unit="jinxing-2", process="grid_loop", priority=90)
    desk.task("丙", due_at=START + timedelta(days=3), unit="chaoyang-1")
    desk.task("丁", due_at=START + timedelta(days=30), unit="jinxing")
    desk.task("戊", unit="jinxing")
    assert desk.titles(process_key="grid_loop") == ["乙"]
    assert desk.titles(level=Level.COMMUNITY) == ["丁", "戊"]
    assert desk.titles(unit_id=desk.town.units["jinxing"]) == ["甲", "乙", "丁", "戊"]
    assert desk.titles(important=True) == ["乙"]
    assert desk.titles(due=Due.OVERDUE) == ["甲"]
    assert desk.titles(due=Due.TODAY) == ["乙"]
    assert desk.titles(due=Due.WEEK) == ["乙", "丙"]
    assert desk.titles(due=Due.NONE) == ["戊"]
    assert desk.titles(due=Due.WEEK, process_key="appeal") == ["丙"]
    with engine.read(desk.actor) as tx:
        assert worklist.counts(tx) == worklist.Counts(mine=0, open=5, overdue=1, today=1, week=2)
        assert worklist.arrived_since(tx, START - _HOUR) == 5
        assert worklist.arrived_since(tx, START) == 0


def test_a_task_for_two_of_my_posts_stands_there_once(engine: Engine) -> None:
    desk = Desk(engine)
    task = desk.task("一件", holders=[desk.holder, f"account:{desk.account}"])
    assert desk.titles() == desk.titles(search="一件") == ["一件"]
    other = desk.task("另一件")
    with engine.read(desk.actor) as tx:
        assert worklist.counts(tx).open == 2
        assert worklist.next_task(tx, task) == other
        assert worklist.next_task(tx, other) == task


def test_own_work_and_that_of_others_can_be_looked_at_apart(engine: Engine) -> None:
    desk = Desk(engine)
    other = post_holder("group_leader", desk.town.units["jinxing-2"])
    principal = desk.town.person("principal", "group_leader@jinxing-2")
    desk.task("自己的")
    desk.task("代办的", holders=[other])
    desk.task("代办而已领取的", holders=[other], assignee=principal)
    stands_in = replace(desk.actor, standing_in=(StandIn(other, "金星社区二组组长", principal),))

    def titles(tab: Tab, acting: Acting | None) -> list[str]:
        with engine.read(stands_in) as tx:
            return sorted(line.title for line in worklist.lines(tx, Wish(tab, acting=acting)).lines)

    assert titles(Tab.OPEN, None) == ["代办的", "自己的"]
    assert titles(Tab.OPEN, Acting.OWN) == ["自己的"]
    assert titles(Tab.OPEN, Acting.FOR_OTHERS) == ["代办的"]
    assert titles(Tab.MINE, Acting.FOR_OTHERS) == ["代办而已领取的"]
    assert titles(Tab.MINE, Acting.OWN) == titles(Tab.DONE, Acting.FOR_OTHERS) == []
    assert desk.titles(acting=Acting.FOR_OTHERS) == []


def test_words_are_found_among_few_and_among_many_cases(engine: Engine) -> None:
    desk = Desk(engine)
    for n in range(3):
        desk.task(f"三号楼油烟直排{n}")
    desk.task("路灯不亮")
    desk.task("油烟，但不是我的", holders=["officer@elsewhere"])
    # 1: along the list; 1,000: beginning with the cases
    for few, listed, pairs in ((1, 1, 0), (1, 1_000, 0), (1, 1, 1), (1, 1, 4), (1_000, 1_000, 4)):
        with begins_with_cases_below(few, listed, pairs):
            assert len(desk.titles(search="油烟")) == len(desk.titles(search="烟")) == 3
            assert desk.titles(search="油烟 路灯") == []
            assert desk.titles(search="灯") == desk.titles(search="路灯") == ["路灯不亮"]
            assert desk.titles(search="SQ-2026-00004") == desk.titles(search="00004") == ["路灯不亮"]
            assert desk.titles(search="蜂窝") == desk.titles(search="%") == desk.titles(search="_") == []


def test_what_is_found_often_comes_page_by_page(engine: Engine) -> None:
    desk = Desk(engine)
    for n in range(25):
        desk.task(f"油烟{n}", due_at=START + n * _HOUR)
    for few in (1, 1_000):
        with begins_with_cases_below(few):
            first = desk.list(search="油烟")
            assert [line.title for line in first.lines] == [f"油烟{n}" for n in range(PAGE_SIZE)]
            assert desk.titles(search="油烟", after=first.after) == [f"油烟{n}" for n in range(PAGE_SIZE, 25)]


def test_a_person_is_found_among_the_rest_in_one_order(engine: Engine) -> None:
    # given more than a page of cases, every second of which names somebody and the others have the name as a title
    desk = Desk(engine)
    titles = [f"王晓芳{number}" if number % 2 else f"油烟{number}" for number in range(PAGE_SIZE + 4)]
    for title in titles:
        desk.task(title, people=[] if "芳" in title else ["王晓芳"])
    # then all of them come to whoever may see names, the first page and the one after it, each once
    wish = Wish(Tab.OPEN, search="王晓芳", sort=Sort.OLDEST)
    actor = replace(desk.actor, permissions=desk.actor.permissions | {"personal_data.unmask"})
    with engine.read(actor) as tx:
        first = worklist.lines(tx, wish)
        second = worklist.lines(tx, replace(wish, after=first.after))
        narrowed = worklist.lines(tx, replace(wish, important=True))
    assert [line.title for line in (*first.lines, *second.lines)] == titles
    # and what narrows a list narrows these, too
    assert not narrowed.lines
    # and others find the words only
    assert {line.title[:3] for line in desk.list(search="王晓芳").lines} == {"王晓芳"}


def test_every_list_follows_the_index_of_its_order(engine: Engine) -> None:
    desk = Desk(engine)
    desk.task("三号楼油烟直排", due_at=START - _HOUR)
    desk.task("三号楼路灯不亮")
    actor = desk.actor
    event.listen(engine.sql, "begin", lambda connection: _forbid(engine, connection, "seqscan", "bitmapscan", "sort"))
    for wish, index in (
        ({}, "urgency"),
        ({"due": Due.OVERDUE}, "urgency"),
        ({"process_key": "appeal"}, "urgency"),
        ({"sort": Sort.NEWEST}, "arrival"),
        ({"search": "三号楼"}, "urgency"),
    ):
        with begins_with_cases_below(1), explained(engine) as plans, engine.read(actor) as tx:
            assert worklist.lines(tx, worklist.Wish(Tab.OPEN, **wish)).lines
        assert plans.whole_tables == [], wish
        assert plans.uses(f"ix_inbox_entry_{index}"), (wish, plans.steps)


def test_a_search_of_few_cases_begins_with_these(engine: Engine) -> None:
    desk = Desk(engine)
    for number in range(60):
        desk.task(f"{number}号楼路灯不亮")
    desk.task("三号楼油烟直排")
    analyze(engine)
    event.listen(engine.sql, "begin", lambda connection: _forbid(engine, connection, "seqscan"))
    with begins_with_cases_below(1_000), explained(engine) as plans:
        assert desk.titles(search="油烟") == ["三号楼油烟直排"]
    assert plans.uses("ix_inbox_entry_instance"), plans.steps
    assert plans.uses("PRIMARY KEY (gram=?)" if engine.is_sqlite else "pk_search_gram")


def _forbid(engine: Engine, connection: Connection, *ways: str) -> None:
    """With a handful of rows PostgreSQL would read and sort them all, whatever the index."""
    for way in () if engine.is_sqlite else ways:
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
