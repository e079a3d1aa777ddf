"""The administrator's pages: starts by the clock, settings behind deadlines, messages that go out, the counter."""

from webapp.admin import changing, counter, outgoing, phones, places, policies, schedules
from webapp.admin.blueprint import blueprint

__all__ = ["blueprint", "changing", "counter", "outgoing", "phones", "places", "policies", "schedules"]
