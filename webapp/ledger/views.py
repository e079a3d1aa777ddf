"""Ledgers: which there are, one as a table of the cases that the actor may see, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from engine import ledgers, people, tables
from engine.clock import TIMEZONE
from engine.database import Engine
from engine.errors import N_, InvalidVariables
from engine.lifecycle import InstanceState, state_name
from engine.people import Actor
from engine.queries import ledgers as kept
from engine.queries.ledgers import Row, Sort, Wish
from webapp import forms_view
from webapp.auth import current_actor, requires
from webapp.cockpit.views import offered
from webapp.i18n import _, translate_error
from webapp.ledger.period import PERIODS, days_of
from webapp.platform import engine
from webapp.sent import page_number

blueprint = Blueprint("ledger", __name__, template_folder="templates")
_official = requires("task.handle", "case.view_all")
_SORTS = {
    Sort.NEWEST: N_("最近发起在前"),
    Sort.OLDEST: N_("最早发起在前"),
    Sort.ENDED: N_("最近办结在前"),
    Sort.NUMBER: N_("按编号"),
}


@blueprint.get("/ledgers", endpoint="ledgers")
@_official
def ledgers_page() -> ResponseReturnValue:
    """The processes that keep a ledger."""
    with engine().read(current_actor()) as tx:
        return render_template("ledger/ledgers.html", found=kept.overviews(tx))


@blueprint.get("/ledgers/<key>", endpoint="ledger")
@_official
def ledger_page(key: str) -> ResponseReturnValue:
    """One page of a ledger, narrowed by conditions."""
    asked = request.args
    with engine().read(current_actor()) as tx:
        wish = _wish(asked, tx.now.astimezone(TIMEZONE).date())
        release, ledger = kept.ledger_of(tx, key)
        page = kept.rows(tx, key, wish)
        return render_template(
            "ledger/ledger.html",
            release=release,
            columns=list(ledger.columns),
            labels=[_(name) for name in ledger.columns],
            page=page,
            wish=wish,
            period=asked.get("period", ""),
            conditions=_conditions(asked),
            periods=[("", _("全部时间")), *((each, _(label)) for each, label in PERIODS.items())],
            states=[("", _("全部状态")), *((state.value, _(state_name(state))) for state in InstanceState)],
            sorts=[(each.value, _(label)) for each, label in _SORTS.items()],
            sorted_url=lambda sort: url_for("ledger.ledger", key=key, **{**_conditions(asked), "sort": sort}),
            units=offered(people.org_tree(tx), wish.unit_id),
            cell=_cell,
            masked=any(any(row.hidden) for row in page.items),
        )


def _cell(row: Row, number: int) -> str:
    """A cell as the page shows it."""
    value = row.cells[number]
    if value in (None, "", []):
        return ""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(TIMEZONE)
    return forms_view.readable(value)


def _wish(asked: MultiDict[str, str], today: date) -> Wish:
    since, until = (asked.get(name, type=date.fromisoformat) for name in ("since", "until"))
    if since is None and until is None:
        since, until = days_of(asked.get("period", ""), today)
    state, sort = asked.get("state", ""), asked.get("sort", "")
    return Wish(
        search=asked.get("q", "").strip(),
        unit_id=asked.get("unit", type=UUID),
        state=InstanceState(state) if state in set(InstanceState) else None,
        since=since,
        until=until,
        sort=Sort(sort) if sort in set(Sort) else Sort.NEWEST,
        page=page_number(),
    )


def _conditions(asked: MultiDict[str, str]) -> dict[str, str]:
    """What the list is narrowed to, for the export to be narrowed the same way."""
    names = ("q", "period", "since", "until", "unit", "state", "sort")
    return {name: asked[name] for name in names if asked.get(name)}


@blueprint.post("/ledgers/<key>/export")
@_official
def export(key: str) -> ResponseReturnValue:
    """Record the export, then send the file as it is read."""
    asked, format, actor = request.form, request.form.get("format", ""), current_actor()
    try:
        with engine().begin(actor) as tx:
            today = tx.now.astimezone(TIMEZONE).date()
            _release, ledger = kept.ledger_of(tx, key)
            cases = kept.ids(tx, key, _wish(asked, today))
            ledgers.begin_export(tx, key, format, len(cases), _conditions(asked))
    except InvalidVariables as error:
        flash(translate_error(error), "error")
        return redirect(url_for("ledger.ledger", key=key))
    pieces = _stream(engine(), actor, key, cases, list(ledger.columns), format)
    answer = Response(pieces, mimetype=ledgers.FORMATS[format])
    answer.headers["Content-Disposition"] = f'attachment; filename="ledger-{key}-{today}.{format}"'
    return answer


def _stream(
    engine: Engine, actor: Actor, key: str, cases: list[UUID], columns: list[str], format: str
) -> Iterator[bytes]:
    rows: Iterator[tuple[Any, ...]] = kept.export_rows(engine, actor, key, cases)
    if format == "xlsx":
        yield from tables.xlsx(columns, (list(map(kept.written, row)) for row in rows))
        return
    yield tables.csv_header(columns).encode()
    for row in rows:
        yield tables.csv_line(map(kept.told, row)).encode()
