"""The rows. They own their rules, never query and never commit."""

from engine.model import files, history, message, notification, people, process, settings, work
from engine.model.base import Base

__all__ = ["Base", "files", "history", "message", "notification", "people", "process", "settings", "work"]
