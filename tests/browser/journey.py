"""A scenario of the appeal, gone through in browsers: everybody signs in, finds the task and fills in the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from playwright.sync_api import expect

from tests.browser.visitor import PHOTO, Visitor
from webapp import library

TITLE = "3 号楼一楼餐馆油烟直排，居民夜里没法开窗"
#: Who holds, in the demo organisation, the posts that an appeal of group jinxing-1 comes to.
_LOGINS = {
    "group_leader@group": "jinxing-1-leader",
    "community_clerk@community": "jinxing-clerk",
    "community_secretary@community": "jinxing-secretary",
    "subdistrict_officer@subdistrict": "shizhong-officer",
    "district_office@district": "district-office",
    "officer@urban_management": "urban-management",
}
_STEPS = {
    "task_accept": "受理登记",
    "task_topic": "提出议题",
    "task_council": "召开居民议事会",
    "task_implement": "组织实施",
    "task_community_accept": "社区受理",
    "task_community_council": "组织议事协商",
    "task_weekly_meeting": "列入周例会",
    "task_coordinate": "街道集中协调",
    "task_assign": "统筹交办",
    "task_department_handle": "区直部门办理",
    "task_final": "形成办结意见",
}


def file_appeal(resident: Visitor, values: Mapping[str, Any]) -> tuple[str, str]:
    """File it from the first page, with a photo and without an account; gives number and code."""
    page = resident.page
    page.goto("/")
    page.locator("main .btn-primary").click()
    page.get_by_label("您所在的居民小组").select_option("jinxing-1")
    resident.fill(values)
    photo = {"name": "夜间油烟.png", "mimeType": "image/png", "buffer": PHOTO}
    page.get_by_label("照片").set_input_files([photo])
    resident.submit()
    expect(page.get_by_role("heading", level=1)).to_have_text("已提交")
    number, code = page.locator(".receipt dd").all_inner_texts()
    return number, code


def follow(resident: Visitor, number: str, code: str) -> None:
    """Look the case up with number and code."""
    resident.page.goto("/follow")
    resident.page.get_by_label("编号").fill(number)
    resident.page.get_by_label("查询码").fill(code)
    resident.submit()
    expect(resident.page.locator(".standing")).to_be_visible()


@dataclass
class Journey:
    """One case from filing to rating, as a scenario file tells it. ``check`` looks at every page on the way."""

    visit: Callable[..., Visitor]
    name: str
    check: Callable[[Visitor], None] = lambda visitor: None
    number: str = ""
    code: str = ""
    _desks: dict[str, Visitor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path = library.folder("processes") / "appeal" / "scenarios" / f"{self.name}.yaml"
        self.script: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def file(self) -> None:
        """The resident files the appeal."""
        resident = self.visit()
        self.number, self.code = file_appeal(resident, self.script["given"]["start"] | {"诉求标题": TITLE})
        self.check(resident)

    def handle(self) -> None:
        """Every official in turn does what the scenario says."""
        for step in self.script["steps"]:
            if "complete" in step and step["by"] != "applicant":
                self._complete(_STEPS[step["complete"]], self._desk(step["by"]), step["values"])

    def rate(self) -> Visitor:
        """The resident follows with number and code, on another device, and rates."""
        resident = self.visit()
        follow(resident, self.number, self.code)
        self.check(resident)
        resident.submit()
        expect(resident.page.get_by_role("heading", level=1)).to_have_text("满意度评价")
        self.check(resident)
        resident.fill(self.script["steps"][-2 if "expect" in self.script["steps"][-1] else -1]["values"])
        resident.submit()
        expect(resident.page.locator(".standing")).to_contain_text("已办结")
        self.check(resident)
        return resident

    def _desk(self, post: str) -> Visitor:
        login = _LOGINS[post]
        if login not in self._desks:
            self._desks[login] = self.visit(login)
            self.check(self._desks[login])
        return self._desks[login]

    def _complete(self, step: str, desk: Visitor, values: Mapping[str, Any]) -> None:
        desk.open_task(self.number, step)
        desk.fill(values)
        self.check(desk)
        desk.submit()
        expect(desk.page.locator("#messages")).to_contain_text(f"已办结“{step}”")
