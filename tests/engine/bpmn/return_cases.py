"""What is said about sending back: properties that say nothing sensible, decisions to take, and what follows."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, extension, properties, timer, zeebe
from tests.engine.bpmn.world import Case


def _notice(to: str, *more: str) -> Drawing:
    """A user task, then somebody is told."""
    inputs = (zeebe("input", source=source, target=target) for target, source in {"to": to, "text": "好了"}.items())
    return Drawing().start().user_task().service("c", "notify", zeebe("ioMapping", "".join(inputs)) + "".join(more))


def _second(drawing: Drawing, **said: str) -> Drawing:
    """One more user task, of which something is said about sending back."""
    return drawing.user_task("b", clause=None, more=properties(clause="5.2.2 a", **said)).end()


def _told(to: str = "@applicant", **said: str) -> Drawing:
    return _second(_notice(to), **said)


def _marked(**said: str) -> Drawing:
    """Something is said of the notice itself."""
    return _second(_notice("clerk@community", properties(**said)))


def _row(**said: str) -> Drawing:
    return _second(Drawing().start().user_task(), **said)


def _forked(*first: str) -> Drawing:
    """Two branches, with a user task before them or not."""
    drawing = Drawing().start()
    for task in first:
        drawing.user_task(task)
    drawing.gateway("parallel", "split").user_task("b").gateway("parallel", "join").end()
    return drawing.at("split").user_task("c").flow("c", "join")


def _unjoined(gateway: str) -> Drawing:
    """Two branches that meet in a gateway, and one more step."""
    drawing = (
        Drawing().start().gateway("parallel", "split").user_task("b").gateway(gateway, "join").user_task("d").end()
    )
    return drawing.at("split").script("c").flow("c", "join")


def _beside(*, meets: bool) -> Drawing:
    drawing = Drawing().start().user_task().user_task("b").gateway("inclusive", "m").user_task("c").end()
    drawing.boundary("late", "b", timer("Duration", "PT1H"), cancelActivity="false").script("d")
    return drawing.flow("d", "m") if meets else drawing.end("aside")


def _inside() -> Drawing:
    return Drawing().start().sub_process("sub", lambda sub: sub.start("s").user_task().end("e")).user_task("b").end()


CALL = extension(zeebe("calledElement", processId="other"))

CASES = (
    Case("return.value", _row(mayReturn="nein"), _row(mayReturn="false"), "b"),
    Case("return.place", _marked(mayReturn="false"), _marked(final="true"), "c"),
    Case("return.idle", _row(final="true"), _row(), "b"),
    Case("return.told", _told(), _told(mayReturn="true"), "b"),
    Case("return.open", _row(), _row(mayReturn="false"), "b"),
    Case(
        "return.shut", Drawing().start().user_task().node("callActivity", "c", CALL).user_task("b").end(), _row(), "b"
    ),
    Case("return.branches", _forked("a"), _forked(), "b"),
    Case("return.beside", _beside(meets=True), _beside(meets=False), "c"),
    Case("return.unknown", _unjoined("exclusive"), _unjoined("parallel"), "d", also=frozenset({"soundness.doubles"})),
    Case("return.inside", _inside(), _row(), "b"),
)
