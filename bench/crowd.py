"""People at work while the machine falls over: processes that complete tasks over HTTP and write down every answer.

A line ``invoke TASK`` is written before the request is sent and ``ok TASK`` once the answer has come. An answer that
never came leaves the outcome open; then the task is looked up and, if it still waits, sent again.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Sequence
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import TextIO
from uuid import UUID

from sqlalchemy import select

from bench.databases import LOGIN, PASSWORD
from bench.models import VALUES
from bench.web import Browser, sentence
from engine.database import Engine
from engine.errors import EngineError
from engine.lifecycle import UserTaskState
from engine.model.work import UserTask
from engine.people import SYSTEM

_PAUSE_SECONDS = 0.1
#: Nobody waits for ever: a client that gets nowhere for so long gives up, and the run fails.
PATIENCE_SECONDS = 90.0


class Client:
    """One person with a browser, who works off a list of cases."""

    def __init__(self, url: str, port: int, log: TextIO) -> None:
        self.engine = Engine(url)
        self.port = port
        self.log = log
        self.browser: Browser | None = None

    def work_off(self, instance_id: UUID, done: Synchronized[int]) -> None:
        """Complete the tasks of a case until none waits. Raises TimeoutError when it takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                waiting = self._waiting(instance_id)
                if waiting is None:
                    return
                self._complete(waiting, done)
            except (OSError, http.client.HTTPException, EngineError) as error:
                self._note("down", type(error).__name__)
                self._hang_up()
                time.sleep(_PAUSE_SECONDS)
        raise TimeoutError(f"case {instance_id} does not move")

    def close(self) -> None:
        """Close everything."""
        self._hang_up()
        self.engine.close()

    def _waiting(self, instance_id: UUID) -> UUID | None:
        open_ = UserTask.state == UserTaskState.CREATED
        with self.engine.read(SYSTEM) as tx:
            return tx.session.scalar(select(UserTask.id).where(UserTask.instance_id == instance_id, open_).limit(1))

    def _complete(self, task_id: UUID, done: Synchronized[int]) -> None:
        browser = self._signed_in()
        self._note("invoke", str(task_id))
        status, text = browser.post(f"/tasks/{task_id}", VALUES)
        if status == 302:
            self._note("ok", str(task_id))
            with done.get_lock():
                done.value += 1
        else:
            self._note("refused", f"{task_id} {status} {sentence(text)}")
            time.sleep(_PAUSE_SECONDS)

    def _signed_in(self) -> Browser:
        if self.browser is None:
            self.browser = Browser(self.port)
            self.browser.sign_in(LOGIN, PASSWORD)
        return self.browser

    def _hang_up(self) -> None:
        if self.browser is not None:
            self.browser.close()
            self.browser = None

    def _note(self, what: str, which: str) -> None:
        self.log.write(f"{what} {which}\n")
        self.log.flush()


def work(url: str, port: int, path: Path, cases: Sequence[UUID], done: Synchronized[int]) -> None:
    """The body of one client process."""
    with path.open("a", encoding="utf-8") as log:
        client = Client(url, port, log)
        try:
            for instance_id in cases:
                client.work_off(instance_id, done)
        finally:
            client.close()


def acknowledged(paths: Sequence[Path]) -> tuple[list[UUID], dict[str, int]]:
    """The tasks whose completion was acknowledged, and how often each kind of line was written."""
    found: list[UUID] = []
    counts: dict[str, int] = {}
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            what, _, which = line.partition(" ")
            counts[what] = counts.get(what, 0) + 1
            if what == "ok":
                found.append(UUID(which))
    return found, counts
