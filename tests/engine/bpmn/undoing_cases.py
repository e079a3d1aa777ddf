"""What breaks the rules about compensation and transactions that are to run."""

from __future__ import annotations

from tests.bpmn_xml import Drawing, element, event, simple, timer
from tests.engine.bpmn.world import Case

HOUR = timer("Duration", "PT1H")


def _line(source: str, target: str) -> str:
    return element("bpmn:association", id=f"{source}_to_{target}", sourceRef=source, targetRef=target)


def _undone(activity: str | None = None, *, line: str | None = None) -> Drawing:
    """A user task that a manual task undoes, when the end event compensates it."""
    drawing = Drawing().start().user_task().end("end", event("compensate", activityRef=activity))
    drawing = (
        drawing.boundary("edge", "a", event("compensate")).lift().node("manualTask", "back", isForCompensation="true")
    )
    return drawing.lift().raw(_line("edge", "back") if line is None else line)


def _undoing(inside: Drawing) -> Drawing:
    return inside.start("on", event("compensate")).end("off")


def _handled(inside: Drawing) -> Drawing:
    return inside.start("s").user_task("b").end("e").event_sub_process("h", _undoing)


def _outside(activity: str) -> Drawing:
    """The end event compensates an activity beside it, or one inside of that, which it does not see."""
    inside = Drawing().start().sub_process("sub", lambda inside: inside.start("s").user_task("b").end("e"))
    return inside.end("end", event("compensate", activityRef=activity))


def _transaction(*, cancels: bool) -> Drawing:
    inside = Drawing().start("s").user_task().end("stop", event("cancel" if cancels else "terminate"))
    return Drawing().start().node("transaction", "t", "".join(inside._content)).end()


CASES = (
    Case("compensation.association", _undone(line=""), _undone(), "edge"),
    Case(
        "compensation.several",
        _undone().boundary("again", "a", event("compensate")).raw(_line("again", "back")),
        _undone(),
        "a",
    ),
    Case(
        "compensation.boundary",
        _undone().boundary("late", "back", HOUR).end("e"),
        _undone().boundary("late", "a", HOUR).end("e"),
        "back",
    ),
    Case(
        "compensation.start-place",
        simple().event_sub_process("h", _undoing),
        Drawing().start().sub_process("sub", _handled).end(),
        "on",
    ),
    Case("compensation.activity", _outside("b"), _outside("sub"), "end"),
    Case(
        "transaction.cancel",
        _transaction(cancels=True),
        _transaction(cancels=True).boundary("edge", "t", event("cancel")).end("e"),
        "t",
    ),
)
