"""What every test may ask for: a clock that stands still, and an empty migrated database of each kind.

Nothing here reaches beyond this machine: a connection to any other host fails the test that opens it.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import update

from engine import counter_limits, migrations
from engine.accounts import hash_password
from engine.database import Engine
from engine.execution import START_TIMER
from engine.lifecycle import JobState
from engine.model.work import Job
from engine.people import SYSTEM
from tests import memory, postgres
from tests.clock import START, FrozenClock
from webapp import demo, library

# The suite tries the same examples every time, so that it fails for what was changed; a campaign tries new ones.
# Neither minds a slow machine.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("campaign", deadline=None, print_blob=True)
settings.load_profile("suite")

#: Of every demo account in tests.
DEMO_PASSWORD = "demo-password-of-tests"
_RUN_FOLDER = "WUJI_TEST_RUN"
_TEMPLATE = "wuji_template"
_run = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Open the folder of this run; the workers of pytest-xdist find it in their environment."""
    sys.addaudithook(_refuse_other_hosts)
    if _RUN_FOLDER not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="wuji-test-", dir=memory.folder()))
        config.option.basetemp = config.option.basetemp or str(folder / "tests")
        _run.callback(shutil.rmtree, folder, ignore_errors=True)
        _run.enter_context(postgres.hold(folder))
        _run.callback(os.environ.pop, _RUN_FOLDER)
        os.environ[_RUN_FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let the server go; its keeper stops it."""
    _run.close()


def _refuse_other_hosts(event: str, args: tuple[object, ...]) -> None:
    if event != "socket.connect" or not isinstance(args[1], tuple):
        return
    host = str(args[1][0])
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local:
        raise RuntimeError(f"tests must not reach {host}: use a fake")


@pytest.fixture(scope="session")
def compiled_templates() -> FileSystemBytecodeCache:
    """Templates compiled once for the whole run: each test has an application of its own."""
    folder = Path(os.environ[_RUN_FOLDER]) / "templates"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at a Tuesday morning; ``advance`` and ``move_to`` change that."""
    return FrozenClock()


@pytest.fixture(scope="session")
def postgres_server() -> postgres.Server:
    """The PostgreSQL server of this run, with a migrated template database."""
    folder = Path(os.environ[_RUN_FOLDER])
    server = postgres.start(folder)
    with (folder / "template.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if not lock.read():
            _migrate(server.create(_TEMPLATE))
            lock.write("ready")
    return server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty migrated SQLite database, for this test alone."""
    path = tmp_path / "wuji.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The address of an empty migrated PostgreSQL database, for this test alone."""
    name = f"test_{uuid4().hex}"
    yield postgres_server.create(name, _TEMPLATE)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty migrated database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str, clock: FrozenClock) -> Iterator[Engine]:
    """An engine on an empty migrated database, on SQLite and on PostgreSQL in turn, with the frozen clock."""
    with Engine(database_url, clock=clock) as engine:
        yield engine


@pytest.fixture
def reopen(database_url: str, clock: FrozenClock) -> Iterator[Callable[[], Engine]]:
    """Opens the test's database once more, as a second process would: nothing cached, connections of its own."""
    with ExitStack() as opened:
        yield lambda: opened.enter_context(Engine(database_url, clock=clock))


def _migrate(url: str) -> None:
    with Engine(url) as engine:
        migrations.upgrade(engine)


def furnish(url: str) -> None:
    """Migrate a database and fill it with the demo organisation and everything in processes/ and forms/.

    Nothing of it starts by the clock: a test would find cases that it did not start. The counter doubts nobody.
    """
    with Engine(url, clock=FrozenClock(START - timedelta(days=120))) as engine:
        migrations.upgrade(engine)
        with pytest.MonkeyPatch.context() as patch:
            # Everybody has the same password here: one hash, which takes long to make, will do.
            patch.setattr(demo, "_hashes", lambda password, count: [hash_password(password)] * count)
            demo.load(engine, DEMO_PASSWORD)
        library.deploy(engine)
        with engine.begin(SYSTEM) as tx:
            # Tests fill forms in faster than people can. A changed setting arms the starts anew, so it comes first.
            counter_limits.set_limits(tx, {"least_seconds": "0"})
        with engine.begin(SYSTEM) as tx:
            starts = update(Job).where(Job.kind == START_TIMER)
            tx.session.execute(starts.values(state=JobState.CANCELED))


@pytest.fixture(scope="session")
def furnished_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo organisation and the processes, to copy."""
    path = tmp_path_factory.mktemp("furnished") / "template.db"
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def furnished_postgres(postgres_server: postgres.Server) -> str:
    """The name of a PostgreSQL database with the demo organisation and the processes, to copy."""
    name = f"furnished_{uuid4().hex}"
    furnish(postgres_server.create(name))
    return name


@pytest.fixture(params=["sqlite", "postgres"])
def furnished_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the demo organisation and the processes, for this test alone."""
    if request.param == "sqlite":
        path = tmp_path / "furnished.db"
        shutil.copyfile(request.getfixturevalue("furnished_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex}"
    yield server.create(name, request.getfixturevalue("furnished_postgres"))
    server.drop(name)


@pytest.fixture
def platform(furnished_url: str, clock: FrozenClock) -> Iterator[Engine]:
    """An engine with the demo organisation and the deployed processes, on SQLite and on PostgreSQL in turn."""
    with Engine(furnished_url, clock=clock) as engine:
        yield engine
