"""The auditor's pages: search all histories, one history with its proof, exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.clock import TIMEZONE, beginning_of, end_of
from engine.database import Engine
from engine.errors import InvalidVariables
from engine.history import export, verify
from engine.history.selection import Selection
from engine.model.history import SYSTEM_CHAIN, HistoryEvent
from engine.people import Actor
from engine.queries import audit
from engine.queries.audit import Wish
from engine.queries.cockpit import HISTORY_PAGE
from engine.queries.wording import WORDINGS
from webapp.auth import current_actor, requires
from webapp.cockpit import shown
from webapp.i18n import _, fill, translate_error
from webapp.platform import engine
from webapp.sent import page_number

blueprint = Blueprint("audit", __name__, template_folder="templates")
#: Events that the page verifies at once, some seconds of work; ``wuji verify`` knows no limit.
MOST_VERIFIED = 20_000


@blueprint.get("/audit")
@requires("history.read")
def search() -> ResponseReturnValue:
    """Events of all cases and of the system, narrowed by conditions."""
    wish = _wish()
    with engine().read(current_actor()) as tx:
        page = audit.search(tx, wish)
    types = [(type, _(wording.name)) for type, wording in WORDINGS.items()]
    system_url = url_for("audit.case", chain_id=SYSTEM_CHAIN)
    narrowed = wish != Wish(case=wish.case, page=wish.page)
    return render_template(
        "audit/search.html",
        wish=wish,
        page=page,
        types=types,
        narrowed=narrowed,
        told=shown.told,
        url_of=_url_of,
        system_url=system_url,
    )


def _url_of(event: HistoryEvent) -> str:
    """The page of its history on which an event stands."""
    page = (event.seq - 1) // HISTORY_PAGE + 1
    return url_for("audit.case", chain_id=event.chain_id, page=page if page > 1 else None)


def _wish() -> Wish:
    asked = request.args
    return Wish(
        case=asked.get("q", "").strip(),
        type=asked.get("type", ""),
        actor=asked.get("actor", "").strip(),
        element=asked.get("element", "").strip(),
        since=asked.get("since", type=date.fromisoformat),
        until=asked.get("until", type=date.fromisoformat),
        page=page_number(),
    )


@blueprint.get("/audit/system", defaults={"chain_id": SYSTEM_CHAIN})
@blueprint.get("/audit/cases/<uuid:chain_id>")
@requires("history.read")
def case(chain_id: UUID) -> ResponseReturnValue:
    """One history with its hashes and what verifying it has shown."""
    with engine().read(current_actor()) as tx:
        instance = audit.chain(tx, chain_id)
        history = audit.history(tx, chain_id, page_number())
        # A chain that is longer is verified on the command line: a page must not take minutes.
        report = verify.verify_chain(tx, chain_id) if history.total <= MOST_VERIFIED else None
    faults = _faults(report) if report else []
    context = {"history": history, "report": report, "faults": faults, "told": shown.told}
    return render_template("audit/case.html", instance=instance, chain_id=chain_id, **context)


@blueprint.post("/audit/verify", endpoint="verify")
@requires("history.read")
def verify_histories() -> ResponseReturnValue:
    """Verify the system's history and those of the newest cases, as many as a page may take."""
    with engine().read(current_actor()) as tx:
        report = verify.verify_all(tx, MOST_VERIFIED)
    return render_template("audit/verified.html", report=report, faults=_faults(report))


def _faults(report: verify.Report) -> list[dict[str, Any]]:
    return [
        {"chain": fault.chain, "name": _(fault.name), "seq": fault.seq, "text": fill(fault.template, fault.params)}
        for fault in report.faults
    ]


@blueprint.post("/audit/export", endpoint="export")
@requires("history.export")
def export_file() -> ResponseReturnValue:
    """Record the export, then send the file as it is read."""
    asked = request.form
    format = asked.get("format", "")
    chain_id = asked.get("chain", type=UUID)
    try:
        with engine().begin(current_actor()) as tx:
            instance = audit.chain(tx, chain_id) if chain_id is not None else None
            name = (instance.business_key if instance else "system") if chain_id is not None else None
            begun = export.begin(tx, _selection(chain_id), format, name)
    except InvalidVariables as error:
        flash(translate_error(error), "error")
        return redirect(url_for("audit.search"))
    _writer, media_type = export.WRITERS[format]
    answer = Response(_stream(engine(), current_actor(), begun), mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(begun, name)}"'
    return answer


def _selection(chain_id: UUID | None) -> Selection:
    if chain_id is not None:
        return Selection(chain=chain_id)
    since, until = (request.form.get(name, type=date.fromisoformat) for name in ("since", "until"))
    if since is None or until is None:
        raise InvalidVariables(_("请选择导出的开始日期和结束日期。"), {})
    return Selection(None, beginning_of(since), end_of(until))


def _stream(engine: Engine, actor: Actor, begun: export.Export) -> Iterator[bytes]:
    writer, _media_type = export.WRITERS[begun.format]
    for piece in writer(begun, audit.export_rows(engine, actor, begun)):
        yield piece.encode()


def _file_name(begun: export.Export, case: str | None) -> str:
    selection = begun.selection
    if case is not None or selection.since is None or selection.until is None:
        return f"history-{case}.{begun.format}"
    first, last = (moment.astimezone(TIMEZONE).date() for moment in (selection.since, selection.until))
    return f"history-{first}-{last}.{begun.format}"
