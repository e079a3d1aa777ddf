"""Databases to measure on: SQLite as shipped (``synchronous=FULL``) and PostgreSQL with fsync on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import models
from engine import accounts, definitions, migrations
from engine.database import Engine
from engine.people import SYSTEM, org_tree
from engine.people.commands import appoint, create_account
from tests import postgres
from webapp import demo

KINDS = ("sqlite", "postgres")
#: Of every account in databases of the bench, which live no longer than the run and listen on this machine only.
PASSWORD = "bench-password"  # noqa: S105 (protects nothing)
#: Everybody here is called by the post; this one starts and completes what is measured.
LOGIN = "jinxing-1-leader"
UNIT = "jinxing-1"
#: Holds the same post, for duels.
RIVAL = "bench-rival"


class Databases:
    """Makes databases of both kinds, each with the demo organisation and the models."""

    def __init__(self, folder: Path, server: postgres.Server | None) -> None:
        self.folder = folder
        self.server = server

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that this run measures."""
        return KINDS if self.server else KINDS[:1]

    def make(self, kind: str, name: str) -> str:
        """The address of a new database, furnished."""
        if kind == "postgres":
            assert self.server is not None
            url = self.server.create(name)
        else:
            url = self.url(kind, name)
        furnish(url)
        return url

    def url(self, kind: str, name: str) -> str:
        """The address of a database, whether there is one or not."""
        if kind == "postgres":
            assert self.server is not None
            return self.server.url(name)
        return f"sqlite:///{self.folder / name}.db"

    def drop(self, kind: str, name: str) -> None:
        """Drop a database, if there is one."""
        if kind == "postgres":
            assert self.server is not None
            self.server.drop(name)
            return
        for file in self.folder.glob(f"{name}.db*"):
            file.unlink()


@contextmanager
def databases(with_postgres: bool) -> Iterator[Databases]:
    """A place for databases that vanishes at the end, with a durable PostgreSQL server when it is wanted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wuji-bench-")))
        server = stack.enter_context(postgres.running(durable=True)) if with_postgres else None
        yield Databases(folder, server)


@contextmanager
def kept_databases(folder: Path, with_postgres: bool) -> Iterator[Databases]:
    """As above, for reading only; they stay in the folder for the next run."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.kept(folder)) if with_postgres else None
        yield Databases(folder, server)


def furnish(url: str) -> None:
    """Create the schema, the demo organisation and the models."""
    with Engine(url) as engine:
        migrations.upgrade(engine)
        demo.load(engine, PASSWORD)
        password_hash = accounts.hash_password(PASSWORD)
        with engine.begin(SYSTEM) as tx:
            unit = org_tree(tx).by_code(UNIT)
            assert unit is not None
            rival = create_account(tx, RIVAL, password_hash, "金星社区一组另一位组长")
            appoint(tx, rival.id, "group_leader", unit.id)
            definitions.add_form(tx, models.form())
            for key, diagram in (
                ("bench-step", models.step(True)),
                ("bench-loop", models.loop(True)),
                ("bench-chaos", models.chaos()),
            ):
                definitions.deploy_file(tx, key, diagram, "")
