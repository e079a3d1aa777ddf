"""What the platform tells people: the bell and the list behind it."""

from webapp.messages import views
from webapp.messages.blueprint import blueprint

__all__ = ["blueprint", "views"]
