"""The processes, forms and clauses that come with the platform: files beside the code, or inside an installed wheel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from engine import definitions, standard
from engine.database import Engine
from engine.errors import N_, InvalidDefinition
from engine.people import SYSTEM

#: The one written in C where the library was built with it: start-up is waiting time.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``processes`` or ``forms``: from the wheel when there is one, else from the checkout."""
    installed = _HERE / "library" / name
    return installed if installed.is_dir() else _HERE.parent / name


@dataclass(frozen=True)
class Deployed:
    """What became of one process: ``outcome`` is published, known (nothing new) or draft."""

    key: str
    outcome: str


def deploy(engine: Engine) -> list[Deployed]:
    """Load clauses and forms and release every process that is new. Raises InvalidDefinition, naming the file."""
    with engine.begin(SYSTEM) as tx:
        standard.load(tx, catalogue())
        for path in sorted(folder("forms").glob("*.form")):
            with _named(path):
                definitions.add_form(tx, path.read_text("utf-8"))
    return [_deploy(engine, path) for path in sorted(folder("processes").glob("*/*.bpmn"))]


def catalogue() -> standard.Catalogue:
    """The clauses, why some are for no process, and the scenarios that carry out the others."""
    return standard.Catalogue(_read("clauses"), _read("not_processes"), _read("executed"))


def _read(name: str) -> Any:
    text = (folder("processes") / f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 (both loaders are the safe ones)


def beside(path: Path) -> tuple[str, dict[str, str]]:
    """What belongs to a diagram: the text of ``policy.yaml`` in its folder, and its DMN files by their names."""
    policy = path.with_name("policy.yaml")
    decisions = {each.name: each.read_text("utf-8") for each in sorted(path.parent.glob("*.dmn"))}
    return policy.read_text("utf-8") if policy.is_file() else "", decisions


def _deploy(engine: Engine, path: Path) -> Deployed:
    text, decisions = beside(path)
    with _named(path), engine.begin(SYSTEM) as tx:
        outcome, _ = definitions.deploy_file(tx, path.stem, path.read_text("utf-8"), text, decisions)
    return Deployed(path.stem, outcome)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Add the file's name to what is wrong with it."""
    try:
        yield
    except InvalidDefinition as error:
        template = N_("{file}：{reason}")
        raise InvalidDefinition(template, error.findings, file=path.name, reason=str(error)) from error
