"""Handlers of installed packages: found by their name, refused when the name is taken or the code is broken."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from engine.errors import EngineError
from engine.handlers import GROUP, HANDLERS, registry, with_entry_points


def entry(name: str, value: str) -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_an_installed_handler_is_found_by_its_name() -> None:
    found = with_entry_points(HANDLERS, [entry("打印", "engine.handlers.notify:notify")])
    assert set(found) == {*HANDLERS, "打印"}
    assert found["打印"] is HANDLERS["notify"]


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([("http", "os:getcwd")], "“http”有两个，其中一个来自 os:getcwd"),
        ([("a", "os:getcwd"), ("a", "os:getpid")], "“a”有两个，其中一个来自 os:getpid"),
        ([("a", "no_such_module_here:f")], "“a”（no_such_module_here:f）不能加载"),
        ([("a", "os:no_such_name")], "不能加载"),
        ([("a", "os:sep")], "不是函数"),
    ],
)
def test_what_cannot_be_a_handler_is_refused(entries: list[tuple[str, str]], sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        with_entry_points(HANDLERS, [entry(*each) for each in entries])


def test_the_registry_is_made_once() -> None:
    assert registry() is registry()
    assert set(HANDLERS) <= set(registry())
