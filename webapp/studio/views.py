"""The analyst's pages: the processes, and the drawing board with its checker."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import definitions
from engine.bpmn import Finding
from engine.errors import N_, Conflict, InvalidDefinition
from engine.queries import studio
from webapp.auth import current_actor, requires
from webapp.errors import status_of
from webapp.i18n import _, fill, translate_error
from webapp.platform import engine
from webapp.security import drawing
from webapp.studio.blank import blank_diagram

blueprint = Blueprint("studio", __name__, template_folder="templates")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
_MAX_NAME = 60


@blueprint.get("/studio")
@requires("definition.edit")
def processes() -> ResponseReturnValue:
    """All processes with their versions and drafts."""
    with engine().read(current_actor()) as tx:
        return render_template("studio/processes.html", lines=studio.processes(tx))


@blueprint.get("/studio/new")
@requires("definition.edit")
def new() -> ResponseReturnValue:
    """The form for a new process."""
    return render_template("studio/new.html", key="", name="", errors={})


@blueprint.post("/studio/new")
@requires("definition.edit")
def create() -> ResponseReturnValue:
    """Begin a process as a draft with a start, one task and an end."""
    key, name = request.form.get("key", "").strip(), request.form.get("name", "").strip()
    with engine().begin(current_actor()) as tx:
        errors = _errors_of_new(key, name, {line.key for line in studio.processes(tx)})
        if not errors:
            definitions.save_draft(tx, key, blank_diagram(key, name))
    if errors:
        return Response(render_template("studio/new.html", key=key, name=name, errors=errors), 422)
    flash(_("已新建“{name}”的草稿。", name=name), "success")
    return redirect(url_for("studio.edit", key=key))


@blueprint.post("/studio/open")
@requires("definition.edit")
def open_file() -> ResponseReturnValue:
    """Begin a process as a draft with a file from any tool, even with a drawing that nobody can run."""
    upload = request.files.get("diagram")
    source = upload.read() if upload else b""
    try:
        if not source:
            raise InvalidDefinition(N_("请选择一个 .bpmn 文件。"))
        with engine().begin(current_actor()) as tx:
            key = definitions.open_file(tx, source)
    except (InvalidDefinition, Conflict) as error:
        errors = {"diagram": translate_error(error)}
        return Response(render_template("studio/new.html", key="", name="", errors=errors), status_of(error))
    flash(_("文件已存为草稿。"), "success")
    return redirect(url_for("studio.edit", key=key))


@blueprint.get("/studio/<key>")
@drawing
@requires("definition.edit")
def edit(key: str) -> ResponseReturnValue:
    """The drawing board."""
    with engine().read(current_actor()) as tx:
        line, versions = studio.process(tx, key), studio.versions(tx, key)
        return render_template("studio/edit.html", line=line, versions=versions)


@blueprint.get("/studio/<key>.bpmn")
@requires("definition.edit")
def xml(key: str) -> ResponseReturnValue:
    """The diagram to edit: the draft, or the newest version."""
    with engine().read(current_actor()) as tx:
        return Response(studio.diagram_to_edit(tx, key), mimetype="application/xml")


@blueprint.put("/studio/<key>")
@requires("definition.edit")
def save(key: str) -> ResponseReturnValue:
    """Save the draft, finished or not; ``seen`` is the one that was opened, so that nobody overwrites another's."""
    with engine().begin(current_actor()) as tx:
        draft = definitions.save_draft(tx, key, _diagram(), request.args.get("seen", type=int))
    return {"ok": True, "message": _("草稿已保存"), "seen": draft.lock_version}


@blueprint.post("/studio/<key>/check")
@requires("definition.edit")
def check(key: str) -> ResponseReturnValue:
    """What the checker says about the drawing as it stands."""
    with engine().read(current_actor()) as tx:
        findings = definitions.check(tx, _diagram(), *definitions.beside(tx, key))
    return {"ok": True, "findings": [_finding(each) for each in findings]}


@blueprint.post("/studio/<key>/publish")
@requires("definition.publish")
def publish(key: str) -> ResponseReturnValue:
    """Release the draft as the next version, or say why not, element by element."""
    note = request.form.get("note", "").strip()
    if not note:
        return {"ok": False, "message": _("请填写发布说明。")}, 422
    try:
        with engine().begin(current_actor()) as tx:
            row = definitions.publish(tx, key, studio.diagram_to_edit(tx, key), note)
    except InvalidDefinition as error:
        findings = [_finding(each) for each in error.findings]
        return {"ok": False, "message": translate_error(error), "findings": findings}, status_of(error)
    message = _("已发布第 {version} 版。新事项按新版办理，办理中的事项仍按原来的版本。", version=row.version)
    return {"ok": True, "version": row.version, "message": message}


def _diagram() -> str:
    text = request.get_data(as_text=True)
    if not text:
        abort(400)
    return text


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "element": finding.element,
        "rule": finding.rule,
        "severity": finding.severity,
        "message": fill(finding.template, finding.params),
    }


def _errors_of_new(key: str, name: str, taken: set[str]) -> dict[str, str]:
    errors = {}
    if not _KEY.fullmatch(key):
        errors["key"] = _("请填写标识：小写字母开头，只用小写字母、数字和下划线，2 到 60 个字符。")
    elif key in taken:
        errors["key"] = _("标识“{key}”已经使用，请换一个。", key=key)
    if not 0 < len(name) <= _MAX_NAME:
        errors["name"] = _("请填写名称，不超过 {n} 个字。", n=_MAX_NAME)
    return errors
