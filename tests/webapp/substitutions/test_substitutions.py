"""The pages of substitutions: for oneself, for somebody who is ill, and what the delegate then sees."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from engine.database import Engine
from engine.model.people import Account
from engine.model.substitution import Substitution
from engine.people import SYSTEM
from tests.clock import FrozenClock
from tests.webapp.official import file_appeal, open_task, task_row, words

LEADER, DELEGATE = "jinxing-1-leader", "jinxing-2-leader"
SignIn = Callable[[str], FlaskClient]


def account(engine: Engine, login: str) -> UUID:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalars(select(Account.id).where(Account.login == login)).one()


def form(engine: Engine, clock: FrozenClock, **more: str) -> dict[str, str]:
    today = clock.now.date().isoformat()
    delegate = str(account(engine, DELEGATE))
    return {"delegates": delegate, "starts_on": today, "ends_on": today, "reason": "外出学习", **more}


def test_work_is_passed_on_and_signed_with_both_names(platform: Engine, clock: FrozenClock, sign_in: SignIn) -> None:
    task = open_task(platform, file_appeal(platform).id)
    leader, delegate = sign_in(LEADER), sign_in(DELEGATE)
    assert "金星社区二组组长" in leader.post("/substitutions/new", data={"q": "二组组长", "_do": "search"}).text

    done = leader.post("/substitutions/new", data=form(platform, clock), follow_redirects=True)

    assert "已设置委托" in done.text
    assert "委托中" in done.text
    assert "代金星社区一组组长" in words(delegate.get("/tasks?tab=open").text)
    assert "代金星社区一组组长办理" in words(delegate.get(f"/tasks/{task.id}").text)
    assert "外出学习" in delegate.get("/substitutions").text
    delegate.post(f"/tasks/{task.id}", data={"受理意见": "受理", "事项性质": "共性问题"})
    assert task_row(platform, task.id).holder_name == "金星社区一组组长（由金星社区二组组长代办）"

    with platform.read(SYSTEM) as tx:
        (row,) = tx.session.scalars(select(Substitution))
    ended = leader.post(f"/substitutions/{row.id}/end", data={"reason": "提前返岗"}, follow_redirects=True)
    assert "已提前结束" in ended.text


def test_wrong_input_is_said_and_kept(platform: Engine, clock: FrozenClock, sign_in: SignIn) -> None:
    leader = sign_in(LEADER)
    for more, sentence in (
        ({"reason": ""}, "请填写委托原因"),
        ({"ends_on": ""}, "请选择日期"),
        ({"ends_on": "2020-01-01"}, "结束日期不能早于开始日期"),
        ({"delegates": ""}, "请选择代理人"),
        ({"delegates": str(account(platform, LEADER))}, "不能委托给本人"),
    ):
        answer = leader.post("/substitutions/new", data=form(platform, clock, **more))
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert "外出学习" in answer.text


def test_an_admin_sets_it_up_for_somebody_who_is_ill(platform: Engine, clock: FrozenClock, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    chosen = str(account(platform, LEADER))
    assert "为金星社区一组组长设置委托" in admin.post("/substitutions/new", data={"for": chosen}).text
    admin.post("/substitutions/new", data=form(platform, clock, **{"for": chosen}))
    assert "外出学习" in admin.get("/substitutions").text
    assert "外出学习" in sign_in(LEADER).get("/substitutions").text


def test_residents_and_strangers_set_up_nothing(platform: Engine, clock: FrozenClock, sign_in: SignIn) -> None:
    assert sign_in("resident-1").get("/substitutions").status_code == 403
    other = form(platform, clock, **{"for": str(account(platform, LEADER))})
    sign_in(DELEGATE).post("/substitutions/new", data=other)  # the field is the admin's: it is taken as one's own
    with platform.read(SYSTEM) as tx:
        assert not list(tx.session.scalars(select(Substitution)))
