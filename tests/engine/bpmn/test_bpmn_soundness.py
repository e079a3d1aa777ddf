"""Dead-locks and doubled branches: what the search says is what a plain game on the same diagram can come to."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bpmn import check, read
from engine.bpmn.model import Flow, Kind, Node, Scope
from engine.bpmn.net import net_of
from engine.bpmn.statespace import MAX_STATES, Verdict, explore
from tests.bpmn_xml import Drawing, event, timer
from webapp import library

KINDS = (Kind.TASK, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE)
ABOUT = ("soundness.dead-lock", "soundness.may-dead-lock", "soundness.doubles")


def said(drawing: Drawing) -> set[tuple[str, str]]:
    """The rules about soundness that the drawing breaks, and where."""
    return {(each.rule, each.element) for each in check(read(drawing.xml())) if each.rule in ABOUT}


def diamond(split: str, join: str, default: bool = False) -> Drawing:
    """Start, a split, two scripts, a join, a script after it, end."""
    drawing = Drawing().start().gateway(split, "split", default="split_right" if default else None)
    drawing = drawing.script("left").gateway(join, "join").script("after").end()
    return drawing.at("split").script("right").flow("right", "join")


def test_a_choice_that_is_joined_like_a_fork_always_waits_in_vain() -> None:
    assert said(diamond("exclusive", "parallel")) == {("soundness.dead-lock", "join")}


def test_a_choice_of_several_that_is_joined_like_a_fork_may_wait_in_vain() -> None:
    assert said(diamond("inclusive", "parallel")) == {("soundness.may-dead-lock", "join")}


def test_a_fork_that_is_joined_like_a_choice_goes_on_twice() -> None:
    assert said(diamond("parallel", "exclusive")) == {("soundness.doubles", "join")}


def test_what_is_joined_as_it_was_split_is_sound() -> None:
    pairs = (
        ("exclusive", "exclusive"),
        ("parallel", "parallel"),
        ("inclusive", "inclusive"),
        ("parallel", "inclusive"),
    )
    assert [said(diamond(*pair)) for pair in pairs] == [set()] * 4
    assert said(diamond("exclusive", "inclusive")) == set()


def test_two_branches_may_come_to_one_end() -> None:
    drawing = Drawing().start().gateway("parallel", "split").script("left").gateway("exclusive", "join").end()
    assert said(drawing.at("split").script("right").flow("right", "join")) == set()


def test_a_boundary_event_that_leaves_a_branch_makes_its_join_wait() -> None:
    # given a branch that a timer may leave before the join
    drawing = diamond("parallel", "parallel").boundary("late", "left", timer("Duration", "PT1H")).end("gone")
    assert said(drawing) == {("soundness.may-dead-lock", "join")}


def test_what_happens_beside_waits_for_nobody() -> None:
    # given a reminder beside a task that is done again and again
    drawing = Drawing().start().gateway("exclusive", "again").user_task().gateway("exclusive", "enough").end()
    drawing = drawing.flow("enough", "again").boundary("remind", "a", timer("Duration", "PT1H"), cancelActivity="false")
    assert said(drawing.script("mail").end("reminded")) == set()


def test_an_end_that_stops_everything_frees_those_that_wait() -> None:
    drawing = diamond("exclusive", "parallel").start("other").end("stop", event("terminate"))
    assert said(drawing) == {("soundness.dead-lock", "join")}
    stopping = Drawing().start().gateway("parallel", "split").script("left").gateway("parallel", "join").end()
    stopping = stopping.at("split").end("stop", event("terminate"))
    assert said(stopping) == set()


def test_the_way_into_the_dead_lock_is_told() -> None:
    (found,) = (each for each in check(read(diamond("exclusive", "parallel").xml())) if each.rule in ABOUT)
    assert "“split”" in found.message


def test_the_processes_of_the_platform_are_sound() -> None:
    for path in sorted(library.folder("processes").glob("*/*.bpmn")):
        assert [each.message for each in check(read(path.read_bytes())) if each.rule in ABOUT] == []


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """Small diagrams of any shape: a start, some nodes, an end, flows between any of them."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))
    middle = [f"n{number}" for number in range(len(kinds))]
    ends = [("s", draw(st.sampled_from(middle)))]
    pairs = st.tuples(st.sampled_from(middle), st.sampled_from([*middle, "e"]))
    ends += draw(st.lists(pairs, min_size=1, max_size=7, unique=True))
    flows = {f"f{number}": Flow(f"f{number}", *pair, name="", line=0) for number, pair in enumerate(ends)}
    named = [("s", Kind.START_EVENT), *zip(middle, kinds, strict=True), ("e", Kind.END_EVENT)]
    return Scope({name: _node(name, kind, flows) for name, kind in named}, flows)


def _node(name: str, kind: Kind, flows: dict[str, Flow]) -> Node:
    incoming = tuple(key for key, flow in flows.items() if flow.target == name)
    outgoing = tuple(key for key, flow in flows.items() if flow.source == name)
    return Node(name, kind, "", 0, incoming=incoming, outgoing=outgoing)


def describe(scope: Scope) -> str:
    """The diagram in a line, for a test that fails."""
    kinds = ", ".join(f"{key}: {node.kind}" for key, node in scope.nodes.items())
    return f"{kinds}; {', '.join(f'{flow.source}→{flow.target}' for flow in scope.flows.values())}"


@given(scopes())
@settings(max_examples=300, deadline=None)
def test_the_search_finds_what_a_plain_game_can_come_to(scope: Scope) -> None:
    net = net_of(scope)
    assert net is not None

    found = explore(net, net.starts["s"])
    game = Game(scope)

    if found.complete and not game.cut:
        assert bool(found.doubled) == game.doubled, describe(scope)
        if not game.doubled:
            assert (found.ends, set(found.stuck)) == (game.ends, game.waiting), describe(scope)


def test_the_search_stops_at_its_limit() -> None:
    drawing = Drawing().start().gateway("parallel", "split")
    for number in range(14):
        drawing = drawing.at("split").gateway("exclusive", f"x{number}").script(f"t{number}").end(f"e{number}")
        drawing = drawing.flow(f"x{number}", f"e{number}")
    process = read(drawing.xml()).processes[0]
    net = net_of(process.scope)
    assert net is not None

    verdict: Verdict = explore(net, net.starts["start"])

    assert not verdict.complete
    assert (verdict.stuck, verdict.doubled) == ({}, {})
    assert MAX_STATES < 2**14


def test_hostile_diagrams_come_to_a_verdict() -> None:
    # given many loops at once, many joins in a row, many events that meet in one gateway, and many choices
    wide = Drawing().start().gateway("parallel", "split")
    for n in range(600):
        wide = wide.at("split").gateway("exclusive", f"x{n}").script(f"y{n}").gateway("exclusive", f"z{n}")
        wide = wide.flow(f"z{n}", f"x{n}")
    joins = Drawing().start()
    for n in range(480):
        joins = joins.gateway("inclusive", f"p{n}").script(f"a{n}").gateway("inclusive", f"j{n}")
        joins = joins.at(f"p{n}").script(f"b{n}").flow(f"b{n}", f"j{n}").at(f"j{n}")
    meeting = Drawing().start()
    for n in range(480):
        meeting = meeting.script(f"s{n}")
    meeting = meeting.gateway("exclusive", "meet").script("last").end()
    for n in range(480):
        meeting = meeting.boundary(f"b{n}", f"s{n}", timer("Duration", "PT1H"), cancelActivity="false")
        meeting = meeting.script(f"c{n}").flow(f"c{n}", "meet")
    choices = Drawing().start().gateway("inclusive", "split")
    for n in range(900):
        choices = choices.at("split").script(f"s{n}").end(f"e{n}")
    # when they are searched, then every search ends: it looks at so much and no more
    for drawing in (wide, joins, meeting, choices):
        net = net_of(read(drawing.xml()).processes[0].scope)
        assert net is not None
        explore(net, net.starts["start"])


class Game:
    """Every marking of a diagram, by the letter of the standard, one node and one flow after the other."""

    LIMIT = 3000

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.ends = self.doubled = self.cut = False
        self.waiting: set[str] = set()
        seen: set[tuple[str, ...]] = set()
        waiting = [tuple(scope.nodes["s"].outgoing)]
        while waiting:
            marking = waiting.pop()
            if marking in seen:
                continue
            seen.add(marking)
            if len(seen) > self.LIMIT:
                self.cut = True
                return
            if max(Counter(marking).values(), default=0) > 1:
                # A second token that can only end is no fault.
                self.doubled |= any(times > 1 and not self._only_ends(flow) for flow, times in Counter(marking).items())
                marking = tuple(sorted(set(marking)))
                if self.doubled:
                    continue
            after = list(self._moves(marking))
            self.ends |= not marking
            if marking and not after:
                self.waiting |= {key for key in scope.nodes if self._is_waiting(key, marking)}
            waiting += after

    def _moves(self, marking: tuple[str, ...]):  # type: ignore[no-untyped-def] # a generator of markings
        for node in self.scope.nodes.values():
            for takes in self._takes(node, marking):
                left = list(marking)
                for flow in takes:
                    left.remove(flow)
                for gives in self._gives(node):
                    yield tuple(sorted([*left, *gives]))

    def _takes(self, node: Node, marking: tuple[str, ...]) -> list[tuple[str, ...]]:
        if node.kind is Kind.PARALLEL:
            return [node.incoming] if node.incoming and set(node.incoming) <= set(marking) else []
        if node.kind is Kind.INCLUSIVE:
            has = {flow for flow in node.incoming if flow in marking}
            return [tuple(has)] if has and not any(self._is_awaited(flow, node, has) for flow in set(marking)) else []
        return [(flow,) for flow in node.incoming if flow in marking]

    def _gives(self, node: Node) -> list[tuple[str, ...]]:
        out = node.outgoing
        if node.kind is Kind.EXCLUSIVE:
            return [(flow,) for flow in out] or [()]
        if node.kind is Kind.INCLUSIVE and len(out) > 1:
            return [tuple(f for n, f in enumerate(out) if mask >> n & 1) for mask in range(1, 2 ** len(out))]
        return [out]

    def _is_awaited(self, flow: str, join: Node, has: set[str]) -> bool:
        """Whether a token on the flow may come to an empty incoming flow of the join, and to no other."""
        reached = self._reached(flow, join) & set(join.incoming)
        return flow not in has and bool(reached) and not reached & has

    def _reached(self, flow: str, join: Node) -> set[str]:
        reached, todo = {flow}, [flow]
        while todo:
            target = self.scope.flows[todo.pop()].target
            fresh = set() if target == join.id else set(self.scope.nodes[target].outgoing) - reached
            reached |= fresh
            todo += fresh
        return reached

    def _is_waiting(self, key: str, marking: tuple[str, ...]) -> bool:
        node = self.scope.nodes[key]
        joins = node.kind in (Kind.PARALLEL, Kind.INCLUSIVE) and len(node.incoming) > 1
        return joins and any(flow in marking for flow in node.incoming)

    def _only_ends(self, flow: str) -> bool:
        seen: set[str] = set()
        while flow not in seen:
            seen.add(flow)
            node = self.scope.nodes[self.scope.flows[flow].target]
            if node.kind is Kind.END_EVENT:
                return True
            if node.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE) or len(node.outgoing) != 1:
                return False
            flow = node.outgoing[0]
        return False
