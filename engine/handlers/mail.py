"""A service task that sends an e-mail.

Inputs, only from the task's own input mappings: ``to`` (addresses, a list or comma separated), ``subject``, ``text``.
The message id is made of the id of the job, so that a mail that was sent twice because a worker died is shown once by
programs that look at it.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from engine.clock import TIMEZONE
from engine.database import Engine
from engine.errors import N_, StepFailed
from engine.jobs import Ticket
from engine.release import names

#: ``smtp://user:password@host:587`` (encrypted when the server can, with a certificate that can be checked),
#: ``smtps://…:465`` (encrypted from the start), ``smtp+plain://localhost`` (never encrypted).
SERVER = "WUJI_SMTP_URL"
SENDER = "WUJI_MAIL_FROM"
_TIMEOUT_SECONDS = 15.0
_MOST_RECEIVERS = 50
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)


def mail(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Send the mail. Raises StepFailed for missing or faulty inputs or settings, and when the server refuses."""
    message = EmailMessage()
    message["From"], message["To"] = sender(), ", ".join(_receivers(ticket))
    message["Subject"] = " ".join(_required(ticket, "subject").split())
    message["Date"] = format_datetime(engine.clock().astimezone(TIMEZONE))
    message["Message-ID"] = message_id(ticket.job_id)
    message.set_content(_required(ticket, "text"))
    hand_over(message)
    return {}


def sender() -> str:
    """The address that mails come from. Raises StepFailed unless server and sender are set."""
    return _settings()[1]


def server_name() -> str:
    """The host of the mail server. Raises StepFailed unless server and sender are set."""
    return _settings()[0].hostname or ""


def message_id(id: UUID) -> str:
    """The Message-ID (RFC 5322, 3.6.4) of what has this id; the same each time it is sent."""
    return f"<{id}@{sender().rpartition('@')[2]}>"


def is_address(text: str) -> bool:
    """Whether this can be a mail address."""
    return _ADDRESS.fullmatch(text) is not None


def hand_over(message: EmailMessage) -> None:
    """Give a whole message to the mail server. Raises StepFailed when it is not set, away, or refuses."""
    server, _ = _settings()
    try:
        _send(server, message)
    except (OSError, smtplib.SMTPException) as error:
        reason = f"{type(error).__name__}: {error}"
        raise StepFailed(N_("邮件服务器 {host} 没有收下邮件：{reason}"), host=server.hostname, reason=reason) from error


def _settings() -> tuple[SplitResult, str]:
    address = os.environ.get(SENDER, "")
    server = urlsplit(os.environ.get(SERVER, ""))
    if not is_address(address) or server.scheme not in ("smtp", "smtps", "smtp+plain") or not server.hostname:
        raise StepFailed(
            N_("还不能发邮件。请系统管理员设置环境变量 {server} 和 {sender}。"), server=SERVER, sender=SENDER
        )
    return server, address


def _send(server: SplitResult, message: EmailMessage) -> None:
    host = server.hostname or ""
    secure = ssl.create_default_context()
    connection = (
        smtplib.SMTP_SSL(host, server.port or 465, timeout=_TIMEOUT_SECONDS, context=secure)
        if server.scheme == "smtps"
        else smtplib.SMTP(host, server.port or 25, timeout=_TIMEOUT_SECONDS)
    )
    with connection:
        connection.ehlo()
        if server.scheme == "smtp" and connection.has_extn("starttls"):
            connection.starttls(context=secure)
            connection.ehlo()
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)


def _receivers(ticket: Ticket) -> list[str]:
    given = ticket.inputs.get("to")
    found = [str(each).strip() for each in given] if isinstance(given, list) else list(names(str(given or "")))
    wrong = next((each for each in found if not is_address(each)), None)
    if wrong is not None:
        raise StepFailed(N_("“{address}”不是邮件地址。"), address=wrong)
    if not 0 < len(found) <= _MOST_RECEIVERS:
        raise StepFailed(N_("邮件要有收件人，最多 {most} 个。"), most=_MOST_RECEIVERS)
    return found


def _required(ticket: Ticket, name: str) -> str:
    value = ticket.inputs.get(name)
    if not value:
        raise StepFailed(N_("邮件缺少 {name}。请检查流程图里的输入映射。"), name=name)
    return str(value)
