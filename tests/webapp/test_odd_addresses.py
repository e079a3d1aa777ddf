"""Addresses that nobody would type: days at the end of the calendar, and characters that no text of ours has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[str], FlaskClient]
FAR = "since=0001-01-01&until=9999-12-31"


@pytest.mark.parametrize(
    ("login", "path"), [("jinxing-1-leader", "/ledgers/appeal"), ("admin", "/cockpit/cases"), ("auditor", "/audit")]
)
def test_the_first_and_the_last_day_of_the_calendar_are_days(sign_in: SignIn, login: str, path: str) -> None:
    browser = sign_in(login)
    assert browser.get(f"{path}?{FAR}").status_code == 200
    assert browser.get(f"{path}?until=0001-01-01").status_code == 200


def test_history_of_all_days_can_be_taken_away(sign_in: SignIn) -> None:
    asked = {"format": "csv", "since": "0001-01-01", "until": "9999-12-31"}
    assert sign_in("auditor").post("/audit/export", data=asked).status_code == 200


@pytest.mark.parametrize("path", ["/notices?q=%00", "/notices/%00", "/ledgers/appeal?q=a%00b"])
def test_what_no_text_can_hold_is_refused(sign_in: SignIn, path: str) -> None:
    assert sign_in("jinxing-1-leader").get(path).status_code == 400
