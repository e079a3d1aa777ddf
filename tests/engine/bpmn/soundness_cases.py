"""What breaks the rules about joins: waiting in vain, and not waiting at all."""

from __future__ import annotations

from tests.bpmn_xml import Drawing
from tests.engine.bpmn.world import Case


def _split(split: str, join: str) -> Drawing:
    """A user task, a split with a condition on the left and the default on the right, a join, a script, an end."""
    forks = split == "parallel"
    condition = None if forks else "=金额 > 5"
    drawing = Drawing().start().user_task().gateway(split, "split", default=None if forks else "split_right")
    drawing = drawing.at("split", condition).script("left").gateway(join, "join").script("after").end()
    return drawing.at("split").script("right").flow("right", "join")


def _several(join: str) -> Drawing:
    """Two branches that may both be taken, a default one to an end of its own, a join of the two."""
    drawing = Drawing().start().user_task().gateway("inclusive", "split", default="split_none").end("none")
    drawing = drawing.at("split", "=金额 > 5").script("left").gateway(join, "join").script("after").end()
    return drawing.at("split", "=金额 > 9").script("right").flow("right", "join")


CASES = (
    Case("soundness.dead-lock", _split("exclusive", "parallel"), _split("exclusive", "exclusive"), "join"),
    Case("soundness.may-dead-lock", _several("parallel"), _several("inclusive"), "join"),
    Case("soundness.doubles", _split("parallel", "exclusive"), _split("parallel", "parallel"), "join"),
)
