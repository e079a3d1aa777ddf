"""The form for an objection, and what everybody may know of those that were filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clock import TIMEZONE
from engine.forms import Sentence
from engine.masking import mask
from engine.model.notice import Objection
from engine.notices import LONGEST_TEXT
from engine.people import Actor
from engine.queries.notices import Posted
from webapp.forms_view import FormView, said
from webapp.i18n import _, format_moment
from webapp.widgets import Widget

FIELDS = ("text", "name", "phone")


def form(typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> FormView:
    """The form with what was typed and what is wrong with it."""
    widgets = (
        Widget(
            kind="textarea",
            limit=_("最多 {most} 个字。", most=LONGEST_TEXT),
            hint=_("写明对哪一项有异议、理由是什么。"),
            **_common("text", typed, errors),
        ),
        Widget(kind="line", autocomplete="name", **_common("name", typed, errors)),
        Widget(
            kind="line",
            autocomplete="tel",
            input_type="tel",
            inputmode="tel",
            hint=_("姓名和电话只用于核实异议，不会公开。"),
            **_common("phone", typed, errors),
        ),
    )
    wrong = tuple((f"#{widget.id}", sentence) for widget in widgets for sentence in widget.errors)
    return FormView(widgets, wrong, is_dynamic=False, has_files=False)


def labels() -> dict[str, str]:
    """How the fields are called."""
    return {"text": _("异议内容"), "name": _("您的姓名"), "phone": _("联系电话")}


def _common(name: str, typed: Mapping[str, str], errors: Mapping[str, list[str]]) -> dict[str, Any]:
    sentences = (said(each) if isinstance(each, Sentence) else _(each) for each in errors.get(name, ()))
    label, value = labels()[name], typed.get(name, "")
    return {
        "id": f"f-{name}",
        "name": name,
        "label": label,
        "value": value,
        "errors": tuple(sentences),
        "required": True,
    }


def reply(posted: Posted, each: Objection) -> dict[str, Any]:
    """An objection as everybody may know it: number, time and what was replied; neither who nor what."""
    words = {None: "", True: _("异议成立"), False: _("异议不成立")}
    return {
        "number": posted.notice.objection_number(each.seq),
        "when": format_moment(each.filed_at),
        "iso": each.filed_at.astimezone(TIMEZONE).isoformat(timespec="minutes"),
        "verdict": words[each.upheld],
        "reply": each.reply or "",
    }


def objection(posted: Posted, each: Objection, actor: Actor) -> dict[str, Any]:
    """An objection as officials know it; name and telephone masked unless the acting post may see them."""
    hide = (lambda text: text) if actor.may("personal_data.unmask") else mask
    return {**reply(posted, each), "text": each.text, "name": hide(each.name), "phone": hide(each.phone)}
