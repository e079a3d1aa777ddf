"""Find the pages that somebody can come to: from the first page by links, one page of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.exceptions import HTTPException

#: Which of several lists of a page is shown: each is a page of its own kind.
_LISTS = ("tab",)


def pages(app: Flask, fetch: Callable[[str], str | None], first: str = "/") -> dict[tuple[str, str], str]:
    """The address of one page of each kind, by endpoint and list, in the order in which links lead to them.

    ``fetch`` gives the HTML of a path (redirects followed), or None when it is no page.
    """
    found: dict[tuple[str, str], str] = {}
    waiting = [first]
    while waiting:
        path = waiting.pop(0)
        kind = kind_of(app, path)
        if kind is None or kind in found:
            continue
        text = fetch(path)
        if text is not None:
            found[kind] = path
            waiting.extend(links(text, path))
    return found


def kind_of(app: Flask, path: str) -> tuple[str, str] | None:
    """Endpoint and list of a path; None when the application has no such address."""
    split = urlsplit(path)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(split.path)
    except HTTPException:
        return None
    asked = parse_qs(split.query)
    return str(endpoint), next((asked[name][0] for name in _LISTS if name in asked), "")


def links(text: str, path: str) -> Iterator[str]:
    """The paths that a page links to on the same site."""
    for link in html.fromstring(text).iterfind(".//a[@href]"):
        target = urlsplit(urljoin(path, link.get("href", "")))
        if not target.netloc and target.scheme in ("", "http") and "download" not in link.attrib:
            yield target.path + (f"?{target.query}" if target.query else "")
