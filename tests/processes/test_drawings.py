"""The drawings of all processes: nothing crosses, everything can be read, every task says on what it rests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import pytest

from engine import bpmn, definitions, policy
from engine.bpmn.assignment import assignment_of
from engine.bpmn.model import EventType, Flow, Kind, Node
from engine.database import Engine
from engine.people import SYSTEM
from tests import drawing as drawings
from tests.drawing import Drawing, Stretch
from tests.form_texts import CHINESE
from webapp import library

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "processes").glob("*/*.bpmn"))
LEVELS = ["区", "街道", "社区", "居民小组", "居民"]
GATEWAYS = {Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.PARALLEL, Kind.EVENT_BASED}
DECISIONS = {Kind.EXCLUSIVE, Kind.INCLUSIVE}
EXPANDED = {Kind.SUB_PROCESS, Kind.TRANSACTION}


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    """Each process in turn."""
    return drawings.read(request.param)


@pytest.fixture(scope="module")
def world_beside(furnished_sqlite: Path) -> Iterator[Callable[[Path], bpmn.World]]:
    """What a file may refer to on the platform as it is delivered."""
    with Engine(f"sqlite:///{furnished_sqlite}") as engine, engine.read(SYSTEM) as tx:
        yield lambda path: replace(
            definitions.world(tx, *library.beside(path)), beside=frozenset(each.name for each in path.parent.iterdir())
        )


def user_tasks(drawing: Drawing) -> list[Node]:
    return [node for node in drawing.nodes.values() if node.kind is Kind.USER_TASK]


def decisions(drawing: Drawing) -> list[Node]:
    return [node for node in drawing.nodes.values() if node.kind in DECISIONS and len(node.outgoing) > 1]


def forms_of(drawing: Drawing) -> set[str | None]:
    return {drawing.process.property("startForm"), *(node.form_id for node in drawing.nodes.values())}


def says_itself(node: Node, drawing: Drawing) -> bool:
    """Whether a node needs no name: a gateway where nothing is decided, the plain start of a sub-process."""
    plain = node.kind is Kind.START_EVENT and node.event_types == {EventType.NONE}
    return (node.kind in GATEWAYS and node not in decisions(drawing)) or (plain and bool(drawing.around[node.id]))


def related(one: Flow, other: Flow) -> bool:
    """Whether two flows may share a line, as they part or meet."""
    return one.source == other.source or one.target == other.target


def flow_stretches(drawing: Drawing) -> list[Stretch]:
    """The stretches of sequence flows, without those of dotted lines."""
    return [each for each in drawing.stretches if each.owner in drawing.flows]


# What it says


def test_nothing_is_found_against_the_real_forms_settings_and_clauses(
    drawing: Drawing, world_beside: Callable[[Path], bpmn.World]
) -> None:
    found = bpmn.check(bpmn.read(drawing.path.read_bytes()), world_beside(drawing.path))
    assert [finding.message for finding in found if finding.severity != "note"] == []


def test_the_file_the_folder_and_the_process_have_one_key(drawing: Drawing) -> None:
    assert {drawing.path.stem, drawing.path.parent.name, drawing.process.key} == {drawing.process.key}


def test_every_user_task_says_what_to_do_by_when_and_on_what_basis(drawing: Drawing) -> None:
    bare = [
        node.id
        for node in user_tasks(drawing)
        if not (node.documentation and node.form_id and node.due and assignment_of(drawing.process, node))
        or not (node.property("clause") or node.property("assumption"))
    ]
    assert bare == []


def test_every_setting_is_used(drawing: Drawing) -> None:
    settings, decision_texts = library.beside(drawing.path)
    form_texts = [(ROOT / "forms" / f"{form}.form").read_text("utf-8") for form in forms_of(drawing) if form]
    users = "".join([drawing.path.read_text("utf-8"), *decision_texts.values(), *form_texts])
    used = set(re.findall(r"\bpolicy\.(\w+)", users))
    assert set(policy.parse(settings)) - used == set()


def test_every_form_is_used() -> None:
    used = set(chain.from_iterable(forms_of(drawings.read(path)) for path in FILES))
    assert {path.stem for path in (ROOT / "forms").glob("*.form")} - used == set()


def test_every_path_out_of_a_decision_is_named(drawing: Drawing) -> None:
    unasked = [each.id for each in decisions(drawing) if each.kind is Kind.EXCLUSIVE and not each.name.endswith("？")]
    nameless = [flow for each in decisions(drawing) for flow in each.outgoing if not drawing.flows[flow].name]
    assert (unasked, nameless) == ([], [])


def test_everything_has_a_name(drawing: Drawing) -> None:
    silent = {id for id, node in drawing.nodes.items() if says_itself(node, drawing)} | drawing.flows.keys()
    assert [id for id, name in drawing.names.items() if not name and id not in silent] == []


def test_every_name_is_there_in_english_too(drawing: Drawing) -> None:
    named = [id for id, name in (drawing.names | drawing.remarks).items() if name]
    untold = [id for id in named if not re.search("[A-Za-z0-9]", drawing.english.get(id, ""))]
    chinese = [id for id, text in drawing.english.items() if CHINESE.search(text)]
    assert (untold, chinese) == ([], [])


def test_what_to_do_is_told_in_english_too(drawing: Drawing) -> None:
    told = {drawing.process.key: drawing.process.documentation}
    told |= {node.id: node.documentation for node in user_tasks(drawing) if node.documentation}
    assert [id for id in told if not re.search("[A-Za-z0-9]", drawing.instructions.get(id, ""))] == []
    assert [id for id, text in drawing.instructions.items() if CHINESE.search(text)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "processes").glob("*/policy.yaml")), ids=lambda path: path.parent.name)
def test_settings_have_english_names_of_their_own(path: Path) -> None:
    english = {name: each.english for name, each in policy.parse(path.read_text(encoding="utf-8")).items()}
    assert [name for name, text in english.items() if not text or CHINESE.search(text)] == []
    assert len(set(english.values())) == len(english)


# How it looks


def test_lanes_of_levels_lie_from_the_district_down_to_the_residents(drawing: Drawing) -> None:
    drawn = sorted(drawing.process.lanes, key=lambda lane: drawing.shapes[lane.id].top)
    levels = [lane.name for lane in drawn if lane.name in LEVELS]
    assert drawn != []
    assert levels == sorted(set(levels), key=LEVELS.index)


def test_everything_is_drawn(drawing: Drawing) -> None:
    drawn = drawing.shapes.keys() | {each.owner for each in drawing.stretches}
    lanes = [lane.id for lane in drawing.process.lanes]
    assert {*lanes, *drawing.nodes, *drawing.flows} - drawn == set()


def test_flows_run_at_right_angles_and_never_cross(drawing: Drawing) -> None:
    slanted = [each.owner for each in flow_stretches(drawing) if not (each.level or each.upright)]
    pairs = [(a, b) for a in flow_stretches(drawing) for b in flow_stretches(drawing) if a.owner != b.owner]
    assert (slanted, [(a.owner, b.owner) for a, b in pairs if a.crosses(b)]) == ([], [])


def test_only_flows_that_part_or_meet_share_a_line(drawing: Drawing) -> None:
    pairs = combinations(flow_stretches(drawing), 2)
    foreign = [(a, b) for a, b in pairs if not related(drawing.flows[a.owner], drawing.flows[b.owner])]
    assert [(a.owner, b.owner) for a, b in foreign if a.covers(b)] == []


def test_flows_pass_through_nothing_but_their_ends(drawing: Drawing) -> None:
    through = []
    for each in flow_stretches(drawing):
        flow = drawing.flows[each.owner]
        free = drawing.nodes.keys() - drawing.around[flow.id] - {flow.source, flow.target}
        through += [(flow.id, node) for node in free if drawing.shapes[node].overlaps(each.box)]
    assert through == []


def test_flows_of_a_sub_process_stay_inside(drawing: Drawing) -> None:
    frames = [(each, drawing.shapes[id]) for each in flow_stretches(drawing) for id in drawing.around[each.owner]]
    assert [each.owner for each, frame in frames if not frame.holds(each.box)] == []


def test_nodes_overlap_nothing_but_what_they_are_attached_to(drawing: Drawing) -> None:
    pairs = [pair for level in drawing.siblings() for pair in combinations(level, 2)]
    apart = [(a, b) for a, b in pairs if a.attached_to != b.id and b.attached_to != a.id]
    assert [(a.id, b.id) for a, b in apart if drawing.shapes[a.id].overlaps(drawing.shapes[b.id])] == []


def test_labels_overlap_neither_each_other_nor_an_element(drawing: Drawing) -> None:
    # A gateway fills only the middle of its box, and a label may lie inside a sub-process.
    solid = [drawing.shapes[id] for id, node in drawing.nodes.items() if node.kind not in GATEWAYS | EXPANDED]
    touching = [(a.owner, b.owner) for a, b in combinations(drawing.labels, 2) if a.overlaps(b)]
    covering = [(a.owner, b.owner) for a in drawing.labels for b in solid if a.overlaps(b)]
    assert (touching, covering) == ([], [])


def test_no_flow_runs_through_the_label_of_another_element(drawing: Drawing) -> None:
    pairs = [(label, each) for label in drawing.labels for each in flow_stretches(drawing)]
    assert [(a.owner, b.owner) for a, b in pairs if a.owner != b.owner and a.overlaps(b.box)] == []


def test_everything_lies_in_its_lane_and_in_its_sub_process(drawing: Drawing) -> None:
    drawn, lanes = drawing.shapes, drawing.process.lanes
    outside = [node for lane in lanes for node in lane.nodes if not drawn[lane.id].holds(drawn[node])]
    inner = [(node.id, frame) for node in drawing.nodes.values() for frame in drawing.around[node.id]]
    assert outside == []
    assert [(id, frame) for id, frame in inner if not drawn[frame].holds(drawn[id])] == []
    assert drawing.nodes.keys() == {node for lane in lanes for node in lane.nodes}
