"""Timing of steps that take turns, so that what disturbs the machine disturbs all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Step = Callable[[], object]


@dataclass
class Series:
    """The measurements of one variant, in milliseconds."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Run one step and note what it took: elapsed, and the CPU time of this whole process."""
        cpu, wall = time.process_time_ns(), time.perf_counter_ns()
        step()
        self.wall.append((time.perf_counter_ns() - wall) / 1e6)
        self.cpu.append((time.process_time_ns() - cpu) / 1e6)

    def summary(self) -> dict[str, float]:
        """Median, 5th and 95th percentile of both."""
        return {
            f"{kind}_{name}": round(quantile(values, share), 4)
            for kind, values in (("wall", self.wall), ("cpu", self.cpu))
            for name, share in (("p5", 0.05), ("median", 0.5), ("p95", 0.95))
        }


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies, interpolated."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def interleave(variants: Mapping[str, Iterable[Step]], rounds: int, warm_up: int) -> dict[str, Series]:
    """Run the steps of all variants in turns (ABAB…), each round beginning with another one.

    A variant may make its steps as they are asked for; that is not timed. The first ``warm_up`` rounds are run and not
    counted.
    """
    series = {name: Series(name) for name in variants}
    sources = {name: iter(steps) for name, steps in variants.items()}
    names = list(variants)
    for round_ in range(warm_up + rounds):
        first = round_ % len(names)
        for name in [*names[first:], *names[:first]]:
            step = next(sources[name])
            target = series[name] if round_ >= warm_up else Series(name)
            target.take(step)
    return series
