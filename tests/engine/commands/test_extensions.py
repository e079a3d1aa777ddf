"""A later deadline: who asks, who decides, what moves along, and what becomes of a request when the task is over."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine import extensions, people, returns
from engine.clock import local_day
from engine.database import Engine
from engine.errors import AlreadyDone, Conflict, EngineError, InvalidState, InvalidVariables, NotAuthorized
from engine.lifecycle import ExtensionState
from engine.model.extension import Extension
from engine.people import account_holder, receipt_holder
from engine.queries import cases
from engine.queries import extensions as requests
from engine.queries.story import story, story_for_resident
from tests.bpmn_xml import extension, timer
from tests.clock import FrozenClock
from tests.engine.commands.desk import LEADER, MEDIATOR, SECRETARY, account, hand_on, post, substitute, task_id
from tests.engine.commands.house import CLERK, House, io, process
from tests.engine.commands.running import BEFORE, DUE, POLICY, due, inside, plain, retire_the_library, schedule, task

ABOVE = "shizhong-leader"
LATER = date(2026, 12, 7)
LIMITED = POLICY + "延期: {value: 5, unit: 工作日, source: assumption}\n"


@pytest.fixture
def case(house: House) -> UUID:
    house.deploy(plain(), POLICY)
    return house.start()


def ask(house: House, case: UUID, day: date | None = LATER, by: str = CLERK, reason: str = "等待检测报告") -> UUID:
    with house.at(by) as tx:
        return extensions.ask(tx, task_id(house, case), day, reason).id


def decide(house: House, request: UUID, by: str = ABOVE, grant: bool | None = True, note: str = "") -> None:
    with house.at(by) as tx:
        extensions.decide(tx, request, grant, note)


def row(house: House, request: UUID) -> Extension:
    with house.reading() as tx:
        return tx.get(Extension, request)


def listed(house: House, by: str, is_open: bool = True) -> list[UUID]:
    with house.engine.read(house.actor(by)) as tx:
        assert requests.count_waiting(tx) == len(requests.waiting(tx, True, 1).items)
        return [each.row.id for each in requests.waiting(tx, is_open, 1).items]


def test_granting_moves_the_deadline_and_the_timers_that_hang_on_it(house: House, case: UUID) -> None:
    retire_the_library(house)
    request = ask(house, case)
    assert due(house, case) == BEFORE
    assert house.tasks(case)[0].assignee == account(house, CLERK)  # whoever asks is responsible from then on
    assert listed(house, ABOVE) == [request]
    decide(house, request)
    # the reminder was two working days before the deadline, and is so again, over a weekend
    assert due(house, case) == {"a": "12-07 18", "early": "12-03 18", "late": "12-07 18"}
    assert (row(house, request).state, row(house, request).decided_by_name) == (
        ExtensionState.GRANTED, "市中街道负责人",
    )  # fmt: skip
    assert (listed(house, ABOVE), listed(house, ABOVE, is_open=False)) == ([], [request])
    house.clock.advance(days=7, hours=12)
    house.drain()
    assert due(house, case) == {"a": "12-07 18", "early": "12-03 18", "late": "12-07 18"}
    house.complete(case)
    assert house.open(case) == ["b"]


def test_it_is_told_to_whoever_decides_asks_and_waits(house: House, case: UUID) -> None:
    request = ask(house, case)
    assert house.told(case) == {post(house, ABOVE)}
    decide(house, request)
    assert house.told(case) == {
        post(house, ABOVE), account_holder(account(house, CLERK)), receipt_holder(case),
    }  # fmt: skip
    with house.reading() as tx:
        told = [(each.template.format(**each.params), each.notes) for each in story(tx, house.case(case))[-2:]]
        seen = [each for each in story_for_resident(tx, house.case(case)) if each.type == "extension_granted"]
    (until, why) = (("新期限", row(house, request).until), ("原因", "等待检测报告"))
    assert told == [("请市中街道负责人同意“a”延期", (until, why)), ("同意“a”延期", (until, why))]
    assert [(each.template.format(**each.params), each.notes) for each in seen] == [("“a”的期限延长", (until, why))]
    (data,) = [data for event, data in house.history(case) if event.type == "extension_granted"]
    assert [(each["element"], each["what"]) for each in data["changes"]] == [
        ("a", "task"), ("early", "timer"), ("late", "timer"),
    ]  # fmt: skip


def test_the_deadline_of_a_level_moves_for_what_follows_in_it(house: House) -> None:
    house.deploy(inside(), POLICY)
    case = house.start()
    house.complete(case, "first")
    decide(house, ask(house, case))
    assert due(house, case) == {"a": "12-07 18", "late": "12-07 18"}
    house.complete(case)
    assert due(house, case) == {"b": "12-06 18", "late": "12-07 18"}  # a day before that of the level
    house.complete(case, "b")
    assert house.case(case).ended_at is not None


def test_timers_of_other_steps_stay(house: House) -> None:
    drawing = process().gateway("parallel", "fork")
    task(drawing, DUE).end("e1")
    task(drawing.at("fork"), DUE, "b").end("e2")
    for host in ("a", "b"):
        drawing.boundary(f"late_{host}", host, timer("Date", DUE), cancelActivity="false").end(f"end_{host}")
    drawing.boundary("again", "a", timer("Cycle", "=policy.节奏"), cancelActivity="false").end("e3")
    house.deploy(drawing, POLICY)
    case = house.start()
    with house.at(CLERK) as tx:
        request = extensions.ask(tx, next(t.id for t in house.tasks(case) if t.element_id == "a"), LATER, "x").id
    decide(house, request)
    assert due(house, case) == {
        "a": "12-07 18", "late_a": "12-07 18", "b": "12-01 18", "late_b": "12-01 18", "again": "11-26 09",
    }  # fmt: skip


def test_a_limit_counts_all_extensions_of_one_deadline(house: House) -> None:
    level = extension(io(inputs={"本级期限": DUE}))
    drawing = process(extensionLimit="=policy.延期")
    drawing.sub_process(
        "level", lambda sub: task(task(sub.start("s"), "=本级期限"), "=本级期限", "b").end("e"), inner=level
    )
    house.deploy(drawing.end(), LIMITED)
    case = house.start()
    with pytest.raises(InvalidVariables, match="最晚可以延到 2026-12-08"):
        ask(house, case, date(2026, 12, 9))
    decide(house, ask(house, case, LATER))
    house.complete(case)
    assert due(house, case) == {"b": "12-07 18"}
    with pytest.raises(InvalidVariables, match="最晚可以延到 2026-12-08"):
        ask(house, case, date(2026, 12, 9))
    decide(house, ask(house, case, date(2026, 12, 8)))


def test_the_nearest_level_above_decides_and_nobody_the_own_request(house: House) -> None:
    for key, groups, by, above in (
        ("q1", "group_leader@group", LEADER, SECRETARY),
        ("q2", "community_secretary@community", SECRETARY, ABOVE),
        ("q3", "officer@housing", "housing", "district-leader"),
        ("q4", "district_leader@district", "district-leader", "district-office"),
        ("q5", "group_leader@qingfeng-3", "qingfeng-secretary", "pengli-leader"),
    ):
        house.deploy(process(key).user_task(groups=groups, more=schedule(DUE)).end(), POLICY)
        case = house.start(key)
        actor = house.actor(by)
        if by == "qingfeng-secretary":  # leads the group and the community above it
            with house.reading() as tx:
                posts = {each.position: each for each in people.posts_of(tx, account(house, by))}
                actor = people.load_actor(tx, account(house, by), posts["group_leader"].appointment_id)
        with house.at(actor) as tx:
            request = extensions.ask(tx, task_id(house, case), LATER, "x").id
        assert row(house, request).holder == post(house, above)
        for stranger in (by, CLERK, "admin"):
            with pytest.raises(NotAuthorized):
                decide(house, request, stranger)
        decide(house, request, above)


def test_substitutes_decide_but_never_for_themselves_or_for_whom_they_asked(house: House, case: UUID) -> None:
    substitute(house, ABOVE, CLERK, MEDIATOR)
    request = ask(house, case)
    assert (listed(house, CLERK), listed(house, MEDIATOR)) == ([], [request])
    with pytest.raises(NotAuthorized, match="不能由本人决定"):
        decide(house, request, CLERK)
    decide(house, request, MEDIATOR, grant=False, note="请先走访")
    assert row(house, request).decided_by_name == "市中街道负责人（由市中街道民情调解工作室调解员代办）"
    # asked in the place of somebody: neither of both decides
    house.deploy(process("q").user_task(groups="community_secretary@community", more=schedule(DUE)).end(), POLICY)
    other = house.start("q")
    substitute(house, SECRETARY, ABOVE)
    request = ask(house, other, by=ABOVE)
    assert row(house, request).holder == post(house, "district-leader")
    assert row(house, request).askers == {account(house, ABOVE), account(house, SECRETARY)}


def test_a_refusal_needs_words_and_the_next_request_may_come(house: House, case: UUID) -> None:
    request = ask(house, case)
    with pytest.raises(Conflict, match="正在等待决定"):
        ask(house, case)
    with pytest.raises(InvalidVariables, match="请选择同意或者不同意"):
        decide(house, request, grant=None)
    with pytest.raises(InvalidVariables, match="请写明不同意的原因"):
        decide(house, request, grant=False, note=" ")
    decide(house, request, grant=False, note="按原期限办")
    assert due(house, case) == BEFORE
    with pytest.raises(AlreadyDone):
        decide(house, request)
    ask(house, case)


def test_whoever_asked_or_has_the_task_takes_it_back(house: House, case: UUID) -> None:
    request = ask(house, case)
    with pytest.raises(NotAuthorized), house.at(LEADER) as tx:
        extensions.withdraw(tx, request)
    hand_on(house, case, MEDIATOR)
    with house.at(MEDIATOR) as tx:
        extensions.withdraw(tx, request)
    assert (row(house, request).state, listed(house, ABOVE)) == (ExtensionState.WITHDRAWN, [])
    second = ask(house, case, by=MEDIATOR)
    with house.at(MEDIATOR) as tx:
        extensions.withdraw(tx, second)
    with pytest.raises(AlreadyDone):
        decide(house, second, "district-leader")  # a mediator of the subdistrict has the district above


def test_a_request_ends_with_its_task(house: House, case: UUID) -> None:
    def completed() -> None:
        house.complete(case)

    def returned() -> None:
        with house.at(CLERK) as tx:
            returns.return_to(tx, task_id(house, case), "a", "材料不全")

    def canceled() -> None:
        house.cancel(case)

    for end in (completed, returned, canceled):
        request = ask(house, case)
        end()
        assert row(house, request).state is ExtensionState.WITHDRAWN
        withdrawn = [data for event, data in house.history(case) if event.type == "extension_withdrawn"][-1]
        assert (withdrawn["extension"], withdrawn["reason"]) == (str(request), "环节已经结束")
        with pytest.raises(AlreadyDone):
            decide(house, request)


def test_what_does_not_do_is_said(house: House, case: UUID) -> None:
    for day, reason, field, sentence in (
        (None, "x", "until", "请选择新的期限"),
        (date(2026, 12, 1), "x", "until", "应当晚于现在的期限"),
        (date(2026, 12, 5), "x", "until", "不是工作日"),
        (LATER, " ", "reason", "请填写延期原因"),
        (LATER, "长" * 1_001, "reason", "最多填写"),
    ):
        with pytest.raises(InvalidVariables, match=sentence) as refused:
            ask(house, case, day, reason=reason)
        assert list(refused.value.errors) == [field]
    assert house.tasks(case)[0].assignee is None


def test_who_or_what_can_have_no_extension(house: House, case: UUID) -> None:
    for stranger in (LEADER, ABOVE, "admin"):
        with pytest.raises(NotAuthorized):
            ask(house, case, by=stranger)
    house.complete(case)
    house.deploy(process("q").user_task().end())
    with pytest.raises(InvalidState, match="没有期限"):
        ask(house, house.start("q"))
    own = process("r").user_task(groups="@applicant", more=schedule(DUE)).end()
    house.deploy(own, POLICY)
    with pytest.raises(InvalidState, match="由申请人办理"):
        ask(house, house.start("r", by=LEADER), by=LEADER)


def test_what_is_overdue_may_still_be_put_off_but_not_to_a_day_that_has_passed(
    house: House, case: UUID, clock: FrozenClock
) -> None:
    retire_the_library(house)
    clock.advance(days=8)  # Wednesday, a day after the deadline
    house.drain()
    clock.advance(hours=10)
    with pytest.raises(InvalidVariables, match="不能早于现在"):
        ask(house, case, local_day(clock.now))
    request = ask(house, case)
    clock.advance(days=6)
    with pytest.raises(InvalidState, match="已经过去"):
        decide(house, request)
    decide(house, request, grant=False, note="来不及了")
    decide(house, ask(house, case, date(2026, 12, 14)))
    assert due(house, case) == {"a": "12-14 18"}  # timers that have fired stay so


def test_whoever_decides_sees_a_confidential_case(house: House) -> None:
    house.deploy(process("q", confidential="true").user_task(more=schedule(DUE)).end(), POLICY)
    case = house.start("q")

    def sees(engine: Engine) -> bool:
        with engine.read(house.actor(ABOVE)) as tx:
            try:
                return cases.case(tx, case).id == case
            except EngineError:
                return False

    assert not sees(house.engine)
    request = ask(house, case)
    assert sees(house.engine)
    with house.at(CLERK) as tx:
        extensions.withdraw(tx, request)
    assert not sees(house.engine)
