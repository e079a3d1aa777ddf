"""What mails and group chats say, in the receiver's language: number, step, deadline and a link, never contents."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from engine.database import Engine
from engine.deliveries import Letter, Line, Parcel, Writer
from engine.notifications import KINDS
from engine.people import SYSTEM
from engine.queries.newest import english_names
from webapp import i18n
from webapp.i18n import _, format_moment, speaking

#: Where people reach the platform, as in ``https://wuji.example.gov.cn``. Without it nothing has a link.
ADDRESS = "WUJI_ADDRESS"
_TEMPLATES = Environment(
    loader=PackageLoader("webapp.messages", "templates/letters"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_TEMPLATES.globals.update(_=_)


class Said(NamedTuple):
    """One message as a letter says it."""

    what: str
    where: str
    due: str
    link: str


def writer(engine: Engine) -> Writer:
    """What the courier writes letters with."""

    def write(parcel: Parcel) -> Letter:
        with speaking(parcel.locale):
            return _letter(parcel, _steps(engine))

    return write


def address() -> str:
    """Where people reach the platform, without a slash at the end; empty when nobody has said it."""
    return os.environ.get(ADDRESS, "").strip().rstrip("/")


def code_letter(code: str, locale: str) -> Letter:
    """The mail that proves an address."""
    with speaking(locale):
        return _render("code", _("五级双向社区治理：邮箱验证码"), code=code)


def trial_letter(locale: str) -> Letter:
    """The mail that shows its reader that mails arrive."""
    with speaking(locale):
        return _render("trial", _("五级双向社区治理：测试邮件"))


def _letter(parcel: Parcel, steps: Mapping[str, str]) -> Letter:
    lines = [_said(line, steps) for line in parcel.lines]
    subject = lines[0].what if len(lines) == 1 else _("{n} 条新消息", n=len(lines))
    if len(lines) == 1 and lines[0].where:
        subject = _("{what}：{where}", what=subject, where=parcel.lines[0].number or lines[0].where)
    if parcel.is_mail:
        return _render("messages", subject, lines=lines)
    text = _TEMPLATES.get_template("chat.txt").render(lines=lines, address=address(), subject=subject)
    return Letter(subject, text.strip(), "")


def _said(line: Line, steps: Mapping[str, str]) -> Said:
    step = steps.get(line.step, line.step) if i18n.locale() != i18n.SOURCE else line.step
    where = _("，").join(part for part in (line.number, step) if part)
    # Seen from another day: who reads it tomorrow would take "today" for tomorrow.
    due = format_moment(line.due, line.due + timedelta(days=1)) if line.due else ""
    link = f"{address()}/messages/{line.notification_id}" if address() else ""
    what = _(KINDS[line.kind].outside)
    if line.for_whom:
        what = _("{what}（代{who}）", what=what, who=line.for_whom)
    return Said(what, where, _("期限：{due}", due=due) if due else "", link)


def _steps(engine: Engine) -> Mapping[str, str]:
    """What diagrams call their steps in the receiver's language."""
    if i18n.locale() == i18n.SOURCE:
        return {}
    with engine.read(SYSTEM) as tx:
        return english_names(tx)


def _render(name: str, subject: str, **context: Any) -> Letter:
    settings = f"{address()}/messages/settings" if address() else ""
    given = {"subject": subject, "settings": settings, "locale": i18n.locale(), **context}
    text = _TEMPLATES.get_template(f"{name}.txt").render(given)
    return Letter(subject, text.strip() + "\n", _TEMPLATES.get_template(f"{name}.html").render(given), settings)
