"""Pages travel compressed: a tenth of the bytes, and on a telephone the time that they would take.

Compressing what is secret together with what a stranger has chosen tells the stranger about the secret by the length
(BREACH). So pages that another site had this visitor ask for travel as they are, tokens are masked (``webapp/csrf.py``)
and every compressed page has a random length besides, as Django's have.
"""

from __future__ import annotations

import gzip
import secrets
from io import BytesIO

from flask import Flask, Response, request

#: Kinds of text that become shorter; pictures and office files are compressed already.
_TEXTS = frozenset({"text/html", "text/plain", "application/json", "application/xml", "image/svg+xml"})
#: Bytes; anything shorter fits into one packet as it is.
_LEAST = 1_000
#: A page of 25 KB takes a sixth of a millisecond.
_LEVEL = 6
_MOST_PADDING = 100
_OTHER_SITES = frozenset({"cross-site", "same-site"})


def init_app(app: Flask) -> None:
    """Compress what the views answer. Files of the front end were compressed when they were built."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    is_made_meanwhile = response.direct_passthrough or response.is_streamed
    if response.mimetype not in _TEXTS or is_made_meanwhile or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or _is_asked_for_elsewhere():
        return response
    content = response.get_data()
    if len(content) >= _LEAST:
        response.set_data(packed(content))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_asked_for_elsewhere() -> bool:
    """Whether another site made this browser ask, in the name of somebody whom its cookies make known."""
    return request.headers.get("Sec-Fetch-Site") in _OTHER_SITES and bool(request.cookies)


def packed(content: bytes) -> bytes:
    """The content as gzip, under a file name of random length, which no reader looks at."""
    name = "a" * secrets.randbelow(_MOST_PADDING)
    found = BytesIO()
    with gzip.GzipFile(name, "wb", _LEVEL, found, mtime=0) as file:
        file.write(content)
    return found.getvalue()
