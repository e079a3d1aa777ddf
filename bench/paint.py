"""``python -m bench.paint``: what the main pages weigh, and when they are painted, on a slow telephone.

A server with demo data and a headless Chromium with the figures of Lighthouse's mobile profile: 390 by 844 points of
three pixels, a processor at a quarter of its speed, 150 ms to an answer, 1.6 Mbit/s. Each page is opened by turns with
an empty cache and with what the browser has kept; the figures are medians. No telephone is measured, and no network.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.databases import LOGIN, UNIT
from bench.phone import APPLIED, SLOW_4G, Phone, Profile, Visit, middle
from bench.promises import Promise
from bench.report import table, verdict
from engine import instances, migrations, people
from engine.database import Engine
from engine.instances import Started
from engine.people import ANONYMOUS
from tests import chromium
from tests.browser.filing import APPEAL
from tests.browser.serve import BROWSER_ARGUMENTS, served
from tests.browser.visitor import Site
from tests.clock import START
from webapp.demo import load_demo, past

#: Bytes of a page of the inbox whose styles are cached, milliseconds to the first paint, and how far a page may jump.
MOST_BYTES, MOST_PAINT, MOST_SHIFT = 60_000, 1_000, 0.005
#: How long the demo district has worked, and what waits besides: more than one page of the inbox.
_LIVED, _WAITING = timedelta(days=30), 30
Visits = dict[str, dict[str, list[Visit]]]


@dataclass(frozen=True)
class Stage:
    """A served platform, the password of its accounts, and an appeal that a resident follows."""

    site: Site
    password: str
    followed: Started


@contextmanager
def stage() -> Iterator[Stage]:
    """A district that has worked for a month; a group leader with a full inbox."""
    with tempfile.TemporaryDirectory(prefix="wuji-bench-") as folder:
        database = Path(folder) / "wuji.db"
        with Engine(f"sqlite:///{database}") as engine:
            migrations.upgrade(engine)
            past.live_through(engine, Path(folder), START, _LIVED)
            password = load_demo(engine, Path(folder)).password
        with served(database) as site:
            filed = [file(site) for _ in range(_WAITING)]
            yield Stage(site, password, filed[0])


def file(site: Site) -> Started:
    """An appeal by somebody without an account, which the leader of the group may claim."""
    with site.engine.begin(ANONYMOUS) as tx:
        group = people.org_tree(tx).by_code(UNIT)
        assert group is not None
        return instances.start(tx, "appeal", APPEAL, group.id)


def official(phone: Phone, on: Stage) -> dict[str, str]:
    """Sign in as a group leader; the pages of the desk."""
    page = phone.page
    page.goto("/login")
    page.locator('[name="login"]').fill(LOGIN)
    page.locator('[name="password"]').fill(on.password)
    page.locator("main form.card .btn-primary").click()
    page.goto("/tasks?tab=open")
    task = page.locator(".row-link").first.get_attribute("href") or ""
    case = f"/cases/{on.followed.instance.id}"
    return {"inbox": "/tasks?tab=open", "task": task, "case": case, "my work": "/work", "messages": "/messages"}


def resident(phone: Phone, on: Stage) -> dict[str, str]:
    """Open an appeal with its number and code; the pages of the counter."""
    page, followed = phone.page, on.followed
    page.goto("/follow")
    page.locator('[name="number"]').fill(str(followed.instance.business_key))
    page.locator('[name="code"]').fill(followed.receipt_code)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/follow/case/**")
    paths = {"portal home": "/", "filing, first step": "/file/appeal", "follow": page.url}
    return {**paths, "notices": "/notices", "results": "/results"}


def handle(page: Page, on: Stage) -> None:
    """What moves a page that stands open: it is scrolled, and both of its own refreshes find something new."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    if page.locator("[data-news]").count():
        file(on.site)
        page.evaluate("document.querySelector('[data-news]').dispatchEvent(new Event('look'))")
    page.evaluate("document.querySelector('#bell')?.dispatchEvent(new Event('refresh'))")


def measure(browser: Browser, on: Stage, profile: Profile, rounds: int) -> Visits:
    """All pages of both, so many times: ``{page: {"cold": visits, "cached": visits}}``."""
    found: Visits = {}
    for who in (official, resident):
        phone = Phone(browser, on.site.address, profile)
        pages = who(phone, on)
        for path in pages.values():
            phone.page.goto(path)  # the server prepares some things once, whoever comes first
        phone.be_slow()
        for name in list(pages) * rounds:
            visits = found.setdefault(name, {"cold": [], "cached": []})
            for state, list_ in visits.items():
                list_.append(phone.visit(pages[name], state == "cold", lambda page: handle(page, on)))
        phone.context.close()
    return found


def judge(visits: Mapping[str, Mapping[str, Visit]]) -> list[Promise]:
    """The three promises: the weight of the inbox, and of all pages the latest first paint and the farthest jump."""

    def worst(figure: str) -> tuple[str, float]:
        every = [(name, state, visit) for name, states in visits.items() for state, visit in states.items()]
        name, state, visit = max(every, key=lambda each: getattr(each[2], figure))
        return f"{name}, {state}", getattr(visit, figure)

    (late, paint), (loose, shift) = worst("fcp"), worst("cls")
    return [
        Promise("inbox, styles cached: bytes 字节", MOST_BYTES, visits["inbox"]["cached"].bytes),
        Promise(f"first paint 首次绘制, ms ({late})", MOST_PAINT, round(paint, 1)),
        Promise(f"layout shift 版面移动 ({loose})", MOST_SHIFT, round(shift, 4)),
    ]


def lines(visits: Mapping[str, Mapping[str, Visit]]) -> Iterator[str]:
    """The figures as a table."""
    rows = [
        (
            "",
            "",
            "bytes",
            "html",
            "css",
            "js",
            "other",
            "requests",
            "TTFB ms",
            "FCP ms",
            "LCP ms",
            "CLS",
            "TBT ms",
            "nodes",
        )
    ]
    for name, states in visits.items():
        for state, one in states.items():
            sizes = (one.bytes, one.html, one.css, one.js, one.other, one.requests, one.ttfb, one.fcp, one.lcp)
            cells = (*(f"{cell:,.0f}" for cell in sizes), f"{one.cls:.4f}", f"{one.tbt:.0f}", f"{one.nodes:.0f}")
            rows.append((name, state, *cells))
    yield from table(rows)
    for name, states in visits.items():
        moved = {each for one in states.values() for each in one.moved}
        if moved:
            yield f"  {name}: moved 移动的 {', '.join(sorted(moved))}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the status whether all three promises are kept."""
    asked = _parser().parse_args(arguments)
    profile = APPLIED if asked.applied else SLOW_4G
    with stage() as on, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=BROWSER_ARGUMENTS)
        print(f"{browser.version}, {profile.name}, n = {asked.n}, load {os.getloadavg()[0]:.1f}")
        found = measure(browser, on, profile, asked.n)
        browser.close()
    visits = {name: {state: middle(each) for state, each in states.items()} for name, states in found.items()}
    promises = judge(visits)
    print("\n".join([*lines(visits), "", *verdict(promises)]))
    if asked.json:
        figures = {name: {state: asdict(one) for state, one in states.items()} for name, states in visits.items()}
        text = json.dumps({"pages": figures, "promises": [each.as_json() for each in promises]}, indent=2)
        asked.json.write_text(text + "\n", encoding="utf-8")
    return 0 if all(each.kept for each in promises) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.paint", description=__doc__)
    parser.add_argument("--n", type=int, default=5, help="每页打开的次数 · visits of each page")
    parser.add_argument("--applied", action="store_true", help=f"改用 · instead: {APPLIED.name}, {APPLIED.latency} ms")
    parser.add_argument("--json", type=Path, metavar="FILE", help="把全部数字写入文件 · write all figures")
    return parser


if __name__ == "__main__":
    sys.exit(main())
