"""For a post that leads: the cases of its unit and of those below that are going on, and what of them is overdue."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine import people
from engine.database import Transaction
from engine.errors import N_, NotAuthorized
from engine.lifecycle import InstanceState
from engine.people import Unit
from engine.queries import cockpit, inbox, workload
from engine.queries.cockpit import Wish
from webapp.auth import current_actor, requires
from webapp.cockpit.views import offered
from webapp.i18n import _, in_language
from webapp.inbox.work import blueprint
from webapp.platform import engine
from webapp.sent import page_number

_OVERDUE = "overdue"


@blueprint.get("/cases/below", endpoint="cases")
@requires("task.handle")
def cases_below() -> ResponseReturnValue:
    """Each with its step, who has it and until when; from its page a step is urged. What is overdue begins oldest."""
    with engine().read(current_actor()) as tx:
        units = _units(tx)
        wish = _wish(units)
        context = {
            "listing": cockpit.lines(tx, wish),
            "names": in_language(inbox.process_names(tx)),
        }
    return render_template(
        "inbox/below.html",
        wish=wish,
        units=offered(units, wish.unit_id),
        standings=[("", _("办理中")), (_OVERDUE, _("已逾期"))],
        standing=_OVERDUE if wish.overdue else "",
        top=units[0],
        **context,
    )


def _units(tx: Transaction) -> list[Unit]:
    """The own unit, then all below it. Raises NotAuthorized for a post that leads none."""
    own = tx.actor.unit_id
    if own is None or not workload.leads(tx):
        raise NotAuthorized(N_("当前岗位没有下级单位，不能查看下级事项。"))
    tree = people.org_tree(tx)
    return [tree.unit(own), *tree.below(own)]


def _wish(units: list[Unit]) -> Wish:
    asked = request.args
    unit_id = asked.get("unit", type=UUID)
    overdue = asked.get("state") == _OVERDUE
    return Wish(
        search=asked.get("q", "").strip(),
        process_key=asked.get("process", ""),
        state=InstanceState.ACTIVE,
        unit_id=unit_id if unit_id in {unit.id for unit in units} else units[0].id,
        overdue=overdue,
        oldest_first=overdue,
        page=page_number(),
    )
