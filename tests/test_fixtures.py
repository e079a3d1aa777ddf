"""The two databases of the tests: each test has one of its own, and nothing leaves this machine."""

import socket
from collections.abc import Callable

import pytest
from sqlalchemy import text

from engine.database import Engine
from tests import postgres


def _count(engine: Engine) -> int:
    with engine.sql.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM number_counter")).scalar_one()


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_starts_with_an_empty_database(engine: Engine, run: int) -> None:
    assert _count(engine) == 0
    with engine.sql.begin() as connection:
        connection.execute(text("INSERT INTO number_counter (prefix, year, value) VALUES ('SQ', 2026, 0)"))


def test_a_second_engine_sees_what_the_first_committed(engine: Engine, reopen: Callable[[], Engine]) -> None:
    with engine.sql.begin() as connection:
        connection.execute(text("INSERT INTO number_counter (prefix, year, value) VALUES ('SQ', 2026, 0)"))
    assert _count(reopen()) == 1


def test_connections_to_other_hosts_are_refused() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="use a fake"):
        outside.connect(("192.0.2.1", 80))


def test_a_missing_server_is_an_error_and_no_skip() -> None:
    with pytest.raises(postgres.PostgresMissing, match="TEST_PG_BIN"):
        postgres.find_binaries({"TEST_PG_BIN": "/nowhere"})
