"""What is released together: a version keeps its decisions as it keeps its forms and its policy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine import definitions
from engine.execution import latest_release
from engine.people import SYSTEM
from engine.release import Bundle
from tests.decision_table import table
from tests.engine.commands.house import House, process
from webapp import library

LEVEL = table("level", [("< 100", '"低"'), (">= 100", '"高"')])


def deploy(house: House, decisions: dict[str, str]) -> str:
    return house.deploy(process(title="=1").user_task().end(), decisions=decisions)


def newest(house: House) -> Bundle:
    with house.reading() as tx:
        return latest_release(tx, "p").bundle


def test_a_bundle_without_decisions_has_the_digest_that_it_had_before_there_were_any() -> None:
    bundle = Bundle("p", "流程", "<d/>", "天数:\n  value: 3\n", {"f": "ab" * 32})
    assert bundle.digest == "10ccc6bb4e8aa31ba68908d024e87f08bb39701767cf20b7c2af912f14a3e945"
    assert Bundle.unpack(bundle.pack()) == bundle


def test_decisions_are_part_of_the_digest_and_come_back() -> None:
    plain = Bundle("p", "流程", "<d/>", "", {})
    bundle = Bundle("p", "流程", "<d/>", "", {}, {"level.dmn": LEVEL})
    other = Bundle("p", "流程", "<d/>", "", {}, {"level.dmn": LEVEL.replace("100", "200")})
    assert len({plain.digest, bundle.digest, other.digest}) == 3
    assert Bundle.unpack(bundle.pack()).decisions == {"level.dmn": LEVEL}


def test_a_changed_decision_is_a_new_version(house: House) -> None:
    changed = LEVEL.replace("100", "200")
    texts = [{}, {"level.dmn": LEVEL}, {"level.dmn": LEVEL}, {"level.dmn": changed}, {"level.dmn": LEVEL}]
    outcomes = [deploy(house, decisions) for decisions in texts]
    assert outcomes == ["published", "published", "known", "published", "known"]
    assert newest(house).decisions == {"level.dmn": changed}


def test_publishing_a_drawing_keeps_the_decisions(house: House) -> None:
    deploy(house, {"level.dmn": LEVEL})
    with house.at("analyst") as tx:
        definitions.publish(tx, "p", process(title="=2").user_task().end().xml().decode(), "改标题")
    assert newest(house).decisions == {"level.dmn": LEVEL}


def test_files_that_become_a_draft_bring_their_decisions_and_policy_along(house: House) -> None:
    deploy(house, {"level.dmn": LEVEL})
    with house.at("analyst") as tx:
        definitions.publish(tx, "p", process(title="=2").user_task().end().xml().decode(), "改标题")
    changed, policy = LEVEL.replace("100", "200"), "天数:\n  value: 3\n  source: assumption\n"
    drawing = process(title="=1").user_task().end()
    outcomes = [house.deploy(drawing, policy, {"level.dmn": changed}) for _ in range(2)]
    assert outcomes == ["draft", "known"]
    assert (newest(house).policy, newest(house).decisions) == ("", {"level.dmn": LEVEL})
    with house.at("analyst") as tx:
        definitions.publish(tx, "p", drawing.xml().decode(), "采用文件")
    assert (newest(house).policy, newest(house).decisions) == (policy, {"level.dmn": changed})
    assert house.deploy(drawing, policy, {"level.dmn": changed}) == "known"


def test_the_files_beside_a_diagram_come_with_it(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "processes" / "p"
    folder.mkdir(parents=True)
    (tmp_path / "forms").mkdir()
    for name in ("clauses", "not_processes", "executed"):
        shutil.copy(library.folder("processes") / f"{name}.yaml", tmp_path / "processes")
    (folder / "p.bpmn").write_bytes(process().user_task().end().xml())
    (folder / "level.dmn").write_text(LEVEL, "utf-8")
    monkeypatch.setattr(library, "folder", lambda name: tmp_path / name)
    assert [each.outcome for each in library.deploy(house.engine)] == ["published"]
    with house.engine.begin(SYSTEM) as tx:
        assert latest_release(tx, "p").bundle.decisions == {"level.dmn": LEVEL}
