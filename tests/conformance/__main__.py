"""``python -m tests.conformance [GROUP…]``: run the groups and print a table for each; 1 when a promise is broken."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.conformance import clauses, diagrams, dmn_tck, executable, round_trip
from tests.conformance.groups import VARIABLE, Group, lines, material

Run = Callable[[Path], Group]
#: The groups by the name that the command line takes; each gets the folder of the whole material.
GROUPS: dict[str, Run] = {
    "clauses": clauses.run,
    "dmn": dmn_tck.run,
    "executable": executable.run,
    "illegal": diagrams.illegal,
    "legal": diagrams.legal,
    "miwg": diagrams.miwg,
    "round-trip": round_trip.run,
}


def main(arguments: Sequence[str] | None = None, groups: Mapping[str, Run] = GROUPS) -> int:
    """Run the groups that were asked for, all by default. Returns 1 when a promise is broken, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("group", nargs="*", help=f"one of: {', '.join(groups)}")
    asked = parser.parse_args(arguments).group or list(groups)
    if unknown := [name for name in asked if name not in groups]:
        parser.error(f"no such group: {', '.join(unknown)}")
    folder = material()
    if folder is None:
        print(f"跳过 skipped: {', '.join(asked)} (没有材料 no material: {VARIABLE})")
        return 0
    done = [_shown(groups[name](folder)) for name in asked]
    return 0 if all(group.kept for group in done) else 1


def _shown(group: Group) -> Group:
    print("\n".join(lines(group)), end="\n\n", flush=True)
    return group


if __name__ == "__main__":
    sys.exit(main())
