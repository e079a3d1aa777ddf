"""Which variables hold what others held."""

from __future__ import annotations

from engine.bpmn.model import Kind
from engine.copies import with_copies
from tests.builders import ProcessBuilder, each, mappings

OBJECTIONS = frozenset({"objections"})


def test_values_go_through_mappings_and_collections_from_name_to_name() -> None:
    process = ProcessBuilder().start()
    process.add(Kind.USER_TASK, "later", multi_instance=each("=清单", "异议", output=("意见们", "=异议.text")))
    process.add(Kind.SERVICE_TASK, "collect", outputs=mappings(("=objections", "清单"), ("=objection_count", "条数")))
    process.add(Kind.SERVICE_TASK, "tell", inputs=mappings(("=[清单[1].text]", "通知.text"), ("objections", "字面")))
    nodes = process.build().scope.nodes.values()
    assert with_copies(nodes, OBJECTIONS) == {"objections", "清单", "异议", "意见们", "通知"}


def test_names_that_only_look_alike_are_others() -> None:
    process = ProcessBuilder().add(
        Kind.SCRIPT_TASK, "s", outputs=mappings(("=objections数", "条数"), ('="objections"', "名称"))
    )
    assert with_copies(process.build().scope.nodes.values(), OBJECTIONS) == OBJECTIONS
