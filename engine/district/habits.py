"""What people enter: gathered from the scenarios of the processes, and from notes that say it more generally.

The values of a scenario tell one story. Where they would sound odd in another case, notes give others instead; a value
there that begins with ``=`` is FEEL over the variables of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine import feel
from engine.scenarios import Script

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Entry:
    """What somebody enters into a form.

    Dates in ``values`` are as on the day ``at``, names of places as at ``unit``; without these they stay.
    """

    values: Mapping[str, Any]
    at: datetime | None = None
    unit: str = ""
    share: int = 1

    def on(self, moment: datetime, variables: Mapping[str, Any], env: feel.Environment) -> dict[str, Any]:
        """The values as somebody would enter them at this moment in a case with these variables."""
        days = timedelta(days=(moment - self.at).days) if self.at else timedelta()
        return {name: _now(value, days, variables, env) for name, value in self.values.items()}


@dataclass(frozen=True)
class Opening:
    """How a case begins: the process, who starts it at which kind of unit, and what is entered."""

    key: str
    starter: str
    unit: str
    entry: Entry


@dataclass(frozen=True)
class Habits:
    """Openings by process key, entries by process key and element, and how often each process is started."""

    openings: Mapping[str, Sequence[Opening]]
    entries: Mapping[tuple[str, str], Sequence[Entry]]
    shares: Mapping[str, int]
    #: Objections to notices (``text``, ``name``, ``phone``), and why residents take an appeal back.
    objections: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    withdrawals: Sequence[str] = field(default_factory=tuple)
    #: The login of whoever cancels cases, and the reasons.
    administrator: str = ""
    cancellations: Sequence[str] = field(default_factory=tuple)

    @classmethod
    def learn(cls, scripts: Iterable[Script], notes: Mapping[str, Any]) -> Habits:
        """From the scenarios of all processes, and from notes in the form of webapp/demo/district.yaml."""
        openings: dict[str, list[Opening]] = {}
        entries: dict[tuple[str, str], list[Entry]] = {}
        for script in scripts:
            for opening in _openings(script, notes):
                openings.setdefault(opening.key, []).append(opening)
            for element, entry in _entries(script):
                entries.setdefault(element, []).append(entry)
        for key, elements in notes["entries"].items():
            for element, listed in elements.items():
                entries[key, element] = [Entry(each["values"], share=each.get("share", 1)) for each in listed]
        shares = {key: notes["shares"].get(key, 0) for key in openings}
        more = {name: notes[name] for name in ("objections", "withdrawals", "administrator", "cancellations")}
        return cls(openings, entries, shares, **more)

    def possible(self, key: str, element: str, random: Random) -> list[Entry]:
        """All that people enter at a step, in an order of chance that favours the larger shares."""
        found = self.entries.get((key, element), ())
        return sorted(found, key=lambda entry: random.random() ** (1 / entry.share), reverse=True)


def _openings(script: Script, notes: Mapping[str, Any]) -> Iterator[Opening]:
    given = script.given
    if given.get("starter") == "timer" or "unit" not in given:
        return
    at = datetime.fromisoformat(given["at"])
    told = notes["openings"].get(script.key)
    if told is None:
        yield Opening(script.key, given["starter"], given["unit"], Entry(given.get("start", {}), at, given["unit"]))
        return
    for values in told:
        yield Opening(
            script.key, given["starter"], given["unit"], Entry({**given.get("start", {}), **values}, at, given["unit"])
        )


def _entries(script: Script) -> Iterator[tuple[tuple[str, str], Entry]]:
    at = datetime.fromisoformat(script.given["at"])
    for step in script.steps:
        if "complete" in step and not step.get("refused"):
            key = str(step.get("in", script.key)).partition("@")[0]
            yield (key, step["complete"]), Entry(step.get("values", {}), at, script.given.get("unit", ""))


def _now(value: Any, days: timedelta, variables: Mapping[str, Any], env: feel.Environment) -> Any:
    if isinstance(value, list):
        return [_now(item, days, variables, env) for item in value]
    if not isinstance(value, str):
        return value
    if value.startswith("="):
        return feel.compile(value[1:]).evaluate(variables, env)
    if _MOMENT.fullmatch(value):
        return (datetime.fromisoformat(value) + days).isoformat(timespec="minutes")[: len(value)]
    return value
