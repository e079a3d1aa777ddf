"""My work: the own numbers of a month beside those of the month before, and for a leader those of the units below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from engine import tables
from engine.clock import TIMEZONE, local_day
from engine.queries import inbox, workload
from engine.queries.workload import Figures, UnitLine
from webapp.auth import current_actor, requires
from webapp.i18n import _, in_language
from webapp.navigation import many
from webapp.platform import engine

blueprint = Blueprint("work", __name__, template_folder="templates")
_MONTHS = 12


@blueprint.get("/work", endpoint="mine")
@requires("task.handle")
def work() -> ResponseReturnValue:
    """The page, or with ``format=csv`` the same numbers as a file."""
    with engine().read(current_actor()) as tx:
        months = _months(tx.now)
        month = next((each for each in months if _key(each) == request.args.get("month")), months[0])
        end = _next(month)
        names = in_language(inbox.process_names(tx))
        now, before = workload.mine(tx, month, end), workload.mine(tx, _previous(month), month)
        team = workload.team(tx, month, end)
        waiting, moment = workload.mine_waiting(tx), tx.now
    if request.args.get("format") == "csv":
        return _csv(_key(month), list(_lines(now, names, team.lines)))
    return render_template(
        "inbox/work.html",
        month=_key(month),
        months=[(_key(each), month_name(each)) for each in months],
        names=names,
        now=now,
        before=before,
        periods=(month_name(month), month_name(_previous(month))),
        waiting=waiting,
        team=team,
        mine_chart=_chart([(names.get(key, key), each) for key, each in now.items() if key]),
        team_chart=_chart([(line.unit.name, line.figures) for line in team.lines]),
        is_earlier=team.counted_at != moment,
        share=share,
        duration=duration,
    )


def month_name(month: datetime) -> str:
    """A month as people say it."""
    return _("{year}年{month}月", year=month.year, month=month.month)


def share(figures: Figures) -> str:
    """The part that was in time: 95%."""
    return f"{figures.share:.0%}" if figures.share is not None else "—"


def duration(figures: Figures) -> str:
    """The median in days and hours, whatever is large enough to matter."""
    if figures.median is None:
        return "—"
    minutes = round(figures.median.total_seconds() / 60)
    if minutes < 60:
        return _("{n} 分钟", n=minutes)
    if minutes < 60 * 48:
        return _("{n} 小时", n=round(minutes / 60))
    return _("{n} 天", n=round(minutes / 60 / 24, 1))


def _chart(rows: list[tuple[str, Figures]]) -> dict[str, Any]:
    """What the chart draws: for each name what was in time, late, and without a deadline."""
    return {
        "names": [name for name, _each in rows],
        "series": [
            {"name": _("按期"), "look": "green", "data": [each.in_time for _name, each in rows]},
            {"name": _("逾期"), "look": "red", "data": [each.late for _name, each in rows]},
            {"name": _("无期限"), "look": "grey", "data": [each.done - each.with_deadline for _name, each in rows]},
        ],
    }


def _lines(now: dict[str, Figures], names: dict[str, str], team: Sequence[UnitLine]) -> Iterator[list[str]]:
    for key, each in now.items():
        yield [_("本人"), names.get(key, key) if key else _("合计"), *_cells(each)]
    for line in team:
        waiting = [many(line.waiting.open), many(line.waiting.overdue)]
        yield [line.unit.name, _("合计"), *_cells(line.figures), *waiting]


def _cells(figures: Figures) -> list[str]:
    hours = "" if figures.median is None else f"{figures.median.total_seconds() / 3600:.1f}"
    return [str(figures.done), str(figures.with_deadline), str(figures.in_time), hours]


def _csv(month: str, lines: list[list[str]]) -> Response:
    heads = [_("范围"), _("流程"), _("办结"), _("有期限"), _("按期"), _("用时中位数（小时）"), _("在办"), _("逾期")]
    text = tables.csv_header(heads) + "".join(map(tables.csv_line, lines))
    disposition = {"Content-Disposition": f'attachment; filename="work-{month}.csv"'}
    return Response(text, mimetype="text/csv", headers=disposition)


def _months(now: datetime) -> list[datetime]:
    """The first moments of this month and of those before it."""
    first = datetime.combine(local_day(now).replace(day=1), time(), TIMEZONE)
    found = [first]
    while len(found) < _MONTHS:
        found.append(_previous(found[-1]))
    return found


def _previous(month: datetime) -> datetime:
    return (month - timedelta(days=1)).replace(day=1)


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def _key(month: datetime) -> str:
    return f"{month:%Y-%m}"
