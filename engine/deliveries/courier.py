"""The courier: looks for news, sorts it, and brings it out. A thread beside the worker, so that no case waits for mail.

Any number may run against one database: what one has taken no other takes before its lease is over.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from engine.database import Engine
from engine.deliveries.outlets import Letter, deliver, is_away, may_have_arrived
from engine.deliveries.parcels import Parcel, due_receivers, fail, lease, settle
from engine.deliveries.sorting import MAIL, is_anything_new, sort_messages
from engine.deliveries.watching import watch_tasks
from engine.errors import N_, EngineError
from engine.people.actor import SYSTEM

#: Writes the letter of a parcel in the language of its receiver.
Writer = Callable[[Parcel], Letter]
#: Sends it, or raises.
Outlet = Callable[[Parcel, Letter, datetime], None]

_PERIOD_SECONDS = 5.0
_WATCH_EVERY = timedelta(minutes=1)
_log = logging.getLogger(__name__)


class Courier:
    """Brings messages out until stopped."""

    def __init__(self, engine: Engine, write: Writer, deliver: Outlet = deliver) -> None:
        self.engine = engine
        self.write = write
        self.deliver = deliver
        self.name = f"courier-{secrets.token_hex(6)}"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._watched_at: datetime | None = None

    def start(self) -> None:
        """Work in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the parcel at hand and end the thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=60)

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopping.is_set():
            try:
                self.round()
            except EngineError as error:
                _log.warning("courier: %s", error)
            except Exception:  # a dead courier would leave everybody uninformed, silently
                _log.exception("courier")
            self._stopping.wait(_PERIOD_SECONDS)

    def round(self) -> int:
        """Look, sort and bring out what is due; how many parcels were taken by their receivers."""
        self._watch()
        while self._is_anything_new() and self._sort():
            pass
        with self.engine.read(SYSTEM) as tx:
            due = due_receivers(tx)
        away: set[str] = set()
        return sum(self._bring(receiver, parcel, away) for receiver, parcel in due if not self._stopping.is_set())

    def _watch(self) -> None:
        now = self.engine.clock()
        if self._watched_at is not None and now - self._watched_at < _WATCH_EVERY:
            return
        with self.engine.begin(SYSTEM) as tx:
            watch_tasks(tx)
        self._watched_at = now

    def _is_anything_new(self) -> bool:
        with self.engine.read(SYSTEM) as tx:
            return is_anything_new(tx)

    def _sort(self) -> int:
        """Sort some messages; how many. None are left to this one while another courier sorts them."""
        with self.engine.begin(SYSTEM) as tx:
            return sort_messages(tx)

    def _bring(self, receiver: str, parcel_id: UUID | None, away: set[str]) -> bool:
        """Bring one parcel out, unless its way is among those that lead nowhere just now; whether it arrived."""
        way = "mail" if receiver.startswith(MAIL) else receiver
        if way in away:
            return False
        with self.engine.begin(SYSTEM) as tx:
            parcel = lease(tx, receiver, parcel_id, self.name)
        if parcel is None:
            return False
        try:
            self.deliver(parcel, self.write(parcel), self.engine.clock())
        except Exception as error:  # whatever goes wrong outside must not stop the other parcels
            _log.warning("parcel %s: %s", parcel.id, error)
            with self.engine.begin(SYSTEM) as tx:
                fail(tx, parcel, self.name, *_reason(error), lost=may_have_arrived(error))
            if is_away(error):
                away.add(way)
            return False
        with self.engine.begin(SYSTEM) as tx:
            return settle(tx, parcel, self.name)


def _reason(error: Exception) -> tuple[str, dict[str, object]]:
    if isinstance(error, EngineError):
        return error.template, dict(error.params)
    return N_("执行失败：{reason}"), {"reason": f"{type(error).__name__}: {error}"}
