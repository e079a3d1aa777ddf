"""How often an address may do something that anybody may do: guess a code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from engine.database import Transaction
from engine.model.people import LoginFailures


@dataclass(frozen=True)
class Limit:
    """After ``most`` acts of one ``kind``, each within ``within`` of the one before, an address waits ``wait``."""

    kind: str
    most: int
    within: timedelta
    wait: timedelta

    def left(self, tx: Transaction, client: str) -> timedelta:
        """How long the address has to wait now; zero for most."""
        row = tx.session.get(LoginFailures, self._key(client))
        until = row.locked_until if row is not None else None
        return max(until - tx.now, timedelta()) if until is not None else timedelta()

    def count(self, tx: Transaction, client: str) -> timedelta:
        """Count one act; how long the address has to wait from now on."""
        key = self._key(client)
        row = tx.session.get(LoginFailures, key, with_for_update=True)
        if row is None:
            row = tx.add(LoginFailures(login_hash=key, count=0, last_at=tx.now))
        row.count = 1 if tx.now - row.last_at > self.within else row.count + 1
        row.last_at = tx.now
        if row.count < self.most:
            return timedelta()
        row.count, row.locked_until = 0, tx.now + self.wait
        return self.wait

    def _key(self, client: str) -> str:
        return hashlib.sha256(f"{self.kind} {client}".encode()).hexdigest()
