"""Link events: a jump inside one scope, from any number of throws to exactly one catch of the same name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.events import is_link
from engine.bpmn.check.registry import Problem, at, rule
from engine.bpmn.element import Element
from engine.bpmn.model import EventType, Kind, Node
from engine.errors import N_


@rule(
    "link.flows",
    "10.4.4 Link Intermediate Event",
    N_("链接事件{element}的连线方向不对：抛出的链接没有离开的连线，捕获的链接没有进入的连线。"),
    ext=(117,),
)
def links_with_flows_on_the_wrong_side(context: Context) -> Iterator[Problem]:
    for node in context.nodes(Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW):
        goes_out = is_link(node, Kind.INTERMEDIATE_THROW) and node.outgoing
        comes_in = is_link(node, Kind.INTERMEDIATE_CATCH) and node.incoming
        if goes_out or comes_in:
            yield at(node)


@rule(
    "link.single-target",
    "10.4.4 Link Intermediate Event",
    N_("链接“{link}”在同一层里有不止一个捕获事件。请只保留一个。"),
)
def links_with_several_targets(context: Context) -> Iterator[Problem]:
    for place in context.places:
        catches = [node for node in place.scope.nodes.values() if is_link(node, Kind.INTERMEDIATE_CATCH)]
        names = Counter(link_name(node) for node in catches)
        for node in catches:
            if names[link_name(node)] > 1:
                yield at(node, link=link_name(node))


@rule(
    "link.no-target",
    "10.4.4 Link Intermediate Event",
    N_("链接“{link}”在同一层里没有同名的捕获事件，走到{element}就断了。请添加捕获事件，或改名。"),
    deploy=True,
)
def links_without_a_target(context: Context) -> Iterator[Problem]:
    yield from _lonely(context, Kind.INTERMEDIATE_THROW, Kind.INTERMEDIATE_CATCH)


@rule(
    "link.no-source",
    "10.4.4 Link Intermediate Event",
    N_("链接“{link}”在同一层里没有同名的抛出事件，永远走不到{element}。请添加抛出事件，或改名。"),
    deploy=True,
)
def links_without_a_source(context: Context) -> Iterator[Problem]:
    yield from _lonely(context, Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW)


@rule(
    "link.unpaired",
    "10.4.6 Link Event Definition, source and target",
    N_("链接事件{element}没有另一端：同一层里没有同名的链接，也没有写明 source 或 target。请补上另一端，或改名。"),
    ext=(124, 125),
)
def links_without_another_end(context: Context) -> Iterator[Problem]:
    if context.deploying:
        return  # link.no-target and link.no-source say it of what is to run
    for node, definition in _ends(context):
        other = Kind.INTERMEDIATE_THROW if node.kind is Kind.INTERMEDIATE_CATCH else Kind.INTERMEDIATE_CATCH
        beside = context.place_of[node.id].scope.nodes.values()
        named = any(is_link(each, other) and link_name(each) == link_name(node) for each in beside)
        if not named and not definition.all("source", "target"):
            yield at(node)


@rule(
    "link.other-end",
    "10.4.6 Link Event Definition, source and target; 10.4.4 Link Intermediate Event: within one process level",
    N_("链接事件{element}指明的另一端“{other}”在别的层里，或者没有反过来指明它。请让两端在同一层里互相指明。"),
    ext=(118, 126),
)
def links_whose_ends_disagree(context: Context) -> Iterator[Problem]:
    holder = {definition.id: node for node, definition in _ends(context) if definition.id}
    for node, definition in _ends(context):
        for side, back in (("source", "target"), ("target", "source")):
            for other in definition.texts(side):
                partner = holder.get(other)
                if partner is None:
                    continue  # the rules about references speak of ids that lead to something else
                answers = context.element[other].texts(back)
                apart = context.place_of[partner.id] is not context.place_of[node.id]
                if apart or (answers and definition.id not in answers):
                    yield at(node, other=partner.name or partner.id)


def _ends(context: Context) -> Iterator[tuple[Node, Element]]:
    for node in context.nodes(Kind.INTERMEDIATE_CATCH, Kind.INTERMEDIATE_THROW):
        if (found := context.element.get(node.id)) and (definition := found.one("linkEventDefinition")):
            yield node, definition


def link_name(node: Node) -> str:
    """The name of the link that the event belongs to."""
    return next((each.link or "" for each in node.events if each.type is EventType.LINK), "")


def _lonely(context: Context, kind: Kind, other: Kind) -> Iterator[Problem]:
    for place in context.places:
        nodes = place.scope.nodes.values()
        partners = {link_name(node) for node in nodes if is_link(node, other)} - {""}
        for node in nodes:
            if is_link(node, kind) and link_name(node) not in partners:
                yield at(node, link=link_name(node))
