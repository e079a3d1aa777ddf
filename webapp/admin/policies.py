"""Policy settings: the list of all, and one with where it comes from, who has it otherwise and what hangs on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import people
from engine.policy import type_name
from engine.queries import policies
from engine.queries.policies import Wish
from webapp import policy_words
from webapp.admin.blueprint import blueprint, official, tabs
from webapp.auth import current_actor, requires
from webapp.i18n import _, in_language
from webapp.platform import engine
from webapp.sent import page_number

_OVERRIDDEN = "overridden"
_MANAGE = "settings.manage"


@blueprint.get("/policies", endpoint="policies")
@official
def policies_page() -> ResponseReturnValue:
    """All settings of all processes, with the values that hold everywhere or for one unit."""
    wish = Wish(
        search=request.args.get("q", "").strip(),
        process_key=request.args.get("process", ""),
        unit_id=request.args.get("unit", type=UUID),
        overridden_only=request.args.get("state") == _OVERRIDDEN,
        page=page_number(),
    )
    with engine().read(current_actor()) as tx:
        return render_template(
            "admin/policies.html",
            tabs=tabs() if tx.actor.may(_MANAGE) else [],
            wish=wish,
            page=policies.lines(tx, wish),
            names=in_language(policies.process_names(tx)),
            units=unit_choices(tx),
            said=policy_words.said,
            source=policy_words.source,
        )


@blueprint.get("/admin/policies")
@requires(_MANAGE)
def to_policies() -> ResponseReturnValue:
    """The same page, at the address where administrators look for it."""
    return redirect(url_for("admin.policies"))


@blueprint.get("/policies/<key>/<name>", endpoint="policy")
@official
def policy_page(key: str, name: str) -> ResponseReturnValue:
    """One setting; administrators can give it another value for a unit."""
    return detail_page(key, name)


def detail_page(key: str, name: str, **typed: Any) -> str:
    """The page of a setting, with what was typed and what is wrong with it."""
    with engine().read(current_actor()) as tx:
        detail = policies.detail(tx, key, name)
        return render_template(
            "admin/policy.html",
            detail=detail,
            units=unit_choices(tx),
            said=policy_words.said,
            source=policy_words.source,
            kind=_(type_name(detail.setting.type)),
            hint=policy_words.HINTS.get(detail.setting.type, ""),
            **{"values": {}, "errors": {}, **typed},
        )


def unit_choices(tx: Any) -> list[tuple[str, str]]:
    """All active units, each below the one above it."""
    return [(str(unit.id), unit.name) for unit in people.org_tree(tx) if unit.active]
