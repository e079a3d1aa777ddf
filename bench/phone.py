"""A telephone with a slow line: Chromium, slowed down through the devtools protocol, and what it saw of a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

_KBIT = 1024 / 8  # bytes per second
#: Milliseconds to watch a page after it has loaded: what comes late moves it within that time.
_WATCH = 1_500
#: What was never painted was painted too late.
_NEVER = float("inf")
_KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js"}
_OBSERVE = """
    window.seen = {fcp: null, lcp: null, cls: 0, moved: [], tbt: 0};
    const each = (type, tell) => new PerformanceObserver((list) => list.getEntries().forEach(tell)).observe({type, buffered: true});
    each("paint", ({name, startTime}) => { if (name === "first-contentful-paint") seen.fcp = startTime; });
    each("largest-contentful-paint", ({startTime}) => { seen.lcp = startTime; });
    each("layout-shift", ({hadRecentInput, value, sources}) => {
        if (hadRecentInput) return;
        seen.cls += value;
        for (const {node} of sources) seen.moved.push(node?.id || node?.className || node?.nodeName || "?");
    });
    each("longtask", ({duration}) => { seen.tbt += duration - 50; });
"""  # noqa: E501 (a script reads better in its own lines)


_SEEN = """{...seen, nodes: document.querySelectorAll("*").length,
    ttfb: performance.getEntriesByType("navigation")[0].responseStart}"""


@dataclass(frozen=True)
class Profile:
    """A kind of telephone and its line."""

    name: str
    latency: float  # ms from a request to its answer
    down: float  # kbit/s
    up: float
    slowdown: float = 4

    def conditions(self) -> dict[str, Any]:
        """As the devtools protocol wants it."""
        line = {"downloadThroughput": self.down * _KBIT, "uploadThroughput": self.up * _KBIT}
        return {"offline": False, "latency": self.latency, **line}


#: Lighthouse's mobile profile: its line as it is described, and as it throttles a real browser to it, where 3.75 times
#: the latency stands for opening the connection, which Chromium does not slow down.
SLOW_4G = Profile("slow 4G", latency=150, down=1638.4, up=750)
APPLIED = Profile("slow 4G as Lighthouse applies it", latency=562.5, down=1474.56, up=675)


@dataclass
class Visit:
    """What one page cost: bytes on the wire by kind, milliseconds, and how far it moved."""

    html: float = 0
    css: float = 0
    js: float = 0
    other: float = 0
    requests: float = 0
    ttfb: float = 0
    fcp: float = 0
    lcp: float = 0
    cls: float = 0
    tbt: float = 0
    nodes: float = 0
    moved: list[str] = field(default_factory=list)

    @property
    def bytes(self) -> float:
        """Of all kinds."""
        return self.html + self.css + self.js + self.other


def middle(visits: Sequence[Visit]) -> Visit:
    """The median of each figure."""
    figures = {each.name: median(getattr(visit, each.name) for visit in visits) for each in fields(Visit)[:-1]}
    return Visit(**figures, moved=sorted({name for visit in visits for name in visit.moved}))


class Phone:
    """One browser at phone size, with cookies of its own, on a profile."""

    def __init__(self, browser: Browser, address: str, profile: Profile) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 390, "height": 844},
            device_scale_factor=3,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            base_url=address,
        )
        self.profile = profile
        self.page: Page = self.context.new_page()
        self._answers: dict[str, str] = {}
        self._visit = Visit()
        self._devtools = self.context.new_cdp_session(self.page)
        self._devtools.on("Network.responseReceived", self._answered)
        self._devtools.on("Network.loadingFinished", self._loaded)
        self._devtools.send("Network.enable")

    def be_slow(self) -> None:
        """From now on; what is done before, such as signing in, need not take long."""
        self._devtools.send("Network.emulateNetworkConditions", self.profile.conditions())
        self._devtools.send("Emulation.setCPUThrottlingRate", {"rate": self.profile.slowdown})
        self.page.add_init_script(_OBSERVE)

    def visit(self, path: str, cold: bool, act: Callable[[Page], object] | None = None) -> Visit:
        """Open a page, with an empty cache or with what an earlier visit left in it, and watch it."""
        if cold:
            self._devtools.send("Network.clearBrowserCache")
        self.page.goto("about:blank")
        self._answers.clear()
        self._visit = Visit()
        answer = self.page.goto(path, wait_until="load")
        if answer is None or not answer.ok:
            raise RuntimeError(f"{path}: {answer and answer.status}")
        if act is not None:
            act(self.page)
        self.page.wait_for_timeout(_WATCH)
        seen = self._evaluate(f"JSON.stringify({_SEEN})")
        for name, value in seen.items():
            setattr(self._visit, name, _NEVER if value is None else value)
        return self._visit

    def _evaluate(self, script: str) -> dict[str, Any]:
        """Through the debugger, for the page's policy forbids eval."""
        answer = self._devtools.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
        found: dict[str, Any] = json.loads(answer["result"]["value"])
        return found

    def _answered(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        if not answer.get("fromDiskCache") and not answer.get("fromPrefetchCache") and answer["url"].startswith("http"):
            self._answers[event["requestId"]] = _KINDS.get(event["type"], "other")

    def _loaded(self, event: dict[str, Any]) -> None:
        kind = self._answers.pop(event["requestId"], None)
        size = event["encodedDataLength"]
        if kind is None or not size:
            return
        self._visit.requests += 1
        setattr(self._visit, kind, getattr(self._visit, kind) + size)
