"""The bell in the browser: it follows by itself while somebody is there, leads to the work, and needs no JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Request, expect

from engine import notifications, people
from engine.people import SYSTEM
from tests.browser.visitor import PHONE, Site, Visitor
from tests.webapp.official import file_appeal, open_task

LEADER = "jinxing-1-leader"
TEXT = "请尽快办理，今天要答复居民"


def urge(site: Site, login: str = LEADER) -> UUID:
    """Urge the first post of somebody on to a new appeal; the task that waits."""
    case = file_appeal(site.engine)
    task = open_task(site.engine, case.id)
    with site.engine.begin(SYSTEM) as tx:
        account = people.account_by_login(tx, login)
        assert account is not None
        holders = people.load_actor(tx, account.id).holders
        notifications.tell(tx, "urged", holders - {f"account:{account.id}"}, case, TEXT, {}, task.element_id, task.id)
    return task.id


def test_the_number_follows_only_while_somebody_is_there(visit: Callable[..., Visitor], site: Site) -> None:
    visitor = visit(LEADER)
    page = visitor.page
    page.clock.install()
    page.goto("/messages?show=all")
    bell = page.locator("#bell")
    before = bell.inner_text()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/messages/count" in request.url:
            asked.append(request.url)

    page.on("request", note)
    urge(site)
    page.clock.fast_forward(61_000)
    expect(bell).not_to_have_text(before)
    assert len(asked) == 1
    # nobody touches the page any more
    for _ in range(20):
        page.clock.fast_forward(60_000)
    assert len(asked) <= 16
    quiet = len(asked)
    page.clock.fast_forward(30 * 60_000)
    assert len(asked) == quiet
    # until somebody does
    page.keyboard.press("Shift")
    with page.expect_request("**/messages/count*"):
        page.clock.fast_forward(61_000)


def test_a_message_is_opened_and_settings_are_made_by_keyboard(visit: Callable[..., Visitor], site: Site) -> None:
    task = urge(site)
    visitor = visit(LEADER, viewport=PHONE)
    page = visitor.page
    page.locator("#bell").press("Enter")
    visitor.assert_accessible()
    visitor.assert_fits()
    page.get_by_role("link", name=TEXT).first.press("Enter")
    expect(page).to_have_url(f"{site.address}/tasks/{task}")
    page.goto("/messages/settings")
    visitor.assert_accessible()
    visitor.assert_fits()
    page.get_by_label("催办").select_option("off")
    visitor.submit()
    expect(page.get_by_text("消息设置已保存。")).to_be_visible()
    expect(page.get_by_label("催办")).to_have_value("off")


def test_without_javascript_messages_are_read_as_well(visit: Callable[..., Visitor], site: Site) -> None:
    urge(site)
    visitor = visit(LEADER, java_script_enabled=False)
    page = visitor.page
    page.goto("/messages")
    expect(page.locator("#bell .badge")).to_be_visible()
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_text("没有未读消息")).to_be_visible()
    expect(page.locator("#bell .badge")).to_have_count(0)
