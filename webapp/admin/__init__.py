"""The administrator's pages for what runs by itself: starts by the clock, and the policy settings behind deadlines."""

from webapp.admin import schedules
from webapp.admin.blueprint import blueprint

__all__ = ["blueprint", "schedules"]
