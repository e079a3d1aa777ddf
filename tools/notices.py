"""Write THIRD-PARTY-NOTICES.txt: what Wuji is delivered with, under which licence, with the licence texts.

``make notices`` runs it. The list comes from the locks, requirements/run.txt and package-lock.json; licences and texts
come from what they install. Packages that only build or test are not delivered and not listed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICES = ROOT / "THIRD-PARTY-NOTICES.txt"
FRONTEND = ROOT / "webapp" / "frontend"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\\n]+))?", re.MULTILINE)
_LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)
_RULE = "=" * 100
_HEAD = """\
THIRD-PARTY NOTICES

Wuji is licensed under the Apache License 2.0 (see LICENSE). It is delivered with, or installs, the packages below, each
under its own licence. This file is generated from the lock files by `make notices`.

Three of them deserve a word:

* SpiffWorkflow and psycopg are under the GNU Lesser General Public License (LGPL). Wuji uses them unchanged, as
  separate Python packages that anybody can replace by a changed version: install that into the same environment.
* bpmn-js is under the bpmn.io licence: the bpmn.io mark that links to https://bpmn.io must stay fully visible on every
  diagram and must not be removed or changed.
"""


@dataclass(frozen=True)
class Package:
    """A delivered package. ``texts`` are its licence files, name and content."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...]


def locked_python(text: str) -> list[tuple[str, str, str]]:
    """Names, versions and conditions ("" for none) in a hash-locked requirements file."""
    return [(name, version, condition.strip()) for name, version, condition in _PINNED.findall(text)]


def locked_npm(lock: dict[str, dict[str, dict[str, object]]]) -> dict[str, str]:
    """Folders below node_modules, and versions, of the packages that may reach the browser."""
    return {
        path: str(entry["version"])
        for path, entry in lock["packages"].items()
        if path and not entry.get("dev") and not entry.get("devOptional")
    }


def python_packages() -> Iterator[Package]:
    """What requirements/run.txt installs."""
    for name, version, condition in locked_python((ROOT / "requirements" / "run.txt").read_text()):
        if "win32" in condition:
            yield Package(name, version, "installed on Windows only, with its licence", ())
            continue
        found = distribution(name)
        if found.version != version:
            raise SystemExit(f"{name} {found.version} is installed, {version} is locked: run make setup first.")
        yield Package(name, version, _python_licence(found), tuple(_python_texts(found)))


def _python_licence(found: Distribution) -> str:
    said = found.metadata.get("License-Expression") or ""
    classifiers = [
        line.split(" :: ")[-1]
        for line in found.metadata.get_all("Classifier") or []
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    short = (found.metadata.get("License") or "").strip()
    return said or ", ".join(classifiers) or short.splitlines()[0]


def _python_texts(found: Distribution) -> Iterator[tuple[str, str]]:
    for file in sorted(found.files or [], key=str):
        if ".dist-info" in file.parts[0] and _LICENCE_FILE.match(file.name):
            yield file.name, file.read_text(encoding="utf-8")


def npm_packages() -> Iterator[Package]:
    """What Vite bundles for the browser."""
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    for path, version in locked_npm(lock).items():
        folder = FRONTEND / path
        about = json.loads((folder / "package.json").read_text())
        found = [path for path in sorted(folder.iterdir()) if _LICENCE_FILE.match(path.name)]
        files = [file for path in found for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
        texts = [(file.name, file.read_text()) for file in files]
        licence = str(about.get("license", "")).replace("SEE LICENSE IN LICENSE", "its own licence, see below")
        yield Package(about["name"], version, licence, tuple(texts))


def notices(packages: list[Package]) -> str:
    """The whole file: the head, a list of all packages, then their licence texts."""
    listed = sorted(set(packages), key=lambda package: (package.name.lower(), package.version))
    table = [f"{package.name} {package.version}: {package.licence}" for package in listed]
    texts = [_chapter(package) for package in listed]
    return "\n".join([_HEAD, *table, "", *texts])


def _chapter(package: Package) -> str:
    parts = [_RULE, f"{package.name} {package.version} ({package.licence})", _RULE]
    if not package.texts:
        parts.append(
            "No licence file comes with the package as it is installed here; the licence above is the one it names."
        )
    for _name, text in package.texts:
        parts += ["\n".join(line.rstrip() for line in text.strip().splitlines()), "-" * 100]
    return "\n".join([*parts, ""])


def main() -> int:
    """Write the file."""
    NOTICES.write_text(notices([*python_packages(), *npm_packages()]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
