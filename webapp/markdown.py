"""A small, safe subset of markdown for the texts of forms: paragraphs, headings, lists, bold, italic, links.

Everything is escaped first, and only the tags written here come out. Values of expressions are put in as plain text at
the very end, so that nothing in them can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

# Private-use characters stand for values while the text around them is read; they are taken out of the text before.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_HEADING = re.compile(r"(#{1,4})[ \t]+([^\n]+)")
_ITEM = re.compile(r"(?:[-*]|([0-9]{1,3})[.、])[ \t]+([^\n]+)")  # zh: both ways to write "1."
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(((?:https?://|/(?!/)|mailto:|tel:)[^\s()<>]{1,500})\)")
_BOLD = re.compile(r"\*\*([^*\n]{1,500})\*\*")
_ITALIC = re.compile(r"(?<!\*)\*([^*\n]{1,500})\*(?!\*)")


def render(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """HTML for a text in pieces, each with whether it is a value (plain text) or written by the form's author."""
    values: list[str] = []
    source = "".join(_slot(text, values) if is_value else _without_slots(text) for text, is_value in pieces)
    blocks = re.split(r"\n[ \t]*\n+", source.replace("\r\n", "\n").strip())
    html = "\n".join(_block(block.strip()) for block in blocks if block.strip())
    return Markup(_SLOT.sub(lambda slot: _plain(values[int(slot[1])]), html))  # noqa: S704 (built from escaped parts)


def _slot(value: str, values: list[str]) -> str:
    values.append(value)
    return f"{_OPEN}{len(values) - 1}{_CLOSE}"


def _without_slots(text: str) -> str:
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _plain(value: str) -> str:
    return str(escape(value)).replace("\n", "<br>")


def _block(block: str) -> str:
    """A heading, a list or a paragraph. Headings begin at level 3: the page and the form have the first two."""
    heading = _HEADING.fullmatch(block)
    if heading:
        level = min(len(heading[1]) + 2, 4)
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    lines = [line.strip() for line in block.split("\n")]
    items = [_ITEM.fullmatch(line) for line in lines]
    if all(items):
        tag = "ol" if items[0] and items[0][1] else "ul"
        return f"<{tag}>{''.join(_list_items(items))}</{tag}>"
    return f"<p>{'<br>'.join(map(_inline, lines))}</p>"


def _list_items(items: list[re.Match[str] | None]) -> Iterator[str]:
    for item in items:
        if item:
            yield f"<li>{_inline(item[2])}</li>"


def _inline(text: str) -> str:
    """Links are cut out first, so that a star in an address does not become bold."""
    parts = _LINK.split(text)
    html = ""
    for index in range(0, len(parts), 3):
        html += _emphasis(parts[index])
        if index + 2 < len(parts):
            html += f'<a href="{escape(parts[index + 2])}" rel="noopener">{_emphasis(parts[index + 1])}</a>'
    return html


def _emphasis(text: str) -> str:
    html = _BOLD.sub(r"<strong>\1</strong>", str(escape(text)))
    return _ITALIC.sub(r"<em>\1</em>", html)
