"""Cycles of timers are said as people say them, in both languages; what has no short way stays as it is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from webapp.i18n import speaking
from webapp.rhythm import describe

SAID = [
    ("0 0 9 * * MON", "每周一 9:00", "every Monday at 9:00"),
    ("0 30 14 ? * MON,THU", "每周一、周四 14:30", "every Monday, Thursday at 14:30"),
    ("0 0 9 * * MON-FRI", "周一至周五 9:00", "Monday to Friday at 9:00"),
    ("30 9 * * 0", "每周日 9:30", "every Sunday at 9:30"),
    ("0 0 9,15 * * ?", "每天 9:00、15:00", "every day at 9:00, 15:00"),
    ("@daily", "每天 0:00", "every day at 0:00"),
    ("0 0 9 1 * *", "每月1日 9:00", "each month on day 1 at 9:00"),
    ("0 0 9 1,15 * ?", "每月1日、15日 9:00", "each month on day 1, day 15 at 9:00"),
    ("0 0 9 L * ?", "每月最后一天 9:00", "each month on the last day at 9:00"),
    ("0 0 9 L-2 * ?", "每月倒数第 3 天 9:00", "each month on day 3 from the end at 9:00"),
    ("0 0 9 LW * ?", "每月最后一个周一至周五 9:00", "each month on the last day from Monday to Friday at 9:00"),
    ("0 0 9 ? * FRI#2", "每月第二个周五 9:00", "each month on the second Friday at 9:00"),
    ("0 0 9 ? * 5#5", "每月第五个周五 9:00", "each month on the fifth Friday at 9:00"),
    ("0 0 9 ? * 1L", "每月最后一个周一 9:00", "each month on the last Monday at 9:00"),
    ("0 0 9 1 1/3 ?", "每季度第一天 9:00", "on the first day of each quarter at 9:00"),
    ("0 0 9 1 JAN,APR,JUL,OCT ?", "每季度第一天 9:00", "on the first day of each quarter at 9:00"),
    ("0 0 9 10 */3 ?", "每季度首月10日 9:00", "in the first month of each quarter on day 10 at 9:00"),
    ("0 0 18 L 3/3 ?", "每季度最后一天 18:00", "on the last day of each quarter at 18:00"),
    ("0 0 9 1 6,12 ?", "每年6月、12月1日 9:00", "each June, December on day 1 at 9:00"),
    ("@yearly", "每年1月1日 0:00", "each January on day 1 at 0:00"),
    ("0 0 9 * 7 ?", "7月的每天 9:00", "every day in July at 9:00"),
    ("0 0 * * * *", "每小时整点", "on every hour"),
    ("0 20 * * * *", "每小时的第 20 分", "20 minutes past every hour"),
    ("0 */15 * * * *", "每15分钟", "every 15 minutes"),
    ("0 * * * * *", "每分钟", "every minute"),
    ("R/P7D", "每7天", "every 7 days"),
    ("R/P1W", "每周", "every week"),
    ("R/P3M", "每3个月", "every 3 months"),
    ("R3/PT1H", "每小时，共3次", "every hour, 3 times in all"),
    ("R/2027-01-04T09:00:00+08:00/P1D", "每天，从 2027年1月4日 09:00 起", "every day, from 4 Jan 2027 09:00"),
]
#: What is shown as it is written: seconds, days that have to fit twice, many hours, no cron.
AS_WRITTEN = [
    "*/10 0 9 * * *",
    "0 0 9 13 * FRI",
    "0 0 8-17 * * *",
    "0 0 9 * 1-3 MON",
    "0 0 9 1-20 * *",
    "R/P1Y2M",
    "每周一",
    "0 0 25 * * *",
]


@pytest.mark.parametrize(("text", "chinese", "english"), SAID)
def test_a_cycle_is_said_in_both_languages(text: str, chinese: str, english: str) -> None:
    assert describe("cycle", text) == chinese
    with speaking("en"):
        assert describe("cycle", text) == english


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_has_no_short_way_is_shown_as_it_is_written(text: str) -> None:
    assert describe("cycle", text) == text


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("date", "2027-01-04T09:00:00+08:00", "一次：2027年1月4日 09:00"),
        ("date", datetime(2027, 1, 4, 1, tzinfo=UTC), "一次：2027年1月4日 09:00"),
        ("date", datetime(2027, 1, 4).date(), "一次：2027年1月4日 00:00"),
        ("date", "明年", "明年"),
        ("duration", "P3D", "发布后过 P3D，一次"),
        ("duration", timedelta(days=3), "发布后过 P3D，一次"),
    ],
)
def test_what_comes_once_says_when(kind: str, value: object, said: str) -> None:
    assert describe(kind, value) == said
