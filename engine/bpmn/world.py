"""What a diagram is checked against: the forms, posts, places and other things that exist where it is to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TableFault:
    """What is wrong with a decision table: which rules (numbers from 1), and an input that shows it, as a text.

    ``kind`` is overlap (rules of a unique table match together), conflict (so do rules of a table with hit policy ANY
    whose results are written differently), gap (no rule matches), unreachable (earlier rules always come first) or
    unseen (the business knowledge model ``table`` reads ``example``, which nobody hands to it).
    """

    kind: str
    table: str
    rules: tuple[int, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision that a business rule task may call: the variables that it needs, and faults of its tables."""

    name: str
    inputs: frozenset[str] = frozenset()
    faults: tuple[TableFault, ...] = ()


@dataclass(frozen=True)
class World:
    """Everything that a diagram may name. None means "not known here", so nothing is said about it.

    ``forms`` maps a form's id to the variables that it writes, ``processes`` are keys for call activities, ``handlers``
    job types, ``results`` the variables that some of them write, ``policy`` the names behind ``policy.``,
    ``functions`` FEEL functions beyond the built-in ones,
    ``message_starts`` maps the names of messages that start processes to those processes' keys,
    ``version_tags`` the tags of the published versions of each process that has any,
    ``position_levels`` and ``place_levels`` say at which level each of them is, in words for people,
    ``decisions`` are those in the files beside the diagram by their id, ``now`` is the time, with its zone,
    ``beside`` the names of the files in the folder of the diagram,
    ``variables`` names that are always there, ``clauses`` ids of the clause catalogue.
    """

    forms: Mapping[str, frozenset[str]] | None = None
    positions: frozenset[str] | None = None
    places: frozenset[str] | None = None
    position_levels: Mapping[str, str] | None = None
    place_levels: Mapping[str, str] | None = None
    policy: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    handlers: frozenset[str] | None = None
    results: Mapping[str, frozenset[str]] | None = None
    functions: frozenset[str] | None = None
    message_starts: Mapping[str, str] | None = None
    version_tags: Mapping[str, frozenset[str]] | None = None
    decisions: Mapping[str, Decision] | None = None
    clauses: frozenset[str] | None = None
    variables: frozenset[str] | None = None
    now: datetime | None = None
    beside: frozenset[str] | None = None


UNKNOWN_WORLD = World()
