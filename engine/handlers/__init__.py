"""What service tasks can call, by the type in their task definition.

A handler runs outside any transaction and at least once; ``Ticket.job_id`` is its idempotency key. It returns the
variables to write, raises BpmnError for an error that the diagram may catch, and any EngineError for a failure that is
tried again. Packages add handlers with an entry point of the group ``wuji.handlers``, named as the job type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from engine.database import Engine
from engine.errors import N_, EngineError
from engine.handlers.agenda import decide_item, leave_agenda, postpone_item, put_on_agenda, take_agenda
from engine.handlers.bpmn_error import BpmnError
from engine.handlers.http import http
from engine.handlers.mail import mail
from engine.handlers.notices import collect_objections, conclude_notice, publish_notice, withdraw_notice
from engine.handlers.notify import notify
from engine.handlers.vote import cancel_vote, count_vote, open_vote
from engine.handlers.webhook import webhook
from engine.jobs import Ticket

__all__ = ["GROUP", "HANDLERS", "RESULTS", "BpmnError", "Handler", "Ticket", "registry", "with_entry_points"]

Handler = Callable[[Engine, Ticket], Mapping[str, Any]]

#: The group of entry points that add handlers.
GROUP = "wuji.handlers"

#: What comes with the platform.
HANDLERS: Mapping[str, Handler] = {
    "notify": notify,
    "http": http,
    "webhook": webhook,
    "mail": mail,
    "publish_notice": publish_notice,
    "collect_objections": collect_objections,
    "conclude_notice": conclude_notice,
    "withdraw_notice": withdraw_notice,
    "put_on_agenda": put_on_agenda,
    "leave_agenda": leave_agenda,
    "take_agenda": take_agenda,
    "decide_item": decide_item,
    "postpone_item": postpone_item,
    "open_vote": open_vote,
    "count_vote": count_vote,
    "cancel_vote": cancel_vote,
}

#: The variables that they write, by job type, where that does not depend on the diagram.
RESULTS: Mapping[str, frozenset[str]] = {
    "publish_notice": frozenset({"notice"}),
    "collect_objections": frozenset({"objections", "objection_count"}),
    "put_on_agenda": frozenset({"agenda"}),
    "take_agenda": frozenset({"items"}),
    "open_vote": frozenset({"vote"}),
    "count_vote": frozenset({"tally"}),
}


@cache
def registry() -> Mapping[str, Handler]:
    """All handlers by job type, those of installed packages included; looked up once.

    Raises EngineError for one that can't be loaded or whose name is taken.
    """
    return with_entry_points(HANDLERS, entry_points(group=GROUP))


def with_entry_points(own: Mapping[str, Handler], found: Any) -> Mapping[str, Handler]:
    """The handlers with those of ``found`` (entry points) added. Raises EngineError like :func:`registry`."""
    handlers = dict(own)
    for entry in found:
        if entry.name in handlers:
            raise EngineError(N_("处理程序“{type}”有两个，其中一个来自 {module}。请卸载一个。"), type=entry.name,
                              module=entry.value)  # fmt: skip
        handlers[entry.name] = _load(entry)
    return handlers


def _load(entry: EntryPoint) -> Handler:
    try:
        handler: Handler = entry.load()
    except Exception as error:  # whatever an installed package does when it is imported, the sentence names it
        raise EngineError(N_("处理程序“{type}”（{module}）不能加载：{reason}"), type=entry.name, module=entry.value,
                          reason=f"{type(error).__name__}: {error}") from error  # fmt: skip
    if not callable(handler):
        raise EngineError(N_("处理程序“{type}”（{module}）不是函数。"), type=entry.name, module=entry.value)
    return handler
