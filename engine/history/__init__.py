"""History: what happened, in an order that can be proved."""

from engine.history.events import HIDING, link, record, record_system

__all__ = ["HIDING", "link", "record", "record_system"]
