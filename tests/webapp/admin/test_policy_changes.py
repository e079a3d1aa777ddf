"""Administrators give a unit another value, or take it back, and see first what that would move."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from engine.database import Engine
from tests.bpmn_xml import element, extension, zeebe
from tests.clock import FrozenClock
from tests.engine.commands import running
from tests.engine.commands.house import Drawing, House, process
from tests.engine.commands.periodic import POLICY, due, meeting
from tests.webapp.admin.looking import ALL_KINDS, GROUP, LIST, SignIn, asked, day, rows, settle, unit
from tests.webapp.official import file_appeal, open_task, task_row, words
from tests.webapp.portal.resident import texts, values


def test_a_unit_gets_another_value_and_running_deadlines_stay(platform: Engine, sign_in: SignIn) -> None:
    task = open_task(platform, file_appeal(platform).id)
    admin = sign_in("admin")

    page = admin.post(f"{GROUP}/override", data=asked(platform), follow_redirects=True).text

    assert "正在办理的期限没有变动" in page
    (row,) = rows(page)
    for text in ("金星社区一组", "4 工作日", "居民小组会议纪要", "滨城区系统管理员", "今日 09:00"):
        assert text in row
    settle(platform)
    assert task_row(platform, task.id).due_at == task.due_at


def test_asked_to_move_deadlines_it_first_says_which(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    case = file_appeal(platform)
    file_appeal(platform, "chaoyang-1")
    task = open_task(platform, case.id)
    admin = sign_in("admin")
    typed = asked(platform, move="1")

    page = admin.post(f"{GROUP}/override", data=typed).text

    text = words(page)
    assert "现在的取值 2 工作日 改动以后 4 工作日" in text
    assert "1 件正在办理的事项有变动：1 个待办的期限，1 个定时。" in text
    assert f"{case.business_key} {case.title}" in text
    assert "受理登记：11月26日 18:00 → 11月30日 18:00" in text
    assert "已经过了时间" not in text
    assert task_row(platform, task.id).due_at == task.due_at
    assert {name: values(page, name) for name in ("unit", "value", "source")} == {
        "unit": [unit(platform)],
        "value": ["4"],
        "source": ["居民小组会议纪要"],
    }

    page = admin.post(f"{GROUP}/override", data={**typed, "confirmed": "1"}, follow_redirects=True).text
    assert "正在重算有关事项的期限" in page
    settle(platform)
    moved = task_row(platform, task.id).due_at
    assert moved is not None
    assert day(moved) == "11-30"
    story = words(admin.get(f"/cases/{case.id}").text)
    assert "参数“小组受理期限”有调整，重算期限" in story
    assert "期限：受理登记 2026-11-26 18:00 → 2026-11-30 18:00" in story


def test_after_the_preview_the_value_can_be_changed_alone(platform: Engine, sign_in: SignIn) -> None:
    task = open_task(platform, file_appeal(platform).id)
    admin = sign_in("admin")
    admin.post(f"{GROUP}/override", data=asked(platform, confirmed="1", move=""))
    settle(platform)
    assert task_row(platform, task.id).due_at == task.due_at
    assert "4 工作日" in admin.get(GROUP).text


def test_it_warns_of_what_would_be_due_at_once(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    file_appeal(platform)
    clock.advance(days=2)
    page = sign_in("admin").post(f"{GROUP}/override", data=asked(platform, value="1", move="1")).text
    assert "其中 2 个按新的取值已经过了时间，改为现在到期" in page


def test_it_says_when_nothing_would_move(platform: Engine, sign_in: SignIn) -> None:
    page = sign_in("admin").post(f"{GROUP}/override", data=asked(platform, move="1")).text
    assert "没有期限会变动" in page
    assert "保存并重算期限" not in page


def test_it_says_what_cannot_be_worked_out(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    page = sign_in("admin").post(f"{GROUP}/override", data=asked(platform, value="1999", move="1")).text
    assert "1 件事项的期限按新的取值算不出来，会保持不变" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"unit": ""}, "请选择单位。"),
        ({"value": " "}, "请填写取值。"),
        ({"source": ""}, "请填写这个取值的依据。"),
        ({"value": "四天"}, "参数“小组受理期限”应当是整数，现在是“四天”。"),
        ({"value": "2.5"}, "参数“小组受理期限”应当是整数，现在是“2.5”。"),
        ({"value": "四天", "move": "1"}, "参数“小组受理期限”应当是整数，现在是“四天”。"),
    ],
)
def test_what_was_typed_stays_with_what_is_wrong(
    platform: Engine, sign_in: SignIn, wrong: dict[str, str], sentence: str
) -> None:
    typed = asked(platform, **wrong)
    answer = sign_in("admin").post(f"{GROUP}/override", data=typed)
    assert answer.status_code == 422
    assert texts(answer.text, "//div[@data-error-summary]//li") == [sentence]
    assert texts(answer.text, "//p[@class='field-error']") == [sentence]
    for name in ("unit", "value", "source"):
        assert values(answer.text, name) == ([typed[name]] if typed[name] or name != "unit" else [])
    assert "没有单位另设" in sign_in("admin").get(GROUP).text


@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("次数", "-3", "-3"),
        ("比例", "66.7", "66.7 %"),
        ("比例", "60", "60 %"),
        ("说法", "3", "3"),
        ("公示", "false", "否"),
        ("间隔", "PT12H", "PT12H"),
        ("渠道", "热线\r\n 网站 \n3", "热线、网站、3"),
    ],
)
def test_each_kind_of_value_is_read_as_such(
    platform: Engine, sign_in: SignIn, clock: FrozenClock, name: str, typed: str, shown: str
) -> None:
    House(platform, clock).deploy(Drawing("p").start().user_task().end(), ALL_KINDS)
    admin = sign_in("admin")
    page = admin.post(f"{LIST}/p/{name}/override", data=asked(platform, value=typed), follow_redirects=True).text
    (row,) = rows(page)
    assert f"金星社区一组 {shown} 居民小组会议纪要" in row


@pytest.mark.parametrize(("name", "typed"), [("公示", "也许"), ("间隔", "三天"), ("比例", "一半")])
def test_a_value_of_another_kind_is_refused(
    platform: Engine, sign_in: SignIn, clock: FrozenClock, name: str, typed: str
) -> None:
    House(platform, clock).deploy(Drawing("p").start().user_task().end(), ALL_KINDS)
    answer = sign_in("admin").post(f"{LIST}/p/{name}/override", data=asked(platform, value=typed))
    assert answer.status_code == 422
    assert f"参数“{name}”应当是" in answer.text


def test_a_value_that_is_no_time_for_a_start_is_refused(platform: Engine, sign_in: SignIn, clock: FrozenClock) -> None:
    house = House(platform, clock)
    house.deploy(meeting(), POLICY)
    admin, path = sign_in("admin"), f"{LIST}/p/例会时间"
    wrong = asked(platform, unit=unit(platform, "shizhong"), value="0 0 25 * * MON")
    answer = admin.post(f"{path}/override", data=wrong)
    assert answer.status_code == 422
    assert "cron 周期“0 0 25 * * MON”不对" in answer.text
    assert "同时重算" not in answer.text  # no deadline hangs on it

    admin.post(f"{path}/override", data={**wrong, "value": "0 0 14 * * WED"})
    assert due(platform) == {"shizhong": "25 14", "pengli": "30 09"}
    assert "每周三 14:00" in admin.get("/admin/schedules?q=市中").text


def test_a_value_is_taken_back_with_or_without_the_deadlines(platform: Engine, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    admin.post(f"{GROUP}/override", data=asked(platform))
    task = open_task(platform, file_appeal(platform).id)
    assert task.due_at is not None
    assert day(task.due_at) == "11-30"
    path = f"{GROUP}/withdraw/{unit(platform)}"

    text = words(admin.get(path).text)
    assert "现在的取值 4 工作日 改动以后 2 工作日" in text
    assert "1 件正在办理的事项有变动" in text

    page = admin.post(path, data={"move": "1"}, follow_redirects=True).text
    assert "没有单位另设" in page
    settle(platform)
    moved = task_row(platform, task.id).due_at
    assert moved is not None
    assert day(moved) == "11-26"
    assert "没有单独设置参数" in admin.post(path, follow_redirects=True).text


def test_history_tells_of_it(platform: Engine, sign_in: SignIn) -> None:
    file_appeal(platform)
    sign_in("admin").post(f"{GROUP}/override", data=asked(platform, move="1", confirmed="1"))
    settle(platform)
    auditor = sign_in("auditor")
    assert "对一个单位改为 4" in " ".join(rows(auditor.get("/audit?type=policy_overridden").text))
    found = " ".join(rows(auditor.get("/audit?type=deadline_changed").text))
    assert (
        "滨城区系统管理员调整参数“小组受理期限”（现为 4），重算期限：受理登记 2026-11-26 18:00 → 2026-11-30 18:00"
        in found
    )


def test_a_case_page_costs_the_same_however_many_deadlines_rest_on_a_setting(
    platform: Engine, sign_in: SignIn, clock: FrozenClock
) -> None:
    house, admin, asked_for, counts = House(platform, clock), sign_in("admin"), list[str](), []
    event.listen(platform.sql, "before_cursor_execute", lambda *args: asked_for.append(args[2]))
    for key, count in (("p", 2), ("q", 6)):
        loop = zeebe("loopCharacteristics", inputCollection=f"={[*range(count)]}", inputElement="轮")
        many = element("bpmn:multiInstanceLoopCharacteristics", extension(loop))
        drawing = process(key).user_task(more=running.schedule(running.DUE), inner=many).end()
        house.deploy(drawing, running.POLICY)
        path = f"/cases/{house.start(key)}"
        admin.get(path)
        asked_for.clear()
        assert admin.get(path).text.count("期限（5 工作日）") >= count
        counts.append(len(asked_for))
    assert counts[0] == counts[1]
