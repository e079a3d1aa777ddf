"""History: what happened, in an order that can be proved."""

from engine.history.events import link, record, record_system

__all__ = ["link", "record", "record_system"]
