"""The administrator's pages: starts by the clock, settings behind deadlines, messages that leave the platform."""

from webapp.admin import changing, outgoing, policies, schedules
from webapp.admin.blueprint import blueprint

__all__ = ["blueprint", "changing", "outgoing", "policies", "schedules"]
