"""The rows. They own their rules, never query and never commit."""

from engine.model import (
    agenda,
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
    vote,
    work,
)
from engine.model.base import Base

__all__ = [
    "Base",
    "agenda",
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
    "vote",
    "work",
]
