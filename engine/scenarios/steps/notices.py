"""Objecting to public notices."""

from __future__ import annotations

from sqlalchemy import select

from engine import notices
from engine.database import Transaction
from engine.errors import N_
from engine.lifecycle import NoticeState
from engine.model.notice import Notice
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS, SYSTEM
from engine.scenarios.actors import performer_of
from engine.scenarios.failure import ScenarioFailed
from engine.scenarios.script import Step
from engine.scenarios.stage import Stage
from engine.scenarios.steps.kind import Kind, command

_PHONE = "13800000000"


def _object(stage: Stage, step: Step) -> None:
    """Object to the newest open notice of the case; without ``by`` it is somebody without an account."""
    with stage.engine.read(SYSTEM) as tx:
        case = stage.case(tx, step)
        number = _newest(tx, case)
        actor = performer_of(tx, step["by"], case, case.unit_id) if "by" in step else ANONYMOUS
    name, phone = str(step.get("name", actor.name)), str(step.get("phone", _PHONE))
    with command(step), stage.engine.begin(actor) as tx:
        notices.file_objection(tx, number, str(step["object"]), name, phone)


def _newest(tx: Transaction, case: ProcessInstance) -> str:
    """The number of the newest notice that is open; when none is, of the newest, which then refuses."""
    query = select(Notice).where(Notice.instance_id == case.id)
    found = list(tx.session.scalars(query.order_by(Notice.published_at.desc(), Notice.number.desc())))
    if not found:
        raise ScenarioFailed(N_("事项还没有发布公示。"))
    return next((each for each in found if each.state_at(tx.now) is NoticeState.OPEN), found[0]).number


STEPS = {"object": Kind(_object, frozenset({"object", "in", "by", "name", "phone", "refused", "because"}))}
