"""The official's rooms: tasks, starting, cases."""

from webapp.inbox import starting, views
from webapp.inbox.views import blueprint

__all__ = ["blueprint", "starting", "views"]
