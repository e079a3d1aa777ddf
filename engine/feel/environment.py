"""What an evaluation may use: a clock, a time zone, extra functions, and how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.feel.values import Function


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one evaluation may cost. The defaults end any expression within 100 ms and 64 MB."""

    steps: int = 30_000  #: units of work: loop bodies by their size, calls, list items, texts per 64 characters
    depth: int = 80  #: calls of FEEL functions inside one another
    items: int = 20_000  #: items of one list or entries of one context
    characters: int = 100_000  #: characters of one text that the expression makes
    digits: int = 400  #: digits of a number taken from a text or an integer; arithmetic keeps 34 (decimal128)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Environment:
    """The surroundings of an evaluation. ``now`` returns an aware datetime; ``functions`` go by their FEEL name."""

    now: Callable[[], datetime] = _utc_now
    timezone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    functions: Mapping[str, Function] = field(default_factory=lambda: MappingProxyType({}))
    limits: Limits = Limits()


DEFAULT = Environment()
