"""A page looks through so many lines of a list and no more; whoever goes on finds all that fits, each line once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from engine.database import Engine
from engine.queries import worklist_page
from engine.queries.worklist import Due, Listing, Sort
from tests.clock import START, FrozenClock
from tests.engine.inbox.lists import Desk, begins_with_cases_below

_HOUR = timedelta(hours=1)
_WALKED = 7


@pytest.fixture(autouse=True)
def _looks_through_few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(worklist_page, "MOST_WALKED", _WALKED)
    with begins_with_cases_below(1):
        yield


def pages(desk: Desk, **wish: Any) -> list[Listing]:
    """All pages, from the first to the last."""
    found = [desk.list(**wish)]
    while found[-1].after:
        assert len(found) < 50
        found.append(desk.list(**wish, after=found[-1].after))
    return found


def titles(pages: Sequence[Listing]) -> list[str]:
    return [line.title for page in pages for line in page.lines]


def fill(desk: Desk, clock: FrozenClock, fitting: Sequence[int], size: int = 25) -> None:
    """Tasks of which those with some numbers have another word, process and priority; every tenth has no deadline."""
    [post, account] = sorted(desk.actor.holders, key=lambda holder: holder.startswith("account:"))
    for number in range(size):
        clock.advance(minutes=1)
        fits = number in fitting
        desk.task(
            f"{number}号油烟" if fits else f"{number}号路灯",
            holders=[[post], [account], [post, account]][number % 3],
            due_at=None if number % 10 == 9 else START + (number * 7 % 25 - 5) * _HOUR,
            process="grid_loop" if fits else "appeal",
            priority=90 if fits else 50,
        )


@pytest.fixture
def desk(engine: Engine, clock: FrozenClock) -> Desk:
    """Somebody with two lists, that of the post and that of the account, with few lines that are sought."""
    desk = Desk(engine)
    fill(desk, clock, (2, 3, 17, 24))
    return desk


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("wish", [{"search": "油烟"}, {"process_key": "grid_loop"}, {"important": True}], ids=str)
def test_whoever_goes_on_finds_all_of_it(desk: Desk, sort: Sort, wish: dict[str, Any]) -> None:
    # when a list is longer than a page looks through
    found = pages(desk, sort=sort, **wish)
    # then each page but the last says so, and all together have each line once, in the order of the list
    assert len(found) > 2
    assert [page.is_cut for page in found] == [*[True] * (len(found) - 1), False]
    every = titles(pages(desk, sort=sort))
    assert len(every) == 25
    assert titles(found) == [title for title in every if "油烟" in title]
    # and the way back is the same
    back = [desk.list(sort=sort, **wish, before=found[-1].before)]
    while back[-1].before:
        back.append(desk.list(sort=sort, **wish, before=back[-1].before))
    assert titles([*reversed(back), found[-1]]) == titles(found)


def test_nothing_is_cut_where_every_line_fits(desk: Desk) -> None:
    found = pages(desk)
    assert [(len(page.lines), page.is_cut) for page in found] == [(20, False), (5, False)]
    assert not any(page.is_cut for page in pages(desk, due=Due.OVERDUE))


def test_deadlines_in_another_order_are_looked_for_like_everything_else(desk: Desk) -> None:
    found = pages(desk, due=Due.NONE, sort=Sort.OLDEST)
    assert found[0].is_cut
    assert titles(found) == ["9号路灯", "19号路灯"]


def test_nothing_anywhere_is_said_on_the_last_page_only(desk: Desk) -> None:
    found = pages(desk, search="油烟 路灯")
    assert titles(found) == []
    assert len(found) > 2
    first, *others = found
    assert (first.before, first.is_cut, found[-1].is_cut) == ("", True, False)
    assert all(page.before for page in others[:-1])
