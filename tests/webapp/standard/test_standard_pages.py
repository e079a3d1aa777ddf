"""From a clause to the steps that carry it out, and from a step to what it rests on: two clicks each way."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.webapp.official import words

SignIn = Callable[[str], FlaskClient]


def test_every_clause_is_listed_under_its_section(sign_in: SignIn) -> None:
    page = words(sign_in("jinxing-1-leader").get("/standard").text)
    assert "180 条" in page
    assert "5.2.2 反向：居民小组" in page
    assert "召开组内会议讨论涉及居民重大利益的事项，表决后组织实施。" in page


def test_the_list_is_narrowed_by_words_and_by_what_carries_out(sign_in: SignIn) -> None:
    browser = sign_in("jinxing-1-leader")
    found = words(browser.get("/standard?q=居民议事会").text)
    assert "，1 条" in found
    other = words(browser.get("/standard?kind=other&q=组内会议").text)
    assert "没有符合条件的条款" in other


def test_a_clause_leads_to_the_step_that_carries_it_out(sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    page = browser.get("/standard/clauses/DB3716/T69 5.2.2 b").text
    assert "条款 5.2.2 b" in page
    assert "/standard/processes/appeal?step=task_vote#step-task_vote" in page
    process = browser.get("/standard/processes/appeal?step=task_vote").text
    assert 'id="step-task_vote" class="is-chosen"' in process


def test_a_clause_names_the_scenarios_that_carry_it_out(sign_in: SignIn) -> None:
    address = "/standard/clauses/DB3716/T69 5.2.1 后段"
    reader = sign_in("auditor")
    assert "居民小组受理、办理和反馈逾期，提醒经办人，报告社区" in words(reader.get(address).text)
    reader.set_cookie("locale", "en")
    assert "Appeals, level by level deadlines in group" in words(reader.get(address).text)


def test_a_modal_word_is_shown_with_its_clause(sign_in: SignIn) -> None:
    page = words(sign_in("analyst").get("/standard/clauses/DB3716/T69 5.1.2.2").text)
    assert "情态 应" in page


def test_a_modal_word_is_explained_in_english(sign_in: SignIn) -> None:
    page = sign_in("jinxing-1-leader")
    page.set_cookie("locale", "en")
    assert re.search(r">\s*(shall|should|may|must)\s*<", page.get("/standard").text)


def test_a_process_tells_the_clauses_and_assumptions_of_its_steps(sign_in: SignIn) -> None:
    page = words(sign_in("analyst").get("/standard/processes/appeal").text)
    assert "5.2.2 b 召开组内会议" in page
    assert "标准没有直接规定。依据：标准没有规定登记手续" in page


def test_what_the_standard_leaves_open_is_listed_with_its_source(sign_in: SignIn) -> None:
    page = words(sign_in("jinxing-secretary").get("/standard/assumptions").text)
    assert "《信访工作条例》" in page


def test_processes_are_listed_with_the_number_of_their_clauses(sign_in: SignIn) -> None:
    page = words(sign_in("admin").get("/standard/processes").text)
    assert "反向协调诉求" in page


def test_an_unknown_clause_or_process_is_said_to_be_missing(sign_in: SignIn) -> None:
    browser = sign_in("auditor")
    assert browser.get("/standard/clauses/DB3716/T69 9.9").status_code == 404
    assert browser.get("/standard/processes/nothing").status_code == 404
