"""Telling people from machines without asking anybody anything: a field that nobody sees, and how fast it went.

Whoever is taken for a machine by mistake loses nothing and presses the button once more.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from engine.counter_limits import limits
from engine.database import Transaction
from webapp.i18n import _

#: When a form was opened, signed; and the field that machines fill in. Its name is one that no browser fills in.
OPENED, TRAP = "_opened", "_remark2"


def opened_at(moment: datetime) -> str:
    """What a form sends along, so that it tells when it was opened."""
    return str(_signer().dumps(int(moment.timestamp())))


def sent_opening() -> datetime | None:
    """When the form that was sent was opened, None when it does not say so in our own hand."""
    try:
        return datetime.fromtimestamp(_signer().loads(request.form.get(OPENED, "")), UTC)
    except (BadSignature, TypeError, ValueError, OverflowError):
        return None


def doubt(tx: Transaction, opened: datetime | None) -> str:
    """What to say when a machine may have sent it; empty when all is well."""
    if request.form.get(TRAP, ""):
        return _("有一项不用填写的内容被自动填上了，已经清空。请再提交一次。")
    least = timedelta(seconds=limits(tx).least_seconds)
    if least and (opened is None or tx.now - opened < least):
        return _("提交得太快了。请核对填写的内容，过几秒再提交一次。")
    return ""


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="counter form opened")
