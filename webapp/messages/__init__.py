"""What the platform tells people: the bell and the list behind it."""

from webapp.messages import settings, views
from webapp.messages.blueprint import blueprint

__all__ = ["blueprint", "settings", "views"]
