"""Transactions: a cancel end event undoes what was completed inside and leaves by the cancel boundary event."""

from tests.builders import CANCEL, ProcessBuilder, compensation, each, error, message
from tests.engine.tokens.case import Case


def _order(loop: object = None) -> ProcessBuilder:
    """Inside a transaction: reserve and, at the same time, pack; then a decision to keep or to cancel."""
    inside = ProcessBuilder("t").start("s").parallel("both").user("reserve", "pack", "decide").exclusive("x")
    inside.end("kept").end("packed").end("cancelled", CANCEL).undo("reserve", "free").undo("pack", "unpack")
    inside.chain("s", "both", "reserve", "decide", "x").chain("both", "pack", "packed")
    inside.flow("x", "cancelled", "=no").flow("x", "kept", default=True)
    diagram = ProcessBuilder().start().end().transaction("order", inside, multi_instance=loop).user("after", "sorry")
    diagram.boundary("on_cancel", "order", CANCEL)
    return diagram.chain("start", "order", "after", "end").chain("on_cancel", "sorry")


def test_a_transaction_that_is_not_cancelled_is_left_as_any_sub_process() -> None:
    case = Case(_order()).complete("reserve").complete("pack").complete("decide", no=False)
    assert case.open == ["after"]
    assert case.complete("after").done


def test_cancelling_ends_what_still_runs_and_undoes_what_was_completed() -> None:
    case = Case(_order()).complete("reserve")
    assert case.complete("decide", no=True).open == ["free"]
    assert case.history("interrupted") == ["pack"]
    assert case.complete("free").open == ["sorry"]
    assert case.history("interrupted") == ["pack", "order"]
    assert case.complete("sorry").done


def test_all_completed_work_is_undone_the_latest_first() -> None:
    case = Case(_order()).complete("reserve").complete("pack").complete("decide", no=True)
    assert case.open == ["unpack"]
    assert case.complete("unpack").complete("free").open == ["sorry"]


def test_with_nothing_to_undo_it_is_left_at_once() -> None:
    inside = ProcessBuilder("t").start("s").user("a").end("stop", CANCEL).chain("s", "a", "stop")
    diagram = ProcessBuilder().start().end().transaction("t1", inside).boundary("c", "t1", CANCEL).user("sorry")
    assert Case(diagram.chain("start", "t1", "end").chain("c", "sorry")).complete("a").open == ["sorry"]


def test_a_cancel_event_deeper_inside_cancels_the_transaction_with_all_that_runs_in_it() -> None:
    deep = ProcessBuilder("d").start("ds").user("pick", "ask").end("stop", CANCEL).undo("pick", "put_back")
    inside = ProcessBuilder("t").start("s").user("reserve").end("e").undo("reserve", "free")
    inside.sub("deep", deep.chain("ds", "pick", "ask", "stop")).chain("s", "reserve", "deep", "e")
    diagram = ProcessBuilder().start().end().transaction("t1", inside).boundary("c", "t1", CANCEL).user("sorry")
    case = Case(diagram.chain("start", "t1", "end").chain("c", "sorry"))
    case.complete("reserve").complete("pick").complete("ask")
    assert case.open == ["put_back"]
    assert case.complete("put_back").open == ["free"]
    assert case.complete("free").open == ["sorry"]


def test_an_error_leaves_without_undoing() -> None:
    inside = ProcessBuilder("t").start("s").user("reserve", "b").end("bad", error("E")).undo("reserve", "free")
    inside.end("stop", CANCEL).exclusive("x").chain("s", "reserve", "b", "x").flow("x", "stop", "=no")
    inside.flow("x", "bad", default=True)
    diagram = ProcessBuilder().start().end().transaction("t1", inside).user("hazard", "sorry")
    diagram.boundary("c", "t1", CANCEL).boundary("h", "t1", error("E")).chain("start", "t1", "end")
    diagram.chain("c", "sorry").chain("h", "hazard")
    assert Case(diagram, no=False).complete("reserve").complete("b").open == ["hazard"]
    assert Case(diagram, no=True).complete("reserve").complete("b").open == ["free"]


def test_a_boundary_message_no_longer_counts_while_it_is_undone() -> None:
    diagram = _order().boundary("late", "order", message("m")).user("other").chain("late", "other")
    case = Case(diagram).complete("reserve")
    assert "late" in case.open
    assert case.complete("decide", no=True).open == ["free"]


def test_one_of_several_transactions_cancels_the_whole_activity() -> None:
    case = Case(_order(each(cardinality="2")), no=True).complete("reserve").complete("decide")
    assert "free" in case.open
    assert case.complete("free").open == ["sorry"]


def test_cancelling_undoes_what_somebody_inside_had_begun_to_undo() -> None:
    inside = ProcessBuilder("t").start("s").user("one", "two", "ask").parallel("both").end("e").end("stop", CANCEL)
    inside.undo("one", "no_one").undo("two", "no_two").throw("undo", compensation())
    inside.chain("s", "one", "two", "both", "undo", "e").chain("both", "ask", "stop")
    diagram = ProcessBuilder().start().end().transaction("t1", inside).boundary("c", "t1", CANCEL).user("sorry")
    case = Case(diagram.chain("start", "t1", "end").chain("c", "sorry")).complete("one").complete("two")
    assert case.open == ["ask", "no_two"]
    assert case.complete("ask").open == ["no_one"]
    assert case.complete("no_one").open == ["sorry"]


def test_a_completed_transaction_can_be_undone_later() -> None:
    inside = ProcessBuilder("t").start("s").user("reserve").end("e").undo("reserve", "free").chain("s", "reserve", "e")
    diagram = (
        ProcessBuilder().start().transaction("t1", inside).end("undo", compensation()).chain("start", "t1", "undo")
    )
    case = Case(diagram).complete("reserve")
    assert case.open == ["free"]
    assert case.complete("free").done
