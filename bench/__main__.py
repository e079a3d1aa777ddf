"""``python -m bench``: measure everything in one run, print it, and write the figures to a file if asked to."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.databases import databases
from bench.promises import Figures, judge
from bench.report import lines
from bench.sections import SECTIONS, Sizes


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sections that were asked for. Returns 1 when a promise is broken, so that a script can notice."""
    asked = _parser().parse_args(arguments)
    sizes = Sizes(asked.n, min(10, asked.n), tuple(asked.loops), instances=tuple(asked.instances))
    figures: Figures = {"run": _run(asked.n)}
    with databases(with_postgres=not asked.sqlite_only) as places:
        for name in asked.only or SECTIONS:
            print(f"… {name}", file=sys.stderr, flush=True)
            figures[name] = SECTIONS[name](places, sizes)
    promises = judge(figures)
    figures["promises"] = [promise.as_json() for promise in promises]
    figures["run"]["load at the end"] = round(os.getloadavg()[0], 2)
    print("\n".join(lines(figures, promises)))
    if asked.json:
        asked.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if all(promise.kept for promise in promises) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="量一量每一步的开销 · what a step costs")
    parser.add_argument("--n", type=_positive, default=200, help="每种做法的次数 · steps per variant")
    parser.add_argument("--loops", type=_numbers, default=[10, 100, 300], help="循环次数 · lengths of history")
    parser.add_argument("--instances", type=_numbers, default=[100, 10_000], help="事项数量 · instances in it")
    parser.add_argument("--only", choices=list(SECTIONS), action="append", help="只量一部分 · only this section")
    parser.add_argument("--sqlite-only", action="store_true", help="不量 PostgreSQL · leave PostgreSQL out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="把全部数字写入文件 · write all figures")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return number


def _numbers(text: str) -> list[int]:
    return [_positive(part) for part in text.split(",")]


def _run(n: int) -> Figures:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "SpiffWorkflow": version("SpiffWorkflow"),
        "cores": os.cpu_count(),
        "load at the start": round(os.getloadavg()[0], 2),
        "n": n,
    }


if __name__ == "__main__":
    sys.exit(main())
