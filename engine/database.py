"""The one place that begins and commits.

``Engine.begin(actor)`` gives a write transaction, ``Engine.read(actor)`` one that only reads. A command gets the
transaction first and never commits. SQLite is one writer at a time: a process-wide lock in front of ``BEGIN IMMEDIATE``
keeps waiting fair; PostgreSQL locks the instance's row.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Self, TypeVar, cast

from sqlalchemy import Table, create_engine, event, insert, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import QueuePool

from engine.clock import Clock, system_clock
from engine.errors import N_, Conflict, NotFound, Unavailable
from engine.model.base import Base
from engine.model.settings import SettingsStamp
from engine.people.actor import Actor

Row = TypeVar("Row")
_LOCK_TIMEOUT_MS = 5_000
_IDLE_TIMEOUT_MS = 60_000
#: PostgreSQL advisory lock of a process that sets up.
_SETTING_UP = 720_370
_STAMP = select(SettingsStamp.value)
_SESSION: dict[str, Any] = {"expire_on_commit": False, "autoflush": False}
_log = logging.getLogger(__name__)


def follows_settings(follower: Follower) -> Follower:
    """Register what brings rows in line, before the commit, with the settings that a transaction has changed."""
    _followers.append(follower)
    return follower


class Transaction:
    """One transaction on behalf of one actor. ``now`` is the same moment throughout."""

    def __init__(self, engine: Engine, session: Session, actor: Actor, now: datetime, reads_only: bool = False) -> None:
        self.engine = engine
        self.session = session
        self.actor = actor
        self.now = now
        #: Whether it sees one state of the database throughout, so that nothing has to be read twice.
        self.reads_only = reads_only
        #: Whether this transaction changed settings, so that nothing it reads may be kept for others yet.
        self.settings_touched = False
        #: What it has read since it changed them the last time; for :func:`engine.snapshots.snapshot`.
        self.read_since: dict[str, Any] = {}
        self._stamp: int | None = None
        self._appended: dict[type[Base], list[dict[str, Any]]] = {}
        self._after_commit: list[Callable[[], None]] = []

    def get(self, model: type[Row], key: Any, thing: str = N_("记录")) -> Row:
        """The row with this primary key; NotFound, naming ``thing``, when there is none."""
        row = self.session.get(model, key)
        if row is None:
            raise NotFound(N_("没有找到这个{thing}，可能已被删除，或者地址有误。"), thing=thing)
        return row

    def add(self, row: Row) -> Row:
        """Add a new row; it is written at the commit, or before the next query that could see it."""
        self.session.add(row)
        return row

    def append(self, model: type[Base], **values: Any) -> None:
        """Write a new row at the commit, after all others, with one statement for all rows of its kind.

        For rows that this transaction neither reads nor changes any more. All of a kind name the same columns.
        """
        self._appended.setdefault(model, []).append(values)

    @property
    def stamp(self) -> int:
        """The number that changes whenever units, posts, calendar or policy settings change."""
        if self._stamp is None:
            self._stamp = self.session.scalar(_STAMP) or 0
        return self._stamp

    def know_stamp(self, value: int | None) -> None:
        """Take a stamp that was read along with another row, which saves a statement."""
        self._stamp = value or 0

    def touch_settings(self) -> None:
        """Make every process drop what it cached about units, posts, calendar and policy. Call it after the change."""
        row = self.session.get_one(SettingsStamp, 1, with_for_update=True)
        row.value += 1
        self.settings_touched = True
        self.read_since = {}
        self._stamp = row.value

    def _commit(self) -> None:
        for follow in _followers if self.settings_touched else ():
            follow(self)
        self.session.flush()
        for model, rows in self._appended.items():
            self.session.connection().execute(insert(cast(Table, model.__table__)), rows)
        connection = self.session.connection()
        try:
            self.session.commit()
        except BaseException:  # the pool would lend the connection on, still inside this transaction
            # Closing alone is not enough: SQLite keeps the lock as long as any cursor is alive.
            with suppress(self.engine.driver_error):
                connection.connection.rollback()
            self.session.invalidate()
            raise

    def hold(self, name: str, shared: bool = False) -> None:
        """Be alone with ``name`` until the end of the transaction (or together with all that share it); waits.

        For what no row can be locked for, because it may not exist. An embedded database has one writer anyway.
        """
        if self.engine.is_sqlite:
            return
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        kind = "_shared" if shared else ""
        self.session.execute(text(f"SELECT pg_advisory_xact_lock{kind}(:number)"), {"number": number})

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the commit has succeeded, outside the transaction."""
        self._after_commit.append(action)


#: Brings rows in line with units, posts, calendar and policy.
Follower = Callable[[Transaction], None]
_followers: list[Follower] = []


class Engine:
    """A database with a clock: the door to everything. Safe to share between threads.

    ``durable=False`` does not wait for the disk: for an embedded database that is thrown away.
    """

    def __init__(self, url: str | URL, clock: Clock = system_clock, durable: bool = True) -> None:
        self.url = make_url(url)
        self.clock = clock
        #: Snapshots that live as long as the settings stamp stays the same, and compiled definitions.
        self.cache: dict[Any, Any] = {}
        #: Called after commits that left due jobs behind; the worker sets it.
        self.wake: Callable[[], None] = lambda: None
        #: Told after each commit how cases moved (:class:`engine.execution.watching.Moved`); for scenarios.
        self.watch: Callable[[Any], None] | None = None
        self._write_lock = threading.Lock() if self.is_sqlite else None
        # What people typed has no place in a log: errors of the database name the statement, not its values.
        self.sql = create_engine(self.url, hide_parameters=True, **self._options())
        # A reader sees one state of the database: SQLite's always do, PostgreSQL's have to ask for it.
        self._reading = self.sql
        if self.is_sqlite:
            event.listen(self.sql, "connect", _configure_sqlite if durable else _configure_fleeting)
        else:
            self._reading = self.sql.execution_options(isolation_level="REPEATABLE READ")
            # Several rows in one INSERT: the driver's own way, a pipeline, costs more than the rows.
            self.sql.dialect.use_insertmanyvalues_wo_returning = True

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is embedded."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def driver_error(self) -> type[Exception]:
        """What the database driver raises."""
        return cast(type[Exception], self.sql.dialect.loaded_dbapi.Error)

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Transaction]:
        """A write transaction: commits at the end, rolls back on any error.

        Raises Conflict when another command changed the same instance first, Unavailable when the database is busy
        or away.
        """
        with self._writer():
            tx = Transaction(self, Session(self.sql, **_SESSION), actor, self.clock())
            with _translated(), tx.session:
                self._begin(tx.session, "BEGIN IMMEDIATE")
                yield tx
                tx._commit()
        for action in tx._after_commit:
            action()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Transaction]:
        """A transaction that only reads and sees one state of the database."""
        tx = Transaction(self, Session(self._reading, **_SESSION), actor, self.clock(), reads_only=True)
        with _translated(), tx.session:
            self._begin(tx.session, "BEGIN")
            yield tx

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process after the other do what is inside: setting up. An embedded database has but one."""
        if self.is_sqlite:
            yield
            return
        with self.sql.connect() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # the other may need longer than a command may
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_SETTING_UP})")
            connection.commit()  # the lock is the session's; in a transaction it would be ended for sitting idle
            try:
                yield
            finally:
                connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_SETTING_UP})")

    def ensure_reachable(self) -> None:
        """Raise Unavailable, naming the database without its password, when it does not answer."""
        try:
            self.sql.connect().close()
        except DBAPIError as error:
            where = self.url.render_as_string(hide_password=True)
            raise Unavailable(N_("连接不上数据库 {database}。请检查 DATABASE_URL。"), database=where) from error

    def close(self) -> None:
        """Give all connections back."""
        self.sql.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, session: Session, statement: str) -> None:
        """SQLite begins by itself only before the first write, which is too late to be alone."""
        if self.is_sqlite:
            session.connection().exec_driver_sql(statement)

    @contextmanager
    def _writer(self) -> Iterator[None]:
        if self._write_lock is None:
            yield
            return
        if not self._write_lock.acquire(timeout=_LOCK_TIMEOUT_MS / 1000 * 6):
            raise Unavailable(N_("系统正忙，请稍候再试。您填写的内容没有丢失。"))
        try:
            yield
        finally:
            self._write_lock.release()

    def _options(self) -> dict[str, Any]:
        if self.is_sqlite:
            return {
                "connect_args": {"timeout": 30, "check_same_thread": False},
                "poolclass": QueuePool,
                "pool_size": 20,
            }
        limits = f"-c lock_timeout={_LOCK_TIMEOUT_MS} -c idle_in_transaction_session_timeout={_IDLE_TIMEOUT_MS}"
        return {"pool_size": 20, "max_overflow": 20, "pool_pre_ping": False, "connect_args": {"options": limits}}


def _configure_sqlite(connection: Any, _record: object) -> None:
    """Durable and concurrent: FULL so that what was acknowledged survives a power cut."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _configure_fleeting(connection: Any, record: object) -> None:
    """As above, but nobody minds what a power cut loses."""
    _configure_sqlite(connection, record)
    connection.execute("PRAGMA synchronous=OFF")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StaleDataError as error:
        raise Conflict(N_("这件事项刚刚被他人改动，请刷新后再试。")) from error
    except IntegrityError as error:
        _log.warning("integrity: %s", error.orig)  # a conflict for the person, maybe a fault for us
        raise Conflict(N_("保存时与他人的改动冲突，请刷新后再试。")) from error
    except OperationalError as error:
        raise _unavailable(error) from error


def _unavailable(error: DBAPIError) -> Exception:
    text = str(error.orig)
    if "lock" in text or "deadlock" in text:
        return Conflict(N_("系统正忙：同一事项正在被处理，请稍候再试。"))
    return Unavailable(N_("数据库暂时无法使用，请稍候再试；如果一直如此，请联系系统管理员。"))
