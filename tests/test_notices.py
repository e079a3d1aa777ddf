"""The third-party notices name what is locked, and carry the licences."""

import json

import pytest

from tools import notices
from tools.notices import ROOT, Package, locked_npm, locked_python


@pytest.fixture(scope="module")
def text() -> str:
    return notices.NOTICES.read_text(encoding="utf-8")


def test_every_locked_python_package_is_listed(text: str) -> None:
    locked = locked_python((ROOT / "requirements" / "run.txt").read_text())
    assert len(locked) > 20
    missing = [name for name, version, _condition in locked if f"\n{name} {version}: " not in text]
    assert not missing, f"run make notices: {missing}"


def test_every_locked_browser_package_is_listed(text: str) -> None:
    locked = locked_npm(json.loads((ROOT / "webapp" / "frontend" / "package-lock.json").read_text()))
    assert len(locked) > 20
    names = {path.rpartition("node_modules/")[2]: version for path, version in locked.items()}
    missing = [name for name, version in names.items() if f"\n{name} {version}: " not in text]
    assert not missing, f"run make notices: {missing}"


@pytest.mark.parametrize("words", ["GNU LESSER GENERAL PUBLIC LICENSE", "Camunda Services GmbH", "https://bpmn.io"])
def test_the_licences_that_ask_for_it_are_in_full(text: str, words: str) -> None:
    assert words in text


def test_development_packages_are_left_out() -> None:
    entry = {"version": "1.0"}
    lock = {"packages": {"": entry, "node_modules/a": entry, "node_modules/b": entry | {"dev": True}}}
    assert locked_npm(lock) == {"node_modules/a": "1.0"}


def test_requirements_are_read_with_extras_and_conditions() -> None:
    text = "a==1.0 \\\n    --hash=sha256:00\nb[c]==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:11\n"
    assert locked_python(text) == [("a", "1.0", ""), ("b", "2.0", "sys_platform == 'win32'")]


def test_the_file_does_not_depend_on_the_order_of_the_locks() -> None:
    first, second = Package("a", "1", "MIT", (("LICENSE", "text "),)), Package("b", "2", "ISC", ())
    assert notices.notices([first, second]) == notices.notices([second, first])
