"""``python -m bench.inbox``: how long the server takes for a page of the inbox, among few tasks and among very many.

Each figure is a whole request to the application, without a network: session, permission, queries, page. The same
requests are made in databases of each size; the plans of their queries must read no growing table from end to end.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from bench import asked
from bench.asked import WHO, Asked
from bench.databases import PASSWORD, Databases, databases, kept_databases
from bench.filled import filled
from bench.measure import Step, interleave
from bench.plans import explained
from bench.report import table
from engine.database import Engine
from webapp import create_app

#: Milliseconds at the median, and how much slower the largest database may be than the smallest.
MOST_MS, MOST_RATIO = 30, 1.5
#: A page with lines and one without any: what a line costs is the difference.
_FULL_AND_EMPTY = (("tab open", "by level, none"), ("all cases", "cases with without hits"))
_LINE = b"cell-title"
#: Who looks from above is measured beside the inbox, and so is this page; nothing is promised for either.
_ABOVE, _NO_LIST = "from above", "my work"
#: Where filled databases wait for the next run with ``--keep``; they may be deleted at any time.
KEPT = Path(tempfile.gettempdir()) / "wuji-bench-inbox"


@dataclass(frozen=True)
class Opened:
    """One filled database and the application on it."""

    engine: Engine
    app: Flask


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the status whether all promises are kept."""
    chosen = _parser().parse_args(arguments)
    figures: dict[str, Any] = {}
    with _places(chosen.keep, not chosen.sqlite_only) as places:
        for kind in places.kinds:
            with ExitStack() as stack:
                opened = {size: _opened(stack, places, kind, size) for size in chosen.tasks}
                figures[kind] = {who: of_post(opened, position, chosen.n) for who, position in WHO.items()}
                figures[kind][_ABOVE] = from_above(opened, chosen.n)
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 0 if report(figures, chosen.tasks) else 1


def _places(keep: bool, with_postgres: bool) -> AbstractContextManager[Databases]:
    return kept_databases(KEPT, with_postgres) if keep else databases(with_postgres)


def _opened(stack: ExitStack, places: Databases, kind: str, tasks: int) -> Opened:
    engine = stack.enter_context(filled(places, kind, tasks))
    return Opened(engine, create_app(engine, {"SECRET_KEY": "a key for one run", "WTF_CSRF_ENABLED": False}))


def of_post(opened: Mapping[int, Opened], position: str, rounds: int) -> dict[str, Any]:
    """All requests of whoever has the most to do in a kind of post."""
    found = {size: asked.of_post(each.engine, position) for size, each in opened.items()}
    figures = measure(opened, {size: requests for size, (_number, requests) in found.items()}, rounds)
    return {"claimable": {str(size): number for size, (number, _requests) in found.items()}, **figures}


def from_above(opened: Mapping[int, Opened], rounds: int) -> dict[str, Any]:
    """All requests of those who look at the cases and at the units below."""
    return measure(opened, {size: asked.from_above(each.engine) for size, each in opened.items()}, rounds)


def measure(opened: Mapping[int, Opened], requests: Mapping[int, Mapping[str, Asked]], rounds: int) -> dict[str, Any]:
    """The requests to databases of all sizes, in turns."""
    steps: dict[str, Any] = {}
    found: dict[str, Any] = {"lines": {}, "bytes": {}, "read from end to end": {}}
    for size, each in opened.items():
        clients = {login: _signed_in(each.app, login) for login in {one.login for one in requests[size].values()}}
        for name, one in requests[size].items():
            client, key = clients[one.login], f"{name} | {size}"
            with explained(each.engine) as plans:
                text = _answer(client, one)
            found["lines"][key] = text.count(_LINE)
            found["bytes"][key] = len(gzip.compress(text))
            if plans.whole_tables:
                found["read from end to end"][key] = plans.whole_tables
            steps[key] = repeat(_step(client, one))
    found["times"] = {key: series.summary() for key, series in interleave(steps, rounds, min(3, rounds - 1)).items()}
    return found


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    client.post("/login", data={"login": login, "password": PASSWORD})
    return client


def _step(client: FlaskClient, one: Asked) -> Step:
    return lambda: _answer(client, one)


def _answer(client: FlaskClient, one: Asked) -> bytes:
    address = f"{one.path}?{urlencode(one.query)}"
    answer = client.get(address) if one.form is None else client.post(address, data=one.form)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return answer.data


def report(figures: Mapping[str, Any], sizes: Sequence[int]) -> bool:
    """Print the medians side by side; whether all are as short and as equal as promised."""
    kept, many = True, max(sizes)
    for kind, who, found in ((kind, who, found) for kind, every in figures.items() for who, found in every.items()):
        compared = list(_compared(found, min(sizes), many, who))
        kept &= all(row.is_kept for row in compared)
        print(f"\n{kind}, {who}; ms")
        if "claimable" in found:
            print(f"  {found['claimable'][str(min(sizes))]} → {found['claimable'][str(many)]} to claim")
        heads = ("", str(min(sizes)), str(many), "p95", "CPU", "lines", "ratio", "like for like", "")
        print("\n".join(table([heads, *(row.cells() for row in compared)])))
        for name, steps in found["read from end to end"].items():
            if name.endswith(f" | {many}"):
                kept &= not _is_promised(who, name.removesuffix(f" | {many}"))
                print(f"  {name} reads from end to end: {steps}")
        print(f"  no page has more than {max(found['bytes'].values())} bytes, compressed")
    return kept


@dataclass(frozen=True)
class Compared:
    """One request among few tasks and among very many; ``fair`` is the ratio for pages of the same number of lines."""

    name: str
    before: Mapping[str, float]
    after: Mapping[str, float]
    lines: tuple[int, int]
    fair: float
    is_promised: bool

    @property
    def is_kept(self) -> bool:
        """Whether it is as short and as equal as promised, if anything is."""
        return not self.is_promised or (self.after["wall_median"] <= MOST_MS and self.fair <= MOST_RATIO)

    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        times = (self.before["wall_median"], *(self.after[name] for name in ("wall_median", "wall_p95", "cpu_median")))
        raw = self.after["wall_median"] / self.before["wall_median"]
        lines = "{} → {}".format(*self.lines)
        marked = "" if self.is_kept else "!"
        return (self.name, *(f"{time:.1f}" for time in times), lines, f"{raw:.2f}", f"{self.fair:.2f}", marked)


def _is_promised(who: str, name: str) -> bool:
    return who != _ABOVE and name != _NO_LIST


def _compared(found: Mapping[str, Any], few: int, many: int, who: str) -> Iterator[Compared]:
    """Among few tasks a page often has fewer lines: what the missing ones would have taken there is added."""
    times, lines = found["times"], found["lines"]

    def median(name: str) -> float:
        return float(times[f"{name} | {few}"]["wall_median"])

    full, empty = next(pair for pair in _FULL_AND_EMPTY if f"{pair[0]} | {few}" in times)
    line = max(0.0, median(full) - median(empty)) / max(1, lines[f"{full} | {few}"])
    for name in (key.removesuffix(f" | {many}") for key in times if key.endswith(f" | {many}")):
        before, after = (times[f"{name} | {size}"] for size in (few, many))
        shown = (lines[f"{name} | {few}"], lines[f"{name} | {many}"])
        like = before["wall_median"] + line * max(0, shown[1] - shown[0])
        yield Compared(name, before, after, shown, after["wall_median"] / like, _is_promised(who, name))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument(
        "--tasks", type=lambda text: [int(part) for part in text.split(",")], default=[1_000, 1_000_000]
    )
    parser.add_argument("--n", type=int, default=30, help="每种请求的次数 · requests of each kind")
    parser.add_argument("--keep", action="store_true", help=f"保留数据库供下次使用 · keep the databases in {KEPT}")
    parser.add_argument("--sqlite-only", action="store_true", help="不量 PostgreSQL · leave PostgreSQL out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="把全部数字写入文件 · write all figures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
