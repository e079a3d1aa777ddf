"""One act on many tasks: a line for each, each in a transaction of its own, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from engine import tasks
from engine.database import Engine, Transaction
from engine.lifecycle import UserTaskState
from engine.people import SYSTEM, account_by_login, load_actor
from tests.webapp.official import file_appeal, open_task, report_solved, task_row, words

SignIn = Callable[[str], FlaskClient]


def _bulk(browser: FlaskClient, act: str, *chosen: UUID | str) -> str:
    answer = browser.post("/tasks/bulk", data={"act": act, "task": [str(each) for each in chosen], "back": "/tasks"})
    assert answer.status_code == 200, answer.status
    return answer.text


def _do_as(platform: Engine, login: str, act: Callable[[Transaction], object]) -> UUID:
    """Do something as this person; the id of the account."""
    with platform.read(SYSTEM) as tx:
        account = account_by_login(tx, login)
        assert account is not None
        actor = load_actor(tx, account.id)
    with platform.begin(actor) as tx:
        act(tx)
    return account.id


def _tasks(platform: Engine, number: int) -> list[UUID]:
    return [open_task(platform, file_appeal(platform).id).id for _ in range(number)]


def test_many_are_claimed_and_released_at_once(platform: Engine, sign_in: SignIn) -> None:
    chosen = _tasks(platform, 3)
    browser = sign_in("jinxing-1-leader")
    assert "3 项全部成功" in words(_bulk(browser, "claim", *chosen))
    assert all(task_row(platform, task).assignee for task in chosen)
    assert "3 项全部成功" in words(_bulk(browser, "release", *chosen))
    assert not any(task_row(platform, task).assignee for task in chosen)


def test_what_is_refused_keeps_nothing_else_back(platform: Engine, sign_in: SignIn) -> None:
    # given two free tasks, one of another group, one that is done, and one that does not exist
    free = _tasks(platform, 2)
    foreign = open_task(platform, file_appeal(platform, "jinxing-2").id).id
    gone = _tasks(platform, 1)[0]
    refusal = {"受理意见": "不予受理", "不予受理原因": "其他原因", "不予受理说明": "不属于社区事务。"}
    leader = _do_as(platform, "jinxing-1-leader", lambda tx: tasks.complete(tx, gone, refusal))
    # when all are claimed
    page = words(_bulk(sign_in("jinxing-1-leader"), "claim", *free, foreign, gone, uuid4()))
    # then the two are, and each of the others says why not
    assert "2 项成功，3 项没有成功" in page
    assert all(task_row(platform, task).assignee == leader for task in free)
    assert task_row(platform, foreign).assignee is None
    assert "已由金星社区一组组长办理，不需要再次提交" in page
    assert page.count("没有找到这个环节") == 2


def test_one_filled_form_completes_many_tasks_of_a_step(platform: Engine, sign_in: SignIn) -> None:
    # given three solved problems, and a fourth task whose step the analyst lets nobody complete unseen
    cases = [report_solved(platform, f"纸箱{n}").id for n in range(3)]
    chosen = [open_task(platform, case).id for case in cases]
    foreign = _tasks(platform, 1)[0]
    browser = sign_in("jinxing-clerk")
    asked: dict[str, str | list[str]] = {"task": [str(task) for task in [*chosen, foreign]], "back": "/tasks"}
    # when they are selected, the form is shown once, without what belongs to one case, and says which are left out
    page = browser.post("/tasks/bulk/complete", data=asked)
    assert page.status_code == 200
    assert "用同样的内容办结 3 项" in page.text
    assert "3号楼2单元" not in page.text
    assert 'type="file"' not in page.text
    assert "这一环节不能批量办结" in words(page.text)
    # and is shown again when something is missing, with what was typed
    page = browser.post("/tasks/bulk/complete", data={**asked, "send": "1", "核实说明": "都清空了。"})
    assert page.status_code == 422
    assert "都清空了。" in page.text
    # when it is sent after somebody else was faster with one of them
    filled = {"核实结论": "已经解决", "核实说明": "都清空了。"}
    _do_as(platform, "jinxing-clerk", lambda tx: tasks.complete(tx, chosen[1], filled))
    page = browser.post("/tasks/bulk/complete", data={**asked, "send": "1", **filled})
    # then each of the others is completed by itself
    assert "2 项成功，2 项没有成功" in words(page.text)
    assert all(task_row(platform, task).state is UserTaskState.COMPLETED for task in chosen)
    assert {open_task(platform, case).element_id for case in cases} == {"task_archive"}
    assert task_row(platform, foreign).state is UserTaskState.CREATED


def test_a_step_that_is_not_for_many_is_not_completed_unseen(platform: Engine, sign_in: SignIn) -> None:
    chosen = _tasks(platform, 2)
    data = {"task": [str(task) for task in chosen], "send": "1", "受理意见": "受理"}
    page = sign_in("jinxing-1-leader").post("/tasks/bulk/complete", data=data)
    assert words(page.text).count("这一环节不能批量办结，请打开逐项办理") == 2
    assert all(task_row(platform, task).state is UserTaskState.CREATED for task in chosen)


def test_nothing_chosen_is_said_and_leads_back(platform: Engine, sign_in: SignIn) -> None:
    browser = sign_in("jinxing-1-leader")
    for data in ({"act": "claim"}, {"act": "claim", "task": "x"}, {"act": "nonsense", "task": str(uuid4())}):
        answer = browser.post("/tasks/bulk", data={**data, "back": "//elsewhere.example"}, follow_redirects=True)
        assert "请先勾选任务" in answer.text


def test_all_rows_can_be_selected_without_scripts(platform: Engine, sign_in: SignIn) -> None:
    _tasks(platform, 2)
    page = sign_in("jinxing-1-leader").get("/tasks?tab=open&all=1").text
    assert page.count("checked") == page.count('name="task"') + 4  # the columns and the shortcuts of the settings


def test_many_are_handed_on_with_one_reason(platform: Engine, sign_in: SignIn) -> None:
    chosen = _tasks(platform, 2)
    browser = sign_in("jinxing-1-leader")
    asked: dict[str, str | list[str]] = {"task": [str(task) for task in chosen], "back": "/tasks"}
    # when they are selected, the page asks once to whom and why
    page = browser.post("/tasks/bulk/hand-on", data=asked)
    assert page.status_code == 200
    assert "已勾选 2 项" in page.text
    deputy = page.text.split("金星社区一组居民代表")[0].rsplit('value="', 1)[1].split('"')[0]
    # and keeps what was typed when something is missing
    page = browser.post("/tasks/bulk/hand-on", data={**asked, "send": "1", "reason": "外出学习"})
    assert page.status_code == 422
    assert "请选择转给谁" in page.text
    assert "外出学习" in page.text
    # then all go there
    page = browser.post("/tasks/bulk/hand-on", data={**asked, "send": "1", "reason": "外出学习", "holder": deputy})
    assert "2 项全部成功" in words(page.text)
    assert browser.get("/tasks?tab=open").text.count("data-task=") == 0
    assert sign_in("jinxing-1-deputy").get("/tasks").text.count("data-task=") == 2
