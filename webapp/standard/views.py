"""The standard for everybody who works by it: its clauses, where each is carried out, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import N_
from engine.queries import standard
from engine.queries.standard import Line
from engine.standard import REASONS
from webapp import library
from webapp.auth import current_actor, signed_in
from webapp.i18n import SOURCE, _, locale
from webapp.platform import engine
from webapp.security import drawing

blueprint = Blueprint("standard", __name__, template_folder="templates")
#: What the catalogue puts before every number; people who know the standard leave it out.
_PREFIX = "DB3716/T69 "
_MODALITIES = frozenset({N_("应"), N_("宜"), N_("可"), N_("不得"), N_("要")})


@blueprint.app_template_filter("modality")
def modality_in_words(word: str) -> str:
    """How binding a clause is, in the word of the standard, or of the reader’s language."""
    return _(word) if word in _MODALITIES else word


@blueprint.get("/standard")
@signed_in
def clauses() -> ResponseReturnValue:
    """All clauses by section, narrowed by words and by whether a process carries them out."""
    search, kind = request.args.get("q", "").strip(), request.args.get("kind", "")
    exempt = {"process": False, "other": True}.get(kind)
    with engine().read(current_actor()) as tx:
        lines = standard.clauses(tx, search, exempt)
    chapters = [(title, list(rows)) for title, rows in groupby(lines, key=lambda line: line.clause.chapter)]
    return render_template(
        "standard/clauses.html", chapters=chapters, total=len(lines), search=search, kind=kind, **_shared("clauses")
    )


@blueprint.get("/standard/clauses/<path:id>")
@signed_in
def clause(id: str) -> ResponseReturnValue:
    """One clause: its sentence, who has to act, the steps that carry it out, or why none does."""
    with engine().read(current_actor()) as tx:
        line = standard.clause(tx, id)
        names = {release.key: release.bundle.name for release in standard.processes(tx)}
    shown = {"line": line, "by_process": _by_process(line), "scenarios": _scenarios(line, names)}
    return render_template("standard/clause.html", **shown, **_shared(""))


@blueprint.get("/standard/processes")
@signed_in
def processes() -> ResponseReturnValue:
    """The processes with the number of clauses that each carries out."""
    with engine().read(current_actor()) as tx:
        lines, releases = standard.clauses(tx), standard.processes(tx)
    cited = [{spot.process for spot in line.spots} for line in lines]
    counts = {release.key: sum(release.key in keys for keys in cited) for release in releases}
    return render_template("standard/processes.html", releases=releases, counts=counts, **_shared("processes"))


@blueprint.get("/standard/processes/<key>")
@drawing
@signed_in
def process(key: str) -> ResponseReturnValue:
    """A process: its drawing, and for each step the clauses or the assumption that it rests on."""
    with engine().read(current_actor()) as tx:
        release, steps = standard.process(tx, key)
    chosen = request.args.get("step", "")
    cited, assumed = ([step.element for step in steps if bool(step.clauses) is wanted] for wanted in (True, False))
    marks = {"cited": cited, "assumed": assumed, "chosen": [chosen] if chosen else []}
    return render_template(
        "standard/process.html", release=release, steps=steps, chosen=chosen, marks=marks, **_shared("")
    )


@blueprint.get("/standard/assumptions")
@signed_in
def assumptions() -> ResponseReturnValue:
    """What the standard does not give: every step that rests on something else, with its source."""
    with engine().read(current_actor()) as tx:
        found = standard.assumptions(tx)
    return render_template("standard/assumptions.html", found=found, **_shared("assumptions"))


def _scenarios(line: Line, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """The process of each scenario and what it shows; in English by the name of its file, as scenarios are Chinese."""
    found = (each.partition("/") for each in line.clause.scenarios)
    return [
        (_(names.get(key, key)), library.scenario_name(key, file) if locale() == SOURCE else file.replace("_", " "))
        for key, _slash, file in found
    ]


def _shared(active: str) -> dict[str, Any]:
    """What all pages of the standard show: the tabs, and numbers without the prefix."""
    tabs = (("clauses", _("条款")), ("processes", _("流程")), ("assumptions", _("标准没有写明的")))
    return {
        "tabs": [
            {"url": url_for(f"standard.{name}"), "label": label, "active": name == active} for name, label in tabs
        ],
        "short": lambda id: id.removeprefix(_PREFIX),
        "reasons": REASONS,
    }


def _by_process(line: Line) -> list[tuple[str, str, list[standard.Spot]]]:
    """The spots of a clause, process by process: key, name, spots."""
    return [
        (key, name, list(spots))
        for (key, name), spots in groupby(line.spots, key=lambda spot: (spot.process, spot.process_name))
    ]
