"""The catalogue of the standard is loaded from its files, changed where they changed, refused where it is faulty."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine import standard
from engine.database import Engine
from engine.errors import InvalidDefinition
from engine.model.process import Clause
from engine.people import SYSTEM
from engine.standard import Catalogue

ID = "DB3716/T69 3.1"
ROW: dict[str, Any] = {
    "id": ID,
    "modality": "none",
    "text": "五个层级之间依次推动。",
    "actor": "区委区政府",
    "chapter": "3 术语和定义",
}
EXEMPT = {"id": ID, "reason": "定义", "support": "平台按五个层级设置单位。"}


def load(engine: Engine, catalogue: Catalogue) -> int:
    with engine.begin(SYSTEM) as tx:
        return standard.load(tx, catalogue)


def row(engine: Engine) -> Clause:
    with engine.read(SYSTEM) as tx:
        return tx.session.scalars(select(Clause)).one()


def test_a_clause_is_loaded_with_its_exemption_and_scenarios(engine: Engine) -> None:
    changed = load(engine, Catalogue([ROW], [EXEMPT], {ID: ["appeal/vote_failed"]}))
    assert changed == 1
    loaded = row(engine)
    assert (loaded.text, loaded.chapter, loaded.position) == (ROW["text"], ROW["chapter"], 0)
    assert (loaded.exempt, loaded.support, loaded.scenarios) == ("定义", EXEMPT["support"], ["appeal/vote_failed"])


def test_loading_the_same_files_again_changes_nothing(engine: Engine) -> None:
    load(engine, Catalogue([ROW], [EXEMPT]))
    assert load(engine, Catalogue([ROW], [EXEMPT])) == 0


def test_a_changed_row_is_changed_and_a_missing_one_goes(engine: Engine) -> None:
    load(engine, Catalogue([ROW, {**ROW, "id": "DB3716/T69 9.9"}]))
    assert load(engine, Catalogue([{**ROW, "text": "新的原文。"}])) == 2
    assert row(engine).text == "新的原文。"


@pytest.mark.parametrize(
    ("exempt", "sentence"),
    [
        ({**EXEMPT, "id": "DB3716/T69 9.9"}, "“DB3716/T69 9.9”不在条款目录里"),
        ({**EXEMPT, "reason": "不想做"}, "要写明 reason"),
        ({**EXEMPT, "support": ""}, "要写明 reason"),
    ],
)
def test_a_faulty_exemption_is_refused(engine: Engine, exempt: dict[str, str], sentence: str) -> None:
    with pytest.raises(InvalidDefinition, match=sentence):
        load(engine, Catalogue([ROW], [exempt]))
