"""The blueprint of the residents' pages."""

from __future__ import annotations

from flask import Blueprint, request, session

blueprint = Blueprint("portal", __name__, template_folder="templates")
#: Where a fresh receipt waits in the signed session cookie for its page.
RECEIPT = "receipt"


@blueprint.before_request
def drop_the_receipt_code() -> None:
    """The code of a new case is kept for its page alone: whoever goes on has written it down."""
    if request.endpoint != "portal.receipt" and RECEIPT in session:
        session[RECEIPT] = {**session[RECEIPT], "code": None}
