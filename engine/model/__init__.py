"""The rows. They own their rules, never query and never commit."""

from engine.model import (
    agenda,
    consultation,
    counter,
    delivery,
    draft,
    files,
    history,
    inbox,
    message,
    notice,
    notification,
    people,
    process,
    settings,
    substitution,
    vote,
    work,
)
from engine.model.base import Base

__all__ = [
    "Base",
    "agenda",
    "consultation",
    "counter",
    "delivery",
    "draft",
    "files",
    "history",
    "inbox",
    "message",
    "notice",
    "notification",
    "people",
    "process",
    "settings",
    "substitution",
    "vote",
    "work",
]
