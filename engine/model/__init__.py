"""The rows. They own their rules, never query and never commit."""

from engine.model import agenda, files, history, message, notice, notification, people, process, settings, vote, work
from engine.model.base import Base

__all__ = [
    "Base",
    "agenda",
    "files",
    "history",
    "message",
    "notice",
    "notification",
    "people",
    "process",
    "settings",
    "vote",
    "work",
]
