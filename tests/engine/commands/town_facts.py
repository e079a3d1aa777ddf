"""The posts, people and steps of the town in which everything is tried, by short names."""

from __future__ import annotations

from typing import NamedTuple

POSTS = {
    "clerk": "community_clerk@jinxing",
    "secretary": "community_secretary@jinxing",
    "mediator": "mediator@shizhong",
    "stranger": "community_clerk@chaoyang",
    "boss": "community_secretary@chaoyang",
    "leader": "subdistrict_leader@shizhong",
    "district": "district_leader@bincheng",
}
#: Everybody who acts, with all posts; whoever holds several acts in one at a time.
PEOPLE = {
    "jinxing-clerk": ("clerk",),
    "second": ("clerk", "mediator"),
    "jinxing-secretary": ("secretary",),
    "shizhong-mediator": ("mediator",),
    "chaoyang-clerk": ("stranger",),
    "chaoyang-secretary": ("boss",),
    "shizhong-leader": ("leader",),
}
#: Whose tasks a post may give to others.
LEADS = {
    "secretary": {"clerk", "secretary"},
    "boss": {"stranger", "boss"},
    "leader": {"clerk", "secretary", "mediator", "stranger", "boss", "leader"},
}
#: The two communities that a case may belong to: the posts of each that the diagrams name, in the same order.
UNITS = {"jinxing": ("clerk", "secretary"), "chaoyang": ("stranger", "boss")}
#: Those above the unit of the case who may urge, and those who lead it and may hand it over.
ABOVE = {unit: {*posts, "leader"} for unit, posts in UNITS.items()}
LEADING = {unit: {posts[-1], "leader"} for unit, posts in UNITS.items()}
#: Who does it where only the applicant could: the nearest of these that somebody else holds.
RELIEVED = {
    "clerk": ("secretary", "leader", "district"),
    "secretary": ("leader", "district"),
    "stranger": ("boss", "leader", "district"),
    "boss": ("leader", "district"),
    "mediator": ("leader", "district"),
}


class Step(NamedTuple):
    """A step of a diagram: for whom it waits, what follows it, to where it may go back."""

    posts: tuple[str, ...]
    next: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


#: Three steps in a row; and one with two branches that come together again.
DIAGRAMS = {
    "line": {
        "a": Step(("clerk",), ("b",)),
        "b": Step(("secretary", "mediator"), ("c",), ("a",)),
        "c": Step(("clerk",), (), ("b", "a")),
    },
    "fork": {
        "a": Step(("clerk",), ("x", "y")),
        "x": Step(("clerk",), ("z",)),
        "y": Step(("mediator",), ("z",)),
        "z": Step(("secretary",), (), ("a",)),
    },
}
