"""The application as it is served, with the worker inside."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import waitress

from engine.database import Engine
from engine.scenarios import VirtualClock
from tests.browser.visitor import Site
from tests.clock import START
from webapp import create_app
from webapp.platform import platform as platform_of

BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
BROWSER_ARGUMENTS += ["--disable-component-update"]


@contextmanager
def served(database: Path | str, clock: VirtualClock | None = None) -> Iterator[Site]:
    """Serve a furnished SQLite file, or the database at an address, until the block ends.

    On a virtual clock whoever moves it does the jobs, too.
    """
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    with Engine(url, clock=clock or _office_hours()) as engine:
        app = create_app(engine, {"SECRET_KEY": "a key for tests"})
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True)
        worker = platform_of(app).worker
        if clock is None:
            worker.start()
        serving = threading.Thread(target=server.run, daemon=True)
        serving.start()
        yield Site(f"http://127.0.0.1:{server.effective_port}", engine, app)
        worker.stop()
        server.close()
        serving.join(timeout=10)


def _office_hours() -> Callable[[], datetime]:
    """A clock that runs, from a working day on, whenever the tests run."""
    begun = time.monotonic()
    return lambda: START + timedelta(seconds=time.monotonic() - begun)
