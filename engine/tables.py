"""Tables as files, written row by row so that one of any size needs the memory of a few: CSV and XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from engine.clock import TIMEZONE

#: What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # zh: full-width forms count, too
#: XML 1.0 allows none of these, however they are escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The day before the first one that a spreadsheet counts, as it counts one that never was (29 February 1900).
_DAY_ZERO = datetime(1899, 12, 30)
#: What a cell of a spreadsheet holds at most.
_LONGEST_CELL = 32_767
_PIECE = 64 * 1024


def csv_header(names: Iterable[str]) -> str:
    """The first line (RFC 4180), after the byte order mark that Excel needs to see UTF-8."""
    return "\ufeff" + csv_line(names)


def csv_line(cells: Iterable[str]) -> str:
    """A line whose cells start no formula."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([_harmless(cell) for cell in cells])
    return buffer.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def xlsx(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A workbook (ECMA-376) of one sheet with a header that stays in sight, in pieces.

    Numbers, days and moments (as clocks here show them) are such in the cells; everything else must be a text.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(_entry(name), text)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write(_SHEET.format(widths=_widths(len(header))).encode())
            sheet.write(_row([(name, _BOLD) for name in header]))
            for cells in rows:
                sheet.write(_row([(cell, _style(cell)) for cell in cells]))
                if pipe.size > _PIECE:
                    yield pipe.take()
            sheet.write(b"</sheetData></worksheet>")
    yield pipe.take()


class _Pipe:
    """What the archive writes to, piece by piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing is held."""

    def take(self) -> bytes:
        data, self._parts, self.size = b"".join(self._parts), [], 0
        return data


#: Numbers of the cell formats in ``_STYLES``.
_PLAIN, _BOLD, _MOMENT, _DAY = range(4)


def _style(cell: Any) -> int:
    if isinstance(cell, datetime):
        return _MOMENT
    return _DAY if isinstance(cell, date) else _PLAIN


def _row(cells: Iterable[tuple[Any, int]]) -> bytes:
    return f"<row>{''.join(_cell(cell, style) for cell, style in cells)}</row>".encode()


def _cell(value: Any, style: int) -> str:
    formatted = f' s="{style}"' if style else ""
    if value is None or value == "":
        return f"<c{formatted}/>"
    if isinstance(value, date):
        return f"<c{formatted}><v>{_serial(value)}</v></c>"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c{formatted}><v>{format(value, 'f') if isinstance(value, Decimal) else value}</v></c>"
    text = escape(NOT_XML.sub("", str(value))[:_LONGEST_CELL])
    return f'<c{formatted} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _serial(day: date) -> str:
    """Days since day zero, as a spreadsheet counts."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    local = moment.astimezone(TIMEZONE).replace(tzinfo=None) if moment.tzinfo else moment
    return f"{(local - _DAY_ZERO).total_seconds() / 86_400:.6f}".rstrip("0").rstrip(".")


def _entry(name: str) -> zipfile.ZipInfo:
    """Without a date, so that the same table gives the same file."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _widths(columns: int) -> str:
    return f'<cols><col min="1" max="{columns}" width="20" customWidth="1"/></cols>' if columns else ""


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    "{widths}<sheetData>"
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4">'
    '<xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
_PARTS: Mapping[str, str] = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": _STYLES,
}
