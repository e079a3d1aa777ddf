"""The processes that are killed: a web server and a worker, as they are run in production."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_ROOT = Path(__file__).resolve().parent.parent


class Victim:
    """One process of the platform that is started, killed without warning, and started again."""

    def __init__(self, folder: Path, url: str, *command: str, port: int = 0) -> None:
        self.command = [sys.executable, "-m", "webapp", *command]
        self.log = folder / f"{'-'.join(command)}-{port}.log"
        self.port = port
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "WUJI_VAR": str(folder / "var"),
            "SECRET_KEY": "a key for one run",
            "HOST": "127.0.0.1",
            "PORT": str(port or 1),
        }
        self.kills = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is ready some time later."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 (the arguments are ours)
                self.command, cwd=_ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """``kill -9``, and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
            self.kills += 1

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Wait until the port answers. Raises RuntimeError with the log when it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process is not None and self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"{' '.join(self.command)} does not answer:\n{self.log.read_text(errors='replace')[-2000:]}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def free_port() -> int:
    """A port of this machine that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
