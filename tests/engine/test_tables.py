"""Tables as files: CSV that starts no formula, workbooks that spreadsheets open, both row by row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from engine import tables

_NS = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
_OUTER = {
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
}


def sheet(header: list[str], rows: list[list[Any]]) -> Any:
    with zipfile.ZipFile(io.BytesIO(b"".join(tables.xlsx(header, rows)))) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == _OUTER
        parts = {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}
    return parts["xl/worksheets/sheet1.xml"]


def cells(tree: Any) -> list[list[tuple[str, str | None]]]:
    """Each cell as its text and the number of its format."""
    return [
        [("".join(cell.itertext()), cell.get("s")) for cell in row.iterfind("s:c", _NS)]
        for row in tree.iterfind(".//s:row", _NS)
    ]


def test_a_workbook_keeps_numbers_days_and_moments_as_such() -> None:
    moment = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)  # 9:30 here
    tree = sheet(["甲", "乙"], [[5, Decimal("0.10")], [date(2026, 11, 24), moment], ["<文 & 本>", None], [1.5, True]])
    assert cells(tree) == [
        [("甲", "1"), ("乙", "1")],
        [("5", None), ("0.10", None)],
        [("46350", "3"), ("46350.395833", "2")],
        [("<文 & 本>", None), ("", None)],
        [("1.5", None), ("True", None)],
    ]
    assert tree.find(".//s:pane", _NS).get("state") == "frozen"


def test_a_text_is_a_text_whatever_it_looks_like() -> None:
    tree = sheet(["=1+1"], [["=1+1"], ["7"], ["\x00坏\x0b"], ["长" * 40_000]])
    assert {cell.get("t") for cell in tree.iterfind(".//s:c", _NS)} == {"inlineStr"}
    assert [row[0][0] for row in cells(tree)][:4] == ["=1+1", "=1+1", "7", "坏"]
    assert len(cells(tree)[4][0][0]) == 32_767


def test_the_same_table_is_the_same_file() -> None:
    assert b"".join(tables.xlsx(["甲"], [["乙"]])) == b"".join(tables.xlsx(["甲"], [["乙"]]))


def test_a_workbook_leaves_before_the_last_row_is_read() -> None:
    read = 0

    def rows() -> Iterator[list[str]]:
        nonlocal read
        for number in range(50_000):
            read += 1
            yield [f"第{number}行，{number * 7919 % 10007}", str(number * 104729 % 1000003)]

    pieces = tables.xlsx(["甲", "乙"], rows())
    first = next(pieces)
    assert 0 < read < 50_000
    assert len(first) < 300_000


def test_csv_says_that_it_is_utf_8_and_starts_no_formula() -> None:
    assert tables.csv_header(["甲", "乙"]) == "\ufeff甲,乙\r\n"
    assert tables.csv_line(["=1+1", "甲,乙", " ＝1", "-3", "好"]) == "'=1+1,\"甲,乙\",' ＝1,'-3,好\r\n"
