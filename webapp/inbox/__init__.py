"""The official's rooms: tasks, starting, cases."""

from webapp.inbox import acts, asked, bulk, comments, lists, moves, sheet, starting, views
from webapp.inbox.views import blueprint

__all__ = ["acts", "asked", "blueprint", "bulk", "comments", "lists", "moves", "sheet", "starting", "views"]
