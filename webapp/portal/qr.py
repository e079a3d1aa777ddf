"""A picture of an address for the cameras of telephones (QR code, ISO/IEC 18004), drawn here, asking nobody."""

from __future__ import annotations

import segno
from markupsafe import Markup

#: The side of a module in pixels, and the quiet zone around in modules that the standard asks for.
_SCALE, _BORDER = 4, 4


def qr_code(address: str, title: str) -> Markup:
    """The address as an SVG to be put into a page; it has no styles, which the page's policy would not let through."""
    code = segno.make(address, micro=False, error="m")
    return Markup(code.svg_inline(scale=_SCALE, border=_BORDER, title=title, light="#fff"))  # noqa: S704 (segno escapes the title; all else is drawing)
