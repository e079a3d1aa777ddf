"""The blueprint of the residents' pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, session

from engine import people
from webapp.auth import current_actor
from webapp.platform import engine
from webapp.preferences import ELDER, display_mode

blueprint = Blueprint("portal", __name__, template_folder="templates")
#: Where a fresh receipt waits in the signed session cookie for its page.
RECEIPT = "receipt"


@blueprint.context_processor
def whom_to_call() -> dict[str, Any]:
    """In large print, each page names a telephone: that of the district, unless the page knows a nearer one."""
    return {"call": district_phone()} if display_mode() == ELDER else {}


def district_phone() -> tuple[str, str] | None:
    """The name and telephone of the unit at the top, for whoever does not know whom else to call."""
    with engine().read(current_actor()) as tx:
        tree = people.org_tree(tx)
        top = next(iter(tree), None)
        found = tree.phone_of(top.id) if top else None
    return (found[0].name, found[1]) if found else None


@blueprint.before_request
def drop_the_receipt_code() -> None:
    """The code of a new case is kept for its page alone: whoever goes on has written it down."""
    if request.endpoint != "portal.receipt" and RECEIPT in session:
        session[RECEIPT] = {**session[RECEIPT], "code": None}
