"""A ledger is a FEEL context: its keys are columns, and each knows the variables that it reads."""

from __future__ import annotations

import pytest

from engine.bpmn import check, read
from engine.expressions import context_entries
from engine.feel import DEFAULT
from engine.ledger import Ledger
from tests.bpmn_xml import Drawing, extension, properties
from tests.engine.bpmn.world import WORLD


def drawn(text: str) -> Drawing:
    return Drawing(process_inner=extension(properties(ledger=text))).start().user_task().end()


def kept(text: str) -> Ledger | None:
    process = read(drawn(text).xml()).process("p")
    assert process is not None
    return Ledger.of(process)


def test_the_entries_of_a_context_know_what_they_read() -> None:
    assert context_entries(
        '{编号: 编号, 称呼: 姓名 + "同志", 说明: 称呼 + 编号, 数: count(名单[户 = 门牌]), 无: 1}'
    ) == {
        "编号": {"编号"},
        "称呼": {"姓名"},
        "说明": {"姓名", "编号"},
        "数": {"名单", "户", "门牌"},
        "无": set(),
    }
    assert context_entries("[1, 2]") is None


@pytest.mark.parametrize("text", ["", "编号", "={编号: }", "={}", "=[编号]"])
def test_what_is_no_context_is_no_ledger(text: str) -> None:
    assert kept(text) is None


def test_its_cells_are_the_values_of_a_case() -> None:
    ledger = kept("={编号: 编号, 天数: 数量 * 2, 联系: 电话}")
    assert ledger is not None
    assert list(ledger.columns) == ["编号", "天数", "联系"]
    assert ledger.cells({"编号": "SQ-1", "数量": 3, "电话": None}, DEFAULT) == ["SQ-1", 6, None]
    assert ledger.personal(frozenset({"电话"})) == [False, False, True]


def test_a_row_that_cannot_be_worked_out_is_empty() -> None:
    ledger = kept("={编号: 编号, 期限: 没有这个函数(编号)}")
    assert ledger is not None
    assert ledger.cells({"编号": "SQ-1"}, DEFAULT) == [None, None]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("={金额: 金额, 止: 办结时间, 态: 状态, 号: 编号, 限: policy.期限}", set()),
        ("={甲: 没人写}", {"variable.unwritten"}),
        ("={甲: policy.没有}", {"feel.policy"}),
        ("={甲: 没有(1)}", {"feel.function"}),
        ("={甲: }", {"feel.syntax"}),
        ("{甲: 金额}", {"feel.equals"}),
        ("=金额", {"process.ledger"}),
    ],
)
def test_the_checker_reads_it(text: str, rules: set[str]) -> None:
    assert {finding.rule for finding in check(read(drawn(text).xml()), WORLD)} == rules


def test_only_ledgers_know_the_end_of_a_case() -> None:
    drawing = Drawing().start().user_task().script("b", "=办结时间").end()
    assert {finding.rule for finding in check(read(drawing.xml()), WORLD)} == {"variable.unwritten"}
