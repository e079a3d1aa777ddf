"""What comes with the platform is released from files: called processes first, each once, and only what is new."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from engine import bpmn, definitions
from engine.database import Engine
from engine.errors import InvalidDefinition
from engine.execution import latest_release
from engine.people import SYSTEM
from tests.bpmn_xml import Drawing, extension, zeebe
from webapp import library
from webapp.library import Deployed


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of its own: an empty catalogue, no forms, no processes yet."""
    for name in ("clauses", "not_processes", "executed"):
        (tmp_path / f"{name}.yaml").write_text("", "utf-8")
    monkeypatch.setattr(library, "folder", lambda name: tmp_path if name == "processes" else tmp_path / name)
    return tmp_path


def put(files: Path, key: str, calls: str | None = None) -> None:
    drawing = Drawing(key).start()
    if calls:
        drawing = drawing.node("callActivity", "call", extension(zeebe("calledElement", processId=calls)))
    (files / key).mkdir(exist_ok=True)
    (files / key / f"{key}.bpmn").write_text(drawing.end().xml().decode(), "utf-8")


def test_what_is_called_is_released_before_what_calls_it(engine: Engine, files: Path) -> None:
    put(files, "a_calls", calls="m_is_called")
    put(files, "m_is_called", calls="z_last")
    put(files, "z_last")
    assert library.deploy(engine) == [
        Deployed("a_calls", "published"),
        Deployed("m_is_called", "published"),
        Deployed("z_last", "published"),
    ]


def test_what_is_there_already_is_not_even_read_again(
    engine: Engine, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(files, "one")
    library.deploy(engine)
    monkeypatch.setattr(bpmn, "read", None)
    assert library.deploy(engine) == [Deployed("one", "known")]


def test_a_changed_file_is_released_anew_and_a_reversed_change_is_known(engine: Engine, files: Path) -> None:
    put(files, "one")
    put(files, "two")
    library.deploy(engine)
    put(files, "one", calls="two")
    assert library.deploy(engine) == [Deployed("one", "published"), Deployed("two", "known")]
    put(files, "one")
    assert library.deploy(engine) == [Deployed("one", "known"), Deployed("two", "known")]


def test_a_process_that_is_called_but_not_there_is_named(engine: Engine, files: Path) -> None:
    put(files, "one", calls="nowhere")
    with pytest.raises(InvalidDefinition, match=r"one\.bpmn") as caught:
        library.deploy(engine)
    assert "nowhere" in caught.value.findings[0].message


def test_what_was_released_just_now_is_not_compiled_again(
    engine: Engine, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(files, "one")
    library.deploy(engine)
    monkeypatch.setattr(bpmn, "read", None)
    with engine.read(SYSTEM) as tx:
        assert latest_release(tx, "one").version == 1


def test_what_was_not_released_after_all_is_not_kept(engine: Engine, files: Path) -> None:
    put(files, "one")
    text = (files / "one" / "one.bpmn").read_text("utf-8")
    with suppress(ZeroDivisionError), engine.begin(SYSTEM) as tx:
        definitions.deploy_file(tx, "one", text, "")
        raise ZeroDivisionError
    assert not any(key[0] == "release" for key in engine.cache)
