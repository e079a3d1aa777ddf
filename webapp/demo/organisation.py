"""The demo organisation, read from its file into plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from engine.model.people import AccountKind, Level
from engine.model.place import PlaceKind

_FILE = Path(__file__).parent / "organisation.yaml"


@dataclass(frozen=True)
class DemoUnit:
    """A unit to add; ``parent`` is a code, None at the top, ``phone`` what residents call."""

    level: Level
    code: str
    name: str
    parent: str | None
    phone: str = ""


@dataclass(frozen=True)
class DemoPosition:
    """A kind of post to add."""

    key: str
    name: str
    level: Level
    rank: int
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class DemoAccount:
    """An account to add; ``posts`` are pairs of position key and unit code, ``name`` is empty for its first post's."""

    login: str
    name: str
    kind: AccountKind
    posts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Organisation:
    """All of it, parents before children."""

    positions: tuple[DemoPosition, ...]
    units: tuple[DemoUnit, ...]
    accounts: tuple[DemoAccount, ...]
    #: Names of places by the code of the unit that they lead to.
    places: dict[str, dict[PlaceKind, tuple[str, ...]]]


def read_organisation() -> Organisation:
    """The organisation of ``organisation.yaml``."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    positions = (
        DemoPosition(key, item["name"], Level(item["level"]), item["rank"], tuple(item["permissions"]))
        for key, item in data["positions"].items()
    )
    return Organisation(tuple(positions), tuple(_with_phones(data)), tuple(_accounts(data)), _places(data))


def _places(data: dict[str, Any]) -> dict[str, dict[PlaceKind, tuple[str, ...]]]:
    places = data["places"].items()
    return {code: {PlaceKind(kind): tuple(names) for kind, names in item.items()} for code, item in places}


def _with_phones(data: dict[str, Any]) -> Iterator[DemoUnit]:
    for unit in _units(data):
        yield replace(unit, phone=data["phones"].get(unit.code, ""))


def _units(data: dict[str, Any]) -> Iterator[DemoUnit]:
    [(top, name)] = data["district"].items()
    yield DemoUnit(Level.DISTRICT, top, name, None)
    for level, section in ((Level.DEPARTMENT, "departments"), (Level.PARTY, "parties")):
        for code, name in data[section].items():
            yield DemoUnit(level, code, name, top)
    for code, subdistrict in data["subdistricts"].items():
        yield DemoUnit(Level.SUBDISTRICT, code, subdistrict["name"], top)
        for community, item in subdistrict["communities"].items():
            yield DemoUnit(Level.COMMUNITY, community, item["name"], code)
            for number, group in enumerate(item["groups"], start=1):
                yield DemoUnit(Level.GROUP, f"{community}-{number}", item["name"] + group, community)


def _accounts(data: dict[str, Any]) -> Iterator[DemoAccount]:
    for login, posts in data["accounts"].items():
        yield DemoAccount(login, "", AccountKind.OFFICIAL, tuple(map(_post, posts)))
    for section, kind in (("residents", AccountKind.RESIDENT), ("agents", AccountKind.PARTY)):
        for login, item in data[section].items():
            yield DemoAccount(login, item["name"], kind, (_post(item["post"]),))


def _post(text: str) -> tuple[str, str]:
    position, _, unit = text.partition("@")
    return position, unit
