"""What is said about a text that is no expression, and where it points."""

from __future__ import annotations

import pytest

from engine import feel
from engine.feel import FeelSyntaxError


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", 1, 1, "表达式没有写完"),
        ("金额 >", 1, 5, "表达式没有写完"),
        ("金额 ＞ 5", 1, 4, "“＞”是全角符号，请改用半角“>”"),
        ("类型 = “维修”", 1, 6, "半角双引号"),
        ("max(1，2)", 1, 6, "请改用半角“,”"),
        ('"没有结尾', 1, 1, "缺少结尾的双引号"),
        ("1 /* 注释", 1, 3, "缺少结尾的“*/”"),
        ("(1 + 2", 1, 7, "缺少“)”"),
        ("[1, 2", 1, 6, "缺少“,”"),
        ("if a then 1", 1, 12, "缺少“else”"),
        ("if a\nthen 1\nels 2", 3, 1, "这里应为“else”，却是“els”"),
        ("for x of xs return x", 1, 13, "这里应为“in”，却是“return”"),
        ("1 2", 1, 3, "“2”放在这里没有意义"),
        ("a = = b", 1, 5, "“=”不能放在这里"),
        ("a ; b", 1, 3, "不能用“;”"),
        ("{a: 1, a: 2}", 1, 9, "“a”写了两次"),
        ('@"2026-13-01"', 1, 2, "不是日期、时间或时长"),
        ("@1", 1, 2, "“@”后面应为双引号"),
        ("1 instance of 数字", 1, 15, "没有类型“数字”"),
        ("f(a: 1, 2)", 1, 10, "要么都写名称"),
        ("function() external {}", 1, 12, "external"),
        ("1e99999", 1, 1, "数字太大"),
    ],
)
def test_an_error_names_the_fault_and_its_place(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        feel.compile(text)
    assert said in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.message.format(**caught.value.params) == str(caught.value)


@pytest.mark.parametrize("text", ["", "not(", "1,", "> ", "not(1) 2"])
def test_unary_tests_have_errors_too(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        feel.compile_unary(text)
