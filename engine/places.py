"""Commands on the places by which residents find their unit."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select

from engine.database import Transaction
from engine.errors import N_, InvalidState, InvalidVariables
from engine.history import record_system
from engine.model.people import Level
from engine.model.place import KIND_NAMES, Place, PlaceKind
from engine.people import org_tree

_MANAGE = "people.manage"
LONGEST_NAME = 60
#: Of one unit; a community has some dozens.
MOST_PLACES = 500
#: Rows of a file that is imported at once.
MOST_ROWS = 5_000
_LEVELS = (Level.GROUP, Level.COMMUNITY)


def set_places(tx: Transaction, unit_id: UUID, places: Mapping[PlaceKind, Iterable[str]]) -> None:
    """Let a group or a community be found by exactly these names.

    Needs the permission people.manage. Raises InvalidVariables, naming the kind, for a name that is too long and for
    too many names, InvalidState for a unit of another level.
    """
    tx.actor.require(_MANAGE)
    unit = org_tree(tx).unit(unit_id)
    if unit.level not in _LEVELS:
        raise InvalidState(N_("“{unit}”不是社区或者居民小组，不能设置地名。"), unit=unit.name)
    wanted: dict[str, PlaceKind] = {}
    for kind, names in places.items():
        for name in filter(None, map(_plain, names)):
            _ensure_short(name, kind)
            wanted.setdefault(name, kind)
    if len(wanted) > MOST_PLACES:
        raise InvalidVariables.at("estate", N_("一个单位最多 {most} 个地名。"), most=MOST_PLACES)
    before = {row.name: row for row in tx.session.scalars(select(Place).where(Place.unit_id == unit_id))}
    for name in before.keys() - wanted.keys():
        tx.session.delete(before[name])
    for name, kind in wanted.items():
        row = before.get(name) or tx.add(Place(unit_id=unit_id, name=name))
        row.kind = kind
    tx.touch_settings()
    added, removed = sorted(wanted.keys() - before.keys()), sorted(before.keys() - wanted.keys())
    data = {"unit": str(unit.id), "unit_name": unit.name, "added": added, "removed": removed}
    record_system(tx, "places_set", data)


def import_places(tx: Transaction, content: bytes) -> int:
    """Add the places of a CSV file (UTF-8 or GB18030): unit code, kind (小区…), name. The number that was new.

    Needs the permission people.manage. All or nothing: InvalidVariables at ``file`` names the first line that is wrong.
    """
    tx.actor.require(_MANAGE)
    found: dict[tuple[UUID, str], PlaceKind] = {}
    for number, (code, kind, name) in _rows(content):
        unit = org_tree(tx).by_code(code)
        if unit is None or unit.level not in _LEVELS:
            raise _wrong(N_("第 {line} 行有误：没有代码是“{text}”的社区或者居民小组。没有导入任何一行。"), number, code)
        known = next((each for each, label in KIND_NAMES.items() if kind in (label, str(each))), None)
        if known is None:
            raise _wrong(
                N_("第 {line} 行有误：类别“{text}”应为小区、街巷、村或者门牌。没有导入任何一行。"), number, kind
            )
        if not name or len(name) > LONGEST_NAME:
            raise _wrong(N_("第 {line} 行有误：地名“{text}”应为 1 至 60 个字。没有导入任何一行。"), number, name)
        found[unit.id, name] = known
    stored = select(Place.unit_id, Place.name).where(Place.unit_id.in_({unit_id for unit_id, _name in found}))
    before = {(unit_id, name) for unit_id, name in tx.session.execute(stored)}
    fresh = [key for key in found if key not in before]
    for unit_id, name in fresh:
        tx.add(Place(unit_id=unit_id, name=name, kind=found[unit_id, name]))
    if fresh:
        tx.touch_settings()
        record_system(tx, "places_imported", {"count": len(fresh)})
    return len(fresh)


def _rows(content: bytes) -> Iterable[tuple[int, tuple[str, str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    for number, row in enumerate(csv.reader(io.StringIO(text.replace("\0", ""))), 1):
        cells = [_plain(cell) for cell in row]
        if not any(cells):
            continue
        if number > MOST_ROWS:
            raise InvalidVariables.at("file", N_("一次最多导入 {most} 行。"), most=MOST_ROWS)
        if len(cells) < 3:
            template = N_("第 {line} 行有误：应有单位代码、类别、地名三列，现在是“{text}”。没有导入任何一行。")
            raise _wrong(template, number, " ".join(cells))
        yield number, (cells[0], cells[1], cells[2])


def _wrong(template: str, line: int, text: str) -> InvalidVariables:
    return InvalidVariables.at("file", template, line=line, text=text[:LONGEST_NAME])


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _ensure_short(name: str, kind: PlaceKind) -> None:
    if len(name) > LONGEST_NAME:
        raise InvalidVariables.at(
            str(kind), N_("地名最多 {most} 个字，“{name}”太长。"), most=LONGEST_NAME, name=name[:20]
        )
