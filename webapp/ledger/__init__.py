"""The ledgers (台账) that processes keep of their cases."""

from webapp.ledger.views import blueprint

__all__ = ["blueprint"]
