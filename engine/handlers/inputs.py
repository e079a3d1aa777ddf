"""Inputs of service tasks, as a sentence when one is missing or wrong. Only the task's own input mappings count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.clock import TIMEZONE
from engine.errors import N_, StepFailed
from engine.jobs import Ticket
from engine.release import names


def required_text(ticket: Ticket, name: str) -> str:
    """A text that must not be empty. Raises StepFailed."""
    text = optional_text(ticket, name)
    if not text:
        template = N_("{type} 任务缺少 {name}，或者它是空的。请检查流程图里的输入映射。")
        raise StepFailed(template, type=ticket.type, name=name)
    return text


def required_number(ticket: Ticket, name: str) -> str:
    """The number of an item or a vote; who hands on the whole result means the number in it. Raises StepFailed."""
    value = ticket.inputs.get(name)
    if isinstance(value, Mapping) and isinstance(value.get("number"), str):
        return str(value["number"])
    return required_text(ticket, name)


def optional_text(ticket: Ticket, name: str) -> str:
    """A text, empty when it is missing. Raises StepFailed for any other kind of value."""
    value = ticket.inputs.get(name)
    if value is not None and not isinstance(value, str):
        raise StepFailed(N_("{name} 应当是文本，现在是“{value}”。"), name=name, value=value)
    return (value or "").strip()


def optional_flag(ticket: Ticket, name: str) -> bool:
    """True or false, false when it is missing. Raises StepFailed for any other kind of value."""
    value = ticket.inputs.get(name)
    if value is not None and not isinstance(value, bool):
        raise StepFailed(N_("{name} 应当是 true 或 false，现在是“{value}”。"), name=name, value=value)
    return bool(value)


def required_moment(ticket: Ticket, name: str) -> datetime:
    """A date and time; one without a zone is local. Raises StepFailed for what is none."""
    value = ticket.inputs.get(name)
    if not isinstance(value, datetime):
        raise StepFailed(N_("{name} 应当是日期时间，现在是“{value}”。"), name=name, value=value)
    return value if value.tzinfo else value.replace(tzinfo=TIMEZONE)


def optional_context(ticket: Ticket, name: str) -> Mapping[str, Any]:
    """A context, empty when it is missing. Raises StepFailed for any other kind of value."""
    value = ticket.inputs.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise StepFailed(N_("{name} 应当是上下文，现在是“{value}”。"), name=name, value=value)
    return value or {}


def texts(ticket: Ticket, name: str) -> list[str]:
    """A list of texts, or one text with commas between. Raises StepFailed for any other kind of value."""
    value = ticket.inputs.get(name)
    found = list(names(value)) if isinstance(value, str) else [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise StepFailed(N_("{name} 应当是文本或文本的列表，现在是“{value}”。"), name=name, value=value)
    return [each.strip() for each in found]


def unit(ticket: Ticket) -> UUID | None:
    """The unit for which the task's scope works."""
    value = ticket.variables.get("unit")
    return UUID(value) if value else None
