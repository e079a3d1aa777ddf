"""Notices on the board and objections against them, as the tests of these pages need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from engine import notices, people
from engine.database import Engine
from engine.model.base import new_id
from engine.model.process import ProcessInstance
from engine.notices import Announcement
from engine.people import ANONYMOUS, SYSTEM
from tests.webapp.official import file_appeal

TITLE, TEXT = "北侧停车位改造方案", "增设停车位 20 个。\n拆除花坛 3 处。"
OBJECTION = {"text": "车位挡住消防通道。", "name": "王小明", "phone": "13812345678"}


def publish(engine: Engine, unit: str = "jinxing", days: int | None = 7, **facts: Any) -> tuple[ProcessInstance, str]:
    """A notice of a case of the unit's first group: the case, and the number of the notice."""
    case = file_appeal(engine, f"{unit}-1")
    with engine.begin(SYSTEM) as tx:
        place = people.org_tree(tx).by_code(unit)
        assert place is not None
        until = tx.now + timedelta(days=days) if days else None
        wanted: dict[str, Any] = {"title": TITLE, "text": TEXT, "until": until, "takes_objections": True, **facts}
        notice = notices.publish(tx, case.id, "publish", new_id(), Announcement(unit_id=place.id, **wanted))
        return case, notice.number


def object_to(engine: Engine, number: str, **changes: str) -> str:
    """Object to a notice; the number of the objection."""
    with engine.begin(ANONYMOUS) as tx:
        return notices.file_objection(tx, number, **{**OBJECTION, **changes})


def conclude(engine: Engine, number: str, outcome: str, upheld: bool | None = None) -> None:
    """End the period and put the outcome on the board."""
    with engine.begin(SYSTEM) as tx:
        notices.collect(tx, number)
    with engine.begin(SYSTEM) as tx:
        notices.conclude(tx, number, outcome, upheld)


def withdraw(engine: Engine, number: str, reason: str) -> None:
    """Take a notice back."""
    with engine.begin(SYSTEM) as tx:
        notices.withdraw(tx, number, reason)


def send(browser: FlaskClient, number: str, **changes: str) -> Any:
    """Send the form for an objection."""
    return browser.post(f"/notices/{number}/objections", data={**OBJECTION, **changes})
