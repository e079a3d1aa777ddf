"""The commands of a newcomer: listed, locked, quick when nothing changed."""

import re
import subprocess
from pathlib import Path

import pytest

from tests import chromium
from tools.notices import ROOT, locked_python


def make(*arguments: str, folder: Path = ROOT) -> str:
    command = ["make", "-f", str(ROOT / "Makefile"), "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("target", ["setup", "run", "test", "bench", "chaos", "lint", "help"])
def test_help_says_every_command_in_both_languages(target: str) -> None:
    line = re.search(rf"^  make {target} +(.*)$", make(), re.MULTILINE)
    assert line
    assert re.search(r"[\u4e00-\u9fff].* · [a-z]", line[1])


def _fresh_checkout(folder: Path) -> None:
    """As after a set-up: sources first, then what was made from them."""
    for name in (
        *("requirements/run.txt", "webapp/frontend/package-lock.json", "webapp/frontend/package.json"),
        *("webapp/frontend/.npmrc", "webapp/frontend/src/app.js", ".venv/bin/python"),
        *(".venv/run.stamp", "webapp/frontend/node_modules/.package-lock.json"),
        "webapp/static/dist/.vite/manifest.json",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_a_second_start_asks_no_registry(tmp_path: Path) -> None:
    _fresh_checkout(tmp_path)
    planned = make("--dry-run", "run", folder=tmp_path)
    assert "-m webapp serve --demo" in planned
    assert "pip" not in planned
    assert "npm" not in planned


@pytest.mark.parametrize(
    ("changed", "command"),
    [
        ("requirements/run.txt", "--require-hashes"),
        ("webapp/frontend/package-lock.json", "npm ci"),
        ("webapp/frontend/src/app.js", "npm run build"),
    ],
)
def test_what_changed_is_made_again(tmp_path: Path, changed: str, command: str) -> None:
    _fresh_checkout(tmp_path)
    manifest = tmp_path / "webapp/static/dist/.vite/manifest.json"
    newer = manifest.stat().st_mtime_ns + 1_000_000_000
    (tmp_path / changed).write_text("changed")
    subprocess.run(["touch", "-d", f"@{newer / 1e9}", str(tmp_path / changed)], check=True)  # noqa: S607 (of the PATH)
    assert command in make("--dry-run", "run", folder=tmp_path)


def test_development_has_the_same_versions_as_production() -> None:
    run, dev = (set(locked_python((ROOT / "requirements" / name).read_text())) for name in ("run.txt", "dev.txt"))
    assert {(name, version) for name, version, _ in run} <= {(name, version) for name, version, _ in dev}


def test_every_locked_package_has_hashes() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
        assert all("--hash=sha256:" in block for block in blocks if "==" in block)


def test_a_missing_browser_is_an_error_with_a_sentence_and_no_skip() -> None:
    with pytest.raises(chromium.BrowserMissing, match="请安装"):
        chromium.find({"CHROMIUM": "/nowhere", "PATH": ""})
