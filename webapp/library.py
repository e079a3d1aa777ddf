"""The processes, forms and clauses that come with the platform: files beside the code, or inside an installed wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine import definitions, standard
from engine.bpmn.walk import finish_order
from engine.database import Engine
from engine.errors import N_, InvalidDefinition
from engine.people import SYSTEM

#: The one written in C where the library was built with it: start-up is waiting time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LEFT_OUT = "left out"
_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``processes`` or ``forms``: from the wheel when there is one, else from the checkout."""
    installed = _HERE / "library" / name
    return installed if installed.is_dir() else _HERE.parent / name


@dataclass(frozen=True)
class Deployed:
    """What became of one process: ``outcome`` is published, known (nothing new), draft or left out."""

    key: str
    outcome: str


#: What is wrong with the diagrams that can't be released, by their paths.
Faults = dict[Path, InvalidDefinition]


def deploy(engine: Engine, faults: Faults | None = None) -> list[Deployed]:
    """Load clauses and forms and release every process that is new. Raises InvalidDefinition, naming the file.

    With ``faults`` a faulty process goes there instead; those that call it are left out without a word.
    """
    with engine.begin(SYSTEM) as tx:
        standard.load(tx, catalogue())
        for path in sorted(folder("forms").glob("*.form")):
            with _named(path):
                definitions.add_form(tx, path.read_text("utf-8"))
    files = [_files(path) for path in sorted(folder("processes").glob("*/*.bpmn"))]
    with engine.read(SYSTEM) as tx:
        new = [each for each in files if not definitions.is_newest(tx, each.key, *each.texts)]
    outcomes: dict[str, str] = {}
    for each in _called_first(new, faults):
        outcomes[each.key] = _deploy(engine, each) if faults is None else _try(engine, each, outcomes, faults)
    return [Deployed(each.key, outcomes.get(each.key, "known")) for each in files]


def catalogue() -> standard.Catalogue:
    """The clauses, why some are for no process, and the scenarios that carry out the others."""
    return standard.Catalogue(_read("clauses") or (), _read("not_processes") or (), _read("executed") or {})


def _read(name: str) -> Any:
    text = (folder("processes") / f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both loaders are the safe ones)


@cache
def scenario_name(key: str, file: str) -> str:
    """What a scenario of a process shows, as the first line of its file says; the file's name where there is none."""
    path = folder("processes") / key / "scenarios" / f"{file}.yaml"
    if not path.is_file():
        return file
    with path.open(encoding="utf-8") as text:
        first = yaml.safe_load(text.readline())
    return str(first["name"]) if isinstance(first, dict) and "name" in first else file


def beside(path: Path) -> tuple[str, dict[str, str]]:
    """What belongs to a diagram: the text of ``policy.yaml`` in its folder, and its DMN files by their names."""
    policy = path.with_name("policy.yaml")
    decisions = {each.name: each.read_text("utf-8") for each in sorted(path.parent.glob("*.dmn"))}
    return policy.read_text("utf-8") if policy.is_file() else "", decisions


@dataclass(frozen=True)
class _Files:
    """A process as its files: the diagram's path, and the texts of diagram, policy and decisions."""

    path: Path
    texts: tuple[str, str, dict[str, str]]

    @property
    def key(self) -> str:
        return self.path.stem


def _files(path: Path) -> _Files:
    return _Files(path, (path.read_text("utf-8"), *beside(path)))


def _called_first(files: list[_Files], faults: Faults | None) -> list[_Files]:
    """The same files, each after those that it calls: the checker knows only what has been released."""
    by_key = {each.key: each for each in files}
    calling = {each.key: sorted(_calls(each, faults) & by_key.keys() - {each.key}) for each in files}
    order: dict[str, None] = {}
    for key in calling:
        order.update(dict.fromkeys(finish_order(key, calling, order)))
    return [by_key[key] for key in order]


def _calls(files: _Files, faults: Faults | None) -> frozenset[str]:
    """The keys of what a process calls; nothing for what is no diagram, if that is to be noted elsewhere."""
    try:
        with _named(files.path):
            return definitions.calls(files.texts[0], files.key)
    except InvalidDefinition:
        if faults is None:
            raise
        return frozenset()


def _deploy(engine: Engine, files: _Files) -> str:
    with _named(files.path), engine.begin(SYSTEM) as tx:
        return definitions.deploy_file(tx, files.key, *files.texts)[0]


def _try(engine: Engine, files: _Files, outcomes: dict[str, str], faults: Faults) -> str:
    if any(outcomes.get(key) == _LEFT_OUT for key in _calls(files, faults)):
        return _LEFT_OUT
    try:
        return _deploy(engine, files)
    except InvalidDefinition as error:
        faults[files.path] = error
        return _LEFT_OUT


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Add the file's name to what is wrong with it."""
    try:
        yield
    except InvalidDefinition as error:
        template = N_("{file}：{reason}")
        raise InvalidDefinition(template, error.findings, file=path.name, reason=str(error)) from error
