"""Does the due jobs: a thread in the web process, or ``wuji worker`` beside it.

Correctness never depends on it: what a job may do is decided again under the instance's lock. An idle instance costs
nothing; the worker itself asks once a period whether anything is due.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from engine import counter_limits, drafts, filing_drafts, jobs, messages, notifications
from engine.accounts import forget_old_failures, forget_old_sessions
from engine.clock import local_day
from engine.database import Engine
from engine.errors import N_, Conflict, EngineError, Unavailable
from engine.handlers import BpmnError, Handler, registry
from engine.people import SYSTEM
from engine.people.handover import review_ended_claims

_PERIOD_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Worker:
    """Takes due jobs until stopped. Any number may run, on any number of machines, against one database."""

    def __init__(self, engine: Engine, handlers: Mapping[str, Handler] | None = None) -> None:
        self.engine = engine
        self.handlers = registry() if handlers is None else handlers
        self.name = f"worker-{secrets.token_hex(6)}"
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._house_kept_on: date | None = None

    def start(self) -> None:
        """Work in a thread of this process, woken by every commit that leaves due jobs."""
        self.engine.wake = self._wake.set
        self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the job at hand and end the thread."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        self.engine.wake = lambda: None

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                busy = self.drain()
            except EngineError as error:
                _log.warning("worker: %s", error)
                busy = 0
            except Exception:  # a dead worker would stop every case, silently
                _log.exception("worker")
                busy = 0
            if not busy:
                self._wake.wait(_PERIOD_SECONDS)

    def drain(self) -> int:
        """Do what is due now; the number of jobs that took effect."""
        self._keep_house()
        with self.engine.read(SYSTEM) as tx:
            due = jobs.due_jobs(tx)
        return sum(self._do(job_id, kind) for job_id, kind in due if not self._stopping)

    def _keep_house(self) -> None:
        """Once a day: give the work of ended appointments and substitutions back to the posts; forget what is old.

        That is sessions, counts of failures and filings, drafts and messages between cases whose time is over, drafts
        of cases that are over, and old messages to people.
        """
        today = local_day(self.engine.clock())
        if today == self._house_kept_on:
            return
        try:
            with self.engine.begin(SYSTEM) as tx:
                review_ended_claims(tx)
                forget_old_sessions(tx)
                forget_old_failures(tx)
                messages.forget_expired(tx)
                filing_drafts.forget_expired(tx)
                drafts.forget_old(tx)
                counter_limits.forget_usage(tx)
            while self._forget_messages():
                pass
        except (Conflict, Unavailable):
            raise  # tried again with the next jobs
        except Exception:  # a fault here must not keep the jobs waiting; tomorrow is another day
            _log.exception("worker")
        self._house_kept_on = today

    def _forget_messages(self) -> bool:
        """Some at a time, so that nobody who is told something has to wait."""
        with self.engine.begin(SYSTEM) as tx:
            return notifications.forget_old(tx, notifications.kept_for()) > 0

    def _do(self, job_id: UUID, kind: str) -> bool:
        try:
            return self._outside(job_id) if kind == jobs.OUTSIDE else self._inside(job_id)
        except (Conflict, Unavailable) as error:
            _log.info("job %s: %s", job_id, error)
            return False
        except Exception as error:  # one faulty job must not stop the others
            _log.exception("job %s", job_id)
            self._postpone(job_id, error)
            return False

    def _inside(self, job_id: UUID) -> bool:
        with self.engine.begin(SYSTEM) as tx:
            return jobs.run_inside(tx, job_id)

    def _postpone(self, job_id: UUID, error: Exception) -> None:
        try:
            with self.engine.begin(SYSTEM) as tx:
                jobs.postpone(tx, job_id, *_reason(error))
        except Exception:  # its case can't even be loaded: the log says why, the other jobs go on
            _log.exception("job %s", job_id)

    def _outside(self, job_id: UUID) -> bool:
        with self.engine.begin(SYSTEM) as tx:
            ticket = jobs.lease(tx, job_id, self.name)
        if ticket is None:
            return False
        try:
            result = self._handler(ticket)(self.engine, ticket)
        except BpmnError as error:
            with self.engine.begin(SYSTEM) as tx:
                jobs.throw(tx, ticket, error.code, error.message)
            return True
        except Exception as error:  # a handler may raise anything; its failure is the incident's text
            return self._fail(ticket, error)
        return self._succeed(ticket, result)

    def _succeed(self, ticket: jobs.Ticket, result: Mapping[str, Any]) -> bool:
        try:
            with self.engine.begin(SYSTEM) as tx:
                return jobs.succeed(tx, ticket, result)
        except (Conflict, Unavailable):
            raise  # the lease runs out, and the job is done again
        except Exception as error:  # a result that can't be stored would come back at every attempt
            return self._fail(ticket, error)

    def _fail(self, ticket: jobs.Ticket, error: Exception) -> bool:
        _log.warning("job %s: %s", ticket.job_id, error)
        with self.engine.begin(SYSTEM) as tx:
            jobs.fail(tx, ticket, *_reason(error))
        return True

    def _handler(self, ticket: jobs.Ticket) -> Handler:
        handler = self.handlers.get(ticket.type)
        if handler is None:
            raise EngineError(N_("没有名为“{type}”的服务。"), type=ticket.type)
        return handler


def _reason(error: Exception) -> tuple[str, Mapping[str, Any]]:
    if isinstance(error, EngineError):
        return error.template, error.params
    return N_("执行失败：{reason}"), {"reason": f"{type(error).__name__}: {error}"}
