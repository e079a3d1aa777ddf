"""The administrator's pages for what runs by itself: starts by the clock, and the policy settings behind deadlines."""

from webapp.admin import changing, policies, schedules
from webapp.admin.blueprint import blueprint

__all__ = ["blueprint", "changing", "policies", "schedules"]
