"""The agendas page and the case's own page tell what waits for which meeting, to those whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from engine import agendas
from engine.database import Engine
from engine.model.settings import StartSwitch
from tests.bpmn_xml import extension, message, properties, timer
from tests.clock import FrozenClock
from tests.engine.commands.house import Drawing, House, process
from tests.engine.commands.meeting_house import KEY, MeetingHouse, put_on, wait
from tests.webapp.official import words

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def hall(platform: Engine, clock: FrozenClock) -> MeetingHouse:
    return MeetingHouse(House(platform, clock))


def seen_by(sign_in: SignIn, login: str, path: str = "/meetings") -> str:
    return words(sign_in(login).get(path).text)


def postpone(hall: MeetingHouse, meeting: UUID, number: str) -> None:
    with hall.house.at() as tx:
        agendas.postpone(tx, meeting, number, "材料不全")


def test_nothing_to_discuss_is_said(hall: MeetingHouse, sign_in: SignIn) -> None:
    assert "现在没有议题" in seen_by(sign_in, "shizhong-officer")


def test_what_waits_lies_on_the_table_and_was_decided_is_told_apart(hall: MeetingHouse, sign_in: SignIn) -> None:
    for _ in range(3):
        hall.case()
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001", "由街道牵头")
    postpone(hall, meeting, "YC-2026-00002")
    page = seen_by(sign_in, "shizhong-officer")
    table, waiting, decided = (page.index(word) for word in ("已列入会议（1）", "等待上会（1）", "议定（1 件）"))
    places = [page.index(f"YC-2026-0000{n}") for n in (3, 2, 1)]
    assert table < places[0] < waiting < places[1] < decided < places[2]
    assert "1 件议题等待上会" in page
    assert "由街道牵头" in page[decided:]


def test_decisions_of_long_ago_are_left_out(hall: MeetingHouse, sign_in: SignIn) -> None:
    hall.case()
    hall.decide(hall.meeting(), "YC-2026-00001")
    hall.house.clock.advance(days=59)
    assert "YC-2026-00001" in seen_by(sign_in, "shizhong-officer")
    hall.house.clock.advance(days=2)
    assert "YC-2026-00001" not in seen_by(sign_in, "shizhong-officer")


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        ("shizhong-officer", True),
        ("jinxing-secretary", True),  # its unit is below the one that meets
        ("district-office", True),
        ("civil-affairs", False),  # 市中街道 is neither above nor below a department of the district
        ("pengli-officer", False),
    ],
)
def test_agendas_are_for_those_on_the_way(hall: MeetingHouse, sign_in: SignIn, login: str, sees: bool) -> None:
    hall.case("chaoyang-1")
    assert ("YC-2026-00001" in seen_by(sign_in, login)) is sees


def test_the_case_is_linked_only_for_those_who_may_open_it(hall: MeetingHouse, sign_in: SignIn) -> None:
    case = hall.case("chaoyang-1")
    link = f'href="/cases/{case}"'
    assert link in sign_in("chaoyang-secretary").get("/meetings").text
    assert link not in sign_in("jinxing-secretary").get("/meetings").text


def test_confidential_cases_show_only_to_their_participants(hall: MeetingHouse, sign_in: SignIn) -> None:
    drawing = wait(put_on(process("d", confidential="true"))).user_task().end()
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    hall.house.start("d", unit="jinxing-1", by="jinxing-clerk")
    hall.house.drain()
    assert "YC-2026-00001" not in seen_by(sign_in, "shizhong-officer")
    assert "YC-2026-00001" in seen_by(sign_in, "jinxing-clerk")


def test_several_kinds_of_meetings_can_be_told_apart(hall: MeetingHouse, sign_in: SignIn) -> None:
    held = Drawing("joint", name="联席会议").start().user_task("hold", groups="district_office@district").end()
    hall.house.deploy(held)
    drawing = wait(put_on(process("d"), meeting="joint", level="district")).user_task().end()
    hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    hall.case()
    hall.case(key="d")
    both = seen_by(sign_in, "district-office")
    assert all(word in both for word in ("联席会议", "YC-2026-00001", "YC-2026-00002"))
    one = seen_by(sign_in, "district-office", "/meetings?kind=joint")
    assert "YC-2026-00002" in one
    assert "YC-2026-00001" not in one


def test_the_next_meeting_that_the_clock_starts_is_announced(hall: MeetingHouse, sign_in: SignIn) -> None:
    weekly = Drawing("m", process_inner=extension(properties(startUnit="shizhong")))
    weekly.start("monday", timer("Cycle", "0 0 9 * * MON")).service("take", "take_agenda")
    hall.house.deploy(weekly.user_task("hold", groups="subdistrict_officer@subdistrict").end())
    hall.case()
    assert "下次会议 11月30日 09:00" in seen_by(sign_in, "shizhong-officer")
    with hall.house.at() as tx:
        switch = {"process_key": "m", "element_id": "monday", "unit_id": hall.house.unit("shizhong")}
        tx.add(StartSwitch(**switch, active=False, reason="休会", set_by="系统管理员", at=tx.now))
    assert "下次会议" not in seen_by(sign_in, "shizhong-officer")


def test_a_case_tells_of_its_meeting_and_the_meeting_of_its_cases(hall: MeetingHouse, sign_in: SignIn) -> None:
    case = hall.case()
    browser = sign_in("shizhong-officer")
    assert "市中街道 · 流程 等待上会" in words(browser.get(f"/cases/{case}").text)
    meeting = hall.meeting()
    hall.decide(meeting, "YC-2026-00001", "由街道牵头")
    hall.house.drain()
    told = words(browser.get(f"/cases/{case}").text)
    assert "列入市中街道的会议议程" in told
    assert "会议结果：由街道牵头" in told
    assert "会议意见：尽快办理" in told
    held = words(browser.get(f"/cases/{meeting}").text)
    assert "本次会议的议题" in held
    assert "议定议题 YC-2026-00001" in held


def test_a_case_that_left_says_why(hall: MeetingHouse, sign_in: SignIn) -> None:
    case = hall.case()
    with hall.house.at() as tx:
        agendas.leave(tx, case, "YC-2026-00001", "居民已撤回")
    told = words(sign_in("jinxing-clerk").get(f"/cases/{case}").text)
    assert "不再需要" in told
    assert "居民已撤回" in told


def test_the_full_history_is_told_in_words(hall: MeetingHouse, sign_in: SignIn) -> None:
    case = hall.case()
    meeting = hall.meeting()
    postpone(hall, meeting, "YC-2026-00001")
    browser = sign_in("admin")
    assert "列入市中街道的会议议程，议题 YC-2026-00001" in words(browser.get(f"/cockpit/cases/{case}").text)
    told = words(browser.get(f"/cockpit/cases/{meeting}").text)
    assert "本次会议的议题：YC-2026-00001；不再需要的：—" in told
    assert "议题 YC-2026-00001 留到下次会议，原因：材料不全" in told


def test_residents_have_no_agendas(hall: MeetingHouse, sign_in: SignIn) -> None:
    assert sign_in("resident-1").get("/meetings").status_code == 403


def test_the_page_costs_the_same_however_many_agendas_there_are(
    hall: MeetingHouse, sign_in: SignIn, platform: Engine
) -> None:
    weekly = Drawing("m", process_inner=extension(properties(startUnits="subdistrict")))
    weekly.start("monday", timer("Cycle", "0 0 9 * * MON")).service("take", "take_agenda")
    hall.house.deploy(weekly.user_task("hold", groups="subdistrict_officer@subdistrict").end())
    browser, asked, counts = sign_in("district-office"), list[str](), []
    event.listen(platform.sql, "before_cursor_execute", lambda *args: asked.append(args[2]))
    for unit, agendas_ in (("jinxing-1", 1), ("qingfeng-1", 2)):
        hall.case(unit)
        browser.get("/meetings")
        asked.clear()
        assert browser.get("/meetings").text.count("下次会议") == agendas_
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_outside_parties_see_the_items_of_their_own_cases_only(hall: MeetingHouse, sign_in: SignIn) -> None:
    held = Drawing("joint", name="联席会议").start().user_task("hold", groups="district_office@district").end()
    hall.house.deploy(held)
    for drawing in (process("d"), process("e").user_task("ask", groups="party_agent@developer")):
        wait(put_on(drawing, meeting="joint", level="district")).user_task().end()
        hall.house.deploy(drawing.root(message("m", "会议决定", KEY)))
    hall.case(key="d")
    hall.house.complete(hall.case(key="e"), "ask", by="developer")
    hall.house.drain()
    page = seen_by(sign_in, "developer")
    assert "YC-2026-00001" not in page
    assert "YC-2026-00002" in page
