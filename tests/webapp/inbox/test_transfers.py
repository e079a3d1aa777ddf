"""Handing a case to another unit, as pages: to whom it is offered, and what is said when it can't be done."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from engine import people
from engine.database import Engine
from engine.people import SYSTEM
from engine.people.commands import end_appointment
from tests.webapp.official import file_appeal, open_task

SignIn = Callable[[str], FlaskClient]


def test_it_is_offered_to_those_who_may_and_what_stands_against_it_is_said(platform: Engine, sign_in: SignIn) -> None:
    case = file_appeal(platform)
    task = open_task(platform, case.id)
    url = f"/cases/{case.id}/transfer"
    leader, secretary = sign_in("jinxing-1-leader"), sign_in("jinxing-secretary")
    assert url in leader.get(f"/tasks/{task.id}").text
    assert url in secretary.get(f"/cases/{case.id}").text
    assert url not in sign_in("jinxing-clerk").get(f"/cases/{case.id}").text
    assert sign_in("chaoyang-1-leader").get(url).status_code == 404
    with platform.begin(SYSTEM) as tx:
        tree = people.org_tree(tx)
        to = next(unit.id for unit in tree if unit.code == "chaoyang-1")
        account = people.account_by_login(tx, "chaoyang-1-leader")
        assert account is not None
        end_appointment(tx, people.posts_of(tx, account.id)[0].appointment_id)
    form = {"unit": str(to), "reason": "餐馆在朝阳社区"}
    assert sign_in("jinxing-clerk").post(url, data=form).status_code == 403
    refused = secretary.post(url, data=form)
    assert (refused.status_code, "现在没有人任职" in refused.text) == (409, True)
    assert ("餐馆在朝阳社区" in refused.text, f'value="{to}" checked' in refused.text) == (True, True)
