"""Number and code of a case: what opens it, and guesses that come at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import instances
from engine.accounts import forget_old_failures
from engine.database import Engine
from engine.errors import NotAuthenticated
from engine.model.people import LoginFailures
from engine.model.process import ProcessInstance
from engine.people import ANONYMOUS, SYSTEM, org_tree
from engine.receipts import MOST_FAILURES, MOST_GUESSES, WITHIN, TooManyFailures, find_by_phone, find_case
from tests.clock import FrozenClock

APPEAL = {
    "诉求标题": "楼道堆放杂物",
    "诉求内容": "三楼楼道堆满纸箱。",
    "诉求类别": "环境卫生",
    "地址": "3号楼",
    "联系人": "3号楼居民",
    "联系电话": "13800000000",
}


def filed(engine: Engine) -> tuple[UUID, str, str]:
    """A case: its id, number and code."""
    with engine.begin(ANONYMOUS) as tx:
        group = org_tree(tx).by_code("jinxing-1")
        assert group is not None
        started = instances.start(tx, "appeal", APPEAL, group.id)
        return started.instance.id, started.instance.business_key, started.receipt_code


def fail(engine: Engine, number: str, client: str) -> type[Exception]:
    with pytest.raises(NotAuthenticated) as caught:
        find_case(engine, number, "WRONG", client)
    return type(caught.value)


def test_the_pair_opens_the_case_however_it_is_typed(platform: Engine) -> None:
    case_id, number, code = filed(platform)
    assert find_case(platform, number, code, "a") == case_id
    assert find_case(platform, f" {number.lower()} ", f"{code[:4]}-{code[4:].lower()}", "a") == case_id
    prefix, year, count = number.split("-")
    for typed in (f"{prefix}{year}{count}", f"{prefix.lower()} {year}－{int(count)}"):
        assert find_case(platform, typed, code, "a") == case_id


def test_a_case_without_a_receipt_is_opened_by_no_code(platform: Engine) -> None:
    case_id, number, code = filed(platform)
    with platform.begin(SYSTEM) as tx:
        tx.get(ProcessInstance, case_id).receipt_hash = None
    for guess in (code, "", "-" * 64):
        with pytest.raises(NotAuthenticated):
            find_case(platform, number, guess, "a")


def test_one_address_is_shut_out_and_others_are_not(platform: Engine, clock: FrozenClock) -> None:
    case_id, number, code = filed(platform)
    kinds = [fail(platform, number, "a") for _ in range(MOST_FAILURES)]
    assert kinds == [NotAuthenticated] * (MOST_FAILURES - 1) + [TooManyFailures]
    with pytest.raises(TooManyFailures, match="10 分钟"):
        find_case(platform, number, code, "a")
    assert find_case(platform, number, code, "b") == case_id
    clock.advance(seconds=WITHIN.total_seconds())
    assert find_case(platform, number, code, "a") == case_id


def test_the_right_code_in_between_does_not_reset_the_count(platform: Engine) -> None:
    _case_id, number, code = filed(platform)
    for _ in range(MOST_FAILURES - 1):
        fail(platform, number, "a")
        find_case(platform, number, code, "a")
    assert fail(platform, number, "a") is TooManyFailures


def test_guesses_at_the_same_moment_all_get_the_sentence(platform: Engine) -> None:
    _case_id, number, _code = filed(platform)
    with ThreadPoolExecutor(4) as pool:
        kinds = list(pool.map(lambda _: fail(platform, number, "a"), range(MOST_FAILURES - 2)))
    assert set(kinds) == {NotAuthenticated}
    with platform.read(SYSTEM) as tx:
        counts = list(tx.session.scalars(select(LoginFailures.count)))
    assert len(counts) == 1
    assert 1 <= counts[0] <= MOST_FAILURES - 2


def guess(engine: Engine, number: str, client: str, digits: str = "9999") -> type[Exception]:
    with pytest.raises(NotAuthenticated) as caught:
        find_by_phone(engine, number, digits, client)
    return type(caught.value)


def test_number_and_the_end_of_the_telephone_number_find_the_case(platform: Engine) -> None:
    case_id, number, _code = filed(platform)
    assert find_by_phone(platform, f" {number.lower()} ", "０000", "a") == case_id


@pytest.mark.parametrize("known", [True, False])
def test_guesses_for_one_number_end_soon_wherever_they_come_from(
    platform: Engine, clock: FrozenClock, known: bool
) -> None:
    case_id, filed_number, code = filed(platform)
    number = filed_number if known else "SQ-1999-00001"
    kinds = [guess(platform, number, f"address {n}") for n in range(MOST_GUESSES)]
    assert kinds == [NotAuthenticated] * (MOST_GUESSES - 1) + [TooManyFailures]
    assert guess(platform, number, "another", "0000") is TooManyFailures
    # the code still opens it, and so do the digits on the next day
    assert find_case(platform, filed_number, code, "b") == case_id
    clock.advance(days=1, seconds=1)
    assert find_by_phone(platform, filed_number, "0000", "a") == case_id


def test_the_limit_for_a_number_outlives_the_house_keeping(platform: Engine) -> None:
    _case_id, number, _code = filed(platform)
    for n in range(MOST_GUESSES):
        guess(platform, number, f"address {n}")
    with platform.begin(SYSTEM) as tx:
        forget_old_failures(tx)
    assert guess(platform, number, "another", "0000") is TooManyFailures
