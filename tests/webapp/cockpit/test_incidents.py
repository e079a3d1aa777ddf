"""A step fails, an admin sees why, retries, and the case goes on."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from engine.database import Engine
from engine.lifecycle import IncidentState, InstanceState
from engine.model.process import ProcessInstance
from engine.model.work import Incident
from engine.people import SYSTEM
from tests.webapp.cockpit.failing import mend, start_failing
from tests.webapp.portal.resident import texts

SignIn = Callable[[str], FlaskClient]
LIST = "/cockpit/incidents"


def open_incident(engine: Engine) -> UUID:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalars(select(Incident.id).where(Incident.state == IncidentState.OPEN)).one()


def test_no_incident_is_said(sign_in: SignIn) -> None:
    assert "没有待处理的异常" in sign_in("admin").get(LIST).text


def test_an_incident_is_listed_with_its_sentence(platform: Engine, sign_in: SignIn) -> None:
    case = start_failing(platform)
    admin = sign_in("admin")
    (row,) = texts(admin.get(LIST).text, "//tbody/tr")
    for text in (case.business_key, "work_out_deadline", "2029 年的放假安排还没有录入"):
        assert text in row
    assert texts(admin.get("/cockpit/cases").text, "//dl[@class='figure-row']//dd") == ["1", "0", "1"]
    assert case.title in admin.get("/cockpit/cases?state=failed").text


def test_a_retry_that_succeeds_goes_on(platform: Engine, sign_in: SignIn) -> None:
    case = start_failing(platform)
    mend(platform)
    back = f"/cockpit/cases/{case.id}"
    answer = sign_in("admin").post(f"{LIST}/{open_incident(platform)}/retry", data={"back": back})
    assert answer.location == back
    with platform.read(SYSTEM) as tx:
        found = tx.get(ProcessInstance, case.id)
        incident = tx.session.scalars(select(Incident)).one()
    assert (found.state, found.incidents) == (InstanceState.COMPLETED, 0)
    assert (incident.state, incident.resolved_by) == (IncidentState.RESOLVED, "滨城区系统管理员")


def test_the_case_tells_who_dealt_with_it(platform: Engine, sign_in: SignIn) -> None:
    case = start_failing(platform)
    mend(platform)
    admin = sign_in("admin")
    page = admin.post(f"{LIST}/{open_incident(platform)}/retry", follow_redirects=True).text
    assert f"已重试，事项 {case.business_key} 继续办理。" in page
    page = admin.get(f"/cockpit/cases/{case.id}").text
    assert "由滨城区系统管理员处理" in page
    assert "“work_out_deadline”的异常已处理" in page


def test_a_retry_that_fails_says_so_and_keeps_one_open(platform: Engine, sign_in: SignIn) -> None:
    start_failing(platform)
    page = sign_in("admin").post(f"{LIST}/{open_incident(platform)}/retry", follow_redirects=True).text
    assert "重试没有成功" in page
    open_incident(platform)


def test_somebody_was_faster(platform: Engine, sign_in: SignIn) -> None:
    start_failing(platform)
    incident = open_incident(platform)
    admin = sign_in("admin")
    admin.post(f"{LIST}/{incident}/retry")
    page = admin.post(f"{LIST}/{incident}/retry", follow_redirects=True).text
    assert "这个异常已由滨城区系统管理员处理。" in page


def test_only_who_may_retry_can(platform: Engine, sign_in: SignIn) -> None:
    start_failing(platform)
    incident = open_incident(platform)
    for login in ("auditor", "jinxing-1-leader"):
        assert sign_in(login).post(f"{LIST}/{incident}/retry").status_code == 403
    assert "重试" not in sign_in("auditor").get(LIST).text
    assert open_incident(platform) == incident


def test_nobody_is_led_to_another_site(platform: Engine, sign_in: SignIn) -> None:
    start_failing(platform)
    answer = sign_in("admin").post(f"{LIST}/{open_incident(platform)}/retry", data={"back": "//evil.example/cockpit/"})
    assert answer.location == LIST
