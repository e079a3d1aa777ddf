"""The official's rooms: tasks, starting, cases."""

from webapp.inbox import bulk, lists, moves, sheet, starting, views
from webapp.inbox.views import blueprint

__all__ = ["blueprint", "bulk", "lists", "moves", "sheet", "starting", "views"]
