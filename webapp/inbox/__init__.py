"""The official's rooms: tasks, starting, cases."""

from webapp.inbox import (
    acts,
    asked,
    below,
    bulk,
    bulk_complete,
    comments,
    extensions,
    joining,
    lists,
    moves,
    sheet,
    starting,
    transfers,
    views,
    watching,
)
from webapp.inbox.views import blueprint

__all__ = [
    "acts",
    "asked",
    "below",
    "blueprint",
    "bulk",
    "bulk_complete",
    "comments",
    "extensions",
    "joining",
    "lists",
    "moves",
    "sheet",
    "starting",
    "transfers",
    "views",
    "watching",
]
