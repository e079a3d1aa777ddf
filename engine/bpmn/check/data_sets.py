"""Input sets and output sets: what an activity needs before it begins and gives when it ends."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.context import Context
from engine.bpmn.check.registry import Problem, called, on, rule
from engine.bpmn.element import Element
from engine.errors import N_

#: (set, its members, the lists that choose among the members)
_SETS = (
    ("inputSet", "dataInput", "dataInputRefs", ("optionalInputRefs", "whileExecutingInputRefs")),
    ("outputSet", "dataOutput", "dataOutputRefs", ("optionalOutputRefs", "whileExecutingOutputRefs")),
)
_PAIRS = (("inputSet", "outputSetRefs", "inputSetRefs"), ("outputSet", "inputSetRefs", "outputSetRefs"))


@rule(
    "data.set-choice",
    "10.3.1 InputSet and OutputSet: optional and while-executing data are members of the same set",
    N_("{element}的 {set} 里，{list} 列出的“{data}”不在它的 {members} 里。请先列入 {members}。"),
    ext=(85, 86, 89, 90),
)
def choices_from_outside_the_set(context: Context) -> Iterator[Problem]:
    for tag, member, members, lists in _SETS:
        for each in context.find(tag):
            for name in lists:
                for data in sorted(set(each.texts(name)) - set(each.texts(members))):
                    if (found := context.element.get(data)) is None or found.tag != member:
                        continue  # the rules about references say so
                    yield _problem(each, set=tag, list=name, data=data, members=members)


@rule(
    "data.set-member",
    "10.3.1 Data Input and Data Output: each belongs to at least one set",
    N_("{element}的 {tag}“{data}”不在任何一个 {set} 里。请列入，或删去。"),
    ext=(84, 88),
)
def data_in_no_set(context: Context) -> Iterator[Problem]:
    for each in context.find("ioSpecification"):
        for tag, data, members, _ in _SETS:
            listed = {found for one in each.all(tag) for found in one.texts(members)}
            own = {one.id for one in each.all(data)}
            # Where a set lists something else, that reference is the fault.
            if listed <= own:
                yield from (_problem(each, tag=data, data=one, set=tag) for one in sorted(own - listed))


@rule(
    "data.set-pair",
    "10.3.1 InputSet, outputSetRefs; OutputSet, inputSetRefs: each names the other",
    N_("{element}的 {set}“{one}”指明了“{other}”，但“{other}”没有反过来指明它。请让两者互相指明。"),
    ext=(87,),
)
def sets_that_do_not_name_each_other(context: Context) -> Iterator[Problem]:
    for tag, forth, back in (
        ("inputSet", "outputSetRefs", "inputSetRefs"),
        ("outputSet", "inputSetRefs", "outputSetRefs"),
    ):
        for each in context.find(tag):
            for other in each.texts(forth):
                found = context.element.get(other)
                if found is not None and found.tag in ("inputSet", "outputSet") and each.id not in found.texts(back):
                    yield _problem(each, set=tag, one=each.id, other=other)


def _problem(element: Element, **params: str) -> Problem:
    around = next(each for each in element.upwards() if each.tag not in ("inputSet", "outputSet", "ioSpecification"))
    return on(element, element=called(around), **params)
