"""Service tasks of cases that need a meeting, and of meetings; see ``engine.agendas``.

A case: ``put_on_agenda`` (``meeting``, ``level``, ``title``, ``text``) gives ``agenda``; ``leave_agenda`` (``item``,
``reason``). A meeting: ``take_agenda`` (``meeting``) gives ``items``; ``decide_item`` (``item``, ``result``,
``opinion``, ``values``); ``postpone_item`` (``item``, ``reason``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import agendas, people
from engine.database import Engine
from engine.handlers.inputs import optional_context, optional_text, required_number, required_text, unit
from engine.jobs import Ticket


def put_on_agenda(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Let the case wait for a meeting. Raises StepFailed for missing or faulty inputs."""
    meeting, level, title = (required_text(ticket, name) for name in ("meeting", "level", "title"))
    with engine.begin(people.SYSTEM) as tx:
        item = agendas.put_on(
            tx,
            ticket.instance_id,
            ticket.job_id,
            meeting,
            level,
            title,
            text=optional_text(ticket, "text"),
            unit_id=unit(ticket),
            element_id=ticket.element_id,
        )
        return {"agenda": {"number": item.number}}


def leave_agenda(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Take the case off the agenda. Raises StepFailed for missing or faulty inputs."""
    item, reason = required_number(ticket, "item"), optional_text(ticket, "reason")
    with engine.begin(people.SYSTEM) as tx:
        agendas.leave(tx, ticket.instance_id, item, reason, ticket.element_id)
    return {}


def take_agenda(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Put what waits on the table of the meeting. Raises StepFailed for faulty inputs."""
    kind = optional_text(ticket, "meeting") or None
    with engine.begin(people.SYSTEM) as tx:
        taken = agendas.take(tx, ticket.instance_id, kind, unit_id=unit(ticket), element_id=ticket.element_id)
        return {"items": [_told(each) for each in taken]}


def decide_item(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Send a case what the meeting decided. Raises StepFailed for missing or faulty inputs."""
    item, result = required_number(ticket, "item"), required_text(ticket, "result")
    opinion, values = optional_text(ticket, "opinion"), optional_context(ticket, "values")
    with engine.begin(people.SYSTEM) as tx:
        agendas.decide(tx, ticket.instance_id, item, result, opinion, values, ticket.element_id)
    return {}


def postpone_item(engine: Engine, ticket: Ticket) -> Mapping[str, Any]:
    """Leave an item to the next meeting. Raises StepFailed for missing or faulty inputs."""
    item, reason = required_number(ticket, "item"), required_text(ticket, "reason")
    with engine.begin(people.SYSTEM) as tx:
        agendas.postpone(tx, ticket.instance_id, item, reason, ticket.element_id)
    return {}


def _told(taken: agendas.Taken) -> dict[str, Any]:
    return {
        "number": taken.item.number,
        "title": taken.item.title,
        "text": taken.item.text,
        "from": taken.from_unit,
        "case": taken.case,
        "case_title": taken.case_title,
    }
