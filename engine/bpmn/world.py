"""What a diagram is checked against: the forms, posts, places and other things that exist where it is to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """Everything that a diagram may name. None means "not known here", so nothing is said about it.

    ``forms`` maps a form's id to the variables that it writes, ``processes`` are keys for call activities, ``handlers``
    job types, ``policy`` the names behind ``policy.``, ``functions`` FEEL functions beyond the built-in ones,
    ``message_starts`` maps the names of messages that start processes to those processes' keys,
    ``version_tags`` the tags of the published versions of each process that has any,
    ``variables`` names that are always there, ``clauses`` ids of the clause catalogue.
    """

    forms: Mapping[str, frozenset[str]] | None = None
    positions: frozenset[str] | None = None
    places: frozenset[str] | None = None
    policy: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    handlers: frozenset[str] | None = None
    functions: frozenset[str] | None = None
    message_starts: Mapping[str, str] | None = None
    version_tags: Mapping[str, frozenset[str]] | None = None
    clauses: frozenset[str] | None = None
    variables: frozenset[str] | None = None


UNKNOWN_WORLD = World()
