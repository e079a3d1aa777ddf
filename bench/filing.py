"""``make bench-filing``: how long a resident needs to file an appeal on a telephone, by the keystroke-level model.

A browser at phone size walks the pages as they are served, from the first one to the receipt, and counts what a hand
and a head have to do (Card, Moran & Newell 1980: keys K, pointing P, mental preparation M, answers of the system R).
Nobody is measured but the system: the other times are the model's, with what is assumed about typing Chinese.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from bench.report import table
from engine import counter_limits, migrations
from engine.database import Engine
from engine.people import SYSTEM
from tests import chromium
from tests.browser.serve import BROWSER_ARGUMENTS, served
from tests.browser.visitor import PHONE, PHOTO
from webapp import demo, library

#: Seconds: a key on the screen (an average typist), a tap (pointing at something), a thought before each thing to do.
K, P, M = 0.28, 1.1, 1.2
#: Keys for a Chinese character: about three letters of pinyin, and its share of choosing among words.
PER_CHARACTER = 3.5
#: Taps outside the page for a photo: the camera, its button, "use it"; and the seconds to aim.
PHOTO_TAPS, AIMING = 3, 4.0
#: What is promised.
MOST_SECONDS = 120.0
ANSWERS = {
    "_place": "金星家园",
    "地址": "3号楼1单元楼下",
    "诉求标题": "3号楼一楼餐馆油烟直排",
    "诉求内容": "晚上七点以后油烟很大，家里没法开窗，希望加装净化设备。",
    "联系人": "三号楼居民",
    "联系电话": "13800000000",
}


@dataclass
class Step:
    """What one page asked of a hand and a head, and how long the system took to answer."""

    title: str
    taps: int = 0
    keys: float = 0.0
    thoughts: int = 0
    waiting: float = 0.0

    @property
    def seconds(self) -> float:
        """By the model."""
        return self.taps * P + self.keys * K + self.thoughts * M + self.waiting


@dataclass
class Hand:
    """Does with a page what a person would, and counts it."""

    page: Page
    steps: list[Step] = field(default_factory=list)

    def look(self) -> None:
        """A new page: read what it is about."""
        self.steps.append(Step(self.page.locator("h1").inner_text(), thoughts=1))

    def type(self, name: str) -> None:
        """Think, tap the field, type."""
        step, box = self.steps[-1], self.page.locator(f'[name="{name}"]')
        box.fill(ANSWERS[name])
        step.thoughts, step.taps, step.keys = step.thoughts + 1, step.taps + 1, step.keys + keys(ANSWERS[name])

    def choose(self, name: str, value: str) -> None:
        """Think, open the list, tap one of it."""
        self.page.locator(f'[name="{name}"]').select_option(value)
        self.steps[-1].thoughts += 1
        self.steps[-1].taps += 2

    def press(self, button: Locator) -> None:
        """Tap, and wait for the next page."""
        begun = time.perf_counter()
        button.click()
        self.page.wait_for_load_state()
        self.steps[-1].waiting += time.perf_counter() - begun
        self.steps[-1].taps += 1

    def photograph(self) -> None:
        """Think, tap, take a photo."""
        self.page.get_by_label("照片").set_input_files([{"name": "1.png", "mimeType": "image/png", "buffer": PHOTO}])
        self.page.locator('[type="checkbox"][name="照片"]').wait_for()
        self.steps[-1].thoughts += 1
        self.steps[-1].taps += 1 + PHOTO_TAPS
        self.steps[-1].waiting += AIMING


def keys(text: str) -> float:
    """How many keys a text takes on the screen of a telephone."""
    return sum(1.0 if char.isascii() or not char.isalpha() else PER_CHARACTER for char in text)


def walk(page: Page, with_photo: bool) -> list[Step]:
    """File an appeal from the first page to the receipt."""
    hand = Hand(page)
    page.goto("/")
    hand.look()
    hand.press(page.locator("main .btn-primary").first)
    hand.look()
    hand.type("_place")
    page.locator("#places input:checked").wait_for()
    hand.type("地址")
    hand.press(page.locator("#form .btn-primary"))
    hand.look()
    hand.type("诉求标题")
    hand.type("诉求内容")
    hand.choose("诉求类别", "环境卫生")
    hand.press(page.locator("#form .btn-primary"))
    hand.look()
    if with_photo:
        hand.photograph()
    hand.press(page.locator("#form .btn-primary"))
    hand.look()
    hand.type("联系人")
    hand.type("联系电话")
    hand.press(page.locator("#form .btn-primary"))
    hand.look()
    hand.press(page.locator("#form .btn-primary"))
    page.locator(".receipt-code").wait_for()
    return hand.steps


def main() -> int:
    """Walk without and with a photo; 1 when either takes longer than was promised."""
    totals = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = Path(folder) / "wuji.db"
        with Engine(f"sqlite:///{database}") as engine:
            migrations.upgrade(engine)
            demo.load_without_passwords(engine)
            library.deploy(engine)
            with engine.begin(SYSTEM) as tx:
                counter_limits.set_limits(tx, {"least_seconds": "0"})  # this hand is faster than those of people
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=BROWSER_ARGUMENTS)
        with served(database) as site:
            for name, with_photo in (("without a photo", False), ("with a photo", True)):
                context = browser.new_context(viewport=PHONE, base_url=site.address, locale="zh-CN", has_touch=True)
                steps = walk(context.new_page(), with_photo)
                totals[name] = sum(step.seconds for step in steps)
                print("\n".join(report(name, steps)))
                context.close()
        browser.close()
    return int(max(totals.values()) > MOST_SECONDS)


def report(name: str, steps: list[Step]) -> list[str]:
    """The steps as a table, with their sum."""
    whole = Step("sum 合计")
    for step in steps:
        whole.taps, whole.keys = whole.taps + step.taps, whole.keys + step.keys
        whole.thoughts, whole.waiting = whole.thoughts + step.thoughts, whole.waiting + step.waiting
    rows = [
        (
            each.title,
            str(each.taps),
            f"{each.keys:.0f}",
            str(each.thoughts),
            f"{each.waiting:.1f}",
            f"{each.seconds:.0f}",
        )
        for each in (*steps, whole)
    ]
    return [
        f"\nFiling on a telephone 手机提交, {name}",
        *table([("page 页面", "taps", "keys", "M", "R s", "s"), *rows]),
    ]


if __name__ == "__main__":
    sys.exit(main())
